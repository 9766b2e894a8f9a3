"""Ceasefire: truces, how long they hold, and violations by whom."""

from __future__ import annotations

import dataclasses

import pytest

from pourparler.archive.process import Member
from pourparler.archive.views import ceasefire
from tests.archive.chronicles import PROCESS, Made, chronicle, day, say, tell


def truce(when: str = "2023-05-01", *, basis: str = "stated", status: str = "happened") -> Made:
    """Return a truce between the sides through Finland."""
    return tell("AGREE", "Norway + Sweden + Finland", day=when, words="agreed to a truce", basis=basis, status=status)


def attack(when: str, *, status: str = "happened", who: str = "Norway", whom: str = "Sweden") -> Made:
    """Return an attack."""
    return tell("ASSAULT", who, whom, day=when, words="shelled", status=status)


def test_a_truce_holds_until_the_next_one() -> None:
    rows = ceasefire.truces(chronicle(truce("2023-05-01"), truce("2023-09-01")))
    assert [(one.since, one.until, one.end) for one in rows] == [
        ("2023-05-01", "2023-09-01", "another truce"),
        ("2023-09-01", None, ""),
    ]
    assert rows[0].sides == ("Norway", "Sweden")
    assert rows[0].mediators == ("Finland",)


@pytest.mark.parametrize(
    ("made", "count"),
    [
        (truce(status="alleged"), 0),
        (truce(status="called_for"), 0),
        (
            tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed", text="They agreed to build a bridge."),
            0,
        ),
        (tell("AGREE", "Denmark + Finland", day="2023-05-01", words="agreed to a truce"), 0),
        (tell("RETREAT", "Norway", day="2023-05-01", mode="ceasefire", words="stopped"), 1),
        (tell("CONCEDE", "Norway", day="2023-05-01", words="declared a cease-fire"), 1),
        (tell("RETREAT", "Norway", day="2023-05-02", told="2023-05-01", status="planned", words="end the war"), 1),
        (tell("REQUEST", "Finland", "Norway", day="2023-05-01", words="called for a truce"), 0),
    ],
)
def test_what_declares_a_truce(made: Made, count: int) -> None:
    assert len(ceasefire.truces(chronicle(made), today=day("2023-05-03"))) == count


def test_a_truce_recalled_is_no_new_one() -> None:
    recalled = truce("2023-07-01", basis="publication")
    assert len(ceasefire.truces(chronicle(truce(), recalled))) == 1
    fought = attack("2023-06-29")
    assert len(ceasefire.truces(chronicle(truce(), fought, recalled))) == 2


def test_fighting_on_three_days_of_a_week_ends_a_truce() -> None:
    days = ("2023-06-01", "2023-06-03", "2023-06-05")
    (row,) = ceasefire.truces(chronicle(truce(), *(attack(one) for one in days)))
    assert (row.until, row.end, len(row.ended_by)) == ("2023-06-01", "fighting resumed", 3)
    (row,) = ceasefire.truces(chronicle(truce(), *(attack(one) for one in days[:2])))
    assert row.until is None
    spread = ("2023-06-01", "2023-06-05", "2023-06-09")
    (row,) = ceasefire.truces(chronicle(truce(), *(attack(one) for one in spread)))
    assert row.until is None


def test_a_collapse_told_ends_a_truce() -> None:
    text = "The truce collapsed within hours."
    fell = tell("RETREAT", "Norway + Sweden", day="2023-05-04", words="collapsed", text=text)
    (row,) = ceasefire.truces(chronicle(truce(), fell))
    assert (row.until, row.end, row.ended_by) == ("2023-05-04", "collapsed", (fell.key,))


def test_violations_are_counted_by_week_and_side() -> None:
    claim = say("assert", "Swedish army", "Norway shelled a village", told="2023-05-10", key="s1")
    alleged = tell("ASSAULT", "Norway", "Swedish village", day="2023-05-10", status="alleged", saying="s1")
    fact = attack("2023-05-11", who="Sweden", whom="Norway")
    weeks = ceasefire.view(chronicle(truce(), claim, alleged, fact))
    assert [row.week for row in weeks] == ["2023-W18", "2023-W19"]
    row = weeks[1]
    assert (row.alleged, row.facts, row.denied) == (1, 1, 0)
    assert row.by_side == ("Norway: 1 alleged, 0 fact, 0 denied", "Sweden: 0 alleged, 1 fact, 0 denied")
    assert [(one.by, one.against, one.says) for one in row.violations] == [
        (("Norway",), ("Sweden",), ("Swedish army",)),
        (("Sweden",), ("Norway",), ()),
    ]
    assert set(row.tellings) == {alleged.key, fact.key}
    assert row.sayings == ("s1",)
    assert [one.since for one in row.in_force] == ["2023-05-01"]


