"""Relations drawn: for each pair, the events of every month, cooperation upward, conflict downward."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.archive.views.changes import Alert, Change
from pourparler.archive.views.relations import Month
from pourparler.export.scale import Scale, Tick, next_month, span
from pourparler.export.view import printable

MOST_PAIRS = 8
_MOST_TURNS = 4
_UP, _DOWN, _FOOT = 62.0, 62.0, 22.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A month's events of one tone; ``tone`` is a class of the style sheet."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of bars above and below a line, in pixels; ``top`` and ``bottom`` are what its height means."""

    size: str
    width: float
    height: float
    left: float
    right: float
    zero: float
    top: str
    bottom: str
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    changes: tuple[float, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A change point or an alert in words, with the keys of what it rests on."""

    month: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One direction: who acts, on whom, how much in all, drawn for two widths, with change points and alerts."""

    source: str
    target: str
    counted: str
    charts: tuple[Chart, ...]
    turns: tuple[Turn, ...]


def pairs(
    months: Sequence[Month], changes: Sequence[Change], alerts: Sequence[Alert], sides: Sequence[str]
) -> tuple[tuple[Pair, ...], int]:
    """Return the fullest pairs, those between sides first, and how many more there are."""
    by_pair: defaultdict[tuple[str, str], list[Month]] = defaultdict(list)
    for row in months:
        by_pair[row.source, row.target].append(row)
    order = sorted(by_pair, key=lambda pair: (_outside(pair, sides), -_total(by_pair[pair]), pair))
    bounds = span(_first(row.month) for row in months)
    if bounds is None:
        return (), 0
    out = []
    for pair in order[:MOST_PAIRS]:
        found = [row for row in changes if (row.source, row.target) == pair]
        charts = tuple(
            _chart(pair, by_pair[pair], found, Scale(*bounds, 24.0, width - 4), size)
            for size, width in (("chart", 560.0), ("narrow", 288.0))
        )
        out.append(Pair(printable(pair[0]), printable(pair[1]), _counted(by_pair[pair]), charts,
                        _turns(found, [row for row in alerts if (row.source, row.target) == pair])))  # fmt: skip
    return tuple(out), len(order) - len(out)


def _outside(pair: tuple[str, str], sides: Sequence[str]) -> bool:
    return not (pair[0] in sides and pair[1] in sides)


def _total(rows: Sequence[Month]) -> int:
    return sum(row.events + row.claimed_cooperation + row.claimed_conflict for row in rows)


def _counted(rows: Sequence[Month]) -> str:
    coop, force = sum(row.cooperation for row in rows), sum(row.conflict for row in rows)
    claimed = sum(row.claimed_cooperation + row.claimed_conflict for row in rows)
    return f"{coop:,} cooperation, {force:,} conflict, {claimed:,} only claimed"


def _first(month: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{month}-01")


def _chart(pair: tuple[str, str], rows: Sequence[Month], changes: Sequence[Change], scale: Scale, size: str) -> Chart:
    drawn = [row for row in rows if scale.holds(_first(row.month))]
    up = max((row.cooperation + row.claimed_cooperation for row in drawn), default=0)
    down = max((row.conflict + row.claimed_conflict for row in drawn), default=0)
    unit = min(_UP, _DOWN) / max(up, down, 1)
    zero = 6 + max(up * unit, 10)
    height = zero + max(down * unit, 10) + _FOOT
    bars = [bar for row in drawn for bar in _bars(row, scale, zero, unit)]
    turned = sorted({scale.x(_first(row.month)) for row in changes if scale.holds(_first(row.month))})
    alt = f"{printable(pair[0])} to {printable(pair[1])}, {_counted(rows)}, at most {max(up, down):,} in a month"
    return Chart(
        size, scale.right + 4, round(height, 1), scale.left, scale.right, round(zero, 1), f"{up:,}", f"{down:,}",
        scale.ticks(), tuple(bars), tuple(turned), alt,
    )  # fmt: skip


def _bars(row: Month, scale: Scale, zero: float, unit: float) -> list[Bar]:
    first = _first(row.month)
    x = scale.x(first)
    width = round(max(scale.x(min(next_month(first), scale.last)) - x - 0.6, 1.2), 1)
    out, at = [], zero
    for count, tone in ((row.cooperation, "coop"), (row.claimed_cooperation, "claimed coop")):
        if count:
            at -= count * unit
            out.append(Bar(x, round(at, 1), width, round(count * unit, 1), tone))
    at = zero
    for count, tone in ((row.conflict, "force"), (row.claimed_conflict, "claimed force")):
        if count:
            out.append(Bar(x, round(at, 1), width, round(count * unit, 1), tone))
            at += count * unit
    return out


def _turns(changes: Sequence[Change], alerts: Sequence[Alert]) -> tuple[Turn, ...]:
    """Return the latest change points and alerts, oldest first; a month's alert gives way to its change point."""
    every = [Turn(row.month, printable(row.reason), row.tellings) for row in changes if row.tellings]
    told = {(row.month, row.series) for row in changes}
    every += [
        Turn(row.month, printable(row.reason), row.tellings)
        for row in alerts
        if row.tellings and (row.month, row.series) not in told
    ]
    return tuple(sorted(every, key=lambda turn: (turn.month, turn.text))[-_MOST_TURNS:])
