"""From a stream of documents into an archive: kept, read, and, where it was broken off, gone on with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from pourparler.archive import keys, schema
from pourparler.archive.kept import document_in, never_read
from pourparler.archive.own_lists import with_list
from pourparler.archive.store import Archive, Arrived
from pourparler.archive.sums import Summed
from pourparler.errors import ReadingError, ShortageError
from pourparler.record import Document, Record

if TYPE_CHECKING:
    from pourparler.reading import Reader

# Reports kept in one transaction: what a break can cost is the reading of so many.
BATCH = 400
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Added(Summed):
    """How far adding is: reports taken in, of them new to the archive, read now, failed now.

    Besides, how many were left out because they were forgotten here (``forgetting``), for how many there was not
    enough memory (those wait for the next try), and how many stay as they were read with a list of own actors, which
    the reader has not.
    """

    taken: int = 0
    new: int = 0
    read: int = 0
    failed: int = 0
    forgotten: int = 0
    short: int = 0
    listed: int = 0


def add(
    archive: Archive,
    arrived: Iterable[Arrived],
    reader: Reader,
    *,
    batch: int = BATCH,
    on_step: Callable[[Added], None] = lambda _: None,
) -> Added:
    """Keep and read reports; what the archive has already, read by the same run, costs next to nothing.

    What was read with a list of the user's own actors is not read again by a reader that has none: ``reread`` does.
    A report on which the reader fails is kept, with the reason (table ``unread``); the others go on.
    Returns what was done. Joining is another step: ``joining.join``.
    """
    done = Added()
    for given in batches(arrived, batch):
        kept = archive.take_in(given)
        found = [key for key in kept.keys if key is not None]
        by_key = {key: one.document for key, one in zip(kept.keys, given, strict=True) if key is not None}
        unread = list(dict.fromkeys(archive.unread(reader.run, found)))
        listed = with_list(archive, unread) if not reader.run.actors else frozenset()
        read = _read(archive, reader, [(key, by_key[key]) for key in unread if key not in listed])
        left = len(given) - len(found)
        done += replace(read, taken=len(found), new=kept.new, forgotten=left, listed=len(listed))
        on_step(done)
    return done


def reread(archive: Archive, reader: Reader, *, on_step: Callable[[Added], None] = lambda _: None) -> Added:
    """Read every report that this run of the reader has not read yet; older runs' records stay beside."""
    return _go_through(archive, reader, keys.run_key(reader.run), on_step)


def catch_up(archive: Archive, reader: Reader, *, on_step: Callable[[Added], None] = lambda _: None) -> Added:
    """Read the reports that no run has read: adding was broken off after they were kept, before they were read."""
    return _go_through(archive, reader, None, on_step)


def _go_through(archive: Archive, reader: Reader, run: str | None, on_step: Callable[[Added], None]) -> Added:
    done, last = Added(), 0
    # Each report once, by number: one that cannot be read for want of memory still waits afterwards.
    while todo := _waiting(archive, run, after=last):
        last = todo[-1][0]
        read = _read(archive, reader, [(key, document) for _, key, document in todo])
        done += replace(read, taken=len(todo))
        on_step(done)
    return done


def waiting(archive: Archive, reader: Reader) -> int:
    """Return how many reports this run of the reader has not read."""
    counts = archive.counts()
    run = keys.run_key(reader.run)
    return counts.reports - archive.counts_of_run(run)


def _waiting(archive: Archive, run: str | None, *, after: int) -> list[tuple[int, str, Document]]:
    """Return some reports, by number and key, that a run (any run when None) has not read, in order of number."""
    report = schema.report
    with archive.reading() as connection:
        query = select(report).where(report.c.n > after, never_read(run)).order_by(report.c.n).limit(BATCH)
        return [(row.n, row.key, document_in(row)) for row in connection.execute(query)]


def _read(archive: Archive, reader: Reader, todo: list[tuple[str, Document]]) -> Added:
    """Read reports and keep their records in one transaction; return how many were read, and how many not."""
    # The reader's errors name the document by its id, which need not be unique here: keys are.
    failed: list[tuple[str, str]] = []
    short: list[str] = []
    documents = (replace(document, id=key) for key, document in todo)
    by_key = dict(todo)
    records: list[tuple[str, Record]] = []

    def on_error(error: ReadingError) -> None:
        # Nothing is wrong with a report for which there was no memory: kept as failed, it would never be read again.
        if isinstance(error, ShortageError):
            short.append(error.document)
        else:
            failed.append((error.document, str(error)))

    for record in reader.read_many(documents, on_error=on_error):
        key = record.document.id
        records.append((key, replace(record, document=by_key[key])))
    if todo:
        archive.add_records(reader.run, records, failed)
    return Added(read=len(records), failed=len(failed), short=len(short))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items in lists of so many, the last one shorter."""
    stream = iter(items)
    while batch := list(itertools.islice(stream, size)):
        yield batch
