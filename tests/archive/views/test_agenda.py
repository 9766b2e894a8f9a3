"""Agenda: what is due, what was moved, and what became of it."""

from __future__ import annotations

import dataclasses

import pytest

from pourparler.archive.views import agenda
from pourparler.archive.views.agenda import Item
from tests.archive.chronicles import Made, chronicle, day, tell


def ahead(when: str, told: str, *, place: str | None = "Oslo", last: str | None = None, **more: str) -> Made:
    """Return the announcement of talks for a day."""
    return tell("CONSULT", more.pop("who", "Norway + Sweden"), day=when, last=last, told=told, status="planned",
                words="meet", place=place, **more)  # type: ignore[arg-type]  # fmt: skip


def one(*items: Made, today: str) -> Item:
    """Return the one item of an agenda."""
    (row,) = agenda.view(chronicle(*items), today=day(today))
    return row


def test_what_was_announced_for_a_later_day_is_due_until_that_day() -> None:
    call = ahead("2023-06-01", "2023-05-01", outlet="A")
    row = one(call, today="2023-06-01")
    assert (row.day, row.state, row.place, row.sides) == ("2023-06-01", "due", "Oslo", ("Norway", "Sweden"))
    assert [(a.told, a.day, a.publisher) for a in row.announced] == [("2023-05-01", "2023-06-01", "A")]
    assert one(call, today="2023-06-02").state == "passed without news"


def test_what_reports_tell_later_is_not_known_yet() -> None:
    call, again = ahead("2023-06-01", "2023-05-01"), ahead("2023-06-03", "2023-05-20")
    held = tell("CONSULT", "Norway + Sweden", day="2023-06-03", words="met", place="Oslo")
    assert agenda.view(chronicle(call, again, held), today=day("2023-04-30")) == ()
    assert one(call, again, held, today="2023-05-10").day == "2023-06-01"
    assert one(call, again, held, today="2023-06-04").state == "took place"


@pytest.mark.parametrize(
    "made",
    [
        tell("CONSULT", "Norway + Sweden", told="2023-05-01", status="planned", words="meet"),  # no day
        ahead("2023-05-01", "2023-05-02"),  # in the past
        tell("RETREAT", "Norway", day="2023-05-01", told="2023-05-01", status="planned", words="release"),  # same day
        ahead("2023-06-01", "2023-05-01", who="Denmark + Finland"),  # no side takes part
        tell("CONSULT", "Norway + Sweden", day="2023-06-01", told="2023-05-01", status="called_for", words="meet"),
    ],
)
def test_what_is_not_on_the_agenda(made: Made) -> None:
    assert agenda.view(chronicle(made), today=day("2023-05-20")) == ()


def test_two_outlets_of_one_date_are_one_item() -> None:
    row = one(ahead("2023-06-01", "2023-05-01", outlet="A"), ahead("2023-06-01", "2023-05-02", outlet="B"),
              today="2023-05-03")  # fmt: skip
    assert len(row.announced) == 2
    assert row.moved == ()


def test_a_new_date_for_the_same_place_and_parties_moves_it() -> None:
    row = one(ahead("2023-06-21", "2023-05-01"), ahead("2023-06-15", "2023-05-20"), today="2023-05-21")
    assert (row.day, row.moved) == ("2023-06-15", ("2023-06-21 -> 2023-06-15",))


def test_a_narrower_date_does_not_move_it() -> None:
    month, exact = ahead("2023-06-01", "2023-05-01", last="2023-06-30"), ahead("2023-06-15", "2023-05-20")
    assert one(month, exact, today="2023-05-21").moved == ()


@pytest.mark.parametrize(
    "other",
    [
        ahead("2023-06-15", "2023-05-20", place="Rome"),  # another place
        ahead("2023-06-15", "2023-05-20", who="Norway + Finland"),  # other parties
        ahead("2023-11-15", "2023-05-20"),  # far later
        ahead("2023-06-15", "2023-05-20", place=None),  # no place: two meetings as likely as one
        ahead("2023-07-25", "2023-07-10"),  # told after the first day had passed
    ],
)
def test_two_things_are_not_one_that_moved(other: Made) -> None:
    rows = agenda.view(chronicle(ahead("2023-06-21", "2023-05-01"), other), today=day("2023-08-01"))
    assert len(rows) == 2
    assert all(row.moved == () for row in rows)


