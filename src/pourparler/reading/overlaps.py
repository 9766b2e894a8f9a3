"""Which of many ranges touch another, without looking at all of them: a report may hold ten thousand acts."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Overlaps(Generic[T]):
    """Items with half-open ranges. What is found comes in the order in which it was given."""

    def __init__(self, given: Iterable[tuple[int, int, T]]) -> None:
        rows = sorted(((start, end, n, item) for n, (start, end, item) in enumerate(given)), key=lambda row: row[:3])
        self._rows = rows
        self._starts = [row[0] for row in rows]
        # None that begins further before a range reaches into it.
        self._longest = max((end - start for start, end, _, _ in rows), default=0)

    def touching(self, start: int, end: int) -> list[T]:
        """Return the items whose ranges share something with one."""
        low = bisect.bisect_right(self._starts, start - self._longest)
        high = bisect.bisect_left(self._starts, end)
        found = [(n, item) for _, stop, n, item in self._rows[low:high] if start < stop]
        return [item for _, item in sorted(found, key=lambda one: one[0])]

    def beginning(self, *ranges: tuple[int, int]) -> list[T]:
        """Return the items whose ranges begin in one of some ranges."""
        found: dict[int, T] = {}
        for start, end in ranges:
            low, high = (bisect.bisect_left(self._starts, at) for at in (start, end))
            found.update((n, item) for _, _, n, item in self._rows[low:high])
        return [found[n] for n in sorted(found)]
