"""The list of reports, with search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.process import Process
from pourparler.errors import ArchiveError
from pourparler.web.kept_pages import kept_page
from pourparler.web.list_pages import NOTHING, ROWS, Turn, number_of, turn_of
from pourparler.web.questions import pairs, question
from pourparler.web.render import page, shell
from pourparler.web.report_query import ReportLine, ReportQuery, reports
from pourparler.web.state import desk_of

PATH = "/reports"


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """What the page shows; ``problem`` says what is wrong with the question."""

    given: tuple[tuple[str, str], ...]
    problem: str | None
    process: str | None
    rows: tuple[ReportLine, ...]
    turn: Turn
    suffix: str


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show the reports that fit the address, the newest first."""
    desk, params = desk_of(request), request.query_params
    around = shell(request, "Reports", "reports")
    try:
        asked = question(ReportQuery, params, process_of=desk.process)
        number = number_of(params)
        total, rows = reports(desk.archive, replace(asked, limit=ROWS, offset=(number - 1) * ROWS))
        turn = turn_of(PATH, asked, total, number)
        if turn.number != number:
            total, rows = reports(desk.archive, replace(asked, limit=ROWS, offset=(turn.number - 1) * ROWS))
    except ArchiveError as error:
        given = tuple((name, value.replace("\0", "")[:500]) for name, value in params.multi_items())
        about = _about(desk.process(params.get("process", "")))
        context = ReportsPage(given, str(error), about[0], (), NOTHING, about[1])
        return page(request, "reports.html", around, context, status=400)
    title, suffix = _about(asked.process)
    return page(request, "reports.html", around, ReportsPage(tuple(pairs(asked)), None, title, rows, turn, suffix))


def _about(process: Process | None) -> tuple[str | None, str]:
    """Return the title of a process, and what asks for it in an address."""
    return (process.title, f"?{urlencode({'process': process.name})}") if process else (None, "")
