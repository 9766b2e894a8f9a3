"""How many events a month or year has, as bars that link to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.archive.conditions import Query
from pourparler.archive.periods import period
from pourparler.archive.query import Count
from pourparler.web.questions import href_with

# Of more months than this the bars are years, of more years than that only the last ones are shown.
_MONTHS = 60
_YEARS = 80


@dataclass(frozen=True, slots=True)
class Bar:
    """A month or year: where its bar stands (``left`` and ``width`` of 100), how high it is (of 100)."""

    label: str
    events: int
    left: float
    width: float
    height: float
    href: str


def bars(months: Sequence[Count], asked: Query) -> tuple[Bar, ...]:
    """Return a bar for each month that lies between the first and the last with events, or for each year."""
    by_month = {one.value: one.events for one in months}
    if not by_month:
        return ()
    # A wrong year of a report may lie far away: then years are shown anyway.
    every = between(min(by_month), max(by_month), most=_MONTHS)
    if len(every) > _MONTHS:
        by_year: Counter[str] = Counter()
        for month, events in by_month.items():
            by_year[month[:4]] += events
        first, last = int(min(by_year)), int(max(by_year))
        every = [f"{year:04}" for year in range(max(first, last - _YEARS + 1), last + 1)]
        by_month = dict(by_year)
    most = max(by_month.get(one, 0) for one in every) or 1
    width = 100 / len(every)
    at = href_with("/events", asked, "since", "until")
    return tuple(
        Bar(
            one, by_month.get(one, 0), round(n * width, 3), round(width * 0.86, 3),
            round(max(2.0, 100 * by_month[one] / most), 1) if one in by_month else 0.0,
            at(_within(one, asked)),
        )
        for n, one in enumerate(every)
    )  # fmt: skip


def _within(one: str, asked: Query) -> list[tuple[str, str]]:
    """Return the bounds of a month or year, but those that are asked for where these lie inside it."""
    first, last = period(one)
    since = asked.since if asked.since and period(asked.since)[0] > first else one
    until = asked.until if asked.until and period(asked.until)[1] < last else one
    return [("since", since), ("until", until)]


def between(first: str, last: str, *, most: int) -> list[str]:
    """Return the months from the first to the last; of more than ``most`` one more than these."""
    year, month = int(first[:4]), int(first[5:7])
    out = [first]
    while out[-1] < last and len(out) <= most:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        out.append(f"{year:04}-{month:02}")
    return out
