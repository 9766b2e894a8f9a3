"""The events page: what fits a question, of what kinds it is, and the ways on from there."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pourparler.archive import search
from pourparler.archive.conditions import DIFFERING, SORTS, Query
from pourparler.archive.outlets import whole
from pourparler.archive.process import Process
from pourparler.archive.query import Count, Facets
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError
from pourparler.knowledge import country_name
from pourparler.record import EventType, Status
from pourparler.web.counting import counted, found, once
from pourparler.web.event_lines import EventLine, event_line
from pourparler.web.kept_pages import kept_page, passing
from pourparler.web.list_pages import NOTHING, ROWS, Turn, number_of, turn_of
from pourparler.web.months import Bar, bars
from pourparler.web.pages.exports import FORMATS
from pourparler.web.questions import href, href_with, pairs, question
from pourparler.web.render import page, shell
from pourparler.web.state import Desk, desk_of

PATH = "/events"
# How many values of a facet are shown before the rest is folded away, and how many at all.
_SHOWN, _MOST_VALUES = 8, 60
# How long a page waits for counts of a big archive that has just changed, in seconds.
_WAIT = 0.15
TYPES: tuple[str, ...] = typing.get_args(EventType)
STATUSES: tuple[str, ...] = typing.get_args(Status)
SORT_NAMES = {
    "day": "oldest first",
    "-day": "newest first",
    "-outlets": "most outlets first",
    "-confidence": "surest first",
    "confidence": "least sure first",
    "score": "worst conflict first",
    "-score": "closest cooperation first",
    "outlets": "fewest outlets first",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: choosing it asks for it, choosing it again asks for it no more."""

    label: str
    events: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A field with its values; ``more`` are shown on demand, ``left`` are not shown at all."""

    title: str
    values: tuple[Value, ...]
    more: tuple[Value, ...]
    left: int


@dataclass(frozen=True, slots=True)
class _Kinds:
    """How many events fit and of what kinds they are, with the ways on from there."""

    total: int
    facets: tuple[Facet, ...]
    time: tuple[Bar, ...]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A view that somebody kept."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked for, and the address without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class EventsPage:
    """What the page shows. ``problem`` says what is wrong with the question; then there are no rows."""

    asked: Query
    given: tuple[tuple[str, str], ...]
    problem: str | None
    rows: tuple[EventLine, ...]
    facets: tuple[Facet, ...]
    fresh: bool
    time: tuple[Bar, ...]
    turn: Turn
    chips: tuple[Chip, ...]
    exports: tuple[tuple[str, str], ...]
    views: tuple[Kept, ...]
    query: str
    suffix: str
    types: tuple[str, ...] = TYPES
    statuses: tuple[str, ...] = STATUSES
    sorts: tuple[tuple[str, str], ...] = tuple(SORT_NAMES.items())
    differing: tuple[str, ...] = DIFFERING


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [
        Route(PATH, show, methods=["GET"]),
        Route(f"{PATH}/views", keep, methods=["POST"]),
        Route(f"{PATH}/views/drop", drop, methods=["POST"]),
    ]


@kept_page(beside=lambda request: _views(desk_of(request), request.state.person.name))
def show(request: Request) -> Response:
    """Show the events that fit the address."""
    desk, params = desk_of(request), request.query_params
    problem, context = None, None
    try:
        asked = question(Query, params, process_of=desk.process)
        # People come for the news: newest first, unless they ask for another order.
        asked = asked if params.get("sort") else replace(asked, sort="-day")
        context = events_page(desk, asked, number=number_of(params), person=request.state.person.name)
    except ArchiveError as error:
        problem = str(error)
    if context is None:
        context = _wrong(desk, params, problem or "", request.state.person.name)
    if not context.fresh:
        passing(request)
    around = shell(request, "Events", "events")
    return page(request, "events.html", around, context, status=400 if problem else 200)


def events_page(desk: Desk, asked: Query, *, number: int, person: str) -> EventsPage:
    """Return a page of the events that fit; raises ArchiveError for a question that makes no sense."""
    archive = desk.archive
    with archive.reading() as connection:
        kinds = once(
            archive, connection, ("kinds", asked), lambda: _kinds(archive, asked), keep=lambda made: made.fresh
        )
        turn = turn_of(PATH, asked, kinds.total, number)
        asked = replace(asked, limit=ROWS, offset=(turn.number - 1) * ROWS)
    rows = _rows(archive, asked)
    return EventsPage(
        asked,
        tuple(pairs(asked)),
        None,
        rows,
        kinds.facets,
        kinds.fresh,
        kinds.time,
        turn,
        tuple(_chips(asked)),
        tuple((form, href(f"{PATH}/export.{form}", asked)) for form in FORMATS),
        _views(desk, person),
        urlencode(pairs(asked)),
        _suffix(asked.process),
    )


def _kinds(archive: Archive, asked: Query) -> _Kinds:
    counts = counted(archive, asked, wait=_WAIT)
    facets = tuple(_facets(counts.facets, asked))
    return _Kinds(counts.facets.total, facets, bars(counts.facets.months, asked), counts.fresh)


def _rows(archive: Archive, asked: Query) -> tuple[EventLine, ...]:
    phrases = search.parse(asked.text) if asked.text else ()
    return tuple(event_line(one, phrases=phrases) for one in found(archive, asked))


def _wrong(desk: Desk, params: QueryParams, problem: str, person: str) -> EventsPage:
    """Return the page of a question that makes no sense: the form as it was filled in, what is wrong, no rows."""
    names = {one.name for one in dataclasses.fields(Query)} - {"process", "limit", "offset"}
    given = tuple((name, value.replace("\0", "")[:500]) for name, value in params.multi_items() if name in names)
    process = desk.process(params.get("process", ""))
    suffix = _suffix(process)
    return EventsPage(
        Query(process=process), given, problem, (), (), True, (), NOTHING, (), (), _views(desk, person), "", suffix
    )


def _suffix(process: Process | None) -> str:
    return f"?{urlencode({'process': process.name})}" if process else ""


def _facets(facets: Facets, asked: Query) -> Iterator[Facet]:
    sides: tuple[tuple[str, str, Sequence[Count]], ...] = (
        ("Type", "type", facets.types),
        ("Status", "status", facets.statuses),
        ("Who (country)", "source", facets.source_countries),
        ("To whom (country)", "target", facets.target_countries),
        ("Outlet", "outlet", facets.outlets),
    )
    for title, field, counts in sides:
        at, held = href_with(PATH, asked, field), getattr(asked, field)
        # Of several countries any one does: beside one that is asked for, another would not narrow down.
        offered = [one for one in counts if one.value in held] if held and field in ("source", "target") else counts
        values = tuple(_value(field, one, held, at) for one in offered[:_MOST_VALUES])
        if values:
            left = len(offered) - len(values)
            yield Facet(title, values[:_SHOWN], values[_SHOWN:], left)


def _value(field: str, one: Count, held: tuple[str, ...], at: Callable[[Iterable[tuple[str, str]]], str]) -> Value:
    # The outlet of this very name, in place of words that others have in theirs too.
    word = whole(one.value) if field == "outlet" else one.value
    chosen = word in held
    after = tuple(other for other in held if other != word) if chosen else (word,)
    label = one.value.replace("_", " ") if field == "status" else one.value
    if field in ("source", "target"):
        label = country_name(one.value) or one.value
    return Value(label, one.events, at((field, word) for word in after), chosen)


def _chips(asked: Query) -> Iterator[Chip]:
    """Yield what is asked for, but for process and order, each with the address that asks for it no more."""
    for name, value in pairs(asked, without=("limit", "offset", "sort", "process")):
        held = getattr(asked, name)
        default = next(one.default for one in dataclasses.fields(Query) if one.name == name)
        without: Any = tuple(word for word in held if word != value) if isinstance(held, tuple) else default
        changed: dict[str, Any] = {name: without}
        yield Chip(name.replace("_", " "), value, href(PATH, replace(asked, **changed)))


def _views(desk: Desk, person: str) -> tuple[Kept, ...]:
    return tuple(Kept(title, f"{PATH}?{query}") for title, query in desk.accounts.views(person))


async def keep(request: Request) -> Response:
    """Keep the question of the page under a title."""
    sent = await request.form()
    title = " ".join(str(sent.get("title", "")).split())
    query = _own(str(sent.get("query", "")))
    if not title:
        raise HTTPException(400, "A view needs a title. Go back and give one.")
    desk_of(request).accounts.keep_view(request.state.person.name, title, query)
    return RedirectResponse(_said(query, f"Kept as {title[:80]}."), 303)


async def drop(request: Request) -> Response:
    """Forget a kept question."""
    sent = await request.form()
    title = str(sent.get("title", ""))
    desk_of(request).accounts.drop_view(request.state.person.name, title)
    return RedirectResponse(_said(_own(str(sent.get("query", ""))), f"Forgot {title[:80]}."), 303)


def _own(query: str) -> str:
    """Return the parameters of a question of ours, all others left out."""
    names = {one.name for one in dataclasses.fields(Query)} - {"limit", "offset"}
    return urlencode([(name, value) for name, value in parse_qsl(query)[:200] if name in names])


def _said(query: str, words: str) -> str:
    return f"{PATH}?{query}{'&' if query else ''}{urlencode({'said': words})}"


assert set(SORT_NAMES) == set(SORTS)
