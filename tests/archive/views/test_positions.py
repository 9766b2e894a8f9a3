"""Positions: stances by side and topic, topics by shared words, changes with both wordings."""

from __future__ import annotations

import dataclasses
import random

from pourparler.archive.told import Saying
from pourparler.archive.views import claims, positions
from pourparler.archive.views.topics import topics
from tests.archive.chronicles import PROCESS, Made, chronicle, day, say, tell


def one(made: object, side: str = "Norway") -> positions.Position:
    rows = [row for row in positions.view(made) if row.side == side]  # type: ignore[arg-type]
    assert len(rows) == 1, rows
    return rows[0]


def test_a_demand_is_a_position_of_its_side() -> None:
    demand = say("demand", "Norwegian foreign ministry", "the release of all prisoners", told="2023-05-02")
    row = one(chronicle(demand))
    assert (row.side, row.stance, row.words) == ("Norway", "demands", "the release of all prisoners")
    assert (row.first_said, row.last_said, row.times) == ("2023-05-02", "2023-05-02", 1)
    assert row.said_by == ("Norwegian foreign ministry",) and row.sayings == (demand.key,)
    assert "prisoner" in row.topic


def test_what_others_say_and_what_is_only_said_are_no_positions() -> None:
    stranger = say("demand", "Denmark", "the release of all prisoners", told="2023-05-02")
    remark = say("assert", "Norway", "prisoners are well", told="2023-05-02")
    assert positions.view(chronicle(stranger, remark)) == ()


def test_positions_on_one_topic_stand_together_and_a_change_of_stance_shows() -> None:
    rejects = say("reject", "Norway", "the monitors", told="2023-05-02")
    again = say("reject", "Norway", "any monitors near the border", told="2023-05-09")
    accepts = say("promise", "Norway", "to let monitors in", told="2023-06-01")
    row = one(chronicle(rejects, again, accepts))
    assert row.topic.startswith("monitor") and row.stance == "accepts"
    assert (row.first_said, row.last_said, row.times) == ("2023-05-02", "2023-06-01", 3)
    (turn,) = row.changes
    assert (turn.day, turn.before, turn.after) == ("2023-06-01", "rejects", "accepts")
    assert (turn.words_before, turn.words_after) == ("any monitors near the border", "to let monitors in")
    assert set(turn.sayings) == {again.key, accepts.key}


def test_other_topics_and_other_sides_stand_apart() -> None:
    made = chronicle(
        say("demand", "Norway", "a corridor", told="2023-05-02"),
        say("reject", "Sweden", "the corridor", told="2023-05-03"),
        say("demand", "Norway", "prisoners back", told="2023-05-04"),
    )
    assert len({(row.side, row.topic) for row in positions.view(made)}) == 3
    corridor = {row.side: row.stance for row in positions.view(made) if "corridor" in row.topic}
    assert corridor == {"Norway": "demands", "Sweden": "rejects"}


def test_reaffirming_changes_no_stance() -> None:
    rejects = say("reject", "Norway", "the corridor", told="2023-05-02")
    holds = say("reaffirm", "Norway", "its view of the corridor", told="2023-06-01")
    row = one(chronicle(rejects, holds))
    assert row.stance == "rejects" and row.changes == () and row.last_said == "2023-06-01"


def test_an_event_is_a_position_once_whether_or_not_a_statement_tells_it_too() -> None:
    text = "Norway called on Sweden to open the corridor"
    request = tell("REQUEST", "Norway", "Sweden", day="2023-05-02", text=text, words="called on", report="r1")
    alone = one(chronicle(request))
    assert (alone.stance, alone.towards, alone.words) == ("demands", ("Sweden",), text)
    said = say(
        "call_for", "Norway", "to open the corridor", told="2023-05-02", text=text, cue="called on", report="r1"
    )
    both = one(chronicle(request, said))
    assert (both.times, both.tellings, both.sayings) == (1, (request.key,), (said.key,))
    assert both.towards == ("Sweden",)


def test_an_event_that_is_not_told_as_fact_is_none() -> None:
    planned = tell("REQUEST", "Norway", "Sweden", day="2023-05-02", status="planned", words="will ask")
    assert positions.view(chronicle(planned)) == ()


