"""The map page: where events took place, those whose place has no coordinates, and those without a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.views import timeline
from pourparler.archive.views.timeline import Moment
from pourparler.web.grounds import page_number, process_of
from pourparler.web.kept_pages import kept_page
from pourparler.web.kept_views import kept
from pourparler.web.render import page, shell
from pourparler.web.spots import NONE, Spot, href, spots
from pourparler.web.state import desk_of
from pourparler.web.turning import Turned, turned

PATH = "/map"
_ROWS, _MOST = 40, 200
STANDINGS = {"fact": "told as fact", "claim": "only claimed", "ahead": "ahead"}


@dataclass(frozen=True, slots=True)
class There:
    """The events of one place, newest first; ``near`` is the address of the search around it."""

    title: str
    near: str | None
    moments: tuple[Moment, ...]
    turn: Turned


@dataclass(frozen=True, slots=True)
class MapPage:
    """What the page shows. ``nowhere`` counts events without a place.

    ``all_places`` counts them, ``whole`` is the address that lists all where not all are shown.
    """

    process: Process
    placed: tuple[Spot, ...]
    named: tuple[Spot, ...]
    all_places: int
    whole: str | None
    placed_events: int
    named_events: int
    nowhere: int
    nowhere_href: str
    there: There | None
    missing: str | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show the places of a process, and the events of one that is asked for."""
    process = process_of(request)
    wanted = request.query_params.get("place", "").strip()[:300]
    context = map_page(
        desk_of(request).chronicle(process), wanted, number=page_number(request),
        standing=request.query_params.get("standing", ""), whole=request.query_params.get("all") == "places",
    )  # fmt: skip
    return page(request, "map.html", shell(request, "Map", "map", process=process.name), context)


def map_page(chronicle: Chronicle, wanted: str, *, number: int, standing: str = "", whole: bool = False) -> MapPage:
    """Return the places of a chronicle; ``wanted`` is the key of one, or "none" for events without a place.

    Args:
        standing: only events that are a "fact", "ahead" or a "claim"; all for anything else.
        whole: list all places, not those with most events alone.
    """
    process, found = chronicle.process, kept(chronicle, spots, last=False)
    chosen = next((one for one in (*found.placed, *found.named) if one.key == wanted), None)
    there = None
    if chosen is not None:
        there = _there(chronicle, chosen.name, chosen.key, chosen.events, chosen.near, number, standing)
    elif wanted == NONE:
        there = _there(chronicle, "no place that reports name", NONE, found.nowhere, None, number, standing)
    most = None if whole else _MOST
    shown = found.placed[:most], found.named[:most]
    total, asked = len(found.placed) + len(found.named), {"process": process.name, "all": "places"}
    return MapPage(
        process,
        *shown,
        total,
        None if sum(map(len, shown)) == total else f"{PATH}?{urlencode(asked)}",
        sum(len(one.events) for one in found.placed),
        sum(len(one.events) for one in found.named),
        len(found.nowhere),
        href(process, NONE),
        there,
        wanted if wanted and there is None else None,
    )


def _there(
    chronicle: Chronicle, title: str, key: str, events: Sequence[str], near: str | None, number: int, standing: str
) -> There:
    by_key = {one.event: one for one in kept(chronicle, timeline.view)}
    rows = [by_key[one] for one in events if one in by_key]
    asked = [("process", chronicle.process.name), ("place", key)]
    if standing in STANDINGS:
        rows = [one for one in rows if one.standing == standing]
        title, asked = f"{title}, {STANDINGS[standing]}", [*asked, ("standing", standing)]
    rows.sort(key=lambda one: (one.day or "", one.weight, one.event), reverse=True)
    shown, turn = turned(rows, number=number, most=_ROWS, path=PATH, asked=asked)
    return There(title, near, tuple(shown), turn)
