"""Meetings: what is one round, its format and status, and what came of it."""

from __future__ import annotations

import pytest

from pourparler.archive.views import agenda, meetings
from tests.archive.chronicles import Made, chronicle, day, tell

ALL = "Ola Nordmann:NOR:prime minister + Anna Svensson:SWE:president"


def test_two_outlets_and_two_days_at_one_place_are_one_round() -> None:
    one = tell("CONSULT", ALL, day="2023-05-01", words="met", place="Oslo", outlet="A")
    two = tell("CONSULT", "Norway + Sweden", day="2023-05-02", words="talks", place="Oslo", outlet="B")
    (row,) = meetings.view(chronicle(one, two))
    assert (row.first, row.last, row.place, row.outlets) == ("2023-05-01", "2023-05-02", "Oslo", 2)
    assert row.status == "held"
    assert row.format == "bilateral"
    assert [seat.names for seat in row.who] == [
        ("Ola Nordmann (prime minister)",),
        ("Anna Svensson (president)",),
    ]
    assert set(row.tellings) == {one.key, two.key}


def test_other_places_days_and_people_are_other_rounds() -> None:
    leaders = tell("CONSULT", ALL, day="2023-05-01", words="met", place="Oslo", country="NOR")
    elsewhere = tell("CONSULT", ALL, day="2023-05-01", words="met", place="Rome", country="ITA")
    later = tell("CONSULT", ALL, day="2023-05-09", words="met", place="Oslo", country="NOR")
    others = tell("CONSULT", "Kari Lie:NOR:minister + Per Berg:SWE:minister", day="2023-05-01", words="talked")
    assert len(meetings.view(chronicle(leaders, elsewhere, later, others))) == 4


def test_neither_one_member_alone_nor_mediators_among_themselves_make_a_round() -> None:
    alone = tell("CONSULT", "Norway + Denmark", day="2023-05-01", words="met")
    mediators = tell("CONSULT", "Finland + EU", day="2023-05-01", words="met")
    wished = tell("CONSULT", "Norway + Sweden", told="2023-05-01", status="called_for", words="talks")
    assert meetings.view(chronicle(alone, mediators, wished)) == ()


@pytest.mark.parametrize(
    ("who", "mode", "text", "format"),
    [
        ("Norway + Sweden", None, "", "bilateral"),
        ("Norway + Sweden + Finland", None, "", "trilateral"),
        ("Norway + Sweden + Denmark", None, "", "trilateral"),
        ("Norway + Sweden + Finland + EU", None, "", "multilateral"),
        ("Norway + Sweden", "multilateral", "", "multilateral"),
        ("Norway + Sweden", "phone", "", "by phone"),
        ("Norway + Sweden", None, "They met by video.", "by phone"),
        ("Finland + Norway + Sweden", None, "Finland met both separately.", "separate"),
        ("Finland + Norway", None, "", "with a mediator"),
    ],
)
def test_formats(who: str, mode: str | None, text: str, format: str) -> None:
    made = tell("CONSULT", who, day="2023-05-01", mode=mode, words="met", text=text)
    assert meetings.view(chronicle(made))[0].format == format


def test_an_announced_round_is_planned_then_held_then_without_news() -> None:
    ahead = tell("CONSULT", ALL, day="2023-06-01", told="2023-05-01", status="planned", words="meet", place="Oslo")
    held = tell("CONSULT", ALL, day="2023-06-02", words="met", place="Oslo")
    assert meetings.view(chronicle(ahead), today=day("2023-05-20"))[0].status == "planned"
    assert meetings.view(chronicle(ahead), today=day("2023-07-01"))[0].status == "no news"
    (row,) = meetings.view(chronicle(ahead, held))
    assert (row.status, row.first, row.last) == ("held", "2023-06-02", "2023-06-02")
    assert set(row.tellings) == {ahead.key, held.key}


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("Sweden said that the talks in Oslo on 1 June were called off.", "called off", "cancelled"),
        ("Sweden said that the talks in Oslo on 1 June were postponed.", "postponed", "postponed"),
        ("Sweden refused to come to the talks in Oslo.", "refused", "refused"),
        ("Sweden refused to come to the talks on 9 September.", "refused", "planned"),
        ("Sweden rejected the budget.", "rejected", "planned"),
    ],
)
def test_a_round_that_is_called_off_postponed_or_refused(text: str, words: str, status: str) -> None:
    ahead = tell("CONSULT", ALL, day="2023-06-01", told="2023-05-01", status="planned", words="meet", place="Oslo")
    no = tell("REJECT", "Sweden", "Norway", day="2023-05-20", basis="publication", words=words, text=text)
    rows = meetings.view(chronicle(ahead, no), today=day("2023-05-25"))
    found = next(row for row in rows if ahead.key in row.tellings)
    assert found.status == status
    assert (no.key in found.tellings) == (status != "planned")


