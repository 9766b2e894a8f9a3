"""The brief of a week, within the desk and to take along; every sentence carries the reports it rests on."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pourparler.archive.briefing import Brief, Reference
from pourparler.archive.briefing import brief as made_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.periods import period
from pourparler.archive.process import Process
from pourparler.archive.store import Archive
from pourparler.archive.views.common import today_of
from pourparler.errors import ArchiveError
from pourparler.export.brief import Passage, passages, source_line, write_html, write_markdown
from pourparler.web.counting import once
from pourparler.web.event_lines import to_words
from pourparler.web.grounds import process_of
from pourparler.web.kept_pages import kept_page
from pourparler.web.render import page, shell
from pourparler.web.state import Desk, desk_of

PATH = "/brief"
_MEDIA = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A report among the sources: its line, its address, and the passages quoted from it."""

    number: int
    line: str
    href: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class BriefPage:
    """What the page shows; ``problem`` says what is wrong with the week that was asked for, then it is the last.

    ``to_words`` and ``events`` are the addresses of words and events by the keys of what is quoted, ``events_href``
    that of all events of the time.
    """

    process: Process
    brief: Brief
    week: str
    previous: str | None
    following: str | None
    newest: str
    newest_week: str
    downloads: tuple[tuple[str, str], ...]
    sources: tuple[Listed, ...]
    to_words: dict[str, str]
    events_href: str
    events: dict[str, str]
    problem: str | None


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"]), Route(f"{PATH}.{{form}}", take, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show the brief of a week; of the last one with reports where none is given."""
    desk, process = desk_of(request), process_of(request)
    chronicle = desk.chronicle(process)
    problem = None
    try:
        days = _days(request.query_params.get("week", ""), chronicle)
    except ArchiveError as error:
        days, problem = _days("", chronicle), str(error)
    context = brief_page(desk, chronicle, days, problem=problem)
    around = shell(request, f"Brief, {context.week}", "brief", process=process.name)
    return page(request, "brief.html", around, context, status=400 if problem else 200)


def take(request: Request) -> Response:
    """Answer with the brief as a file, Markdown or HTML."""
    from starlette.exceptions import HTTPException

    form = request.path_params["form"]
    if form not in _MEDIA:
        raise HTTPException(404, f"There is no such form of a brief. Forms are {', '.join(_MEDIA)}.")
    desk, process = desk_of(request), process_of(request)
    days = _days(request.query_params.get("week", ""), desk.chronicle(process))
    stream = io.StringIO()
    (write_html if form == "html" else write_markdown)(_brief(desk.archive, process, days), stream)
    # An attachment: it has a style of its own, which the policy of the desk's pages would not let be.
    headers = {"Content-Disposition": f'attachment; filename="brief-{_week(days[0])}.{form}"'}
    return Response(stream.getvalue().encode("utf-8", "replace"), media_type=_MEDIA[form], headers=headers)


def _days(words: str, chronicle: Chronicle) -> tuple[datetime.date, datetime.date]:
    """Return the days of the week (or other time) that is asked for; raises ArchiveError where it is none."""
    if words.strip():
        return period(words[:40])
    last = today_of(chronicle, None)
    if last == datetime.date.min:
        last = datetime.date(1970, 1, 1)
    return period(_week(last))


def _week(day: datetime.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _shifted(day: datetime.date, weeks: int) -> datetime.date | None:
    try:
        return day + datetime.timedelta(weeks=weeks)
    except OverflowError:
        return None


def _brief(archive: Archive, process: Process, days: tuple[datetime.date, datetime.date]) -> Brief:
    """Return a brief, made once until the archive changes."""
    with archive.reading() as connection:
        return once(archive, connection, ("brief", process, *days), lambda: made_of(archive, process, *days))


def brief_page(
    desk: Desk, chronicle: Chronicle, days: tuple[datetime.date, datetime.date], *, problem: str | None = None
) -> BriefPage:
    """Return the page of the brief of some days."""
    process, first = chronicle.process, days[0]
    made = _brief(desk.archive, process, days)

    def at(path: str, day: datetime.date) -> str:
        return f"{path}?{urlencode({'process': process.name, 'week': _week(day)})}"

    before, after = _shifted(first, -1), _shifted(first, 1)
    newest = _days("", chronicle)[0]
    asked = urlencode({"process": process.name, "week": _asked(days)})
    query = urlencode({"process": process.name})
    keys = {one.key for reference in made.references for one in reference.quotes}
    found = {key: chronicle.tellings.get(key) or chronicle.sayings.get(key) for key in keys}
    return BriefPage(
        process,
        made,
        _asked(days),
        at(PATH, before) if before else None,
        at(PATH, after) if after and after <= newest else None,
        at(PATH, newest),
        _week(newest),
        tuple((form, f"{PATH}.{form}?{asked}") for form in _MEDIA),
        tuple(_listed(one, query) for one in made.references),
        {key: to_words(one.report, key, one.start, process=process.name) for key, one in found.items() if one},
        f"/events?{urlencode({'process': process.name, 'since': _asked(days), 'until': _asked(days)})}",
        {key: f"/event/{chronicle.tellings[key].event}?{query}#{key}" for key in keys if key in chronicle.tellings},
        problem,
    )


def _asked(days: tuple[datetime.date, datetime.date]) -> str:
    """Return the shortest words for some days: a week, a day, a month or a year, as ``period`` reads them."""
    first, last = days
    every = (first.isoformat(), _week(first), first.isoformat()[:7], first.isoformat()[:4])
    return next((words for words in every if period(words) == (first, last)), _week(first))


def _listed(reference: Reference, query: str) -> Listed:
    source = reference.source
    return Listed(reference.number, source_line(source), f"/report/{source.report}?{query}", passages(reference))
