"""The list of verdicts: who decided what and when, how each stands, and which need a look."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.standing import Standing
from pourparler.web.guard import demand
from pourparler.web.render import page, shell
from pourparler.web.reviewing import described
from pourparler.web.state import desk_of

PATH = "/review/given"
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict in the list; ``telling`` is what it is about now, None where that is gone."""

    key: str
    at: str
    by: str
    what: str
    kind: str
    state: str
    why: str
    telling: str | None
    look: bool
    undoable: bool


@dataclass(frozen=True, slots=True)
class GivenPage:
    """What the page shows: ``rows`` from the newest, of all or of one person, all or those that need a look."""

    rows: tuple[Row, ...]
    total: int
    first: int
    every: int
    looks: int
    people: tuple[tuple[str, int], ...]
    by: str | None
    look: bool
    kind: str | None
    here: str
    newer: str | None
    older: str | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


def show(request: Request) -> Response:
    """Show the verdicts."""
    demand(request, "reviewer")
    asked = request.query_params
    offset = asked.get("offset", "0")
    context = given_page(
        desk_of(request).standings(), by=asked.get("by") or None, look=asked.get("look") == "1",
        kind=asked.get("kind") or None,
        offset=int(offset) if offset.isascii() and offset.isdecimal() and len(offset) < 9 else 0,
    )  # fmt: skip
    return page(request, "given.html", shell(request, "Verdicts", "review"), context)


def given_page(
    standings: list[Standing], *, by: str | None, look: bool, kind: str | None = None, offset: int = 0
) -> GivenPage:
    """Return a page of the list: of one person or all, those that need a look or all, of one kind or all."""
    chosen = [
        one
        for one in reversed(standings)
        if by in (None, one.verdict.by) and kind in (None, one.verdict.kind) and (one.attention or not look)
    ]

    def at(offset: int) -> str:
        pairs = {"by": by or "", "look": "1" if look else "", "kind": kind or "", "offset": str(offset or "")}
        return f"{PATH}?{urlencode({name: value for name, value in pairs.items() if value})}"

    counts: dict[str, int] = {}
    for one in standings:
        counts[one.verdict.by] = counts.get(one.verdict.by, 0) + 1
    shown = chosen[offset : offset + _PAGE]
    newer, older = max(0, offset - _PAGE), offset + _PAGE
    return GivenPage(
        tuple(map(_row, shown)), len(chosen), offset + 1, len(standings), sum(one.attention for one in standings),
        tuple(sorted(counts.items())), by, look, kind, at(offset),
        at(newer) if offset else None, at(older) if older < len(chosen) else None,
    )  # fmt: skip


def _row(found: Standing) -> Row:
    one = found.verdict
    return Row(
        one.key, one.at, one.by, described(one), one.kind, found.state, found.why, found.telling, found.attention,
        found.state != "undone",
    )  # fmt: skip
