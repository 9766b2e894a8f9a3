"""Timeline: what an analyst puts on a wall, each event a line, weighed by how much it stands out."""

from __future__ import annotations

import datetime
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

# So many outlets weigh as much as outlets can.
_OUTLETS = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """One event on the wall.

    ``day`` to ``last`` are the days it took; ``dated`` is False where only the day of publication is known, which for
    what lies ahead is the day it was announced; ``precision`` is that of the day (day, week, month, year ...).
    ``standing`` parts facts, what lies ahead, and claims (of those in ``says``). ``lanes`` are the sides and
    mediators that take part. ``versions`` counts the values on which tellings differ. ``weight`` orders what
    stands out; it compares within one chronicle only.
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

    ``today`` cuts off nothing: what lies ahead is marked as such.
    """
    cast = cast_of(chronicle)
    found = seen(chronicle)
    weigher = _Weigher(chronicle, cast, found)
    rows = [_moment(chronicle, cast, one, weigher.weight(one)) for one in found]
    return tuple(sorted(rows, key=lambda row: (row.day or "", -row.weight, row.event)))


def most(
    rows: tuple[Moment, ...], count: int, *, since: str | None = None, until: str | None = None
) -> tuple[Moment, ...]:
    """Return the ``count`` weightiest rows of a period (ISO days, both included), in the order of the rows."""
    within = [row for row in rows if row.day and (since or "") <= row.day and (until is None or row.day <= until)]
    chosen = {row.event for row in sorted(within, key=lambda row: (-row.weight, row.day or "", row.event))[:count]}
    return tuple(row for row in within if row.event in chosen)


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


class _Weigher:
    """Weighs events of one chronicle: data/views1.toml says by what and how much."""

    def __init__(self, chronicle: Chronicle, cast: Cast, found: Sequence[Seen]) -> None:
        by = rules()["weight"]
        self._by: Mapping[str, float] = {name: float(value) for name, value in by.items() if name != "types"}
        seldom = Counter((one.event.type, one.lanes) for one in found)
        self._kinds = {kind: self._of_kind(cast, by["types"], *kind, count) for kind, count in seldom.items()}
        reports: defaultdict[int, set[str]] = defaultdict(set)
        for one in found:
            if one.first:
                reports[_week(one.first)].update(one.reports)
        # A report of a copied text is no news of its own.
        news = {week: math.log1p(len(keys - chronicle.copies)) for week, keys in reports.items()}
        fullest = max(news.values(), default=0.0) or 1.0
        self._weeks = {week: self._by["crowd"] * value / fullest for week, value in news.items()}

    def _of_kind(self, cast: Cast, types: Mapping[str, float], type: str, lanes: frozenset[str], count: int) -> float:
        """Return what the type, the parties, and how seldom the two go together weigh."""
        sides = len(lanes & cast.sides)
        by = self._by
        told = by["type"] * types.get(type, 0.0) + by["sides"] * (sides > 1) + by["rare"] / math.sqrt(count)
        return told + by["mediators"] * (sides > 0 and not lanes.isdisjoint(cast.mediators))

    def weight(self, one: Seen) -> float:
        """Return how much an event stands out."""
        event, by = one.event, self._by
        outlets = min(1.0, math.log2(max(1, len(event.outlets))) / math.log2(_OUTLETS))
        total = self._kinds[event.type, one.lanes] + by["outlets"] * outlets + by["intensity"] * abs(event.score) / 10
        total += by["confidence"] * event.confidence
        total += self._weeks[_week(one.first)] if one.first else 0.0
        factor = by.get(standing(event.status), 1.0)
        if one.first and one.last and (one.last - one.first).days > 7:
            factor *= by["vague"]
        return float(round(total * factor, 3))


def _week(day: datetime.date) -> int:
    return day.toordinal() // 7
