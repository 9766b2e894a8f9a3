"""Views of a long chronicle stay quick, and odd days do no harm."""

from __future__ import annotations

import dataclasses
import datetime
import time

import pytest

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views import agenda, ceasefire, commitments, meetings, timeline
from tests.archive.chronicles import chronicle, tell

VIEWS = (timeline.view, meetings.view, commitments.view, agenda.view, ceasefire.view)


def years(count: int) -> Chronicle:
    """Return a chronicle with so many times the same fourteen days of talks, promises, attacks and a truce."""
    items = []
    for n in range(count):
        start = datetime.date(2000, 1, 1) + datetime.timedelta(14 * n)
        first, second, third = (str(start + datetime.timedelta(days)) for days in (0, 5, 9))
        text = f"Norway and Sweden agreed to release {n} prisoners of town{n} and to meet in Oslo."
        items += [
            tell("CONSULT", "Norway + Sweden", day=first, words="met", place="Oslo", outlet=f"{n}"),
            tell("AGREE", "Norway + Sweden", day=first, words="agreed to release", text=text),
            tell("CONSULT", "Norway + Sweden", day=third, told=first, status="planned", words="meet", text=text),
            tell("RETREAT", "Norway + Sweden", day=third, words="released", text=f"They released men of town{n}."),
            tell("ASSAULT", "Norway", "Sweden", day=second, words="shelled", outlet=f"{n}"),
            tell("ASSAULT", "Sweden", "Norway", day=second, words="shelled", status="alleged", outlet=f"{n}"),
            tell("AGREE", "Norway + Sweden", day=second, words="agreed to a truce", outlet=f"{n}"),
            tell("REJECT", "Norway", "Sweden", day=second, words="called off", text=f"Talks {n} were called off."),
        ]
    return chronicle(*items)


@pytest.fixture(scope="module")
def long() -> Chronicle:
    return years(500)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__module__.split(".")[-1])
def test_four_thousand_events_take_no_second(view: object, long: Chronicle) -> None:
    # A tenth of this on an idle core; comparing all with all would take many times as much.
    start = time.process_time()
    rows = view(long)  # type: ignore[operator]
    assert time.process_time() - start < 1.5
    assert len(rows) >= 500


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__module__.split(".")[-1])
def test_days_at_the_ends_of_the_calendar(view: object) -> None:
    days = (("0001-01-01", "9999-12-31"), ("9999-12-31", "9999-12-31"), ("0001-01-01", "0001-01-01"))
    made = [
        tell(type, "Norway", "Sweden", day=first, last=last, told=first, status=status, words="truce talks")
        for type in ("CONSULT", "AGREE", "ASSAULT", "RETREAT", "REJECT")
        for status in ("happened", "planned", "alleged", "did_not_happen")
        for first, last in days
    ]
    undated = tell("CONSULT", "Norway + Sweden", words="met")
    bare = dataclasses.replace(
        undated, telling=dataclasses.replace(undated.telling, published=None, day=None, first="2023-99-99")
    )
    view(chronicle(*made, bare))  # type: ignore[operator]
    assert view(chronicle()) == ()  # type: ignore[operator]
