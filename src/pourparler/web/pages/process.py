"""The process page: what an analyst sees first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from sqlalchemy import Connection, func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pourparler.archive import schema
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.archive.views import agenda, changes, commitments, timeline
from pourparler.web.counting import once
from pourparler.web.kept_views import kept
from pourparler.web.pages import relations
from pourparler.web.relation_months import SERIES, directions, href
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of

# So many rows a section, alerts and months of relations; the rest is a link away.
_MOST, _ALERTS, _MONTHS = 12, 6, 24


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that links to what it counts."""

    label: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Alerted:
    """A month out of the ordinary, in words, and the address of the figures it stands in."""

    reason: str
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
    alerts: tuple[Alerted, ...]
    months: tuple[relations.Row, ...]
    months_href: str
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the page shows to everybody alike until the archive changes."""

    figures: tuple[Figure, ...]
    weightiest: tuple[timeline.Moment, ...]
    alerts: tuple[Alerted, ...]
    months: tuple[relations.Row, ...]
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
        return RedirectResponse(f"/process/{quote(processes[0].name, safe='')}", 303)
    counts = desk.archive.counts()
    return page(
        request, "first.html", shell(request, "Begin", "process"), FirstPage(counts.reports, counts.events, ())
    )


async def chosen(request: Request) -> Response:
    """Go to the process that was chosen in the switch."""
    name = named(request, request.query_params.get("name", "")).name
    return RedirectResponse(f"/process/{quote(name, safe='')}", 303)


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
    promises = kept(chronicle, commitments.view)
    since = datetime.datetime.fromtimestamp(visited, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if visited else None
    standing = kept(chronicle, _standing, last=False)
    return ProcessPage(
        chronicle.process,
        standing.figures,
        _news(archive, chronicle, since) if since else (),
        since,
        standing.weightiest,
        tuple(one for one in kept(chronicle, agenda.view) if one.state == "due")[:_MOST],
        tuple(one for one in promises if one.state in ("open", "overdue"))[-_MOST:],
        tuple(one for one in promises if one.state == "broken")[-_MOST:],
        standing.alerts,
        standing.months,
        href(chronicle.process, directions(chronicle)[0]),
        standing.first,
        standing.last,
    )


def _standing(chronicle: Chronicle) -> _Standing:
    moments = kept(chronicle, timeline.view)
    days = sorted(one.day for one in moments if one.day and one.standing == "fact")
    return _Standing(
        _figures(chronicle),
        timeline.standing_out(moments, _MOST),
        tuple(_alerted(chronicle, one) for one in kept(chronicle, changes.alerts)[-_ALERTS:]),
        relations.rows(chronicle.process, directions(chronicle)[0])[:_MONTHS],
        days[0] if days else None,
        days[-1] if days else None,
    )


def _alerted(chronicle: Chronicle, one: changes.Alert) -> Alerted:
    every = directions(chronicle)
    of = next((way for way in every if (way.source, way.target) == (one.source, one.target)), every[0])
    return Alerted(one.reason, href(chronicle.process, of, one.month, one.series if one.series in SERIES else ""))


def _news(archive: Archive, chronicle: Chronicle, since: str) -> tuple[timeline.Moment, ...]:
    """Return the newest moments that a report tells which came in after a moment."""
    process = chronicle.process
    with archive.reading() as connection:
        # Looking through all arrivals takes 45 ms of 84,000 reports: it is done once until the archive changes.
        arrived = once(archive, connection, ("arrived", process), lambda: _arrived(connection, chronicle))
    if not arrived or max(arrived.values()) <= since:
        return ()
    fresh = {report for report, at in arrived.items() if at > since}
    told = chronicle.tellings
    every = reversed(kept(chronicle, timeline.view))
    return tuple(
        islice((one for one in every if any(told[key].report in fresh for key in one.tellings)), _MOST)
    )  # fmt: skip


def _arrived(connection: Connection, chronicle: Chronicle) -> dict[str, str]:
    """Return when each report of a chronicle first came in."""
    at = schema.arrival.c
    out: dict[str, str] = {}
    for portion in portions(sorted({one.report for one in chronicle.tellings.values()})):
        query = select(at.report, func.min(at.at)).where(at.report.in_(portion)).group_by(at.report)
        out.update((row[0], row[1]) for row in connection.execute(query))
    return out


def _figures(chronicle: Chronicle) -> tuple[Figure, ...]:
    name = quote(chronicle.process.name, safe="")
    reports = {one.report for one in chronicle.tellings.values()}
    several = sum(len(one.outlets) > 1 for one in chronicle.events)
    claimed = sum(one.status in ("alleged", "denied") for one in chronicle.events)
    return (
        Figure("events", len(chronicle.events), f"/events?process={name}"),
        Figure("told by several outlets", several, f"/events?process={name}&min_outlets=2"),
        Figure("claims only", claimed, f"/events?process={name}&status=alleged&status=denied"),
        Figure("commitments", len(kept(chronicle, commitments.view)), f"/agenda?process={name}#commitments"),
        Figure("reports", len(reports), f"/reports?process={name}"),
    )
