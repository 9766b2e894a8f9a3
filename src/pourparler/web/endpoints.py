"""The endpoints of the API as data: from them come the routes and their description."""

from __future__ import annotations

import dataclasses
import datetime
import importlib
import typing
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.chronicle import Chronicle
from pourparler.errors import ArchiveError
from pourparler.export.flat import json_text
from pourparler.web.kept_views import kept
from pourparler.web.questions import href, question
from pourparler.web.schemas import Schema
from pourparler.web.settings import Role
from pourparler.web.state import desk_of

LIMIT, MOST = 100, 1000
Handler = Callable[[Request], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API.

    ``asks`` is the question that its parameters make (None: it has none), ``gives`` what it answers: one such
    thing, or a page of such rows where ``paged``; None is an object of no fixed shape. ``role`` is what whoever
    asks must have. ``takes`` is the schema of what is sent to it (None: nothing is, it is asked by GET); it answers
    then before all is done.
    """

    path: str
    summary: str
    handler: Handler
    asks: type | None
    gives: type | None
    paged: bool = False
    role: Role = "reader"
    takes: Schema | None = None

    @property
    def method(self) -> str:
        """GET, or POST where something is sent."""
        return "GET" if self.takes is None else "POST"

    def route(self) -> Route:
        """Return the route of the endpoint."""
        return Route(self.path, self.handler, methods=[self.method])


@dataclass(frozen=True, slots=True)
class RowsQuery:
    """Which rows are asked for."""

    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ViewQuery:
    """Which rows of a view are asked for: those that a period touches, seen from a day."""

    today: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A view of a process: the function that makes it, the kind of its rows, and its summary."""

    name: str
    make: Callable[..., tuple[Any, ...]]
    row: type
    summary: str


# Each view with the module and function that make it.
_VIEWS = {
    "timeline": ("timeline", "view", "What happened, day by day"),
    "meetings": ("meetings", "view", "Rounds of talks: who, where, format, outcome, what is next"),
    "claims": ("claims", "view", "Who accuses whom of what, who denies and who confirms it"),
    "commitments": ("commitments", "view", "Who promised what by when: kept, broken, overdue, open or only offered"),
    "agenda": ("agenda", "view", "What is due, and what was moved or called off"),
    "ceasefire": ("ceasefire", "view", "Week by week, whether a ceasefire holds and who says it does not"),
    "positions": ("positions", "view", "What each side demands and rejects, and when that changed"),
    "relations": ("relations", "view", "How much each does to whom, by month, with how sure that is"),
    "changes": ("changes", "changes", "When relations changed more than chance would do"),
    "alerts": ("changes", "alerts", "Months that stand out, with the reasons"),
    "actors": ("actors", "view", "Who takes part, with offices and whom they deal with"),
    "edges": ("actors", "edges", "Who acts towards whom: the network of actors"),
}


def views() -> tuple[View, ...]:
    """Return all views of a process; the kind of rows is what the function's annotation says."""
    out = []
    for name, (module, function, summary) in _VIEWS.items():
        make = getattr(importlib.import_module(f"pourparler.archive.views.{module}"), function)
        out.append(View(name, make, typing.get_args(typing.get_type_hints(make)["return"])[0], summary))
    return tuple(out)


def asked_of(kind: type[Any], request: Request) -> Any:
    """Return the question of a request; raises ArchiveError for a parameter that is unknown or makes no sense."""
    return question(kind, request.query_params, process_of=desk_of(request).process, beside=())


def limited(asked: Any) -> tuple[int, int]:
    """Return limit and offset of a question; raises ArchiveError where they are out of bounds."""
    limit = LIMIT if asked.limit is None else asked.limit
    if not 0 < limit <= MOST or asked.offset < 0:
        raise ArchiveError(f"limit goes from 1 to {MOST}, offset from 0. Follow the address in next for more")
    return limit, asked.offset


def answer(value: Any) -> Response:
    """Answer with JSON."""
    return Response(json_text(value), media_type="application/json")


def paged(request: Request, asked: Any, rows: Sequence[Any], total: int) -> Response:
    """Answer with a page of rows, how many there are in all, and the address of the next page."""
    limit, offset = limited(asked)
    following = offset + len(rows)
    on = None
    if rows and following < total:
        on = href(request.url.path, asked, ("limit", limit), ("offset", following))
    made = [dataclasses.asdict(row) for row in rows]
    return answer({"total": total, "limit": limit, "offset": offset, "next": on, "rows": made})


def cut(view: View, chronicle: Chronicle, asked: ViewQuery) -> list[Any]:
    """Return the rows of a view that a period touches; those without a day are left out where one is asked for."""
    from pourparler.archive.periods import period
    from pourparler.export.layout import days_of

    rows = kept(chronicle, view.make, today=_day(asked.today))
    if asked.since is None and asked.until is None:
        return list(rows)
    low = period(asked.since)[0] if asked.since else datetime.date.min
    high = period(asked.until)[1] if asked.until else datetime.date.max
    dated = ((row, days_of(view.name, row)) for row in rows)
    return [row for row, days in dated if days and days[0] <= high and days[1] >= low]


def _day(words: str | None) -> datetime.date | None:
    if words is None:
        return None
    try:
        return datetime.date.fromisoformat(words)
    except ValueError as error:
        raise ArchiveError(f"today: {words!r} is no day. Write it as 2022-09-14") from error
