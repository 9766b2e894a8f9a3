"""Reading what is added at the desk: in the background, one job at a time, its progress to be looked at meanwhile."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from pourparler.archive import schema
from pourparler.archive.adding import add
from pourparler.archive.joining import join
from pourparler.archive.keys import report_key
from pourparler.archive.same import Shipped
from pourparler.archive.sql import now
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import DeskError, PourparlerError

if TYPE_CHECKING:
    from pourparler.reading import Reader

State = Literal["waiting", "reading", "joining", "done", "failed"]
# Reports kept and read at a time: so often progress is told.
_BATCH = 16
# Jobs that may wait, jobs remembered when they are done, lines of what went wrong, reports listed of one job.
_WAITING, _REMEMBERED, _LINES, _LISTED = 10, 100, 200, 500
_log = logging.getLogger(__name__)


class _Stopped(Exception):
    """The desk ends."""


@dataclass(frozen=True, slots=True)
class Came:
    """A report that came in: its key, and whether the archive had it already."""

    report: str
    known: bool


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is: reports read, reports expected (0 where that is not known), and the same in words."""

    state: State
    done: int
    total: int
    words: str

    @property
    def over(self) -> bool:
        """True where nothing more will come."""
        return self.state in ("done", "failed")


class Job:
    """One adding. What it tells may be read at any time; ``came``, ``problems`` and ``notes`` grow.

    ``left_out`` counts what is not listed of each.
    """

    def __init__(self, what: str, by: str) -> None:
        self.key = secrets.token_urlsafe(9)
        self.what = what
        self.by = by
        self.at = now()
        self.total = 0
        self.count = 0
        self.came: list[Came] = []
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.left_out = 0
        self.step = Step("waiting", 0, 0, "It waits for what was added before.")

    def problem(self, error: PourparlerError | str) -> None:
        """Take note of something that could not be read."""
        self._line(self.problems, str(error))

    def note(self, words: str) -> None:
        """Take note of something that was read, but not quite as it stood."""
        self._line(self.notes, words)

    def _line(self, lines: list[str], words: str) -> None:
        if len(lines) < _LINES:
            lines.append(words)
        else:
            self.left_out += 1

    def tell(self, state: State, words: str, *, done: int = 0) -> None:
        """Say how far it is."""
        self.step = Step(state, done, max(self.total, done), words)


# From a job, which takes what goes wrong and how many are expected, to the reports.
Gather = Callable[[Job], Iterator[Arrived]]


class Jobs:
    """The jobs of a desk.

    ``reader`` gives its one reader, which may take a while the first time; ``on_end`` is called after each job.
    """

    def __init__(
        self, archive: Archive, reader: Callable[[], Reader], *, on_end: Callable[[], None] = lambda: None
    ) -> None:
        self._archive = archive
        self._reader = reader
        self._on_end = on_end
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="adding")
        self._stopping = threading.Event()

    def submit(self, what: str, by: str, gather: Gather, *, clean: Callable[[], None] = lambda: None) -> Job:
        """Begin to add what ``gather`` yields; ``clean`` is called at the end, however it ends.

        Raises DeskError where too many wait already.
        """
        job = Job(what, by)
        with self._lock:
            waiting = sum(not one.step.over for one in self._jobs.values())
            if waiting >= _WAITING or self._stopping.is_set():
                clean()
                raise DeskError(f"{waiting} others wait to be read. Wait until they are, then add it again")
            while len(self._jobs) >= _REMEMBERED:
                self._jobs.popitem(last=False)
            self._jobs[job.key] = job
            self._worker.submit(self._run, job, gather, clean)
        return job

    def get(self, key: str) -> Job | None:
        """Return a job by its key; None where there is none, or it is forgotten."""
        with self._lock:
            return self._jobs.get(key)

    def recent(self) -> list[Job]:
        """Return the jobs since the desk began, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """End: the batch that is being read is kept, the rest is not read."""
        self._stopping.set()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: Job, gather: Gather, clean: Callable[[], None]) -> None:
        try:
            self._add(job, gather)
        except PourparlerError as error:
            job.tell("failed", str(error), done=job.count)
        except _Stopped:
            job.tell("failed", "The desk was stopped; add it again.", done=job.count)
        except Exception:
            _log.exception("adding failed")
            job.tell("failed", "Something went wrong. It stands in the desk's log.", done=job.count)
        finally:
            clean()
            self._on_end()

    def _add(self, job: Job, gather: Gather) -> None:
        job.tell("reading", "Begins to read.")
        done = add(
            self._archive, self._counted(job, gather), self._reader(), batch=_BATCH,
            on_step=lambda at: job.tell("reading", f"{_reports(at.taken)} read", done=at.taken),
        )  # fmt: skip
        if done.read:
            job.tell(
                "joining",
                f"{_reports(done.taken)} read. Looks for what other reports tell of the same.",
                done=done.taken,
            )
            join(self._archive, Shipped())
        if done.forgotten:
            job.note(f"{_reports(done.forgotten)} stayed out: they were forgotten here")
        if done.failed:
            job.problem(f"{_reports(done.failed)} could not be read: the reader failed on them. They are kept")
        if done.short:
            job.problem(
                f"There was not enough memory to read {_reports(done.short)}. Add them again when there is more"
            )
        job.total = done.taken
        known = f", {done.taken - done.new} known before" if done.taken > done.new else ""
        job.tell("done", f"{_reports(done.taken)} came in{known}.", done=done.taken)

    def _counted(self, job: Job, gather: Gather) -> Iterator[Arrived]:
        for one in gather(job):
            if self._stopping.is_set():
                raise _Stopped
            job.count += 1
            if len(job.came) < _LISTED:
                job.came.append(Came(key := report_key(one.document), self._has(key)))
            else:
                job.left_out += 1
            yield one

    def _has(self, key: str) -> bool:
        with self._archive.reading() as connection:
            return connection.execute(select(schema.report.c.n).where(schema.report.c.key == key)).first() is not None


def _reports(n: int) -> str:
    return f"{n:,} report{'' if n == 1 else 's'}"
