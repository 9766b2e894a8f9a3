"""The API by which programs add reports, and see what became of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pourparler.errors import DeskError
from pourparler.web import incoming
from pourparler.web.adding import State
from pourparler.web.endpoints import answer
from pourparler.web.guard import demand
from pourparler.web.incoming import Pasted
from pourparler.web.pages.add import job_of, reports_in, submitted
from pourparler.web.schemas import Schema
from pourparler.web.state import desk_of

PATH = "/api/v1/added"
_MOST = 100
_NAMES = tuple(one.name for one in dataclasses.fields(Pasted))


@dataclass(frozen=True, slots=True)
class Begun:
    """An adding that was begun: its key, and the address where it can be followed."""

    added: str
    href: str


@dataclass(frozen=True, slots=True)
class AddedReport:
    """A report that came in: its key, whether the archive had it before, and the keys of the events it tells."""

    key: str
    known: bool
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """How far an adding is: reports read of those expected (0 where that is not known), and the same in words.

    ``reports`` are there when it is over; ``left_out`` counts reports, problems and notes that are not listed.
    """

    state: State
    done: int
    total: int
    words: str
    reports: tuple[AddedReport, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: int


def taken() -> Schema:
    """Return the schema of what is sent: a report, or several under ``reports``."""
    one: Schema = {
        "type": "object",
        "description": "A report; published is its day of publication, such as 2023-05-04.",
        "properties": {name: {"type": ["string", "null"]} for name in _NAMES},
        "required": ["text"],
        "additionalProperties": False,
    }
    one["properties"]["text"] = {"type": "string", "pattern": r"\S"}
    several: Schema = {
        "type": "object",
        "properties": {"reports": {"type": "array", "items": one, "minItems": 1, "maxItems": _MOST}},
        "required": ["reports"],
        "additionalProperties": False,
    }
    return {"anyOf": [one, several]}


async def add(request: Request) -> Response:
    """Begin to add one report, or several under ``reports``: text, title, published, publisher, url."""
    person, desk = demand(request, "reviewer"), desk_of(request)
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise HTTPException(415, "Send the report as application/json.")
    try:
        reports = await run_in_threadpool(_sent, await request.body())
        gather = incoming.pasted(reports)
        job = await run_in_threadpool(submitted, desk, person.name, f"{len(reports)} by a program", gather)
    except DeskError as error:
        raise HTTPException(429, str(error)) from error
    made = answer(dataclasses.asdict(Begun(job.key, f"{PATH}/{job.key}")))
    made.status_code = 202
    made.headers["Location"] = f"{PATH}/{job.key}"
    return made


def _sent(body: bytes) -> Sequence[Pasted]:
    """Return the reports of a request's content; raises 400 where it holds none."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"This is no JSON ({type(error).__name__}).") from error
    rows = data["reports"] if isinstance(data, dict) and set(data) == {"reports"} else [data]
    if not isinstance(rows, list) or not 0 < len(rows) <= _MOST:
        raise HTTPException(400, f"reports is a list of 1 to {_MOST} reports.")
    return [_report(row, n) for n, row in enumerate(rows, 1)]


def _report(row: Any, n: int) -> Pasted:
    if not isinstance(row, dict) or not set(row) <= set(_NAMES):
        raise HTTPException(400, f"Report {n} is an object with {', '.join(_NAMES)}, and nothing else.")
    if not all(value is None or isinstance(value, str) for value in row.values()):
        raise HTTPException(400, f"Report {n}: one of {', '.join(_NAMES)} is no text.")
    if not (row.get("text") or "").strip():
        raise HTTPException(400, f"Report {n}: text is missing.")
    return Pasted(**row)


def show(request: Request) -> Response:
    """Return how far an adding is, and which reports and events came in."""
    job = job_of(request)
    step = job.step
    reports = reports_in(desk_of(request).archive, list(job.came)) if step.over else ()
    came = tuple(AddedReport(one.key, one.known, tuple(event.event for event in one.events)) for one in reports)
    made = Added(
        step.state, step.done, step.total, step.words, came, tuple(job.problems), tuple(job.notes), job.left_out
    )
    return answer(dataclasses.asdict(made))
