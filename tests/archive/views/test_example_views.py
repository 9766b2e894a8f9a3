"""Views over the example archive, read by the real reader: what of the intended truth they reach.

Each line is a fact that the reports tell; the reports that the reader gets wrong are no part of this.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pourparler.archive.chronicle import Chronicle, chronicle
from pourparler.archive.process import Member, Process
from pourparler.archive.store import Archive
from pourparler.archive.views import agenda, ceasefire, commitments, meetings, timeline
from tests.archive.chronicles import day

PROCESS = Process(
    "armenia-azerbaijan",
    "Armenia and Azerbaijan",
    (
        Member("Armenia", ("ARM",), ("Artsakh", "Nagorno-Karabakh", "Karabakh", "Stepanakert")),
        Member("Azerbaijan", ("AZE",)),
    ),
    (
        Member("Russia", ("RUS",)),
        Member("European Union", (), ("European Union", "EU", "European Council", "Charles Michel")),
        Member("United States", ("USA",)),
    ),
    places=("Nagorno-Karabakh", "Stepanakert", "Lachin", "Shusha"),
    words=("Karabakh", "Lachin", "Zangezur"),
)


@pytest.fixture(scope="module")
def example(read_example: Path) -> Chronicle:
    with Archive.open(read_example) as archive:
        return chronicle(archive, PROCESS)


def test_the_weightiest_days_are_those_of_the_war_and_the_talks(example: Chronicle) -> None:
    rows = timeline.view(example)
    top = {row.day for row in sorted(rows, key=lambda row: -row.weight)[:60]}
    wanted = {"2020-10-10", "2020-11-10", "2021-11-16", "2022-09-13", "2023-09-21", "2025-08-08"}
    assert len(top & wanted) >= 5
    assert {row.standing for row in rows} == {"fact", "ahead", "claim"}


def test_the_turns_of_the_conflict_stand_out(example: Chronicle) -> None:
    """War and truce of 2020, the road blocked, the talks of May 2023, the offensive, the declaration of 2025."""
    chosen = timeline.standing_out(timeline.view(example), 12)
    turns = {
        "war": ("2020-09-27", "2020-09-27"),
        "truce": ("2020-11-09", "2020-11-10"),
        "road": ("2022-12-12", "2022-12-13"),
        "talks": ("2023-05-01", "2023-05-31"),
        "offensive": ("2023-09-19", "2023-09-19"),
        "declaration": ("2025-08-08", "2025-08-09"),
    }
    found = {name for name, (first, last) in turns.items() if any(first <= (row.day or "") <= last for row in chosen)}
    assert found == set(turns)
    assert len({(row.day or "")[:4] for row in chosen}) >= 5


def test_rounds_with_their_hosts_and_formats(example: Chronicle) -> None:
    found = {(row.first, row.place, row.status, row.format) for row in meetings.view(example)}
    wanted = {
        ("2021-11-26", "Sochi", "held", "trilateral"),
        ("2022-04-06", "Brussels", "held", "trilateral"),
        ("2022-10-02", "Geneva", "held", "bilateral"),
        ("2023-02-18", "Munich", "held", "trilateral"),
        ("2023-05-14", "Brussels", "held", "trilateral"),
        ("2023-05-25", "Moscow", "held", "trilateral"),
        ("2023-07-15", "Brussels", "held", "trilateral"),
        ("2023-09-21", "Yevlakh", "held", "bilateral"),
        ("2024-05-11", "Almaty", "held", "bilateral"),
        ("2025-07-10", "Abu Dhabi", "held", "bilateral"),
    }
    assert len(found & wanted) >= 8, wanted - found


def test_meetings_that_did_not_take_place(example: Chronicle) -> None:
    found = {row.first: row.status for row in meetings.view(example) if row.status not in ("held", "claimed")}
    assert found.get("2022-12-07") == "cancelled"
    assert found.get("2022-12-23") == "cancelled"
    assert found.get("2023-06-12") == "postponed"
    assert found.get("2023-11-20") in ("refused", "cancelled")


def test_a_round_announced_comes_before_the_round_held(example: Chronicle) -> None:
    round_ = next(row for row in meetings.view(example) if row.first == "2023-05-14" and row.place == "Brussels")
    assert min(example.tellings[key].published or "" for key in round_.tellings) == "2023-05-04"
    first = next(row for row in meetings.view(example) if row.first == "2023-05-04")
    assert "2023-05-14" in {one.day for one in first.next}


def test_promises_kept_late_and_overdue(example: Chronicle) -> None:
    rows = commitments.view(example)
    district = {row.due: row for row in rows if row.day == "2020-11-10" and row.due}
    # Due on 15 November first; Azerbaijan gave ten days more.
    (moved,) = district["2020-11-25"].moved
    assert moved.startswith("2020-11-15 -> 2020-11-25: ") and "extend the deadline" in moved
    assert (district["2020-11-25"].state, district["2020-11-25"].days_late) == ("kept", 0)
    assert (district["2020-11-20"].state, district["2020-11-20"].days_late) == ("kept", 0)
    ministers = next(row for row in rows if row.day == "2022-08-31" and row.due == "2022-09-30")
    assert (ministers.state, ministers.days_late) == ("kept", 2)
    commission = next(row for row in rows if row.due == "2022-04-30")
    assert (commission.state, commission.days_late) == ("kept", 23)
    prisoners = [row for row in rows if row.day.startswith("2023-12-0") and "release" in row.kinds]
    released = next(row for row in prisoners if "soldiers" in row.words)
    assert released.state == "kept"
    # Told once more as "to exchange prisoners in a joint statement on Thursday": that day is the statement's, so no
    # day is named, and the acts ("released 32 Armenian soldiers") share no words with it.
    (exchange,) = [row for row in prisoners if row is not released]
    assert (exchange.due, exchange.state, exchange.why) == (None, "open", "no day named")
    route = next(row for row in rows if row.day == "2025-08-09" and "route" in row.words)
    assert route.state == "open"


def test_every_state_rests_on_something(example: Chronicle) -> None:
    for row in commitments.view(example):
        assert row.tellings or row.sayings
        assert row.why
        assert bool(row.kept_by) or row.state != "kept" or "no attack" in row.why
        assert set(row.kept_by + row.broken_by + row.doubted_by) <= example.tellings.keys()


def test_the_agenda_as_it_stood_on_a_day(example: Chronicle) -> None:
    due = {row.day: row for row in agenda.view(example, today=day("2023-05-06"))}
    assert due["2023-05-14"].state == "due"
    assert len(due["2023-05-14"].announced) == 2
    later = {row.day: row for row in agenda.view(example)}
    assert later["2023-05-14"].state == "took place"
    assert later["2021-12-15"].state == "took place"


def test_the_truces_of_the_war_and_after(example: Chronicle) -> None:
    rows = {row.since: row for row in ceasefire.truces(example)}
    assert {"2020-10-10", "2020-10-17", "2020-11-10", "2022-09-14", "2023-09-20"} <= rows.keys()
    assert rows["2020-11-10"].mediators == ("Russia",)
    weeks = {row.week: row for row in ceasefire.view(example)}
    assert weeks["2022-W37"].alleged >= 2
    blamed = {name for one in weeks["2020-W51"].violations for name in one.by}
    assert blamed == {"Azerbaijan"}
