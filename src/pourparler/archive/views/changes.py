"""Where relations changed: points at which monthly counts change for good, and months out of the ordinary.

Change points are found by ``ruptures``: the kernel method with a linear kernel, which is PELT with squared cost,
exact and fast. Counts x are made of one variance first, 2 * sqrt(x + 3/8), so that one penalty, ``penalty`` times the
logarithm of the number of months (data/views2.toml), suits quiet pairs and busy ones; 3 is between the 2 of the
Bayesian criterion, too eager on short series, and its double. A month that is not over yet is left out.
"""

from __future__ import annotations

import calendar
import datetime
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.asof import seen_from
from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Joined
from pourparler.archive.views.common import today_of
from pourparler.archive.views.relations import poisson, series, told
from pourparler.archive.views.sides import settings

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Change:
    """A change of how often one acts on another.

    From ``month`` to ``until`` (both included) ``after`` events a month, ``before`` a month in the ``months_before``;
    bounds are those of a Poisson mean. ``tellings`` are of that time.
    """

    source: str
    target: str
    series: str
    month: str
    until: str
    before: float
    months_before: int
    after: float
    after_low: float
    after_high: float
    months_after: int
    reason: str
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """A month out of the ordinary.

    ``kind``: "rise" or "fall" (a count so far from that of the months before has less than 1 chance in 100), "again"
    (the first after a year or more without; with a mediator, two, or one with each of two sides). ``usual`` is the
    count of a month in ``months_before``, ``chance`` how likely so many (so few) were, the rate unknown but for those
    months.
    """

    source: str
    target: str
    series: str
    month: str
    kind: str
    events: int
    usual: float
    months_before: int
    chance: float
    reason: str
    tellings: tuple[str, ...]


def changes(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Change, ...]:
    """Return the change points of every pair's cooperation and conflict, as of a day, by month and pair."""
    chronicle = seen_from(chronicle, today)
    day = today_of(chronicle, today)
    found = series(chronicle, day)
    months = _months(chronicle, day)
    if _is_unfinished(months, day):
        months = months[:-1]
    if len(months) < settings("changes")["months"]:
        return ()
    rows = [row for key, events in found.items() for row in _changes(key, events, months)]
    return tuple(sorted(rows, key=lambda row: (row.month, row.source, row.target, row.series)))


def _changes(
    key: tuple[str, str, str], events: Mapping[str, Sequence[Joined]], months: list[str]
) -> Iterator[Change]:
    counts = [len(events.get(month, ())) for month in months]
    bounds = [0, *_points(counts)]
    for a, b, c in zip(bounds, bounds[1:], bounds[2:], strict=False):
        before, after = sum(counts[a:b]) / (b - a), sum(counts[b:c]) / (c - b)
        low, high = poisson(sum(counts[b:c]), over=c - b)
        until = f" to {_spoken(months[c - 1])}" if c - b > 1 else ""
        rate = f"{after:.1f} events a month from {_spoken(months[b])}{until}"
        if c - b == 1:
            rate = f"{_events(counts[b])} in {_spoken(months[b])}"
        reason = f"{_named(key)}: {rate}, {before:.1f} a month in the {_many(b - a)} before"
        keys = told(event for month in months[b:c] for event in events.get(month, ()))
        yield Change(
            *key, months[b], months[c - 1], round(before, 2), b - a, round(after, 2), low, high, c - b, reason, keys
        )


def _points(counts: Sequence[int]) -> list[int]:
    """Return where segments of one rate end, the last at the end of the series."""
    if len(set(counts)) < 2:
        return [len(counts)]
    import numpy as np
    import ruptures

    even = 2 * np.sqrt(np.asarray(counts, dtype=float) + 0.375)
    penalty = settings("changes")["penalty"] * math.log(len(counts))
    found = ruptures.KernelCPD(kernel="linear", min_size=1).fit(even.reshape(-1, 1)).predict(pen=penalty)
    return [int(at) for at in found]


def alerts(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Alert, ...]:
    """Return the months out of the ordinary of every pair, as of a day, by month and pair."""
    chronicle = seen_from(chronicle, today)
    day = today_of(chronicle, today)
    found = series(chronicle, day)
    months = _months(chronicle, day)
    # Of a month without a single report nobody knows whether it was quiet; of the last one more may be to come.
    heard = frozenset(chronicle.covered or {(one.published or "")[:7] for one in chronicle.tellings.values()})
    whole = heard - {months[-1]} if _is_unfinished(months, day) else heard
    sides = frozenset(side.name for side in chronicle.process.sides)
    rows = [row for key, events in found.items() for row in _alerts(key, events, months, whole)]
    return tuple(sorted(_worth_it(rows, sides), key=lambda row: (row.month, row.source, row.target, row.series)))


