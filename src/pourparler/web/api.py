"""The API under /api/v1: what the pages show, as JSON; described in /api/v1/openapi.json."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.conditions import Query
from pourparler.archive.process import Process
from pourparler.archive.query import Facets, Source, cited
from pourparler.export.rows import EventRow, TellingRow, event_row, telling_row
from pourparler.record import Record, to_dict
from pourparler.web import api_adding, charts, counting
from pourparler.web import api_lists as lists
from pourparler.web.api_adding import Added, Begun
from pourparler.web.api_lists import (
    DoubtQuery,
    DoubtRow,
    StatementQuery,
    StatementRow,
    VerdictQuery,
    VerdictRow,
)
from pourparler.web.endpoints import (
    Endpoint,
    RowsQuery,
    View,
    ViewQuery,
    answer,
    asked_of,
    cut,
    limited,
    paged,
    views,
)
from pourparler.web.loading import event_of, found_event
from pourparler.web.openapi import description
from pourparler.web.pages.process import named
from pourparler.web.pages.report import From, Other, report_page
from pourparler.web.report_query import ReportQuery, ReportRow, reports
from pourparler.web.report_reading import ReadBy
from pourparler.web.settings import Role
from pourparler.web.state import desk_of

_BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process: its sides, who mediates, and the time it covers (ISO days, null where open)."""

    name: str
    title: str
    sides: tuple[str, ...]
    mediators: tuple[str, ...]
    places: tuple[str, ...]
    words: tuple[str, ...]
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A report with its text (in ``record.document``) and all that was read in it; ``record`` is null if unread.

    ``run`` is whose reading it is; ``runs`` are all, newest first. ``unread`` tells why runs failed on it.
    """

    report: Source
    copy_of: Other | None
    copies: tuple[Other, ...]
    arrivals: tuple[From, ...]
    run: str | None
    runs: tuple[ReadBy, ...]
    unread: tuple[str, ...]
    record: Record | None


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Whose reading is asked for."""

    run: str | None = None


def endpoints() -> tuple[Endpoint, ...]:
    """Return all endpoints, but for the description itself."""
    of_process = (
        Endpoint(f"{_BASE}/process/{{name}}/{one.name}", one.summary, _view(one), ViewQuery, one.row, paged=True)
        for one in views()
    )
    return (
        Endpoint(f"{_BASE}/events", "Events that fit, with tellings and versions", events, Query, EventRow, True),
        Endpoint(f"{_BASE}/events/{{key}}", "One event", event, None, EventRow),
        Endpoint(f"{_BASE}/tellings", "Events as single reports tell them", tellings, Query, TellingRow, True),
        Endpoint(f"{_BASE}/facets", "How many events that fit are of which kind", facets, Query, Facets),
        Endpoint(f"{_BASE}/reports", "Reports that fit, without their texts", listed, ReportQuery, ReportRow, True),
        Endpoint(f"{_BASE}/reports/{{key}}", "One report with its record", report, RunQuery, ReportAnswer),
        Endpoint(f"{_BASE}/processes", "The processes at hand", processes, RowsQuery, ProcessRow, True),
        Endpoint(f"{_BASE}/statements", "What was said", lists.statements, StatementQuery, StatementRow, True),
        *_for_reviewers(),
        *of_process,
        Endpoint(f"{_BASE}/process/{{name}}/chart/{{kind}}", "The data of a chart of a process", chart, None, None),
    )


def _for_reviewers() -> tuple[Endpoint, ...]:
    adding = api_adding
    mine: Role = "reviewer"
    return (
        Endpoint(f"{_BASE}/verdicts", "How verdicts stand", lists.verdicts, VerdictQuery, VerdictRow, True, mine),
        Endpoint(f"{_BASE}/doubts", "What a review goes through", lists.doubts, DoubtQuery, DoubtRow, True, mine),
        Endpoint(f"{_BASE}/reports", "Reports to add", adding.add, None, Begun, role=mine, takes=adding.taken()),
        Endpoint(f"{adding.PATH}/{{job}}", "What became of reports to add", adding.show, None, Added, role=mine),
    )


