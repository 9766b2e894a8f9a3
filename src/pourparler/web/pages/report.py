"""The page of a report: its text with what was read in it, events and statements beside it, where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Connection, Table, func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive import schema
from pourparler.archive.store import Archive
from pourparler.record import Rejected
from pourparler.web.kept_pages import kept_page
from pourparler.web.list_pages import number_of
from pourparler.web.marking import Piece, pieces
from pourparler.web.render import page, shell
from pourparler.web.report_reading import (
    Part,
    ReadBy,
    SayingLine,
    TellingLine,
    old_reading,
    parts_of,
    runs_of,
    saying_lines,
    shown_reading,
    telling_lines,
)
from pourparler.web.state import desk_of

# Of a report that was copied a hundred times, so many copies are listed.
_COPIES = 50
_REJECTED = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a long report to look: at a telling or statement (its key), else at a part."""

    key: str | None = None
    part: int = 1


@dataclass(frozen=True, slots=True)
class Other:
    """Another report of the same text, or the one it repeats; found by ``method`` with a score from 0 to 1."""

    key: str
    title: str | None
    published: str | None
    publisher: str | None
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class From:
    """Where the report came from, and when (UTC)."""

    source: str
    place: str
    at: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the page shows. ``run`` is whose reading it is; ``newest`` where that is what the archive goes by.

    ``events`` and ``statements`` count those of the whole report; a long one is shown in parts: ``part``
    is the number of this one, ``parts`` are the addresses of all.
    """

    key: str
    id: str
    title: str | None
    published: str | None
    publisher: str | None
    url: str | None
    language: str
    characters: int
    events: int
    statements: int
    part: int
    parts: tuple[str, ...]
    pieces: tuple[Piece, ...]
    tellings: tuple[TellingLine, ...]
    sayings: tuple[SayingLine, ...]
    rejected: tuple[Rejected, ...]
    left: int
    copy_of: Other | None
    copies: tuple[Other, ...]
    arrivals: tuple[From, ...]
    run: str | None
    newest: bool
    runs: tuple[ReadBy, ...]
    unread: tuple[str, ...]
    suffix: str


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route("/report/{key}", show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show a report, as the newest run read it or as the one of the address did."""
    desk = desk_of(request)
    process = desk.process(request.query_params.get("process", ""))
    context = report_page(
        desk.archive,
        request.path_params["key"],
        at=Place(request.query_params.get("at"), number_of(request.query_params, "part")),
        run=request.query_params.get("run") or None,
        process=process.name if process else None,
    )
    title = context.title or context.id
    return page(request, "report.html", shell(request, title, "reports"), context)


def report_page(
    archive: Archive, key: str, *, at: Place = Place(), run: str | None = None, process: str | None = None
) -> ReportPage:
    """Return what the page of a report shows; raises 404 where there is no such report or it has no such reading."""
    suffix = f"?{urlencode({'process': process})}" if process else ""
    with archive.reading() as connection:
        row = connection.execute(select(schema.report).where(schema.report.c.key == key)).first()
        if row is None:
            raise HTTPException(404, "There is no report of this key. Look for it in Reports.")
        runs = runs_of(connection, key)
        chosen = _chosen(runs, run)
        newest = run is None or not runs or chosen == runs[0].run
        parts = parts_of(row.text)
        number = _part(connection, parts, at)
        part = parts[number - 1]
        read = (
            shown_reading(connection, key, chosen, part)
            if newest
            else old_reading(connection, key, chosen or "", part)
        )
        asked = [("process", process), ("run", None if newest else chosen)]
        given = [(name, value) for name, value in asked if value]
        copy_of, copies = _copies(connection, key)
        return ReportPage(
            key,
            row.id,
            row.title,
            row.published,
            row.publisher,
            # A link goes out to the web alone: a report's address may hold anything.
            row.url if (row.url or "").startswith(("https://", "http://")) else None,
            row.language,
            len(row.text),
            _count(connection, schema.telling, key) if newest else len(read.tellings),
            _count(connection, schema.saying, key) if newest else len(read.sayings),
            number,
            tuple(f"?{urlencode([*given, ('part', n)])}" for n in range(1, len(parts) + 1)),
            pieces(row.text, read.marks, start=part.start, end=part.end),
            tuple(telling_lines(read)),
            tuple(saying_lines(read)),
            read.rejected[:_REJECTED],
            max(0, len(read.rejected) - _REJECTED),
            copy_of,
            copies,
            tuple(_arrivals(connection, key)),
            chosen,
            newest,
            runs,
            tuple(_unread(connection, key)),
            suffix,
        )


def _part(connection: Connection, parts: tuple[Part, ...], at: Place) -> int:
    """Return the number of the part in which a telling or statement stands, else the number asked for."""
    for table in (schema.telling, schema.saying) if at.key else ():
        start = connection.execute(select(table.c.start).where(table.c.key == at.key)).scalar()
        if start is not None:
            return next((n for n, one in enumerate(parts, 1) if one.start <= start < one.end), 1)
    return min(at.part, len(parts))


def _count(connection: Connection, table: Table, key: str) -> int:
    return int(connection.execute(select(func.count()).where(table.c.report == key)).scalar_one())


def _chosen(runs: tuple[ReadBy, ...], run: str | None) -> str | None:
    if run is None:
        return runs[0].run if runs else None
    if run not in {one.run for one in runs}:
        raise HTTPException(404, "This report was not read by a run of this key. Choose one on the report's page.")
    return run


def _copies(connection: Connection, key: str) -> tuple[Other | None, tuple[Other, ...]]:
    copy, report = schema.copy, schema.report
    columns = (report.c.key, report.c.title, report.c.published, report.c.publisher, copy.c.method, copy.c.score)
    of = select(*columns).select_from(copy.join(report, report.c.key == copy.c.of)).where(copy.c.report == key)
    by = select(*columns).select_from(copy.join(report, report.c.key == copy.c.report)).where(copy.c.of == key)
    first = connection.execute(of).first()
    rest = connection.execute(by.order_by(report.c.published, report.c.key).limit(_COPIES)).all()
    return Other(*first) if first else None, tuple(Other(*row) for row in rest)


def _arrivals(connection: Connection, key: str) -> Iterator[From]:
    at = schema.arrival.c
    query = select(at.source, at.place, at.at).where(at.report == key).order_by(at.at, at.source, at.place)
    for row in connection.execute(query.limit(_COPIES)):
        yield From(row.source, row.place, row.at)


def _unread(connection: Connection, key: str) -> Iterator[str]:
    at = schema.unread.c
    yield from connection.execute(select(at.reason).where(at.report == key).order_by(at.run)).scalars()
