"""Asking for reports: by words, process, outlet and day of publication; what a list of them shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, select

from pourparler.archive import schema, search
from pourparler.archive.chronicle import members
from pourparler.archive.outlets import Outlet, asked_for, named, outlet
from pourparler.archive.periods import period
from pourparler.archive.process import Process
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError
from pourparler.web.counting import once
from pourparler.web.marking import Piece, hits, pieces

# From so many values on they stand in the statement itself: databases take some ten thousand beside it.
_VALUES = 5000
# How much of a text is looked through for searched words, and how much is shown, in characters.
_LOOKED, _SHOWN = 20_000, 220
_LISTED = ("key", "id", "title", "published", "publisher", "url", "language")
REPORT_SORTS = ("-published", "published")
# What may be known of a report besides, and the column that has its key then.
HELD: Mapping[str, Column[str]] = {
    "copy": schema.copy.c.report, "unread": schema.unread.c.report, "pending": schema.pending.c.report,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """What reports are asked for; what is left out is not asked for.

    ``text`` is as for events, over title and text; ``outlet`` as for events; ``since`` and ``until`` are days, weeks,
    months or years of publication, both included. Reports of a process have a telling of an event of it. ``run`` is
    the key of one that read them; ``held`` one of HELD.
    """

    process: Process | None = None
    text: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    run: str | None = None
    held: str | None = None
    sort: str = "-published"
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in a list: how many tellings and statements it has, and of which report it is a copy."""

    key: str
    id: str
    title: str | None
    published: str | None
    publisher: str | None
    url: str | None
    language: str
    tellings: int
    statements: int
    copy_of: str | None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report with words of its text, those that were searched for marked."""

    row: ReportRow
    words: tuple[Piece, ...]


def reports(archive: Archive, asked: ReportQuery) -> tuple[int, tuple[ReportLine, ...]]:
    """Return how many reports fit, and a page of them; raises ArchiveError for a question that makes no sense."""
    if asked.sort not in REPORT_SORTS:
        raise ArchiveError(f"{asked.sort!r} is no order. Give one of {', '.join(REPORT_SORTS)}")
    if asked.offset < 0 or (asked.limit or 0) < 0:
        raise ArchiveError("limit and offset count reports. Give none below 0")
    report = schema.report.c
    with archive.reading() as connection:
        where = tuple(_where(archive, connection, asked))
        total = once(archive, connection, ("reports", _bare(asked)), lambda: _count(connection, where))
        # Nothing but the day and key is sorted: a table of whole texts would take seconds.
        order = (report.day.desc().nulls_last(), report.key) if asked.sort[0] == "-" else (report.day, report.key)
        query = select(report.key).where(*where).order_by(*order).limit(asked.limit or total + 1).offset(asked.offset)
        keys = connection.execute(query).scalars().all()
        return total, tuple(_lines(connection, keys, asked.text))


def _bare(asked: ReportQuery) -> tuple[object, ...]:
    return asked.process, asked.text, asked.outlet, asked.since, asked.until, asked.run, asked.held


def _count(connection: Connection, where: Sequence[ColumnElement[bool]]) -> int:
    return int(connection.execute(select(func.count()).select_from(schema.report).where(*where)).scalar_one())


def _where(archive: Archive, connection: Connection, asked: ReportQuery) -> Iterator[ColumnElement[bool]]:
    report = schema.report
    if asked.text:
        yield search.found(connection, report, asked.text)
    since = period(asked.since)[0] if asked.since else None
    until = period(asked.until)[1] if asked.until else None
    if since and until and since > until:
        raise ArchiveError(f"{asked.since} is later than {asked.until}. Give the earlier one first")
    if since:
        yield report.c.day >= since.isoformat()
    if until:
        yield report.c.day <= until.isoformat()
    if asked.outlet:
        yield report.c.publisher.in_(_publishers(archive, connection, asked.outlet))
    if asked.run:
        yield report.c.key.in_(select(schema.record.c.report).where(schema.record.c.run == asked.run))
    if asked.held:
        if asked.held not in HELD:
            raise ArchiveError(f"{asked.held!r} is nothing that is known of reports. Give {', '.join(HELD)}")
        yield report.c.key.in_(select(HELD[asked.held]))
    if asked.process:
        process = asked.process
        keys = once(archive, connection, ("of process", process), lambda: _of_process(connection, process))
        literal = len(keys) > _VALUES
        yield report.c.key.in_(bindparam("reports", keys, expanding=True, literal_execute=literal, unique=True))


def _of_process(connection: Connection, process: Process) -> list[str]:
    """Return the reports that the chronicle of a process rests on: those with a telling of one of its events."""
    told, telling, event = schema.told, schema.telling, schema.event
    events: set[str] = set()
    for portion in portions(members(connection, process)):
        events.update(connection.execute(select(told.c.event).where(told.c.telling.in_(portion))).scalars())
    days = [event.c.day >= process.since.isoformat()] if process.since else []
    days += [event.c.day <= process.until.isoformat()] if process.until else []
    every = telling.join(told, told.c.telling == telling.c.key).join(event, event.c.key == told.c.event)
    out: set[str] = set()
    for portion in portions(sorted(events)):
        query = select(telling.c.report).select_from(every).where(event.c.key.in_(portion), *days)
        out.update(connection.execute(query).scalars())
    return sorted(out)


def _publishers(archive: Archive, connection: Connection, words: str) -> list[str]:
    def made() -> dict[str, tuple[Outlet, ...]]:
        column = schema.report.c.publisher
        every = connection.execute(select(column).where(column.is_not(None)).distinct()).scalars()
        return {one: tuple(map(outlet, named(one))) for one in every}

    is_asked_for = asked_for([words])
    known = once(archive, connection, "publishers of reports", made)
    found = sorted(one for one, outlets in known.items() if any(map(is_asked_for, outlets)))
    if not found:
        raise ArchiveError(f"no outlet is called {words!r}. Give words of the name of one, as the list shows them")
    if len(found) > _VALUES:
        raise ArchiveError(f"{len(found)} outlets are called so. Give more of the name")
    return found


def _lines(connection: Connection, keys: Sequence[str], text: str | None) -> Iterator[ReportLine]:
    report, copy = schema.report.c, schema.copy.c
    phrases = search.parse(text) if text else ()
    columns: list[ColumnElement[Any]] = [report[name] for name in _LISTED]
    looked = _LOOKED if phrases else 2 * _SHOWN
    columns.append(func.substr(report.text, 1, looked).label("beginning"))
    for portion in portions(keys):
        rows = connection.execute(select(*columns).where(report.key.in_(portion)))
        by_key = {row.key: row for row in rows}
        told = _counted(connection, schema.telling.c.report, portion)
        said = _counted(connection, schema.saying.c.report, portion)
        repeats = connection.execute(select(copy.report, copy.of).where(copy.report.in_(portion)))
        of = {row.report: row.of for row in repeats}
        for key in portion:
            row = by_key[key]
            made = ReportRow(
                row.key, row.id, row.title, row.published, row.publisher, row.url, row.language, told.get(key, 0),
                said.get(key, 0), of.get(key),
            )  # fmt: skip
            yield ReportLine(made, _words(str(row.beginning), phrases))


def _counted(connection: Connection, column: ColumnElement[str], keys: Sequence[str]) -> dict[str, int]:
    query = select(column, func.count()).where(column.in_(keys)).group_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}


def _words(text: str, phrases: Sequence[search.Phrase]) -> tuple[Piece, ...]:
    """Return some words of a text: those around the first place that was searched for, else its beginning."""
    marks = list(hits(text, phrases, most=5))
    start = max(0, marks[0].start - _SHOWN // 3) if marks else 0
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + _SHOWN)
    end = end if end == len(text) else max(text.rfind(" ", start, end), start + 1)
    bare = pieces(text, marks, start=start, end=end)
    around = ("… " if start else "", " …" if end < len(text) else "")
    return tuple(
        Piece(
            (around[0] if n == 0 else "") + one.text + (around[1] if n == len(bare) - 1 else ""),
            one.look, one.type, one.keys, one.begins,
        )
        for n, one in enumerate(bare)
    )  # fmt: skip
