"""How often something is told: counts over days, against the days of which the archive has reports at all."""

from __future__ import annotations

import calendar
import datetime
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

# Fewer days than these say nothing about a rate.
_FEWEST = 10


class Covered:
    """Days of which an archive has reports: those of its months, or, where these are not known, one span."""

    def __init__(self, months: Iterable[str], first: int, last: int) -> None:
        """``months`` are as in ``Chronicle.covered``; days are ordinals; ``last`` is the last one of any report."""
        spans = [_month(month) for month in sorted(months)] or [(first, last + 1)]
        spans = [(start, min(end, last + 1)) for start, end in spans if start <= last]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self._before = [0]
        for start, end in spans:
            self._before.append(self._before[-1] + end - start)

    def days(self, start: int, end: int) -> int:
        """Return how many days from ``start`` up to, without, ``end`` are covered."""
        return self._until(end) - self._until(start)

    def _until(self, day: int) -> int:
        at = bisect_right(self._starts, day)
        if not at:
            return 0
        return self._before[at - 1] + min(day, self._ends[at - 1]) - self._starts[at - 1]


def _month(month: str) -> tuple[int, int]:
    year, number = int(month[:4]), int(month[5:7])
    start = datetime.date(year, number, 1).toordinal()
    return start, start + calendar.monthrange(year, number)[1]


class Series:
    """The days on which something was told, one entry for each time."""

    def __init__(self, days: Iterable[int], covered: Covered) -> None:
        self._days = sorted(days)
        self._covered = covered

    @property
    def days(self) -> Sequence[int]:
        """All entries, in order."""
        return self._days

    def count(self, start: int, end: int) -> int:
        """Return how many entries lie from ``start`` up to, without, ``end``."""
        return bisect_left(self._days, end) - bisect_left(self._days, start)

    def usual(self, start: int, end: int, *, days: int) -> float:
        """Return how many entries so many days had on average, over the covered days of a span (at least 28)."""
        return days * self.count(start, end) / max(28, self._covered.days(start, end))

    def change(self, before: tuple[int, int], after: tuple[int, int]) -> float:
        """Return how sure it is that the rates of two spans differ, with its sign (positive: more after).

        That is the signed root of twice the log of the likelihood ratio of two Poisson rates against one, about a
        standard normal score where nothing changed; 0 where one of the spans has hardly a covered day.
        """
        days = self._covered.days(*before), self._covered.days(*after)
        counts = self.count(*before), self.count(*after)
        if min(days) < _FEWEST or not sum(counts):
            return 0.0
        mean = sum(counts) / sum(days)
        gain = sum(n * math.log(n / one / mean) for n, one in zip(counts, days, strict=True) if n)
        score = math.sqrt(max(0.0, 2 * gain))
        return score if counts[1] / days[1] > counts[0] / days[0] else -score
