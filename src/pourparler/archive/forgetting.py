"""Forgetting: reports, or a person's name, leave an archive for good. The one exception from only adding.

A report goes with all that came of it: text, arrivals, records, tellings, sayings, judgements, verdicts, signatures,
search words. A person is masked in every report that names them (see ``masking``): the report is another one from
then on, with a new key, its records and the verdicts on it carried over. What was joined or compared with it waits
for joining, so that after ``joining.join`` the archive is one that never had it.

What is left is a row in ``forgotten``: when, by whom, why, how many. The texts do not come in again: their keyed
hashes are kept. Whoever has the archive and the very text can learn from a mark that it was forgotten here; nobody
can learn the text. A name is not kept in any form: from a list of names, its hash would be found in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from pourparler.archive import schema
from pourparler.archive.barring import bar, mark, salt_of
from pourparler.archive.kept import document_in, records_of
from pourparler.archive.masking import names
from pourparler.archive.naming import Name
from pourparler.archive.removing import Removed, exchange
from pourparler.archive.scrubbing import scrub, zeroing
from pourparler.archive.sql import have, now, pairs, portions
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError
from pourparler.record import Record

Kind = Literal["report", "person", "allow"]
# Reports looked through at a time.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be forgotten: reports (keys) that go, those in which ``name`` is masked; copies that would stay."""

    gone: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    name: Name | None = None
    copies: tuple[str, ...] = ()

    @property
    def reports(self) -> tuple[str, ...]:
        """All reports that it is about."""
        return (*self.gone, *self.masked)


@dataclass(frozen=True, slots=True)
class Size:
    """How much hangs on some reports."""

    reports: int
    arrivals: int
    records: int
    tellings: int
    statements: int
    verdicts: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the trail: that something was forgotten, or that what was may come in again. ``erased`` is when the
    bytes were gone; None where that was broken off."""

    n: int
    kind: Kind
    by: str
    why: str
    at: str
    removed: int
    masked: int
    barred: int
    erased: str | None


def plan_reports(archive: Archive, reports: Sequence[str], *, copies: bool = False) -> Plan:
    """Return what goes with reports (keys); with ``copies`` also those that repeat them.

    Raises:
        ArchiveError: the archive has none with such a key.
    """
    wanted = tuple(dict.fromkeys(reports))
    with archive.reading() as connection:
        missing = sorted(set(wanted) - have(connection, schema.report, "key", wanted))
        if missing:
            raise ArchiveError(
                f"report {missing[0]}: the archive has none with this key. List them with: pourparler archive reports"
            )
        alike = tuple(sorted(_copies(connection, wanted)))
    return Plan((*wanted, *alike)) if copies else Plan(wanted, copies=alike)


def _copies(connection: Connection, reports: Iterable[str]) -> set[str]:
    """Return the reports of the same group of copies, without the given ones."""
    given = set(reports)
    heads = {head for _, head in pairs(connection, schema.copy, "report", given, "of")} | given
    return {key for pair in pairs(connection, schema.copy, "of", heads, "report") for key in pair} - given


def plan_person(archive: Archive, name: Name, *, whole: bool = False) -> Plan:
    """Return which reports name a person, in their words or in a record; with ``whole`` they go, else are masked.

    Looks through every report and record once.
    """
    found = tuple(_naming(archive, name))
    return Plan(found, name=name) if whole else Plan(masked=found, name=name)


def _naming(archive: Archive, name: Name) -> Iterator[str]:
    report, last = schema.report, 0
    with archive.reading() as connection:
        while rows := connection.execute(
            select(report).where(report.c.n > last).order_by(report.c.n).limit(_BATCH)
        ).all():
            last = rows[-1].n
            documents = {row.key: document_in(row) for row in rows}
            records: dict[str, list[Record]] = {key: [] for key in documents}
            for key, _, record in records_of(connection, documents):
                records[key].append(record)
            spots = _spots(connection, list(documents))
            for key, document in documents.items():
                if names(name, document, records[key]) or any(name.full(spot) for spot in spots.get(key, ())):
                    yield key


def _spots(connection: Connection, reports: Sequence[str]) -> dict[str, list[str]]:
    """Return words of where reports came from, and why they could not be read."""
    arrival, unread = schema.arrival, schema.unread
    out: dict[str, list[str]] = {}
    for row in connection.execute(select(arrival).where(arrival.c.report.in_(reports))):
        out.setdefault(row.report, []).extend((row.source, row.place))
    for row in connection.execute(select(unread).where(unread.c.report.in_(reports))):
        out.setdefault(row.report, []).append(row.reason)
    return out


def size_of(archive: Archive, reports: Sequence[str]) -> Size:
    """Return how much hangs on reports."""
    tables = (
        (schema.report, "key"), (schema.arrival, "report"), (schema.record, "report"), (schema.telling, "report"),
        (schema.saying, "report"), (schema.verdict, "report"),
    )  # fmt: skip
    with archive.reading() as connection:
        counts = [
            sum(
                connection.execute(
                    select(func.count()).select_from(table).where(table.c[column].in_(portion))
                ).scalar_one()
                for portion in portions(reports)
            )
            for table, column in tables
        ]
    return Size(*counts)


def lines_of(archive: Archive, reports: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Return a line for each of some reports: key, day, publisher, title or the beginning of the text."""
    report = schema.report
    with archive.reading() as connection:
        rows = connection.execute(
            select(report).where(report.c.key.in_(reports)).order_by(report.c.day.nulls_first(), report.c.key)
        )
        return [(row.key, row.day or "?", row.publisher or "", row.title or row.text[:80]) for row in rows]


