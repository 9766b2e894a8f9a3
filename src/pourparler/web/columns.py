"""Values of events and of their tellings as arrays, so that counting those of some events is one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pourparler.archive.query import Count

Codes = NDArray[np.int32]


def _counts(values: Sequence[str], codes: Codes) -> tuple[Count, ...]:
    """Return how often each value is pointed at, most first."""
    numbers = np.bincount(codes, minlength=len(values)).tolist()
    found = [Count(value, n) for value, n in zip(values, numbers, strict=True) if n]
    return tuple(sorted(found, key=lambda one: (-one.events, one.value)))


@dataclass(frozen=True, slots=True)
class Column:
    """Values of events: ``codes`` point into ``values``, ``at`` into the events, which have one or none."""

    values: tuple[str, ...]
    at: Codes
    codes: Codes

    def counts(self, chosen: NDArray[np.bool_]) -> tuple[Count, ...]:
        """Return how many of the chosen events have each value, most first."""
        return _counts(self.values, self.codes[chosen[self.at]])


@dataclass(frozen=True, slots=True)
class Told:
    """Values of tellings, which have several or none: ``codes`` point into ``values``, ``at`` into the events, ``by``
    into the tellings. In the order of code and event: those of one event that say the same lie side by side."""

    values: tuple[str, ...]
    codes: Codes
    at: Codes
    by: Codes

    def counts(self, chosen: NDArray[np.bool_], fits: NDArray[np.bool_] | None) -> tuple[Count, ...]:
        """Return how many of the chosen events have each value in a telling that fits (None: all do), most first."""
        inside = chosen[self.at] if fits is None else chosen[self.at] & fits[self.by]
        codes, at = self.codes[inside], self.at[inside]
        first = np.ones(len(codes), dtype=np.bool_)
        first[1:] = (codes[1:] != codes[:-1]) | (at[1:] != at[:-1])
        return _counts(self.values, codes[first])


def column_of(held: Iterable[tuple[int, str]]) -> Column:
    """Return values of events (by number)."""
    values, numbers, codes = _coded(held)
    return Column(values, numbers, codes)


def told_of(at: Sequence[int], held: Iterable[tuple[int, str]]) -> Told:
    """Return values of tellings (by number), of which ``at`` has the events."""
    values, by, codes = _coded(held)
    events = np.array(at, dtype=np.int32)[by]
    order = np.lexsort((events, codes))
    return Told(values, codes[order], events[order], by[order])


def _coded(held: Iterable[tuple[int, str]]) -> tuple[tuple[str, ...], Codes, Codes]:
    """Return the values, the numbers of what has them, and which of the values these have."""
    code: dict[str, int] = {}
    numbers, codes = [], []
    for n, value in held:
        numbers.append(n)
        codes.append(code.setdefault(value, len(code)))
    return tuple(code), np.array(numbers, dtype=np.int32), np.array(codes, dtype=np.int32)
