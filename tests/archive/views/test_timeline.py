"""Timeline: order, weight, and facts, plans and claims kept apart."""

from __future__ import annotations

import dataclasses

import pytest

from pourparler.archive.views import timeline
from pourparler.archive.views.common import Cast
from tests.archive.chronicles import PROCESS, chronicle, party, say, tell


def test_rows_stand_by_day_and_within_a_day_by_weight() -> None:
    war = tell("ASSAULT", "Norwegian army:NOR", "Swedish villages", day="2023-05-02", words="shelled")
    praise = tell("SUPPORT", "Finland", "Denmark", day="2023-05-02", words="praised")
    talks = tell("CONSULT", "Norway + Sweden", day="2023-05-01", words="met", place="Idre")
    rows = timeline.view(chronicle(praise, war, talks))
    assert [row.words for row in rows] == ["met", "shelled", "praised"]
    assert rows[0].lanes == ("Norway", "Sweden")
    assert rows[0].line == "Norway and Sweden meet, Idre"
    assert rows[1].weight > rows[2].weight


def test_facts_plans_and_claims_are_marked_apart() -> None:
    claim = say("assert", "Norwegian defence ministry", "Sweden shelled a village", told="2023-05-02", key="s1")
    alleged = tell("ASSAULT", "Sweden", "village", day="2023-05-02", status="alleged", saying="s1")
    planned = tell("CONSULT", "Norway + Sweden", day="2023-06-01", told="2023-05-02", status="planned", words="meet")
    fact = tell("CONSULT", "Norway + Sweden", day="2023-05-01", words="met")
    rows = {row.standing: row for row in timeline.view(chronicle(claim, alleged, planned, fact))}
    assert rows["claim"].says == ("Norwegian defence ministry",)
    assert rows["claim"].sayings == ("s1",)
    assert rows["claim"].line == "Sweden is said to have attacked village, according to Norwegian defence ministry"
    assert rows["ahead"].line == "Norway and Sweden are to meet"
    assert rows["fact"].says == ()
    assert rows["ahead"].weight < rows["fact"].weight


def test_more_outlets_and_a_mediator_weigh_more() -> None:
    lone = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed")
    wide = [
        tell("AGREE", "Norway + Sweden + Finland", day="2023-05-09", words="agreed", outlet=name, event="e1")
        for name in ("A", "B", "C")
    ]
    first, second = timeline.view(chronicle(lone, *wide))
    assert (first.outlets, second.outlets) == (1, 3)
    assert second.weight > first.weight


def test_versions_count_the_values_that_differ() -> None:
    one = tell("ASSAULT", "Norway", "Sweden", day="2023-05-01", place="Idre", outlet="A", event="e1")
    two = tell("ASSAULT", "Norway", "Sweden", day="2023-05-02", place="Idre", outlet="B", event="e1")
    assert timeline.view(chronicle(one, two))[0].versions == 2
    assert timeline.view(chronicle(one))[0].versions == 0


def test_an_act_announced_without_a_day_is_not_dated() -> None:
    ahead = tell("CONSULT", "Norway + Sweden", told="2023-05-02", status="planned", words="meet")
    row = timeline.view(chronicle(ahead))[0]
    assert (row.day, row.dated) == ("2023-05-02", False)


def test_what_is_put_over_a_year_weighs_less_than_what_has_a_day() -> None:
    whole = tell("ASSAULT", "Norway", "Sweden", day="2023-01-01", last="2023-12-31", words="offensive")
    exact = tell("ASSAULT", "Norway", "Sweden", day="2023-01-02", words="offensive")
    first, second = timeline.view(chronicle(whole, exact))
    assert first.last == "2023-12-31"
    assert first.weight < second.weight


@pytest.mark.parametrize(
    ("who", "whom", "status", "line"),
    [
        ("Norway", "Sweden", "happened", "Norway accuses Sweden"),
        ("Norwegian officials", "Sweden", "happened", "Norwegian officials accuse Sweden"),
        ("Norway's Armed Forces", "Two officers", "happened", "Norway's Armed Forces accuse two officers"),
        ("Ola Andreas:NOR", "Sweden", "happened", "Ola Andreas accuses Sweden"),
        ("Norway", "", "possible", "Norway may make accusations"),
        ("", "Sweden", "alleged", "Accusation: Sweden (alleged)"),
        ("Norway", "Fifteen + Swedish soldiers", "happened", "Norway accuses Swedish soldiers"),
        ("Norway", "Ann + Bob + Cid + Sweden", "happened", "Norway accuses Ann, Bob and 2 more"),
    ],
)
def test_lines_are_made_from_the_parts(who: str, whom: str, status: str, line: str) -> None:
    made = tell("ACCUSE", who, whom, day="2023-05-01", status=status, words="accused")
    assert timeline.view(chronicle(made))[0].line == line


def test_wide_types_speak_in_the_words_of_the_report() -> None:
    said = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed to a truce")
    bare = tell("AGREE", "Norway + Sweden", day="2023-05-02", words="agreed to")
    lines = [row.line for row in timeline.view(chronicle(said, bare))]
    assert lines == ["Norway and Sweden: “agreed to a truce”", "Norway and Sweden agree"]


@pytest.mark.parametrize(
    "text",
    ["Norway", "Fjordland Guard", "Ola Nordmann:NOR:minister", "EU", "Europe", "Denmark", "people", "Euro:FIN"],
)
def test_members_are_those_that_the_process_names(text: str) -> None:
    found = party(text)
    assert Cast(PROCESS).member(found) == PROCESS.member(found)


def test_a_name_counts_before_a_country_whatever_the_order_of_the_sides() -> None:
    """An armed group that reports take for a part of the country it fights."""
    turned = dataclasses.replace(PROCESS, sides=PROCESS.sides[::-1])
    guard = dataclasses.replace(party("Fjordland Guard"), country="SWE")
    assert Cast(turned).member(guard) == turned.member(guard) == "Norway"
    attack = tell("ASSAULT", "Fjordland Guard", "Sweden", day="2023-05-01", words="shelled")
    own = dataclasses.replace(attack.telling, parties=(guard, party("Sweden", "target")))
    (row,) = timeline.view(chronicle(dataclasses.replace(attack, telling=own), process=turned))
    assert row.lanes == ("Sweden", "Norway")


def test_an_empty_chronicle_has_an_empty_timeline() -> None:
    assert timeline.view(chronicle()) == ()
