"""The agenda page and its calendar: what is due, what moved, what took place; promises; rounds of talks; truces."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.asof import as_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.views import agenda, ceasefire, commitments, meetings
from pourparler.archive.views.agenda import Item
from pourparler.archive.views.ceasefire import Violation, Week
from pourparler.archive.views.commitments import Commitment
from pourparler.archive.views.common import today_of
from pourparler.archive.views.meetings import Round
from pourparler.errors import ArchiveError
from pourparler.web.grounds import Grounds, grounds, process_of
from pourparler.web.kept_pages import kept_page
from pourparler.web.kept_views import kept
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of

PATH = "/agenda"
T = TypeVar("T")
# So many rows of a section, the newest; the others are a link away.
_MOST = 25
# Promises that something became of or that are late come before open ones.
_STATES = ("broken", "overdue", "kept", "open", "offered")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing on the agenda: when it was announced for when, and the words that announce and that settle it."""

    item: Item
    announced: tuple[str, ...]
    words: Grounds


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise with its words, and the words that say that it was kept, broken, or is said to be broken."""

    promise: Commitment
    words: Grounds
    kept: Grounds
    broken: Grounds
    doubted: Grounds


@dataclass(frozen=True, slots=True)
class Talks:
    """A round of talks with its words and the addresses of its events."""

    round: Round
    words: Grounds
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A violation with the words that tell it."""

    violation: Violation
    words: Grounds


@dataclass(frozen=True, slots=True)
class TruceWeek:
    """A week of a truce, with its violations."""

    week: Week
    violations: tuple[Broken, ...]


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """Rows of one kind; ``total`` with those that are not shown, ``more`` the address that shows all."""

    id: str
    title: str
    rows: tuple[T, ...]
    total: int
    more: str | None


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """What the page shows as of ``today``; ``last`` is the day of the newest report."""

    process: Process
    today: str
    last: str
    calendar: str
    items: tuple[Section[Due], ...]
    promises: tuple[Section[Promised], ...]
    rounds: Section[Talks]
    weeks: Section[TruceWeek]
    problem: str | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"]), Route(f"{PATH}.ics", calendar, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show the agenda of a process as of a day."""
    process = process_of(request)
    chronicle = desk_of(request).chronicle(process)
    problem = None
    try:
        today = _day(request.query_params.get("today", ""))
    except ArchiveError as error:
        today, problem = None, str(error)
    context = agenda_page(chronicle, today=today, whole=request.query_params.get("all", ""), problem=problem)
    around = shell(request, "Agenda", "agenda", process=process.name)
    return page(request, "agenda.html", around, context, status=400 if problem else 200)


def calendar(request: Request) -> Response:
    """Answer with the agenda as a calendar that other programs can subscribe to."""
    from pourparler.export.icalendar import write_agenda

    process = process_of(request)
    today = _day(request.query_params.get("today", ""))
    stream = io.BytesIO()
    known = _known(desk_of(request).chronicle(process), today)
    write_agenda(kept(known, agenda.view, today=today), stream)
    headers = {"Content-Disposition": 'inline; filename="agenda.ics"'}
    return Response(stream.getvalue(), media_type="text/calendar; charset=utf-8", headers=headers)


def _day(words: str) -> datetime.date | None:
    """Return the day that is given, None where there is none; raises ArchiveError for anything else."""
    if not words.strip():
        return None
    try:
        return datetime.date.fromisoformat(words.strip())
    except ValueError as error:
        raise ArchiveError(f"{words[:40]!r} is no day. Write it as 2023-05-14") from error


def agenda_page(
    chronicle: Chronicle, *, today: datetime.date | None, whole: str = "", problem: str | None = None
) -> AgendaPage:
    """Return the agenda of a chronicle as of a day (None: that of the newest report).

    Args:
        whole: the id of the section that is shown with all its rows.
    """
    process = chronicle.process
    last = today_of(chronicle, None)
    chronicle = _known(chronicle, today)
    asked = [("process", process.name), *([("today", today.isoformat())] if today else [])]
    page_of = _Sections(asked, whole)
    return AgendaPage(
        process,
        (today or last).isoformat(),
        last.isoformat(),
        f"{PATH}.ics?{urlencode(asked)}",
        _items(chronicle, page_of, today),
        _promises(chronicle, page_of, today),
        page_of.section("meetings", "Rounds of talks", _talks(chronicle, today)),
        page_of.section("ceasefire", "Ceasefire, week by week", _weeks(chronicle, today)),
        problem,
    )


