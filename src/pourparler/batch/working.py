"""What each process of a batch does: a unit in, its files out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from pourparler.archive import shards
from pourparler.archive.folders import Folder
from pourparler.archive.keys import run_key
from pourparler.batch.claims import Answer
from pourparler.batch.plan import Plan
from pourparler.batch.units import Taken, Unit
from pourparler.batch.writing import Again, Failed, Results, write
from pourparler.errors import ReadingError, ShortageError
from pourparler.reading import Reader
from pourparler.record import Document, Record

_CRASHED = "its reading broke off each time, with the process that read it: out of memory, or a crash"


class Office(Protocol):
    """Where a process asks what to read: ``claims.Claims``, here or on another machine."""

    def claim(self, unit: str, source: str, rows: Sequence[tuple[str, int]]) -> list[Answer]: ...
    def begin(self, unit: str) -> tuple[bool, frozenset[str]]: ...
    def reading(self, unit: str, key: str) -> None: ...
    def end(self, unit: str) -> None: ...


class Worker:
    """Reads units; one in each process, with a model of its own."""

    def __init__(self, plan: Plan, office: Office, *, reader: Reader | None = None) -> None:
        self._reader = reader or plan.reader()
        self._key = run_key(self._reader.run)
        self._folder = Folder.at(plan.out)
        self._anew = plan.anew
        self._office = office
        if plan.actors:
            # By each process, the same file: before any unit that was read with it is finished.
            shards.keep_list(self._folder, plan.actors)

    def read(self, unit: Unit) -> shards.Finished:
        """Read what is to be read of a unit and write its files; one that is finished and stays so is left alone."""
        path = shards.path_of(unit.name)
        if not (anew := unit.name in self._anew) and self._folder.has(path):
            return shards.from_json(self._folder.read(path), path)
        careful, fatal = self._office.begin(unit.name)
        answers = self._office.claim(unit.name, unit.source, [(one.key, one.number) for one in unit.documents])
        every = list(zip(unit.documents, answers, strict=True))
        mine = [one for one, answer in every if answer.read and one.key not in fatal]
        read, failed = self._read(unit.name, mine, careful=careful)
        failed += [Failed(one, "crash", _CRASHED) for one, answer in every if answer.read and one.key in fatal]
        if anew:
            # Its files change now, and what stands there tells of others.
            self._folder.remove(path)
        done = write(
            self._folder,
            Results(
                unit,
                self._reader.run,
                self._key,
                tuple(sorted(read, key=lambda one: one[0].number)),
                tuple(Again(one, answer.rank) for one, answer in every if not answer.read),
                tuple(sorted(failed, key=lambda one: one.taken.number)),
            ),
        )
        self._office.end(unit.name)
        return done

    def _read(
        self, unit: str, mine: Sequence[Taken], *, careful: bool
    ) -> tuple[list[tuple[Taken, Record]], list[Failed]]:
        failed: list[Failed] = []
        short: list[Taken] = []
        by_key = {one.key: one for one in mine}

        def on_error(error: ReadingError) -> None:
            one = by_key[error.document]
            if not isinstance(error, ShortageError):
                failed.append(Failed(one, "reading", str(error)))
            elif one in short:
                failed.append(Failed(one, "memory", str(error)))
            else:
                short.append(one)

        # By length: the largest need for memory comes once, at the beginning, not on top of what is left of others.
        ordered = sorted(mine, key=lambda one: (-len(one.document.text), one.number))
        # The reader's errors name the document by its id, which need not be unique here: keys are.
        documents = [replace(one.document, id=one.key) for one in ordered]
        read = list(self._records(unit, documents, on_error, careful=careful))
        for one in short:
            # Once more, at the end: another process may have had the memory.
            read += self._records(unit, [replace(one.document, id=one.key)], on_error, careful=careful)
        kept = [(by_key[record.document.id], record) for record in read]
        return [(one, replace(record, document=one.document)) for one, record in kept], failed

    def _records(
        self,
        unit: str,
        documents: Iterable[Document],
        on_error: Callable[[ReadingError], None],
        *,
        careful: bool,
    ) -> Iterator[Record]:
        # One at a time: each core has a process, and threads beside it would only wait for the interpreter
        # (1,536 reports: 12.4 s of processor time so, 13.5 s with two at a time).
        for document in documents:
            if careful:
                self._office.reading(unit, document.id)
            try:
                yield self._reader.read(document)
            except ReadingError as error:
                on_error(error)
        if careful:
            self._office.reading(unit, "")
