"""The relations page: the figures of the chart of relations by month as a table, and the events that are counted."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.views import timeline
from pourparler.archive.views.timeline import Moment
from pourparler.web.grounds import process_of
from pourparler.web.kept_pages import kept_page
from pourparler.web.kept_views import kept
from pourparler.web.relation_months import SERIES, Direction, directions, href
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of

PATH = "/relations"
TITLES = {"cooperation": "Cooperation", "conflict": "Conflict", "claims": "Claims only"}


@dataclass(frozen=True, slots=True)
class Number:
    """How many events there are, of which series, and the address that lists them."""

    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A month with its numbers, and in words what changed in it."""

    month: str
    numbers: tuple[Number, ...]
    change: str


@dataclass(frozen=True, slots=True)
class Way:
    """A direction to choose, with the number of its events."""

    name: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """The events that a number counts, in words which that is."""

    title: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class RelationsPage:
    """What the page shows: the months with events of one direction, and the events of a number that is asked for."""

    process: Process
    name: str
    ways: tuple[Way, ...]
    rows: tuple[Row, ...]
    found: Listed | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show the figures of a direction of a process, and the events of one of them."""
    process, asked = process_of(request), request.query_params
    context = relations_page(
        desk_of(request).chronicle(process),
        (asked.get("source", ""), asked.get("target", "")),
        month=asked.get("month", ""),
        series=asked.get("series", ""),
    )
    return page(request, "relations.html", shell(request, "Relations", "process", process=process.name), context)


def relations_page(
    chronicle: Chronicle, pair: tuple[str, str], *, month: str = "", series: str = ""
) -> RelationsPage:
    """Return the figures of a direction, of all together where there is none from the first to the second."""
    process, every = chronicle.process, directions(chronicle)
    chosen = next((one for one in every if (one.source, one.target) == pair), every[0])
    return RelationsPage(
        process,
        chosen.name,
        tuple(Way(one.name, _events(one), href(process, one), one is chosen) for one in every),
        rows(process, chosen),
        _found(chronicle, chosen, month, series) if series in SERIES else None,
    )


def _events(direction: Direction) -> int:
    return sum(len(getattr(one, name)) for one in direction.months for name in SERIES)


def rows(process: Process, direction: Direction) -> tuple[Row, ...]:
    """Return the months of a direction that have events or a change, newest first."""
    changes: dict[str, list[str]] = {}
    for month, words in direction.changes:
        changes.setdefault(month, []).append(words)
    out = []
    for one in reversed(direction.months):
        numbers = tuple(
            Number(TITLES[name], len(getattr(one, name)), href(process, direction, one.month, name))
            for name in SERIES
        )
        if any(number.count for number in numbers) or one.month in changes:
            out.append(Row(one.month, numbers, "; ".join(changes.get(one.month, ()))))
    return tuple(out)


def _found(chronicle: Chronicle, direction: Direction, month: str, series: str) -> Listed:
    keys = {key for one in direction.months if one.month == month for key in getattr(one, series)}
    moments = tuple(one for one in kept(chronicle, timeline.view) if one.event in keys)
    return Listed(f"{TITLES[series]}, {direction.name}, {month}", moments)