def _known(chronicle: Chronicle, today: datetime.date | None) -> Chronicle:
    """Return the chronicle as it was on a day: what later reports tell is not known then."""
    return kept(chronicle, _as_of, today=today) if today else chronicle


def _as_of(chronicle: Chronicle, *, today: datetime.date) -> Chronicle:
    return as_of(chronicle, today)


class _Sections:
    """Cuts sections to what a page holds."""

    def __init__(self, asked: Sequence[tuple[str, str]], whole: str) -> None:
        self._asked, self._whole = asked, whole

    def section(self, id_: str, title: str, rows: Iterable[T]) -> Section[T]:
        """Return a section of the first rows, all of them where it is the one that is asked for."""
        every = tuple(rows)
        shown = every if self._whole == id_ else every[:_MOST]
        more = f"{PATH}?{urlencode([*self._asked, ('all', id_)])}#{id_}" if len(shown) < len(every) else None
        return Section(id_, title, shown, len(every), more)


def _items(chronicle: Chronicle, page_of: _Sections, today: datetime.date | None) -> tuple[Section[Due], ...]:
    every = kept(chronicle, agenda.view, today=today)
    newest = sorted(every, key=lambda one: (one.day, one.last, one.what), reverse=True)
    groups = (
        ("due", "Due", [one for one in every if one.state == "due"]),
        ("moved", "Moved", [one for one in newest if one.moved]),
        ("off", "Postponed or called off", [one for one in newest if one.state in ("postponed", "cancelled")]),
        ("silent", "Passed without news", [one for one in newest if one.state == "passed without news"]),
        ("done", "Took place", [one for one in newest if one.state == "took place"]),
    )
    return tuple(
        page_of.section(id_, title, [Due(one, _announced(one), _words_of(chronicle, one)) for one in rows])
        for id_, title, rows in groups
        if rows or id_ == "due"
    )


def _announced(item: Item) -> tuple[str, ...]:
    """Return on which days which outlets announced which day, each once."""
    return tuple(
        dict.fromkeys(
            f"{one.told} for {one.day}{f' – {one.last}' if one.last != one.day else ''}"
            f"{f' ({one.publisher})' if one.publisher else ''}"
            for one in item.announced
        )
    )


def _words_of(chronicle: Chronicle, item: Item) -> Grounds:
    announced = [key for one in item.announced for key in one.tellings]
    return grounds(chronicle, [*announced, *item.settled_by, *item.tellings])


def _promises(chronicle: Chronicle, page_of: _Sections, today: datetime.date | None) -> tuple[Section[Promised], ...]:
    every = kept(chronicle, commitments.view, today=today)
    newest = sorted(every, key=lambda one: (one.day, one.words), reverse=True)
    by_state = {state: [_promised(chronicle, one) for one in newest if one.state == state] for state in _STATES}
    return tuple(page_of.section(f"commitments-{state}", state, rows) for state, rows in by_state.items())


def _promised(chronicle: Chronicle, one: Commitment) -> Promised:
    return Promised(
        one,
        grounds(chronicle, one.tellings or one.sayings),
        grounds(chronicle, one.kept_by),
        grounds(chronicle, one.broken_by),
        grounds(chronicle, one.doubted_by),
    )


def _talks(chronicle: Chronicle, today: datetime.date | None) -> list[Talks]:
    query = urlencode({"process": chronicle.process.name})
    return [
        Talks(one, grounds(chronicle, one.tellings), tuple(f"/event/{key}?{query}" for key in one.events))
        for one in reversed(kept(chronicle, meetings.view, today=today))
    ]


def _weeks(chronicle: Chronicle, today: datetime.date | None) -> list[TruceWeek]:
    return [
        TruceWeek(
            week, tuple(Broken(one, grounds(chronicle, one.tellings or one.sayings)) for one in week.violations)
        )
        for week in reversed(kept(chronicle, ceasefire.view, today=today))
    ]