def test_a_claim_that_is_denied() -> None:
    claim = say("assert", "Swedish army", "Norway shelled a village", told="2023-05-10", key="s1")
    alleged = tell("ASSAULT", "Norway", "Sweden", day="2023-05-10", status="alleged", saying="s1")
    denial = say("deny", "Norway", "the shelling", told="2023-05-10", cue="denied", answers=(claim,))
    (found,) = ceasefire.view(chronicle(truce(), claim, alleged, denial))[1].violations
    assert (found.way, found.denied_by) == ("denied", ("Norway",))


def test_an_accusation_of_breaking_the_truce_counts_and_others_do_not() -> None:
    text = "Norway accused Sweden of violating the ceasefire."
    counts = tell("ACCUSE", "Norway", "Sweden", day="2023-05-10", words="accused", text=text)
    other = tell(
        "ACCUSE", "Norway", "Sweden", day="2023-05-10", words="accused", text="Norway accused Sweden of theft."
    )
    row = ceasefire.view(chronicle(truce(), counts, other))[1]
    (found,) = row.violations
    assert (found.way, found.says, found.by, found.tellings) == ("alleged", ("Norway",), ("Sweden",), (counts.key,))


def test_each_accuses_the_other() -> None:
    text = "Norway and Sweden accused each other of breaking the truce."
    both = tell("ACCUSE", "Norway + Sweden", day="2023-05-10", words="accused", text=text)
    (found,) = ceasefire.view(chronicle(truce(), both))[1].violations
    assert found.by == ("Norway", "Sweden")


@pytest.mark.parametrize(
    "made",
    [
        attack("2023-04-20"),  # before any truce
        attack("2023-05-10", status="planned"),
        attack("2023-05-10", who="Denmark", whom="Finland"),
        tell("ASSAULT", "Norway", "Norwegian farmers", day="2023-05-10", words="beat"),  # within one side
        tell("COERCE", "Norway", "Sweden", day="2023-05-10", words="blocked"),  # told as fact: no attack
        tell("ASSAULT", "Norway", "Sweden", day="2023-05-10", basis="publication", words="conflict"),  # recalled
        tell(
            "ASSAULT", "Norway", "Sweden", day="2023-05-10", last="2023-06-10", words="clashes"
        ),  # some time that month
    ],
)
def test_what_is_no_violation(made: Made) -> None:
    assert all(row.violations == () for row in ceasefire.view(chronicle(truce(), made)))


def test_weeks_after_today_are_left_out() -> None:
    made = chronicle(truce(), attack("2023-05-20"))
    assert len(ceasefire.view(made, today=day("2023-05-10"))) == 1
    assert len(ceasefire.view(made)) == 2


FOUR = dataclasses.replace(
    PROCESS, sides=(*PROCESS.sides, Member("Denmark", ("DNK",)), Member("Finland", ("FIN",))), mediators=()
)


def agreed(who: str, when: str, *, basis: str = "stated") -> Made:
    """Return a truce between some of four sides."""
    return tell("AGREE", who, day=when, words="agreed to a truce", basis=basis)


def test_a_fight_of_two_others_neither_ends_nor_breaks_a_truce() -> None:
    made = agreed("Norway + Sweden", "2023-05-01")
    days = ("2023-05-07", "2023-05-08", "2023-05-09")
    others = [attack(one, who="Denmark", whom="Finland") for one in days]
    weeks = ceasefire.view(chronicle(made, *others, process=FOUR))
    assert [(row.week, row.facts) for row in weeks] == [("2023-W18", 0)]
    assert weeks[0].declared[0].until is None
    own = [attack(one, who="Denmark", whom="Norway") for one in days]
    (found,) = ceasefire.truces(chronicle(made, *own, process=FOUR))
    assert (found.until, found.end) == ("2023-05-07", "fighting resumed")


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("Norway + Sweden", "Denmark + Finland", 2),
        ("Norway + Sweden", "Sweden + Denmark", 2),  # one side of both is not both
        ("Norway + Sweden", "Denmark", 2),
        ("Norway + Sweden", "Norway + Sweden", 1),
        ("Norway + Sweden", "Norway + Sweden + Denmark", 1),
        ("Norway + Sweden", "Sweden", 1),
        ("Norway", "Sweden", 1),  # each declares its own: with each other
    ],
)
def test_truces_of_two_pairs_so_near_each_other_are_two(one: str, other: str, count: int) -> None:
    made = chronicle(agreed(one, "2023-05-01"), agreed(other, "2023-05-02"), process=FOUR)
    rows = ceasefire.truces(made)
    assert len(rows) == count
    assert all(row.until is None for row in rows)
    if count == 2:
        assert [set(row.sides) for row in rows] == [set(who.split(" + ")) for who in (one, other)]
    third = agreed(one, "2023-05-03")
    again = ceasefire.truces(chronicle(*_both(one, other), third, process=FOUR))
    assert len(again) == count and third.key in again[0].tellings


