"""The add page: paste a report, upload files, give an address; what came in, and the events told in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from pourparler.archive import schema, told
from pourparler.archive.query import cited_of
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.archive.views.common import standing
from pourparler.archive.views.lines import line
from pourparler.errors import DeskError, PourparlerError
from pourparler.web import incoming
from pourparler.web.adding import Came, Gather, Job
from pourparler.web.event_lines import to_words
from pourparler.web.guard import demand
from pourparler.web.incoming import Pasted, Upload
from pourparler.web.render import page, shell
from pourparler.web.state import Desk, desk_of

PATH = "/add"
_FILES = 20
# How often (seconds) it is looked whether a job is further.
_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed into the forms, to be typed no second time."""

    title: str = ""
    published: str = ""
    publisher: str = ""
    text: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class AddPage:
    """The forms, and what was added since the desk began."""

    given: Given
    problem: str | None
    jobs: tuple[JobLine, ...]
    most: int


@dataclass(frozen=True, slots=True)
class JobLine:
    """An adding in a line."""

    key: str
    what: str
    by: str
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class EventIn:
    """An event of a report that came in; ``more`` is how many other reports tell it."""

    event: str
    telling: str
    to_words: str
    type: str
    status: str
    standing: str
    day: str | None
    line: str
    more: int


@dataclass(frozen=True, slots=True)
class ReportIn:
    """A report that came in, with its events; ``known`` where the archive had it."""

    key: str
    title: str | None
    publisher: str | None
    published: str | None
    known: bool
    events: tuple[EventIn, ...]


@dataclass(frozen=True, slots=True)
class JobPage:
    """How far an adding is, and what came in."""

    key: str
    what: str
    over: bool
    failed: bool
    done: int
    total: int
    words: str
    reports: tuple[ReportIn, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: int


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [
        Route(PATH, form, methods=["GET"]),
        Route(PATH, add, methods=["POST"]),
        Route(f"{PATH}/{{job}}", show, methods=["GET"]),
        Route(f"{PATH}/{{job}}/events", follow, methods=["GET"]),
    ]


def form(request: Request) -> Response:
    """Show the forms."""
    demand(request, "reviewer")
    return _form(request, Given(), None)


def _form(request: Request, given: Given, problem: str | None) -> Response:
    desk = desk_of(request)
    jobs = tuple(JobLine(one.key, one.what, one.by, one.at, one.step.words) for one in desk.jobs.recent()[:10])
    context = AddPage(given, problem, jobs, desk.settings.most_upload // (1024 * 1024))
    return page(request, "add.html", shell(request, "Add reports", "add"), context, status=400 if problem else 200)


async def add(request: Request) -> Response:
    """Begin to add what was pasted, uploaded or named, and go to where it can be followed."""
    person, desk = demand(request, "reviewer"), desk_of(request)
    async with request.form(max_files=_FILES, max_part_size=desk.settings.most_upload) as sent:
        given = Given(*(_word(sent, name) for name in ("title", "published", "publisher", "text", "address")))
        try:
            job = await run_in_threadpool(_begin, desk, person.name, sent, given)
        except PourparlerError as error:
            return await run_in_threadpool(_form, request, given, str(error))
    return RedirectResponse(f"{PATH}/{job.key}", 303)


def _begin(desk: Desk, by: str, sent: FormData, given: Given) -> Job:
    files = [one for one in sent.getlist("files") if isinstance(one, UploadFile) and (one.filename or one.size)]
    if files:
        uploads = [Upload(one.filename or "", one.file) for one in files]
        gather, folder = incoming.uploaded(uploads, published=given.published)
        what = ", ".join(incoming.shown_name(one.name, n) for n, one in enumerate(uploads))
        return submitted(desk, by, what, gather, clean=folder.cleanup)
    if given.address:
        gather = incoming.fetched(given.address, full=bool(_word(sent, "full")))
        return submitted(desk, by, given.address, gather)
    if not given.text:
        raise DeskError("nothing was given. Paste a text, choose files, or give an address")
    one = Pasted(given.text, given.title, given.published, given.publisher)
    return submitted(desk, by, given.title or "a pasted report", incoming.pasted([one]))


def submitted(desk: Desk, by: str, what: str, gather: Gather, *, clean: Callable[[], None] = lambda: None) -> Job:
    """Begin a job, and write into the log who did."""
    job = desk.jobs.submit(what[:200], by, gather, clean=clean)
    desk.accounts.note(by, f"add: {what}")
    return job


def _word(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value.strip() if isinstance(value, str) else ""


def job_of(request: Request) -> Job:
    """Return the adding that an address names; raises 404 where it is none, 403 for readers."""
    demand(request, "reviewer")
    job = desk_of(request).jobs.get(request.path_params["job"])
    if job is None:
        raise HTTPException(
            404, "This adding is forgotten, for the desk was started anew. What came in stands in Reports."
        )
    return job


def show(request: Request) -> Response:
    """Show how far an adding is; when it is over, what came in."""
    job = job_of(request)
    step = job.step
    reports = reports_in(desk_of(request).archive, list(job.came)) if step.over else ()
    context = JobPage(
        job.key, job.what, step.over, step.state == "failed", step.done, step.total, step.words, reports,
        tuple(job.problems), tuple(job.notes), job.left_out,
    )  # fmt: skip
    return page(request, "added.html", shell(request, "Added", "add"), context)


async def follow(request: Request) -> Response:
    """Answer with the steps of an adding as they come (server-sent events), until it is over."""
    return StreamingResponse(_steps(job_of(request)), media_type="text/event-stream")


async def _steps(job: Job) -> AsyncIterator[str]:
    told = None
    while True:
        step = job.step
        if step.over:
            yield _event("end", {"words": step.words, "href": f"{PATH}/{job.key}"})
            return
        if step != told:
            yield _event("step", {"done": step.done, "total": step.total, "words": step.words})
            told = step
        await asyncio.sleep(_LOOK)


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def reports_in(archive: Archive, came: Sequence[Came]) -> tuple[ReportIn, ...]:
    """Return what came in: each report once, in order, with the events that it tells."""
    known: dict[str, bool] = {}
    for one in came:
        known[one.report] = known.get(one.report, False) or one.known
    with archive.reading() as connection:
        column = schema.report.c
        rows = {
            row.key: row
            for part in portions(known)
            for row in connection.execute(
                select(column.key, column.title, column.publisher, column.published).where(column.key.in_(part))
            )
        }
        events = _events(connection, list(rows))
    return tuple(
        ReportIn(key, row.title, row.publisher, row.published, known[key], tuple(events.get(key, ())))
        for key, row in ((key, rows[key]) for key in known if key in rows)
    )


def _events(connection: Connection, reports: Sequence[str]) -> dict[str, list[EventIn]]:
    tellings = [
        one for part in portions(reports) for one in told.tellings(connection, schema.telling.c.report.in_(part))
    ]
    joined = {
        one.key: one
        for part in portions({one.event for one in tellings})
        for one in told.events(connection, schema.event.c.key.in_(part))
    }
    out: dict[str, list[EventIn]] = {}
    for one in sorted(cited_of(connection, tellings), key=lambda one: (one.telling.start, one.telling.key)):
        telling, event = one.telling, joined[one.telling.event]
        out.setdefault(telling.report, []).append(
            EventIn(
                event.key,
                telling.key,
                to_words(telling.report, telling.key, telling.start),
                event.type,
                event.status,
                standing(event.status),
                event.day,
                line(event, telling.words, says=one.says),
                len(event.tellings) - 1,
            )
        )
    return out
