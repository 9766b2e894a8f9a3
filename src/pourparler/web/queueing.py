"""The queue of a review: which telling comes next, for each of several reviewers at once."""

from __future__ import annotations

import bisect
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from pourparler.archive.doubts import Doubt, doubts
from pourparler.archive.process import Process
from pourparler.archive.store import Archive

# Finding all doubts of 84,003 reports takes 4.5 s: they are kept so long (seconds), and each is looked at again
# before it is shown. Meanwhile only reports that were added wait.
_KEPT = 600.0
# For so long (seconds) a telling that one reviewer looks at is not given to another.
_LOOKED_AT = 180.0


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the queue: the most doubtful come first (``minus`` is the negative score), then by key."""

    minus: float
    telling: str

    def __str__(self) -> str:
        return f"{-self.minus:.4f}-{self.telling}"

    @classmethod
    def of(cls, doubt: Doubt) -> Place:
        """Return where a doubt stands."""
        return cls(-doubt.score, doubt.telling)

    @classmethod
    def parse(cls, words: str) -> Place | None:
        """Return the place that ``str`` wrote; None where it is none."""
        score, _, telling = words.partition("-")
        try:
            value = float(score)
        except ValueError:
            return None
        return cls(-value, telling) if telling and -10 < value < 10 else None


@dataclass(frozen=True, slots=True)
class _Snapshot:
    at: float
    places: tuple[Place, ...]
    reasons: dict[str, tuple[str, ...]]


class Queues:
    """The queues of a desk, one for each process and one for the whole archive."""

    def __init__(self, archive: Archive, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._archive = archive
        self._clock = clock
        self._kept: dict[Process | None, _Snapshot] = {}
        self._looking: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._making = threading.Lock()

    def length(self, process: Process | None) -> int:
        """Return how many tellings are in doubt, as of the last few minutes."""
        return len(self._snapshot(process).places)

    def reasons(self, process: Process | None, telling: str) -> tuple[str, ...]:
        """Return why a telling is in doubt; empty where it is not known to be."""
        return self._snapshot(process).reasons.get(telling, ())

    def place(self, process: Process | None, telling: str) -> Place:
        """Return where a telling stands; before all others where it is not in the queue."""
        found = (one for one in self._snapshot(process).places if one.telling == telling)
        return next(found, Place(-9.0, telling))

    def next(
        self, process: Process | None, after: Place | None, *, by: str, still: Callable[[str], bool]
    ) -> Place | None:
        """Return the next place after one that nobody else looks at and that is ``still`` in doubt, and take it.

        Where others look at all that are left, it is one of these.
        """
        places = self._snapshot(process).places
        begin = bisect.bisect_right(places, after) if after else 0
        others: Place | None = None
        for place in places[begin:]:
            if self._taken(place.telling, by):
                others = others or (place if still(place.telling) else None)
            elif still(place.telling) and self.take(place.telling, by):
                return place
        return others

    def take(self, telling: str, by: str) -> bool:
        """Note that somebody looks at a telling; False where another one does."""
        at = self._clock()
        with self._lock:
            self._looking = {key: one for key, one in self._looking.items() if one[1] > at - _LOOKED_AT}
            if self._looking.get(telling, (by, at))[0] != by:
                return False
            # Who looks at one looks at no other any more.
            self._looking = {key: one for key, one in self._looking.items() if one[0] != by} | {telling: (by, at)}
            return True

    def _taken(self, telling: str, by: str) -> bool:
        with self._lock:
            whose, at = self._looking.get(telling, (by, 0.0))
        return whose != by and at > self._clock() - _LOOKED_AT

    def _snapshot(self, process: Process | None) -> _Snapshot:
        kept = self._kept.get(process)
        if kept is not None and self._clock() - kept.at < _KEPT:
            return kept
        with self._making:
            kept = self._kept.get(process)
            if kept is not None and self._clock() - kept.at < _KEPT:
                return kept
            found = doubts(self._archive, process=process)
            places = tuple(sorted(map(Place.of, found)))
            made = _Snapshot(self._clock(), places, {one.telling: one.reasons for one in found})
            self._kept[process] = made
        return made

    def forget(self) -> None:
        """Look for doubts anew: reports were added."""
        self._kept = {}