def test_talks_told_in_one_breath_with_their_end_were_not_held() -> None:
    text = "May passed without the meeting of Norway and Sweden, which Sweden called off."
    wrong = tell("CONSULT", "Norway + Sweden", day="2023-06-01", basis="publication", words="meeting", text=text)
    no = tell("REJECT", "Sweden", "Norway", day="2023-06-01", basis="publication", words="called off", text=text)
    assert meetings.view(chronicle(wrong, no))[0].status == "cancelled"
    elsewhere = tell("CONSULT", "Norway + Sweden", day="2023-06-01", words="met", text="Norway and Sweden met.")
    assert "held" in {row.status for row in meetings.view(chronicle(elsewhere, no))}


def test_outcome_and_next_date_come_from_the_reports_of_the_round() -> None:
    text = "Norway and Sweden met in Oslo and agreed to release prisoners. They will meet again in Rome on 1 June."
    met = tell("CONSULT", "Norway + Sweden", day="2023-05-01", words="met", place="Oslo", text=text)
    agreed = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed", text=text)
    after = tell("CONSULT", "Norway + Sweden", day="2023-06-01", told="2023-05-01", status="planned",
                 words="meet again", place="Rome", text=text)  # fmt: skip
    later = tell("AGREE", "Norway + Sweden", day="2023-05-20", words="agreed")
    rows = meetings.view(chronicle(met, agreed, after, later), today=day("2023-05-02"))
    held = next(row for row in rows if row.status == "held")
    assert [one.tellings for one in held.outcome] == [(agreed.key,)]
    assert [(one.day, one.place) for one in held.next] == [("2023-06-01", "Rome")]
    assert [row.next for row in rows if row.status == "planned"] == [()]


def test_the_host_is_the_country_of_the_place_unless_it_is_a_side() -> None:
    abroad = tell("CONSULT", ALL, day="2023-05-01", words="met", place="Rome", country="ITA")
    home = tell("CONSULT", ALL, day="2023-06-01", words="met", place="Oslo", country="NOR")
    assert [row.host for row in meetings.view(chronicle(abroad, home))] == ["Italy", None]


def test_talks_announced_without_a_day_stand_first_and_once() -> None:
    one = tell("CONSULT", "Norway + Sweden", told="2023-05-01", status="planned", words="talks", outlet="A")
    two = tell("CONSULT", "Norway + Sweden", told="2023-05-02", status="planned", words="talks", outlet="B")
    much_later = tell("CONSULT", "Norway + Sweden", told="2023-08-02", status="planned", words="talks", outlet="B")
    rows = meetings.view(chronicle(one, two, much_later))
    assert [(row.first, len(row.tellings)) for row in rows] == [(None, 2), (None, 1)]


def planned(told: str, **more: str) -> Made:
    """Return the announcement of talks in Oslo on 1 June."""
    return tell("CONSULT", ALL, day="2023-06-01", told=told, status="planned", words="meet", place="Oslo", **more)  # type: ignore[arg-type]


def ended(words: str, told: str, **more: str) -> Made:
    """Return what tells that these talks were put off or called off; with ``event`` joined with others."""
    text = f"Sweden said that the talks in Oslo on 1 June were {words}."
    if "event" in more:
        return tell("CONSULT", ALL, day="2023-06-01", told=told, status="did_not_happen", words="talks",
                    place="Oslo", text=text, **more)  # type: ignore[arg-type]  # fmt: skip
    return tell("REJECT", "Sweden", "Norway", day=told, basis="publication", words=words, text=text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("event", [None, "e1"])
@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("before", "after", "status"),
    [("postponed", "called off", "cancelled"), ("called off", "postponed", "postponed")],
)
def test_of_two_endings_of_a_round_the_later_one_counts(
    before: str, after: str, status: str, event: str | None, announced: bool
) -> None:
    more = {"event": event} if event else {}
    first, then = ended(before, "2023-05-20", **more), ended(after, "2023-05-24", **more)
    calls = [planned("2023-05-01")] if announced else []
    (row,) = meetings.view(chronicle(*calls, first, then), today=day("2023-05-25"))
    assert row.status == status
    assert set(row.tellings) == {one.key for one in (*calls, first, then)}
    assert len(set(row.events)) == len(row.events)


