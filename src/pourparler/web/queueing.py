"""The queue of a review: which telling comes next, for each of several reviewers at once."""

from __future__ import annotations

import bisect
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pourparler.archive.chronicle import members
from pourparler.archive.doubts import Doubt, doubts
from pourparler.archive.process import Process
from pourparler.archive.store import Archive
from pourparler.errors import PourparlerError

# Finding all doubts of 84,003 reports takes 1.5 s: they are kept so long (seconds), and each is looked at again
# before it is shown. Meanwhile only reports that were added wait.
_KEPT = 600.0
# How long (seconds) somebody waits for newer ones; then those of before do, while the newer ones are being found.
_WAIT = 0.15
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
    """The doubts of the whole archive as they were ``at`` a time, after ``forget`` was called so many times."""

    at: float
    added: int
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Queue:
    """The doubts of a process (or of all), in the order of the queue, cut from ``of``."""

    of: _Snapshot
    places: tuple[Place, ...]
    reasons: dict[str, tuple[str, ...]]


class Queues:
    """The queues of a desk, one for each process and one for the whole archive."""

    def __init__(self, archive: Archive, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._archive = archive
        self._clock = clock
        self._whole: _Snapshot | None = None
        self._added = 0
        self._finding: threading.Thread | None = None
        self._began = 0.0
        self._queues: dict[Process | None, _Queue] = {}
        self._looking: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._making = threading.Lock()

    def length(self, process: Process | None, *, without: frozenset[str] = frozenset()) -> int:
        """Return how many tellings are in doubt, as of the last few minutes, without those decided since."""
        reasons = self._queue(process).reasons
        return len(reasons) - sum(key in reasons for key in without)

    def reasons(self, process: Process | None, telling: str) -> tuple[str, ...]:
        """Return why a telling is in doubt; empty where it is not known to be."""
        return self._queue(process).reasons.get(telling, ())

    def listed(
        self, process: Process | None, *, without: frozenset[str] = frozenset()
    ) -> list[tuple[str, float, tuple[str, ...]]]:
        """Return the tellings in doubt, as ``length`` counts them: key, score, reasons, the most doubtful first."""
        queue = self._queue(process)
        left = (one for one in queue.places if one.telling not in without)
        return [(one.telling, -one.minus, queue.reasons[one.telling]) for one in left]

    def place(self, process: Process | None, telling: str) -> Place:
        """Return where a telling stands; before all others where it is not in the queue."""
        found = (one for one in self._queue(process).places if one.telling == telling)
        return next(found, Place(-9.0, telling))

    def next(
        self, process: Process | None, after: Place | None, *, by: str, still: Callable[[str], bool]
    ) -> Place | None:
        """Return the next place after one that nobody else looks at and that is ``still`` in doubt, and take it.

        Where others look at all that are left, it is one of these.
        """
        places = self._queue(process).places
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

    def _queue(self, process: Process | None) -> _Queue:
        whole = self._snapshot()
        with self._making:
            kept = self._queues.get(process)
            if kept is None or kept.of is not whole:
                kept = self._queues[process] = self._cut(whole, process)
        return kept

    def _cut(self, whole: _Snapshot, process: Process | None) -> _Queue:
        found: Iterable[Doubt] = whole.doubts
        if process is not None:
            with self._archive.reading() as connection:
                wanted = frozenset(members(connection, process))
            found = [one for one in whole.doubts if one.telling in wanted]
        places = tuple(sorted(map(Place.of, found)))
        return _Queue(whole, places, {one.telling: one.reasons for one in found})

    def _snapshot(self) -> _Snapshot:
        """Return the doubts of the archive; those of before where finding newer ones takes too long."""
        with self._lock:
            kept = self._whole
            if kept is not None and kept.added == self._added and self._clock() - kept.at < _KEPT:
                return kept
            finding = self._finding
            if finding is None:
                self._began = time.monotonic()
                finding = self._finding = threading.Thread(target=self._find, name="doubts", daemon=True)
                finding.start()
            wait = None if kept is None else max(0.0, self._began + _WAIT - time.monotonic())
        finding.join(wait)
        with self._lock:
            found = self._whole
        # Where it failed, whoever asks is told why.
        return found if found is not None else self._found()

    def _find(self) -> None:
        try:
            found = self._found()
            with self._lock:
                self._whole = found
        except PourparlerError:
            return
        finally:
            with self._lock:
                self._finding = None

    def _found(self) -> _Snapshot:
        with self._lock:
            added = self._added
        return _Snapshot(self._clock(), added, tuple(doubts(self._archive)))

    def forget(self) -> None:
        """Look for doubts anew: reports were added, or a verdict was taken back."""
        with self._lock:
            self._added += 1

    def close(self) -> None:
        """Wait for what goes on in the background."""
        with self._lock:
            finding = self._finding
        if finding is not None:
            finding.join()
