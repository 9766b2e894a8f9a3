"""About the figures: how right the reader is, how far to trust confidence, what this archive holds, licences."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, case, func, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import pourparler
from pourparler.archive import schema
from pourparler.archive.store import Archive, Counts
from pourparler.record import Run
from pourparler.web.counting import once
from pourparler.web.kept_pages import kept_page
from pourparler.web.render import page, shell
from pourparler.web.state import desk_of

PATH = "/about"
# Lower bounds of the bins of confidence, highest first.
_BINS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.0)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure in words, with its value for each column."""

    what: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A figure on a public set."""

    what: str
    set: str
    value: float


@dataclass(frozen=True, slots=True)
class Licence:
    """A part that is shipped, where it is from, and its terms."""

    what: str
    origin: str
    terms: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What data/accuracy.toml holds; ``calibration`` is the expected calibration error."""

    note: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[Measured, ...]
    tasks: tuple[Task, ...]
    calibration: float
    cannot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Events of a confidence of at least ``low``, and how many of them are right if confidence is."""

    low: float
    events: int
    expected: float
    href: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A run with how many reports it read and how many tellings of it are shown."""

    key: str
    run: Run
    read: int
    shown: int


@dataclass(frozen=True, slots=True)
class Held:
    """What an archive holds: counts, its first and last day, events by confidence, runs, verdicts by kind."""

    counts: Counts
    first: str | None
    last: str | None
    bins: tuple[Bin, ...]
    readings: tuple[Reading, ...]
    verdicts: tuple[tuple[str, int], ...]
    unread: int


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What the page shows; ``content`` is the archive's content hash where it was asked for."""

    version: str
    accuracy: Accuracy
    held: Held
    content: str | None
    licences: tuple[Licence, ...]


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route(PATH, show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show where the figures come from; the content hash takes seconds in a big archive and is made on demand."""
    asked = request.query_params.get("content") == "yes"
    context = about_page(desk_of(request).archive, content=asked)
    return page(request, "about.html", shell(request, "About the figures", "about"), context)


def about_page(archive: Archive, *, content: bool = False) -> AboutPage:
    """Return what is known of the figures of an archive."""
    with archive.reading() as connection:
        hashed = once(archive, connection, "content", archive.content_hash) if content else None
    return AboutPage(pourparler.__version__, accuracy(), held(archive), hashed, licences())


def held(archive: Archive) -> Held:
    """Return what an archive holds, made once until it changes: of 84,003 reports counting takes 0.3 s."""
    with archive.reading() as connection:
        return once(archive, connection, "held", lambda: _held(archive))


def _held(archive: Archive) -> Held:
    report = schema.report.c
    kinds = select(schema.verdict.c.kind, func.count()).group_by(schema.verdict.c.kind)
    with archive.reading() as connection:
        first, last = connection.execute(select(func.min(report.day), func.max(report.day))).one()
        said = connection.execute(kinds).all()
        unread = connection.execute(select(func.count(schema.unread.c.report.distinct()))).scalar_one()
    read, shown = _by_run(archive, schema.record), _by_run(archive, schema.telling)
    return Held(
        archive.counts(),
        first,
        last,
        _bins(archive),
        tuple(Reading(key, run, read.get(key, 0), shown.get(key, 0)) for key, run in archive.runs()),
        tuple(sorted((str(row[0]), int(row[1])) for row in said)),
        unread,
    )


def _by_run(archive: Archive, table: Table) -> dict[str, int]:
    with archive.reading() as connection:
        rows = connection.execute(select(table.c.run, func.count()).group_by(table.c.run))
        return {row[0]: row[1] for row in rows}


def _bins(archive: Archive) -> tuple[Bin, ...]:
    sure = schema.event.c.confidence
    which = case(*((sure >= low, low) for low in _BINS[:-1]), else_=0.0)
    query = select(which, func.count(), func.sum(sure)).group_by(which)
    with archive.reading() as connection:
        found = {round(float(row[0]), 1): (int(row[1]), float(row[2])) for row in connection.execute(query)}
    out, events, right = [], 0, 0.0
    for low in _BINS:
        more, expected = found.get(low, (0, 0.0))
        events, right = events + more, right + expected
        out.append(Bin(low, events, right, f"/events?confidence={low}&sort=-confidence"))
    return tuple(out)


def _data(name: str) -> Mapping[str, Any]:
    path = importlib.resources.files("pourparler.web") / "data" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


@functools.cache
def accuracy() -> Accuracy:
    """Return the figures of data/accuracy.toml."""
    data = _data("accuracy.toml")
    exam = data["exam"]
    return Accuracy(
        exam["note"],
        tuple((one["name"], one["events"]) for one in exam["column"]),
        tuple(Measured(one["what"], tuple(one["values"])) for one in exam["row"]),
        tuple(Task(one["what"], one["set"], one["value"]) for one in data["task"]),
        data["calibration"]["value"],
        tuple(data["limits"]["cannot"]),
    )


@functools.cache
def licences() -> tuple[Licence, ...]:
    """Return the parts of data/licences.toml."""
    return tuple(Licence(one["what"], one["from"], one["terms"]) for one in _data("licences.toml")["part"])
