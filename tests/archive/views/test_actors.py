"""Actors: names merged into who they are, offices over time, partners, and the network between them."""

from __future__ import annotations

import dataclasses
import random

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Party
from pourparler.archive.views import actors
from tests.archive.chronicles import Made, chronicle, day, say, tell


def by_name(made: Chronicle) -> dict[str, actors.Actor]:
    rows = actors.view(made)
    assert len({(row.name, row.country) for row in rows}) == len(rows)
    return {row.name: row for row in rows}


def test_an_actor_counts_its_facts_by_group_and_its_claims_apart() -> None:
    rows = by_name(
        chronicle(
            tell("ASSAULT", "Norway", "Sweden", day="2023-05-02", words="shelled"),
            tell("CONSULT", "Norway + Finland", day="2023-05-09", words="met"),
            tell("ASSAULT", "Norway", "Sweden", day="2023-05-20", words="raided", status="alleged"),
            say("assert", "Norway", "it was so", told="2023-05-21"),
        )
    )
    norway = rows["Norway"]
    assert (norway.kind, norway.country, norway.side, norway.events, norway.claimed, norway.statements) == (
        "state", "NOR", "Norway", 2, 1, 1,
    )  # fmt: skip
    assert [(one.group, one.events) for one in norway.as_source] == [
        ("verbal cooperation", 1), ("material conflict", 1),
    ]  # fmt: skip
    assert norway.as_target == () and rows["Sweden"].as_target[0].events == 1
    assert (norway.first_seen, norway.last_seen) == ("2023-05-02", "2023-05-21")
    assert len(norway.tellings) == 3 and len(norway.sayings) == 1


def test_forms_of_a_name_are_one_actor_and_namesakes_of_two_countries_are_two() -> None:
    same = chronicle(
        tell("CONSULT", "Åse Berg:NOR", day="2023-05-02", words="met"),
        tell("CONSULT", "Ase Berg:NOR", day="2023-05-03", words="met again"),
    )
    assert [row.events for row in actors.view(same)] == [2]
    two = chronicle(
        tell("CONSULT", "Ase Berg:NOR", day="2023-05-02", words="met"),
        tell("CONSULT", "Ase Berg:SWE", day="2023-05-03", words="met again"),
    )
    assert [row.side for row in actors.view(two)] == ["Norway", "Sweden"]


def test_a_last_name_alone_is_the_only_person_it_can_be() -> None:
    known = tell("CONSULT", "Ola Nordmann:NOR", day="2023-05-02", words="met")
    alone = tell("CONSULT", "Nordmann:NOR", day="2023-05-03", words="met again")
    assert {name: row.events for name, row in by_name(chronicle(known, alone)).items()} == {"Nordmann": 2}
    other = tell("CONSULT", "Kari Nordmann:NOR", day="2023-05-04", words="met too")
    assert len(by_name(chronicle(known, alone, other))) == 3


def test_a_countrys_troops_are_one_and_nameless_groups_nobody() -> None:
    made = chronicle(
        tell("ASSAULT", "Norwegian army", "villagers", day="2023-05-02", words="shelled"),
        tell("ASSAULT", "Norwegian troops", "Sweden", day="2023-05-03", words="raided"),
    )
    troops = dataclasses.replace(
        made,
        tellings={
            key: dataclasses.replace(
                one,
                parties=tuple(
                    dataclasses.replace(party, sector="MIL" if party.country == "NOR" else "CVL")
                    if party.kind == "group" else party
                    for party in one.parties
                ),
            )
            for key, one in made.tellings.items()
        },
    )  # fmt: skip
    assert {name: row.events for name, row in by_name(troops).items()} == {"Norwegian army": 2, "Sweden": 1}


def test_offices_have_the_days_they_were_seen() -> None:
    row = by_name(
        chronicle(
            tell("CONSULT", "Ola Nordmann:NOR:minister", day="2020-05-02", words="met"),
            tell("CONSULT", "Ola Nordmann:NOR:Minister", day="2021-05-02", words="met two"),
            tell("CONSULT", "Ola Nordmann:NOR:president", day="2023-05-02", words="met three"),
            say("assert", "Ola Nordmann:NOR:president", "so", told="2023-06-02"),
        )
    )["Ola Nordmann"]
    assert [(one.title.lower(), one.first_seen, one.last_seen, one.times) for one in row.titles] == [
        ("minister", "2020-05-02", "2021-05-02", 2),
        ("president", "2023-05-02", "2023-06-02", 2),
    ]


