"""The process page: what an analyst sees first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pourparler.archive import schema
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.store import Archive
from pourparler.archive.views import agenda, changes, commitments, timeline
from pourparler.web.kept_views import kept
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of

# So many rows a section; the rest is a link away.
_MOST = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that links to what it counts."""

    label: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """What the page shows. ``news`` came in since the person's last visit (``since``, UTC), newest first."""

    process: Process
    figures: tuple[Figure, ...]
    news: tuple[timeline.Moment, ...]
    since: str | None
    weightiest: tuple[timeline.Moment, ...]
    due: tuple[agenda.Item, ...]
    open_promises: tuple[commitments.Commitment, ...]
    broken_promises: tuple[commitments.Commitment, ...]
    alerts: tuple[changes.Alert, ...]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class FirstPage:
    """Where there is no process file yet: what the archive holds, and how to begin."""

    reports: int
    events: int
    suggestions: tuple[str, ...]


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [
        Route("/", first),
        Route("/process", chosen),
        Route("/process/{name}", show),
    ]


async def first(request: Request) -> Response:
    """Go to the first process, or say how to make one."""
    desk = desk_of(request)
    processes = desk.processes()
    if processes:
        return RedirectResponse(f"/process/{processes[0].name}", 303)
    counts = desk.archive.counts()
    return page(
        request, "first.html", shell(request, "Begin", "process"), FirstPage(counts.reports, counts.events, ())
    )


async def chosen(request: Request) -> Response:
    """Go to the process that was chosen in the switch."""
    return RedirectResponse(f"/process/{named(request, request.query_params.get('name', '')).name}", 303)


def named(request: Request, name: str) -> Process:
    """Return the process of a name; raises 404 where there is none."""
    found = desk_of(request).process(name)
    if found is None:
        raise HTTPException(404, "There is no process of this name. Put its file beside the archive.")
    return found


def show(request: Request) -> Response:
    """Show a process."""
    desk = desk_of(request)
    process = named(request, request.path_params["name"])
    chronicle = desk.chronicle(process)
    visited = desk.accounts.visited(request.state.person.name, f"process {process.name}")
    context = process_page(desk.archive, chronicle, visited=visited)
    return page(request, "process.html", shell(request, process.title, "process", process=process.name), context)


def process_page(archive: Archive, chronicle: Chronicle, *, visited: float | None) -> ProcessPage:
    """Return what the page of a process shows to somebody who last saw it then (seconds since 1970)."""
    moments = kept(chronicle, timeline.view)
    promises = kept(chronicle, commitments.view)
    since = datetime.datetime.fromtimestamp(visited, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if visited else None
    fresh = _arrived_since(archive, chronicle, since) if since else frozenset()
    news = [one for one in reversed(moments) if any(key in fresh for key in one.tellings)]
    days = sorted(one.day for one in moments if one.day and one.standing == "fact")
    return ProcessPage(
        chronicle.process,
        _figures(archive, chronicle, promises),
        tuple(news[:_MOST]),
        since,
        tuple(sorted(moments, key=lambda one: (-one.weight, one.day or ""))[:_MOST]),
        tuple(one for one in kept(chronicle, agenda.view) if one.state == "due")[:_MOST],
        tuple(one for one in promises if one.state in ("open", "overdue"))[-_MOST:],
        tuple(one for one in promises if one.state == "broken")[-_MOST:],
        kept(chronicle, changes.alerts)[-6:],
        days[0] if days else None,
        days[-1] if days else None,
    )


def _arrived_since(archive: Archive, chronicle: Chronicle, since: str) -> frozenset[str]:
    """Return the tellings whose report came in after a moment."""
    with archive.reading() as connection:
        first = select(schema.arrival.c.report).group_by(schema.arrival.c.report)
        found = set(connection.execute(first.having(func.min(schema.arrival.c.at) > since)).scalars())
    return frozenset(key for key, one in chronicle.tellings.items() if one.report in found)


def _figures(
    archive: Archive, chronicle: Chronicle, promises: tuple[commitments.Commitment, ...]
) -> tuple[Figure, ...]:
    name = chronicle.process.name
    reports = {one.report for one in chronicle.tellings.values()}
    several = sum(len(one.tellings) > 1 for one in chronicle.events)
    claimed = sum(one.status in ("alleged", "denied") for one in chronicle.events)
    return (
        Figure("events", len(chronicle.events), f"/events?process={name}"),
        Figure("told more than once", several, f"/events?process={name}&min_outlets=2"),
        Figure("claims only", claimed, f"/events?process={name}&status=alleged&status=denied"),
        Figure("commitments", len(promises), f"/agenda?process={name}#commitments"),
        Figure("reports", len(reports), f"/reports?process={name}"),
    )
