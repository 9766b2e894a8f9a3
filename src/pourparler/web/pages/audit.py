"""The log page: who signed in, decided, added and changed what, and when; for owners."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.web.guard import demand
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of

PATH = "/log"
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log; ``at`` is UTC."""

    at: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """What the page shows: lines from the newest; ``older`` is the number before which more stand."""

    entries: tuple[Entry, ...]
    name: str | None
    older: int | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


def show(request: Request) -> Response:
    """Show the log."""
    demand(request, "owner")
    asked = request.query_params
    before, name = asked.get("before", ""), asked.get("name") or None
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
    found = desk_of(request).accounts.log(_PAGE + 1, before=number, name=name)
    older = found[_PAGE - 1].n if len(found) > _PAGE else None
    context = LogPage(tuple(Entry(_utc(one.at), one.name, one.what) for one in found[:_PAGE]), name, older)
    return page(request, "log.html", shell(request, "Log", "log"), context)


def _utc(at: float) -> str:
    return datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
