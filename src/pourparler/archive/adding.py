"""From a stream of documents into an archive: kept, read, and, where it was broken off, gone on with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from pourparler.archive import keys, schema
from pourparler.archive.kept import document_in
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import ReadingError
from pourparler.record import Document, Record

if TYPE_CHECKING:
    from pourparler.reading import Reader

# Reports kept in one transaction: what a break can cost is the reading of so many.
BATCH = 400


@dataclass(frozen=True, slots=True)
class Added:
    """How far adding is: reports taken in, of them new to the archive, read now, failed now."""

    taken: int = 0
    new: int = 0
    read: int = 0
    failed: int = 0


def add(
    archive: Archive,
    arrived: Iterable[Arrived],
    reader: Reader,
    *,
    batch: int = BATCH,
    on_step: Callable[[Added], None] = lambda _: None,
) -> Added:
    """Keep and read reports; what the archive has already, read by the same run, costs next to nothing.

    A report on which the reader fails is kept, with the reason (table ``unread``); the others go on.
    Returns what was done. Joining is another step: ``joining.join``.
    """
    done = Added()
    for chosen in _batches(arrived, batch):
        before = archive.counts_of_reports()
        found = archive.add_reports(chosen)
        by_key = {key: one.document for key, one in zip(found, chosen, strict=True)}
        todo = [(key, by_key[key]) for key in dict.fromkeys(archive.unread(reader.run, found))]
        read, failed = _read(archive, reader, todo)
        new = archive.counts_of_reports() - before
        done = Added(done.taken + len(chosen), done.new + new, done.read + read, done.failed + failed)
        on_step(done)
    return done


def reread(archive: Archive, reader: Reader, *, on_step: Callable[[Added], None] = lambda _: None) -> Added:
    """Read every report that this run of the reader has not read yet; older runs' records stay beside."""
    done = Added()
    run = keys.run_key(reader.run)
    while todo := _waiting(archive, run):
        read, failed = _read(archive, reader, todo)
        done = Added(done.taken + len(todo), 0, done.read + read, done.failed + failed)
        on_step(done)
    return done


def waiting(archive: Archive, reader: Reader) -> int:
    """Return how many reports this run of the reader has not read."""
    counts = archive.counts()
    run = keys.run_key(reader.run)
    return counts.reports - archive.counts_of_run(run)


def _waiting(archive: Archive, run: str) -> list[tuple[str, Document]]:
    report = schema.report
    with archive.reading() as connection:
        seen = [
            select(t.c.report).where(t.c.run == run, t.c.report == report.c.key).exists()
            for t in (schema.record, schema.unread)
        ]
        query = select(report).where(~seen[0], ~seen[1]).order_by(report.c.n).limit(BATCH)
        return [(row.key, document_in(row)) for row in connection.execute(query)]


def _read(archive: Archive, reader: Reader, todo: list[tuple[str, Document]]) -> tuple[int, int]:
    """Read reports and keep their records in one transaction; return how many were read and how many failed."""
    # The reader's errors name the document by its id, which need not be unique here: keys are.
    failed: list[tuple[str, str]] = []
    documents = (replace(document, id=key) for key, document in todo)
    by_key = dict(todo)
    records: list[tuple[str, Record]] = []

    def on_error(error: ReadingError) -> None:
        failed.append((error.document, str(error)))

    for record in reader.read_many(documents, on_error=on_error):
        key = record.document.id
        records.append((key, replace(record, document=by_key[key])))
    if todo:
        archive.add_records(reader.run, records, failed)
    return len(records), len(failed)


def _batches(items: Iterable[Arrived], size: int) -> Iterator[list[Arrived]]:
    stream = iter(items)
    while batch := list(itertools.islice(stream, size)):
        yield batch