@pytest.mark.parametrize(
    ("who", "when", "place", "state"),
    [
        ("Norway + Sweden + Finland", "2023-06-02", "Oslo", "took place"),
        ("Norway + Sweden", "2023-06-01", None, "took place"),
        ("Norway + Sweden", "2023-06-01", "Rome", "passed without news"),
        ("Norway + Denmark", "2023-06-01", "Oslo", "passed without news"),
        ("Norway + Sweden", "2023-06-09", "Oslo", "passed without news"),
        ("Norway + Sweden", "2023-04-30", "Oslo", "passed without news"),
    ],
)
def test_it_took_place_where_like_talks_are_told_of_the_day(
    who: str, when: str, place: str | None, state: str
) -> None:
    held = tell("CONSULT", who, day=when, words="met", place=place)
    row = one(ahead("2023-06-01", "2023-05-01"), held, today="2023-07-01")
    assert row.state == state
    assert row.settled_by == ((held.key,) if state == "took place" else ())
    assert row.took_place == (when if state == "took place" else None)


def test_what_is_called_off_or_put_off() -> None:
    text = "Norway said that the talks in Oslo on 1 June were {}."
    for words, state in (("called off", "cancelled"), ("postponed", "postponed")):
        no = tell("REJECT", "Norway", day="2023-05-20", basis="publication", words=words, text=text.format(words))
        row = one(ahead("2023-06-01", "2023-05-01"), no, today="2023-06-10")
        assert (row.state, row.settled_by) == (state, (no.key,))


def test_what_was_put_off_and_held_later_moved() -> None:
    text = "Norway said that the talks in Oslo on 1 June were postponed."
    no = tell("REJECT", "Norway", day="2023-05-20", basis="publication", words="postponed", text=text)
    held = tell("CONSULT", "Norway + Sweden", day="2023-06-28", words="met", place="Oslo")
    row = one(ahead("2023-06-01", "2023-05-01"), no, held, today="2023-07-10")
    assert (row.state, row.moved) == ("took place", ("2023-06-01 -> 2023-06-28",))


def test_a_day_moved_without_a_new_announcement_is_the_new_day() -> None:
    """The sentence that moves it is no event; only a report that tells something else has it."""
    text = "Norway accused Finland. The talks with Sweden in Oslo were moved from 1 June to 8 June."
    said = tell("ACCUSE", "Norway", "Finland", day="2023-05-20", words="accused", text=text)
    call = ahead("2023-06-01", "2023-05-01")
    row = one(call, said, today="2023-06-02")
    assert (row.day, row.last, row.state) == ("2023-06-08", "2023-06-08", "due")
    assert row.moved == ("2023-06-01 -> 2023-06-08",)
    assert [(a.told, a.day, a.tellings) for a in row.announced] == [
        ("2023-05-01", "2023-06-01", (call.key,)), ("2023-05-20", "2023-06-08", (said.key,))
    ]  # fmt: skip
    assert one(call, said, today="2023-05-19").day == "2023-06-01"
    held = tell("CONSULT", "Norway + Sweden", day="2023-06-08", words="met", place="Oslo")
    assert one(call, said, held, today="2023-07-01").state == "took place"


def test_what_moved_a_day_does_not_move_the_one_announced_after_it() -> None:
    text = "Norway accused Finland. The talks with Sweden in Oslo were postponed by a week."
    said = tell("ACCUSE", "Norway", "Finland", day="2023-05-10", words="accused", text=text)
    call, anew = ahead("2023-06-01", "2023-05-01"), ahead("2023-06-08", "2023-05-20")
    row = one(call, said, anew, today="2023-05-21")
    assert (row.day, row.moved) == ("2023-06-08", ("2023-06-01 -> 2023-06-08",))
    assert one(call, said, anew, today="2023-05-19").moved == ("2023-06-01 -> 2023-06-08",)


def test_put_off_to_a_day_is_due_on_that_day_and_not_off() -> None:
    text = "Norway said that the talks with Sweden in Oslo were postponed to 8 June."
    no = tell("CONSULT", "Norway + Sweden", day="2023-06-08", told="2023-05-20", status="did_not_happen",
              words="talks", place="Oslo", text=text)  # fmt: skip
    row = one(ahead("2023-06-01", "2023-05-01"), no, today="2023-06-02")
    assert (row.day, row.state, row.moved) == ("2023-06-08", "due", ("2023-06-01 -> 2023-06-08",))


def test_where_two_things_may_be_meant_none_is_moved() -> None:
    text = "Norway accused Finland. The talks with Sweden were moved to 8 June."
    said = tell("ACCUSE", "Norway", "Finland", day="2023-05-20", words="accused", text=text)
    two = (ahead("2023-06-01", "2023-05-01"), ahead("2023-06-12", "2023-05-01", place="Rome"))
    rows = agenda.view(chronicle(*two, said), today=day("2023-05-21"))
    assert [(row.day, row.moved) for row in rows] == [("2023-06-01", ()), ("2023-06-12", ())]