def routes() -> list[Route]:
    """Return the routes of the API."""
    return [Route(f"{_BASE}/openapi.json", described, methods=["GET"]), *(one.route() for one in endpoints())]


@functools.cache
def _description() -> dict[str, Any]:
    return description(endpoints(), charts=tuple(charts.KINDS))


def described(request: Request) -> Response:
    """Return the description of the API, OpenAPI 3.1."""
    return answer(_description())


def events(request: Request) -> Response:
    """Return events that fit."""
    asked = asked_of(Query, request)
    limit, offset = limited(asked)
    archive = desk_of(request).archive
    rows = [event_row(one) for one in counting.found(archive, replace(asked, limit=limit, offset=offset))]
    return paged(request, asked, rows, counting.counted(archive, asked).facets.total)


def event(request: Request) -> Response:
    """Return one event; the key of a telling gives the event that it stands in."""
    key = request.path_params["key"]
    with desk_of(request).archive.reading() as connection:
        one = found_event(connection, key) or found_event(connection, event_of(connection, key) or "")
    if one is None:
        raise HTTPException(404, "There is no event of this key. Look for it under /api/v1/events.")
    return answer(dataclasses.asdict(event_row(one)))


def tellings(request: Request) -> Response:
    """Return tellings that fit."""
    asked = asked_of(Query, request)
    limit, offset = limited(asked)
    archive = desk_of(request).archive
    rows = [telling_row(one) for one in cited(archive, replace(asked, limit=limit, offset=offset))]
    return paged(request, asked, rows, counting.tellings(archive, asked))


def facets(request: Request) -> Response:
    """Return how many events that fit are of which kind."""
    asked = asked_of(Query, request)
    limited(asked)
    return answer(dataclasses.asdict(counting.counted(desk_of(request).archive, asked).facets))


def listed(request: Request) -> Response:
    """Return reports that fit."""
    asked = asked_of(ReportQuery, request)
    limit, offset = limited(asked)
    total, rows = reports(desk_of(request).archive, replace(asked, limit=limit, offset=offset))
    return paged(request, asked, [one.row for one in rows], total)


def report(request: Request) -> Response:
    """Return one report with its record."""
    asked = asked_of(RunQuery, request)
    archive, key = desk_of(request).archive, request.path_params["key"]
    shown = report_page(archive, key, run=asked.run)
    record = archive.record(key, run=shown.run) if shown.run else None
    source = Source(shown.key, shown.id, shown.title, shown.published, shown.publisher, shown.url, shown.language)
    made = ReportAnswer(
        source, shown.copy_of, shown.copies, shown.arrivals, shown.run, shown.runs, shown.unread, None
    )
    return answer({**dataclasses.asdict(made), "record": to_dict(record) if record else None})


def processes(request: Request) -> Response:
    """Return the processes whose files the desk found."""
    asked = asked_of(RowsQuery, request)
    limit, offset = limited(asked)
    every = [_process(one) for one in desk_of(request).processes()]
    return paged(request, asked, every[offset : offset + limit], len(every))


def _process(one: Process) -> ProcessRow:
    since, until = (day.isoformat() if day else None for day in (one.since, one.until))
    sides, mediators = (tuple(member.name for member in group) for group in (one.sides, one.mediators))
    return ProcessRow(one.name, one.title, sides, mediators, one.places, one.words, since, until)


def _view(one: View) -> Callable[[Request], Response]:
    def view(request: Request) -> Response:
        process = named(request, request.path_params["name"])
        asked = asked_of(ViewQuery, request)
        limit, offset = limited(asked)
        rows = cut(one, desk_of(request).chronicle(process), asked)
        return paged(request, asked, rows[offset : offset + limit], len(rows))

    return view


def chart(request: Request) -> Response:
    """Return the data of a chart of a process."""
    process = named(request, request.path_params["name"])
    return answer(charts.make(request.path_params["kind"], desk_of(request).chronicle(process)))