def forget(
    archive: Archive, plan: Plan, *, by: str, why: str, beside: Callable[[Removed], None] = lambda _: None
) -> Removed:
    """Forget what is planned, in one transaction, then erase its bytes; returns what was removed, by key.

    Join afterwards (``joining.join``): until then what stood beside the forgotten waits for that.

    Args:
        by, why: who does it and for what reason; kept for good.
        beside: forgets the same where else it is kept, given what is removed. It is called before the archive's own
            transaction ends: when it raises, the archive still has everything, and all can be done again.

    Raises:
        ArchiveError: nobody gives a reason; the reason tells what is to be forgotten; another program has the archive
            open, so that its bytes cannot be erased (then: ``finish``).
    """
    _check_words(plan, by, why)
    with archive.writing() as connection:
        zeroing(connection)
        salt = salt_of(connection)
        marks = [mark(salt, text) for text in _texts(connection, plan.reports)]
        removed = exchange(connection, plan.gone, plan.masked, plan.name)
        kind: Kind = "report" if plan.name is None else "person"
        n = _note(connection, kind, by, why, salt, len(plan.gone), len(plan.masked))
        bar(connection, n, marks)
        beside(removed)
    finish(archive)
    return removed


def finish(archive: Archive) -> None:
    """Erase the bytes of what was forgotten: of this time, and of one that was broken off."""
    scrub(archive)
    with archive.writing() as connection:
        waiting = schema.forgotten.c.erased.is_(None)
        connection.execute(update(schema.forgotten).where(waiting).values(erased=now()))


def allow(archive: Archive, n: int, *, by: str, why: str) -> int:
    """Let the texts of an entry come in again; returns how many. Raises ArchiveError where there is no such entry."""
    _check_words(Plan(), by, why)
    with archive.writing() as connection:
        if connection.execute(select(schema.forgotten.c.n).where(schema.forgotten.c.n == n)).first() is None:
            raise ArchiveError(f"entry {n}: there is none. List them with: pourparler archive forget --list")
        gone = connection.execute(delete(schema.barred).where(schema.barred.c.forgotten == n)).rowcount
        _note(connection, "allow", by, why, salt_of(connection), 0, 0, erased=now())
    return gone


def entries(archive: Archive) -> list[Entry]:
    """Return the trail, oldest first."""
    forgotten, barred = schema.forgotten, schema.barred
    with archive.reading() as connection:
        per = select(barred.c.forgotten, func.count()).group_by(barred.c.forgotten)
        counts: dict[int, int] = {row[0]: row[1] for row in connection.execute(per)}
        rows = connection.execute(select(forgotten).order_by(forgotten.c.n)).all()
    return [Entry(r.n, r.kind, r.by, r.why, r.at, r.removed, r.masked, counts.get(r.n, 0), r.erased) for r in rows]


def _check_words(plan: Plan, by: str, why: str) -> None:
    if not by.strip() or not why.strip():
        raise ArchiveError("forget: who does it, and why, is kept for good. Say it with --by NAME and --reason WORDS")
    name = plan.name
    if name is not None and any(name.full(words) or name.surname(words) for words in (by, why)):
        raise ArchiveError(
            "forget: the reason, or who gives it, names whom the archive is to forget, and would be kept. "
            "Say it without the name"
        )


def _note(
    connection: Connection,
    kind: Kind,
    by: str,
    why: str,
    salt: str,
    removed: int,
    masked: int,
    erased: str | None = None,
) -> int:
    row = {
        "kind": kind, "by": by.strip(), "why": why.strip(), "at": now(), "removed": removed, "masked": masked,
        "salt": salt, "erased": erased,
    }  # fmt: skip
    done = connection.execute(insert(schema.forgotten).values(row).returning(schema.forgotten.c.n))
    return int(done.scalar_one())


def _texts(connection: Connection, reports: Sequence[str]) -> list[str]:
    report = schema.report
    return [
        text
        for portion in portions(reports)
        for text in connection.execute(select(report.c.text).where(report.c.key.in_(portion))).scalars()
    ]