def _worth_it(rows: Sequence[Alert], sides: frozenset[str]) -> Iterator[Alert]:
    """Yield the alerts, without those of a mediator's lone first event in a year with one side: they are many."""
    least = settings("alerts")["again"]
    with_sides: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows:
        if row.kind == "again":
            for one, other in ((row.source, row.target), (row.target, row.source)):
                with_sides[one, row.series, row.month].update({other} & sides)
    for row in rows:
        mediator = next((name for name in (row.source, row.target) if name not in sides), None)
        lone = row.kind == "again" and row.events < least
        if not lone or mediator is None or len(with_sides[mediator, row.series, row.month]) > 1:
            yield row


def _alerts(
    key: tuple[str, str, str],
    events: Mapping[str, Sequence[Joined]],
    months: list[str],
    whole: frozenset[str],
) -> Iterator[Alert]:
    window, least, unlikely = (settings("alerts")[name] for name in ("window", "least", "chance"))
    counts = [len(events.get(month, ())) for month in months]
    fell = False
    for at in range(1, len(months)):
        count, past = counts[at], counts[max(0, at - window) : at]
        fewer, more = _chances(count, sum(past), len(past))
        falls = fewer < unlikely and months[at] in whole
        kind, chance = "", more
        if count >= least and more < unlikely:
            kind = "rise"
        elif count and not any(past) and len(past) == window:
            kind = "again"
        elif falls and not fell:
            kind, chance = "fall", fewer
        fell = falls
        if kind:
            usual = sum(past) / len(past)
            yield Alert(
                *key, months[at], kind, count, round(usual, 2), len(past), round(chance, 6),
                _reason(key, kind, months, counts, at, len(past)), told(events.get(months[at], ())),
            )  # fmt: skip


def _chances(count: int, past: int, months: int) -> tuple[float, float]:
    """Return how likely at most, and at least, ``count`` events are after so many in so many months.

    The rate is unknown: with Jeffreys' prior its months make the count a negative binomial number.
    """
    shape, stay = past + 0.5, months / (months + 1)
    term, below = stay**shape, 0.0
    for n in range(count):
        below += term
        term *= (shape + n) / (n + 1) * (1 - stay)
    return min(1.0, below + term), max(0.0, 1 - below)


def _reason(
    key: tuple[str, str, str], kind: str, months: Sequence[str], counts: Sequence[int], at: int, past: int
) -> str:
    rate = f"{_named(key)}: {_events(counts[at])} in {_spoken(months[at])}"
    if kind == "again":
        silent = next((n for n, count in enumerate(reversed(counts[:at])) if count), at)
        return (
            f"{rate}, the first in {_many(silent + 1)}"
            if silent < at
            else f"{rate}, the first since {_spoken(months[0])}"
        )
    usual = sum(counts[at - past : at]) / past
    return f"{rate}, {usual:.1f} a month in the {_many(past)} before"


def _named(key: tuple[str, str, str]) -> str:
    source, target, kind = key
    return f"{kind} from {source} to {target}" if kind == "conflict" else f"{kind} of {source} with {target}"


def _events(count: int) -> str:
    return f"{count or 'no'} event{'' if count == 1 else 's'}"


def _many(months: int) -> str:
    if months == _YEAR:
        return "year"
    return f"{months} months" if months > 1 else "month"


def _spoken(month: str) -> str:
    return f"{calendar.month_name[int(month[5:7])]} {month[:4]}"


def _months(chronicle: Chronicle, today: datetime.date) -> list[str]:
    """Return every month from the process' beginning, else the first report, to the last day, "2023-09".

    What reports recall of the time before belongs to no series, nor do months of which the archive has no report.
    """
    first = min((one.published[:7] for one in chronicle.tellings.values() if one.published), default=None)
    since = chronicle.process.since.isoformat()[:7] if chronicle.process.since else first
    start = date_of(f"{since}-01") if since else None
    if start is None:
        return []
    begin, end = start.year * 12 + start.month - 1, today.year * 12 + today.month
    every = [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(begin, end)]
    return [month for month in every if month in chronicle.covered] if chronicle.covered else every


def _is_unfinished(months: Sequence[str], day: datetime.date) -> bool:
    """True where the last of the months is that of the day, and goes on after it."""
    over = day.day == calendar.monthrange(day.year, day.month)[1]
    return not over and months[-1:] == [f"{day.year:04}-{day.month:02}"]
