"""Making in the background what pages would else wait for: at the start, and when the archive has changed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.conditions import Query
from pourparler.archive.process import Process
from pourparler.archive.views import actors, agenda, ceasefire, changes, claims, commitments, meetings, timeline
from pourparler.web import charts, counting
from pourparler.web.kept_views import kept
from pourparler.web.pages.about import held

if TYPE_CHECKING:
    from pourparler.web.state import Desk

# How often (seconds) the archive is asked whether it has changed, by this desk or another program.
_LOOK = 1.0
# After a change half the time is left to pages that are asked for meanwhile, and what took a second is made anew
# three seconds later at the earliest: while thousands of reports come in, the desk does not work for nobody.
_REST = 3.0
# How long it waits at most, after failing again and again, before it tries once more.
_LONGEST = 60.0
# Processes beyond these wait until somebody asks: so many chronicles are kept.
_PROCESSES = 6
_VIEWS: tuple[Callable[..., object], ...] = (
    timeline.view, commitments.view, agenda.view, changes.alerts, claims.view, meetings.view, ceasefire.view,
    actors.view, actors.edges, changes.changes,
)  # fmt: skip
_log = logging.getLogger(__name__)
Step = Callable[[], object]


class Keeper:
    """A thread that follows the archive of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; waits for the step that is being made."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        seen: Hashable = None
        pause, failed = 0.0, 0
        while not self._stopping.wait(pause):
            pause = _LOOK
            try:
                now = (self._desk.serial(), self._desk.files_state())
                if now != seen:
                    pause = max(_LOOK, _REST * self._make(hurry=seen is None))
                    seen = now
                failed = 0
            except Exception:
                # Whoever asks for a page is told what is wrong; it may be mended meanwhile.
                _log.exception("nothing is made ahead")
                failed += 1
                pause = min(_LOOK * 2**failed, _LONGEST)

    def _make(self, *, hurry: bool) -> float:
        """Make everything; return how long that took, in seconds."""
        took = 0.0
        serial = self._desk.serial()
        counting.forget_before(self._desk.archive, serial)
        self._desk.pages.forget(lambda key: key[0] < serial)
        for step in self._steps():
            begun = time.monotonic()
            step()
            spent = time.monotonic() - begun
            took += spent
            if self._stopping.wait(0.0 if hurry else min(spent, 1.0)):
                break
        return took

    def _steps(self) -> Iterator[Step]:
        """Yield what is to be made, first what is asked for most."""
        desk = self._desk
        processes = desk.processes()[:_PROCESSES]
        for process in processes[:1]:
            yield from self._of(process)
        yield lambda: counting.counted(desk.archive, Query())
        yield lambda: desk.queues.length(None)
        yield from (self._queue(one) for one in processes[:1])
        yield lambda: held(desk.archive)
        for process in processes[1:]:
            yield from self._of(process)

    def _queue(self, process: Process) -> Step:
        return lambda: self._desk.queues.length(process)

    def _of(self, process: Process) -> Iterator[Step]:
        yield lambda: self._desk.chronicle(process)
        chronicle = self._desk.chronicle(process)
        for view in _VIEWS:
            yield _view(chronicle, view)
        for kind in charts.KINDS:
            yield _chart(chronicle, kind)


def _view(chronicle: Chronicle, view: Callable[..., object]) -> Step:
    return lambda: kept(chronicle, view)


def _chart(chronicle: Chronicle, kind: str) -> Step:
    return lambda: charts.make(kind, chronicle)