def _both(one: str, other: str) -> tuple[Made, Made]:
    return agreed(one, "2023-05-01"), agreed(other, "2023-05-02")


def test_a_truce_whose_parties_nobody_names_is_one_of_those_at_the_time() -> None:
    nobody = tell("AGREE", "", day="2023-05-03", words="truce", text="A truce was agreed.")
    rows = ceasefire.truces(chronicle(*_both("Norway + Sweden", "Denmark + Finland"), nobody, process=FOUR))
    assert [len(row.tellings) for row in rows] == [1, 2]


def test_each_of_two_truces_has_its_own_end() -> None:
    both = _both("Norway + Sweden", "Denmark + Finland")
    anew = agreed("Norway + Sweden", "2023-09-01")
    text = "The truce collapsed within weeks."
    fell = tell("RETREAT", "Denmark + Finland", day="2023-06-01", words="collapsed", text=text)
    rows = ceasefire.truces(chronicle(*both, anew, fell, process=FOUR))
    assert [(row.sides[0], row.until, row.end) for row in rows] == [
        ("Norway", "2023-09-01", "another truce"),
        ("Denmark", "2023-06-01", "collapsed"),
        ("Norway", None, ""),
    ]


def test_a_truce_recalled_or_fought_over_is_that_of_its_own_pair() -> None:
    both = _both("Norway + Sweden", "Denmark + Finland")
    recalled = agreed("Norway + Sweden", "2023-07-01", basis="publication")
    assert len(ceasefire.truces(chronicle(*both, recalled, process=FOUR))) == 2
    others = attack("2023-06-29", who="Denmark", whom="Finland")
    assert len(ceasefire.truces(chronicle(*both, others, recalled, process=FOUR))) == 2
    own = attack("2023-06-29")
    assert len(ceasefire.truces(chronicle(*both, own, recalled, process=FOUR))) == 3


def test_a_breach_on_the_day_of_the_truce_of_two_others_counts() -> None:
    both = _both("Norway + Sweden", "Denmark + Finland")
    (week,) = ceasefire.view(chronicle(*both, attack("2023-05-02"), process=FOUR))
    assert week.facts == 1
    (week,) = ceasefire.view(chronicle(*both, attack("2023-05-01"), process=FOUR))
    assert week.facts == 0


def test_a_truce_with_a_misread_party_is_no_row_of_its_own() -> None:
    """Of Norway and Denmark no fight was ever told, and Norway has just made a truce with Sweden."""
    real, misread = (
        agreed("Norway + Sweden", "2023-05-01"),
        agreed("Norway + Denmark", "2023-05-04", basis="publication"),
    )
    (row,) = ceasefire.truces(chronicle(real, misread, process=FOUR))
    assert row.sides == ("Norway", "Sweden")
    fought = attack("2023-03-01", who="Denmark", whom="Norway")
    assert len(ceasefire.truces(chronicle(real, misread, fought, process=FOUR))) == 2
    later = agreed("Norway + Denmark", "2023-06-04", basis="publication")
    assert len(ceasefire.truces(chronicle(real, later, process=FOUR))) == 2


@pytest.mark.parametrize(
    "made",
    [
        tell("RETREAT", "Norway", day="2023-05-01", mode="resign", text="Over the truce a minister resigned"),
        tell("AGREE", "Norway", "Sweden", day="2023-05-01", words="offered", text="Norway offered Sweden a truce."),
        tell("AGREE", "Norway + Sweden", day="2023-05-01", status="ongoing", words="working toward a truce"),
    ],
    ids=["resigned", "offered", "under way"],
)  # fmt: skip
def test_what_declares_no_truce(made: Made) -> None:
    assert ceasefire.truces(chronicle(made)) == ()


def test_what_is_done_under_a_truce_begins_no_other() -> None:
    text = "Norway hands over captives, as the truce with Sweden says."
    part = tell("RETREAT", "Norway", "Sweden", day="2023-05-10", words="hands over", text=text)
    assert [row.since for row in ceasefire.truces(chronicle(truce(), part))] == ["2023-05-01"]