def test_an_act_told_not_to_have_happened_is_cancelled() -> None:
    call = tell("RETREAT", "Norway", day="2023-06-01", told="2023-05-01", status="planned", words="release")
    no = tell("RETREAT", "Norway", day="2023-06-01", status="did_not_happen", words="released")
    yes = tell("COOPERATE", "Norway", day="2023-06-01", words="exchanged")
    assert one(call, no, today="2023-06-10").state == "cancelled"
    assert one(call, yes, today="2023-06-10").state == "took place"


OFF = "Norway said that the talks in Oslo on 1 June were {}."


def ended(words: str, told: str, *, text: str = OFF, type: str = "REJECT", **more: str) -> Made:
    """Return what tells that talks were put off or called off: a refusal, or talks that do not take place."""
    if type == "REJECT":
        return tell("REJECT", "Norway", day=told, basis="publication", words=words, text=text.format(words), **more)  # type: ignore[arg-type]
    return tell("CONSULT", "Norway + Sweden", day="2023-06-01", told=told, status="did_not_happen", words="talks",
                place="Oslo", text=text.format(words), **more)  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize("type", ["REJECT", "CONSULT"])
@pytest.mark.parametrize("event", [None, "e1"])
@pytest.mark.parametrize(
    ("before", "after", "state"),
    [("postponed", "called off", "cancelled"), ("called off", "postponed", "postponed")],
)
def test_of_two_endings_the_later_one_counts_and_both_are_shown(
    before: str, after: str, state: str, event: str | None, type: str
) -> None:
    more = {"event": event, "type": type}
    first, then = ended(before, "2023-05-20", **more), ended(after, "2023-05-24", **more)  # type: ignore[arg-type]
    call = ahead("2023-06-01", "2023-05-01")
    row = one(call, first, then, today="2023-05-25")
    assert row.state == state
    assert set(row.settled_by) == {first.key, then.key}
    assert one(call, first, then, today="2023-05-21").state != state
    reprint = ended(before, "2023-05-26", outlet="B", **more)  # type: ignore[arg-type]
    made = dataclasses.replace(chronicle(call, first, then, reprint), copies=frozenset({reprint.report}))
    assert agenda.view(made, today=day("2023-05-27"))[0].state == state


@pytest.mark.parametrize("words", ["called off", "postponed"])
@pytest.mark.parametrize("event", [None, "e1"])
def test_what_is_set_again_after_its_end_is_due(words: str, event: str | None) -> None:
    more = {"event": event, "type": "CONSULT"} if event else {}
    call = ahead("2023-06-01", "2023-05-01", **({"event": event} if event else {}))
    off = ended(words, "2023-05-20", **more)
    again = ahead("2023-06-01", "2023-05-24", outlet="B", **({"event": event} if event else {}))
    assert one(call, off, again, today="2023-05-21").state in ("cancelled", "postponed")
    row = one(call, off, again, today="2023-05-25")
    assert row.state == "due" and "did not" not in row.what
    assert off.key in row.settled_by
    assert one(call, off, again, today="2023-07-01").state == "passed without news"
    reprint = dataclasses.replace(chronicle(call, off, again), copies=frozenset({again.report}))
    assert agenda.view(reprint, today=day("2023-05-25"))[0].state in ("cancelled", "postponed")
    once_more = ended("called off", "2023-05-28", outlet="B", **more)
    assert one(call, off, again, once_more, today="2023-05-29").state == "cancelled"


def test_what_was_put_off_can_be_called_off_long_after_its_day() -> None:
    off = ended("postponed", "2023-05-20")
    gone = ended("called off", "2023-07-10", text="Norway said that the talks in Oslo were {}.")
    call = ahead("2023-06-01", "2023-05-01")
    assert one(call, off, gone, today="2023-07-11").state == "cancelled"
    assert one(call, gone, today="2023-07-11").state == "passed without news"


def test_the_verb_says_what_ended_it_before_the_rest_of_its_sentence() -> None:
    gone = ended("called off", "2023-05-24", text="Norway said that the postponed talks in Oslo on 1 June were {}.")
    assert one(ahead("2023-06-01", "2023-05-01"), gone, today="2023-05-25").state == "cancelled"


def test_an_act_set_again_after_it_was_told_not_to_happen_is_due() -> None:
    def release(told: str, status: str) -> Made:
        return tell("RETREAT", "Norway", day="2023-06-01", told=told, status=status, words="release")

    call, no = release("2023-05-01", "planned"), release("2023-05-20", "did_not_happen")
    assert one(call, no, today="2023-05-25").state == "cancelled"
    row = one(call, no, release("2023-05-24", "planned"), today="2023-05-25")
    assert (row.state, row.settled_by) == ("due", (no.key,))
