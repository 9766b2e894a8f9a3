"""The archive: one database that keeps reports, what was read in them, and what was decided about it."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, Table, func, select, update

from pourparler.archive import keys, own_lists, schema
from pourparler.archive.barring import barred
from pourparler.archive.engine import explained, open_engine, shown, sound
from pourparler.archive.given import alone
from pourparler.archive.kept import document_of, keep_reports, packed, record_of, run_of
from pourparler.archive.showing import show
from pourparler.archive.sql import ignoring, now, portions
from pourparler.errors import ArchiveError
from pourparler.record import Document, Record, Run


@dataclass(frozen=True, slots=True)
class Arrived:
    """A report and where it came from: the source as the user named it, and the place in it ("line 12", "")."""

    document: Document
    source: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The keys of reports that came in, in their order (None: it was forgotten here), and how many are ``new``."""

    keys: tuple[str | None, ...]
    new: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an archive holds."""

    reports: int
    copies: int
    runs: int
    tellings: int
    events: int
    statements: int
    verdicts: int
    unread: int
    pending: int


class Archive:
    """A store of reports and records.

    Open one with ``Archive.open``; use it in a ``with`` statement, or close it.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self.engine = engine
        self.where = where

    @classmethod
    def open(cls, where: str | Path, *, create: bool = False) -> Archive:
        """Open the archive at a path (SQLite) or address (PostgreSQL); raises ArchiveError saying what to do."""
        return cls(open_engine(str(where), create=create), str(where))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Archive({shown(self.where)!r})"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection to read by; all reads in it see one state of the archive."""
        with explained(self.where), sound(self.where), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection to write by: all is kept when the block ends, nothing when it raises."""
        with (
            explained(self.where),
            sound(self.where),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            # One writer at a time on PostgreSQL too: of two that take in the same report, the second has to see it.
            alone(connection)
            yield connection
            connection.execute(update(schema.serial).values(n=schema.serial.c.n + 1))

    def serial(self, connection: Connection) -> int:
        """Return how often the archive was written to."""
        return int(connection.execute(select(schema.serial.c.n)).scalar_one())

    def take_in(self, arrived: Sequence[Arrived]) -> TakenIn:
        """Keep reports and where they came from, but for those that were forgotten here (``forgetting``).

        What is there already stays.
        """
        with self.writing() as connection:
            return _take_in(connection, arrived)

    def add_reports(self, arrived: Sequence[Arrived]) -> list[str]:
        """Keep reports as ``take_in``; return their keys, in order.

        Raises ArchiveError, and keeps none, where one of them was forgotten.
        """
        with self.writing() as connection:
            found = _take_in(connection, arrived).keys
            if out := [n for n, key in enumerate(found) if key is None]:
                raise ArchiveError(
                    f"{arrived[out[0]].source}: {len(out)} of its reports were forgotten here and may not come in "
                    "again. Leave them out, or see: pourparler archive forget --list"
                )
        return [key for key in found if key is not None]

    def unread(self, run: Run, found: Sequence[str]) -> list[str]:
        """Return those of the keys that the run has neither read nor failed on, in order."""
        key = keys.run_key(run)
        with self.reading() as connection:
            done: set[str] = set()
            for table in (schema.record, schema.unread):
                for portion in portions(found):
                    query = select(table.c.report).where(table.c.run == key, table.c.report.in_(portion))
                    done.update(connection.execute(query).scalars())
        return [one for one in found if one not in done]

    def add_records(
        self, run: Run, records: Sequence[tuple[str, Record]], failed: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Keep what a run read in reports (by key), and why it failed on others; queries see it from now on."""
        key = keys.run_key(run)
        with self.writing() as connection:
            ignoring(connection, schema.run, [{"key": key, "body": keys.run_body(run), "at": now()}])
            own_lists.keep_of(connection, run)
            rows = [{"report": report, "run": key, "body": packed(record)} for report, record in records]
            ignoring(connection, schema.record, rows)
            ignoring(connection, schema.unread, [{"report": r, "run": key, "reason": why} for r, why in failed])
            show(connection, [(report, key, record) for report, record in records])

    def document(self, key: str) -> Document:
        """Return a report by its key; raises ArchiveError where there is none."""
        with self.reading() as connection:
            return document_of(connection, key)

    def record(self, key: str, *, run: str | None = None) -> Record:
        """Return what was read in a report, by the given run, else by the newest."""
        with self.reading() as connection:
            document = document_of(connection, key)
            return record_of(connection, key, document, run=run)

    def runs(self) -> list[tuple[str, Run]]:
        """Return the runs, oldest first, with their keys."""
        with self.reading() as connection:
            rows = connection.execute(select(schema.run).order_by(schema.run.c.n)).all()
            return [(row.key, run_of(row.body)) for row in rows]

    def counts(self) -> Counts:
        """Return how much the archive holds."""
        tables = (
            schema.report, schema.copy, schema.run, schema.telling, schema.event, schema.saying, schema.verdict,
            schema.unread, schema.pending,
        )  # fmt: skip
        with self.reading() as connection:
            return Counts(*(connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables))

    def counts_of_run(self, run: str) -> int:
        """Return how many reports a run has read or failed on."""
        with self.reading() as connection:
            return sum(
                connection.execute(select(func.count()).where(table.c.run == run)).scalar_one()
                for table in (schema.record, schema.unread)
            )

    def content_hash(self) -> str:
        """Return a hash of all that the archive holds, but for times of day and the order in which things came."""
        digest = hashlib.sha256()
        with self.reading() as connection:
            for table, columns in _HASHED.items():
                chosen = [table.c[name] for name in columns]
                for row in connection.execute(select(*chosen).order_by(*chosen)):
                    digest.update(repr((table.name, *row)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def _take_in(connection: Connection, arrived: Sequence[Arrived]) -> TakenIn:
    out = barred(connection, [one.document.text for one in arrived])
    found = tuple(None if n in out else keys.report_key(one.document) for n, one in enumerate(arrived))
    at = now()
    # The first of two that are one report is kept, as it is where they come in different batches.
    reports: dict[str, Document] = {}
    arrivals: dict[tuple[str, str, str], dict[str, Any]] = {}
    for key, one in zip(found, arrived, strict=True):
        if key is not None:
            reports.setdefault(key, one.document)
            row = {"report": key, "source": one.source, "place": one.place, "at": at}
            arrivals.setdefault((key, one.source, one.place), row)
    new = keep_reports(connection, reports)
    ignoring(connection, schema.arrival, list(arrivals.values()))
    return TakenIn(found, new)


# Left out: numbers given by the database, times, texts that a key stands for, and what only saves work.
_HASHED: dict[Table, tuple[str, ...]] = {
    schema.report: ("key", "id"),
    schema.arrival: ("report", "source", "place"),
    schema.run: ("key",),
    schema.own_list: ("hash", "body"),
    schema.record: ("report", "run", "body"),
    schema.unread: ("report", "run", "reason"),
    schema.judgement: ("kind", "a", "b", "method", "basis", "score"),
    schema.verdict: ("key",),
    schema.telling: ("key", "run", "type", "status", "day", "sides", "place", "verdict"),
    schema.saying: ("key", "run", "act", "content", "about", "answers"),
    schema.copy: ("report", "of", "method", "score"),
    schema.told: ("telling", "event"),
    schema.event: ("key", "type", "status", "day", "tellings", "outlets", "body"),
}
