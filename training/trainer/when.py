"""Which time expressions of a report date an event: its labels give days, the network learns words.

The expressions are those that the reader's own scanner finds. An event whose days none of them gives is left out of
what is learned, unless they are those of publication, which need no words.
"""

from __future__ import annotations

import datetime
from typing import Any

from pourparler.model.split import sentences
from pourparler.model.words import words
from pourparler.reading.timex import TimeExpression, find_times, put_ahead

Span = tuple[int, int]


def dated(items: list[Any]) -> list[Any]:
    """Return reports whose events have ``times``: spans of the words that date them, or None where unknown."""
    return [{**item, "events": _events(item)} for item in items]


def _events(item: Any) -> list[Any]:
    text, day = item["text"], datetime.date.fromisoformat(item["published"][:10])
    spans = words(text)
    bounds = [(spans[first][0], spans[last - 1][1]) for first, last in sentences(text, spans)]
    found = [time for time in find_times(text, published=day) if time.first and time.last]
    return [{**event, "times": _times(event, found, bounds, day)} for event in item["events"]]


def _times(event: Any, found: list[TimeExpression], bounds: list[Span], day: datetime.date) -> list[Span] | None:
    if not event.get("time"):
        return []
    start, end = (datetime.date.fromisoformat(event["time"][key]) for key in ("start", "end"))
    at = event["evidence"]["start"]
    here = next((b for b in bounds if b[0] <= at < b[1]), (at, at))
    inside = [time for time in found if here[0] <= time.start < here[1]]
    if start == end == day:
        # A "today" of another sentence is not what dates this one: the day of publication does.
        return _best(inside, at, start, end, day)
    return _best(inside, at, start, end, day) or _best(found, at, start, end, day) or None


def _best(
    found: list[TimeExpression], at: int, start: datetime.date, end: datetime.date, day: datetime.date
) -> list[Span]:
    """Return the nearest expression with just these days; else one that gives a bound, publication the other; else
    one for each bound ("from May 1 to May 4")."""
    near = sorted(found, key=lambda time: abs(time.start - at))
    whole = [t for t in near if (start, end) in ((t.first, t.last), put_ahead(t, day))]
    half = [t for t in near if (t.first == start and end == day) or (t.last == end and start == day)]
    if whole or half:
        return [(t.start, t.end) for t in (whole or half)[:1]]
    firsts, lasts = [t for t in near if t.first == start], [t for t in near if t.last == end]
    return sorted((t.start, t.end) for t in (firsts[0], lasts[0])) if firsts and lasts else []