def test_texts_without_telling_words_have_no_topic_and_no_changes() -> None:
    made = chronicle(
        say("reject", "Norway", "it", told="2023-05-02"), say("demand", "Norway", "this", told="2023-06-01")
    )
    row = one(made)
    assert row.topic == "other" and row.changes == ()


def test_names_of_sides_and_countries_name_no_topic() -> None:
    texts = {"a": "Chilean troops out of Fjordland", "b": "a Chilean corridor in Fjordland"}
    found = topics(texts, without=frozenset({"fjordland"}))
    assert found == {"a": "troop", "b": "corridor"}
    assert set(topics(texts, without=frozenset()).values()) == {"fjordland"}


def test_a_denial_of_a_claim_is_no_position() -> None:
    claim = say("accuse", "Sweden", "Norway of shelling Idre", told="2023-05-02", cue="accused")
    denial = say("reject", "Norway", "the shelling of Idre", told="2023-05-02", answers=[claim])
    assert positions.view(chronicle(claim, denial)) == ()
    text = "Norway denied the shelling of Idre"
    denied = say("deny", "Norway", "the shelling of Idre", told="2023-05-03", text=text, cue="denied", report="r1")
    event = tell("REJECT", "Norway", "Sweden", day="2023-05-03", text=text, words="denied", report="r1")
    assert positions.view(chronicle(denied, event)) == ()
    assert len(positions.view(chronicle(event))) == 1
    demand = say("demand", "Sweden", "an end of the shelling", told="2023-05-02")
    answer = say("reject", "Norway", "an end of the shelling", told="2023-05-02", answers=[demand])
    assert one(chronicle(demand, answer)).stance == "rejects"


def test_a_word_of_nearly_all_texts_names_no_topic() -> None:
    kinds = ("corridor", "prisoners", "monitors", "constitution")
    texts = {f"{n}": f"the treaty and {kinds[n % 4]}" for n in range(20)}
    found = topics(texts, without=frozenset())
    assert len(set(found.values())) == 4 and not any(name.startswith("treaty") for name in found.values())


def test_a_view_as_of_a_day_knows_nothing_later() -> None:
    made = chronicle(
        say("reject", "Norway", "the corridor", told="2023-05-02"),
        say("promise", "Norway", "to open the corridor", told="2023-06-01"),
    )
    (row,) = positions.view(made, today=day("2023-05-20"))
    assert row.stance == "rejects" and row.changes == ()


def test_rows_rest_on_what_the_chronicle_has_and_not_on_its_order() -> None:
    kinds = ("corridor", "prisoners", "monitors", "constitution", "treaty")
    acts = ("demand", "reject", "promise")
    items: list[Made] = [
        say(
            acts[n % 3],
            ("Norway", "Sweden", "Finland")[n % 4 % 3],
            f"the {kinds[n % 5]} number {n}",
            told="2023-05-02",
        )  # type: ignore[misc]
        for n in range(60)
    ]
    made = chronicle(*items)
    rows = positions.view(made)
    assert {key for row in rows for key in row.sayings} == set(made.sayings)
    random.Random(3).shuffle(items)
    shuffled = chronicle(*items)
    assert positions.view(dataclasses.replace(shuffled, events=shuffled.events[::-1])) == rows
    assert positions.view(chronicle(process=PROCESS)) == ()


def test_copies_of_a_report_are_no_further_times_as_in_the_claims_ledger() -> None:
    words = "Norway accused Sweden of blocking the corridor and demanded the corridor"

    def both(told: str, report: str) -> list[Saying]:
        return [say("demand", "Norway", "the corridor", told=told, text=words, cue="demanded", report=report),
                say("accuse", "Norway", "Sweden of blocking the corridor", told=told, text=words, cue="accused",
                    report=report)]  # fmt: skip

    items = [*both("2023-05-02", "r1"), *both("2023-05-03", "r2"), *both("2023-05-04", "r3")]
    made = chronicle(*items)

    def times(*copies: str) -> tuple[int, set[int]]:
        found = dataclasses.replace(made, copies=frozenset(copies))
        return one(found).times, {claim.times for claim in claims.view(found)}

    assert times() == (3, {3})
    assert times("r2") == (2, {2})
    assert times("r1", "r2", "r3") == (1, {1})
    row = one(dataclasses.replace(made, copies=frozenset({"r2"})))
    assert row.last_said == "2023-05-04" and len(row.sayings) == 3