def test_who_holds_an_office_that_is_named_alone_has_it_as_title() -> None:
    made = chronicle(tell("CONSULT", "Norwegian president", day="2023-05-02", words="met"))
    party = Party("source", "the Norwegian president", "group", "NOR", "GOV", None, "Ola Nordmann", None)
    known = {key: dataclasses.replace(one, parties=(party,)) for key, one in made.tellings.items()}
    row = by_name(dataclasses.replace(made, tellings=known))["Ola Nordmann"]
    assert [one.title for one in row.titles] == ["the Norwegian president"]


def test_partners_and_edges_tell_cooperation_from_conflict() -> None:
    made = chronicle(
        tell("ASSAULT", "Norway", "Sweden", day="2023-05-02", words="shelled"),
        tell("CONSULT", "Norway + Sweden", day="2023-05-09", words="met"),
        tell("ASSAULT", "Sweden", "Norway", day="2023-05-10", words="raided", status="alleged"),
    )
    (partner,) = by_name(made)["Norway"].partners
    assert (partner.name, partner.events, partner.cooperation, partner.conflict) == ("Sweden", 2, 1, 1)
    there, back = actors.edges(made)
    assert (there.source, there.target, there.weight, there.cooperation, there.conflict) == (
        "Norway", "Sweden", 2, 1, 1,
    )  # fmt: skip
    assert there.score == -3.25 and (there.first, there.last) == ("2023-05-02", "2023-05-09")
    assert (back.source, back.weight, back.cooperation, back.target_side) == ("Sweden", 1, 1, "Norway")


def test_an_event_told_by_many_counts_once() -> None:
    made = chronicle(
        tell("CONSULT", "Norway + Sweden", day="2023-05-09", words="met", event="e1"),
        tell("CONSULT", "Norway + Sweden", day="2023-05-09", words="talked", event="e1", outlet="Other"),
    )
    assert by_name(made)["Norway"].events == 1
    assert [row.weight for row in actors.edges(made)] == [1, 1]
    assert len(actors.edges(made)[0].tellings) == 2


def test_a_view_as_of_a_day_knows_nothing_later() -> None:
    made = chronicle(
        tell("CONSULT", "Norway + Sweden", day="2023-05-09", words="met"),
        tell("CONSULT", "Finland + Sweden", day="2023-06-09", words="met later"),
    )
    assert {row.name for row in actors.view(made, today=day("2023-05-31"))} == {"Norway", "Sweden"}
    assert len(actors.edges(made, today=day("2023-05-31"))) == 2


def test_rows_rest_on_what_the_chronicle_has_and_not_on_its_order() -> None:
    who = ("Norway", "Sweden", "Ola Nordmann:NOR:minister", "Nordmann:NOR", "Kari Svensk:SWE", "EU")
    items: list[Made] = [
        tell(("ASSAULT", "CONSULT")[n % 2], who[n % 6], who[(n + 2) % 5], day="2023-05-02", words=f"w{n}")
        for n in range(60)
    ]
    made = chronicle(*items, say("assert", "Norway", "so", told="2023-05-02"))
    rows, network = actors.view(made), actors.edges(made)
    known = set(made.tellings) | set(made.sayings)
    assert {key for row in rows for key in (*row.tellings, *row.sayings)} <= known
    assert {key for row in network for key in row.tellings} <= known
    random.Random(3).shuffle(items)
    again = chronicle(*items, say("assert", "Norway", "so", told="2023-05-02"))
    turned = dataclasses.replace(again, events=again.events[::-1], tellings=dict(reversed(again.tellings.items())))
    assert actors.view(turned) == rows and actors.edges(turned) == network
    assert actors.view(chronicle()) == ()
    assert actors.edges(chronicle()) == ()
