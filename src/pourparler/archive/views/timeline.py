"""Timeline: what an analyst puts on a wall, each event a line, weighed by how much it stands out."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.archive.asof import seen_from
from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Saying
from pourparler.archive.views.common import (
    Cast,
    Seen,
    Standing,
    cast_of,
    iso,
    names,
    rules,
    seen,
    speakers,
    standing,
    trigger,
)
from pourparler.archive.views.lines import line
from pourparler.archive.views.salience import is_conflict, weights


@dataclass(frozen=True, slots=True)
class Moment:
    """One event on the wall.

    ``day`` to ``last`` are the days it took; ``dated`` is False where only the day of publication is known, which for
    what lies ahead is the day it was announced; ``precision`` is that of the day (day, week, month, year ...).
    ``standing`` parts facts, what lies ahead, and claims (of those in ``says``). ``lanes`` are the sides and
    mediators that take part. ``versions`` counts the values on which tellings differ. ``weight`` orders what
    stands out (docs/process.md says by what); it compares within one chronicle only.
    """

    event: str
    day: str | None
    last: str | None
    dated: bool
    precision: str | None
    type: str
    mode: str | None
    status: str
    standing: Standing
    who: tuple[str, ...]
    whom: tuple[str, ...]
    lanes: tuple[str, ...]
    place: str | None
    words: str
    line: str
    says: tuple[str, ...]
    outlets: int
    versions: int
    score: float
    confidence: float
    weight: float
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Moment, ...]:
    """Return all events, by day and, within a day, the weightiest first; those without a day come first.

    With ``today``, only what reports told by that day counts; what lay ahead is marked as such.
    """
    chronicle = seen_from(chronicle, today)
    cast = cast_of(chronicle)
    found = seen(chronicle)
    weighed = weights(chronicle, cast, found)
    rows = [_moment(chronicle, cast, one, weighed[one.event.key]) for one in found]
    return tuple(sorted(rows, key=lambda row: (row.day or "", -row.weight, row.event)))


def standing_out(rows: Sequence[Moment], count: int) -> tuple[Moment, ...]:
    """Return up to ``count`` rows that stand out over the whole time, by day.

    These are the weightiest, but within 30 days (``near_days`` of data/views1.toml; fewer where the rows span less)
    only one about conflict and one about talks and peace: so a burst has its fiercest act and its truce, and leaves
    places to other years.
    """
    dated = [(day, row) for row in rows if (day := date_of(row.day))]
    days = [day for day, _ in dated]
    near = min(int(rules()["weight"]["near_days"]), (max(days) - min(days)).days // max(count, 1)) if days else 0
    chosen: list[tuple[datetime.date, Moment]] = []
    for day, row in sorted(dated, key=lambda one: (-one[1].weight, one[0], one[1].event)):
        if len(chosen) == count:
            break
        kind = is_conflict(row.type)
        if all(abs((day - other).days) > near or is_conflict(found.type) != kind for other, found in chosen):
            chosen.append((day, row))
    return tuple(row for _, row in sorted(chosen, key=lambda one: (one[0], one[1].event)))


def _moment(chronicle: Chronicle, cast: Cast, one: Seen, weight: float) -> Moment:
    event = one.event
    says: tuple[Saying, ...] = chronicle.about(event) if standing(event.status) == "claim" else ()
    word_of = speakers(says)
    words = trigger(chronicle, event)
    return Moment(
        event.key,
        iso(one.first),
        iso(one.last),
        one.dated,
        next((told.precision for told in chronicle.told(event) if told.first == event.first), None),
        event.type,
        event.mode,
        event.status,
        standing(event.status),
        names(event.sources),
        names(event.targets),
        tuple(name for name in cast.order if name in one.lanes),
        event.place,
        words,
        line(event, words, says=word_of),
        word_of,
        len(event.outlets),
        len({(version.field, version.value) for version in event.versions}),
        event.score,
        event.confidence,
        weight,
        event.tellings,
        tuple(saying.key for saying in says),
    )