@pytest.mark.parametrize("event", [None, "e1"])
def test_a_round_set_again_after_its_end_is_planned_and_then_held(event: str | None) -> None:
    more = {"event": event} if event else {}
    call, off = planned("2023-05-01", **more), ended("called off", "2023-05-20", **more)
    again = planned("2023-05-24", outlet="B", **more)
    (row,) = meetings.view(chronicle(call, off, again), today=day("2023-05-25"))
    assert row.status == "planned" and off.key in row.tellings
    (row,) = meetings.view(chronicle(call, off, again), today=day("2023-05-23"))
    assert row.status == "cancelled"
    (row,) = meetings.view(chronicle(call, off, again), today=day("2023-07-01"))
    assert row.status == "no news"
    for joined in (None, "e1"):  # also where what was announced and what was held are one event
        call = planned("2023-05-01", **({"event": joined} if joined else more))
        held = tell("CONSULT", ALL, day="2023-06-01", words="met", place="Oslo", event=joined)
        (row,) = meetings.view(chronicle(call, ended("called off", "2023-05-20"), held), today=day("2023-07-01"))
        assert row.status == "held" and ended("called off", "2023-05-20").key in row.tellings


def test_other_talks_held_on_the_day_of_those_called_off_are_another_round() -> None:
    off = ended("called off", "2023-05-20")
    held = tell("CONSULT", ALL, day="2023-06-01", words="met", place="Oslo")
    assert {row.status for row in meetings.view(chronicle(off, held))} == {"held", "cancelled"}


_BOTH = {
    "another clause": (
        "Talks of Norway and Sweden set for 12 May were called off; a new round is set for 30 May.",
        "called off", "round", "cancelled",
    ),
    "no other day": (
        "Norway and Sweden called off their talks; a new round is set for 30 May.", "called off", "round", None,
    ),
    "an earlier day": (
        "Talks of Norway and Sweden on 12 May were cancelled and are to be held on 30 May.", "cancelled", "held",
        "cancelled",
    ),
    "from one day to another": (
        "Talks of Norway and Sweden were postponed from 12 May to 30 May.", "postponed", "Talks", "postponed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("known", [False, True], ids=["first news", "announced before"])
@pytest.mark.parametrize("which", _BOTH)
def test_an_end_and_a_new_day_told_at_once(which: str, known: bool) -> None:
    """What is announced in the very sentence that tells of an end does not end with it, in both views."""
    text, off, on, ending = _BOTH[which]
    made = [
        tell("REJECT", "Norway", "Sweden", mode="meet", told="2023-05-08", words=off, text=text, report="r1"),
        tell("CONSULT", "Norway+Sweden", day="2023-05-30", told="2023-05-08", status="planned", words=on, text=text,
             report="r1"),
    ]  # fmt: skip
    if known:
        old = "Norway and Sweden are to hold talks on 12 May."
        made.append(tell("CONSULT", "Norway+Sweden", day="2023-05-12", told="2023-05-02", status="planned", text=old))
    found = chronicle(*made)
    rows = {row.first: row.status for row in meetings.view(found, today=day("2023-05-09"))}
    assert rows["2023-05-30"] == "planned"
    if ending and known:
        assert rows["2023-05-12"] == ending
    due = {row.day: row.state for row in agenda.view(found, today=day("2023-05-09"))}
    assert due["2023-05-30"] == "due"


def test_what_is_announced_in_the_words_that_end_it_is_ended() -> None:
    text, told = "The talks of Norway and Sweden planned for 30 May were called off.", "2023-05-08"
    found = chronicle(
        tell("REJECT", "Norway", "Sweden", mode="meet", told=told, words="called off", text=text, report="r1"),
        tell("CONSULT", "Norway+Sweden", day="2023-05-30", told=told, status="planned", words="talks", text=text,
             report="r1"),
    )  # fmt: skip
    assert [row.status for row in meetings.view(found, today=day("2023-05-09"))] == ["cancelled"]
    assert [row.state for row in agenda.view(found, today=day("2023-05-09"))] == ["cancelled"]


def test_what_was_announced_without_a_day_is_planned_for_a_year_or_so() -> None:
    def announced(told: str, who: str) -> Made:
        return tell("CONSULT", who, told=told, status="planned", words="meet")

    made = chronicle(announced("2021-06-01", "Norway + Finland"), announced("2021-01-01", "Norway + Sweden"))
    soon, late = (meetings.view(made, today=day(when)) for when in ("2021-07-01", "2022-07-01"))
    assert [row.status for row in soon] == ["planned", "planned"] and [row.first for row in soon] == [None, None]
    assert [[seat.member for seat in row.who] for row in soon] == [["Norway", "Sweden"], ["Norway", "Finland"]]
    assert [row.status for row in late] == ["no news", "planned"]
