"""The event page: one event with all its tellings side by side, what joined them, and what people decided."""

from __future__ import annotations

import datetime
import typing
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import Connection, or_, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pourparler.archive import query as asking
from pourparler.archive import schema, verdicts
from pourparler.archive.candidates import date_of
from pourparler.archive.conditions import Query
from pourparler.archive.fields import FIELDS, in_words
from pourparler.archive.given import Verdict, undone
from pourparler.archive.process import Process
from pourparler.archive.query import Cited, Found
from pourparler.archive.store import Archive
from pourparler.archive.told import Joined, Saying, Version
from pourparler.archive.views.common import Standing, names, standing, titled
from pourparler.archive.views.lines import line
from pourparler.knowledge import country_name
from pourparler.record import EventType, Status
from pourparler.web.event_lines import is_dated, leading, passage, says_of, to_words
from pourparler.web.kept_pages import kept_page
from pourparler.web.loading import Neighbour, about, event_of, found_event, neighbours
from pourparler.web.marking import Piece
from pourparler.web.render import page, shell
from pourparler.web.reviewing import touched
from pourparler.web.state import Desk, desk_of

# So many days to each side, and so many events, are offered for joining; and so many judgements are shown.
_DAYS, _OFFERED, _JUDGEMENTS = 3, 8, 60


@dataclass(frozen=True, slots=True)
class Told:
    """One telling as the page shows it. ``differs`` are the fields in which it is not as the event."""

    key: str
    report: str
    to_words: str
    title: str | None
    published: str | None
    publisher: str | None
    is_copy: bool
    type: str
    mode: str | None
    status: str
    standing: Standing
    day: str | None
    basis: str | None
    place: str | None
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    says: tuple[str, ...]
    confidence: float
    verdict: str | None
    words: tuple[Piece, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field, who gives it, and whose word it is; ``shown`` where the event has it."""

    value: str
    outlets: tuple[str, ...]
    says: tuple[str, ...]
    tellings: tuple[str, ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class Differing:
    """A field on which tellings differ."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Joining:
    """What a method found of two tellings of the event."""

    a: str
    a_from: str
    b: str
    b_from: str
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it was given; ``undone_by`` is who took it back."""

    key: str
    telling: str
    kind: str
    by: str
    at: str
    field: str | None
    before: str
    after: str
    why: str | None
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A statement about the event."""

    key: str
    to_words: str
    published: str | None
    publisher: str | None
    speakers: tuple[str, ...]
    act: str
    content: str
    quoted: bool
    is_ground: bool
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """An event that may be the same: the key of its first telling, and what it is."""

    telling: str
    day: str | None
    line: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """What the page shows."""

    event: Joined
    line: str
    standing: Standing
    dated: bool
    precision: str | None
    country: str | None
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    says: tuple[str, ...]
    told: tuple[Told, ...]
    differing: tuple[Differing, ...]
    joined_by: tuple[Joining, ...]
    history: tuple[Given, ...]
    said: tuple[Said, ...]
    before: Neighbour | None
    after: Neighbour | None
    judged: Told
    offers: tuple[Offer, ...]
    suffix: str
    fields: tuple[str, ...] = FIELDS
    types: tuple[str, ...] = typing.get_args(EventType)
    statuses: tuple[str, ...] = typing.get_args(Status)


def routes() -> list[Route]:
    """Return the routes of this page."""
    return [Route("/event/{key}", show, methods=["GET"])]


@kept_page()
def show(request: Request) -> Response:
    """Show an event; the key of a telling, or of an event that was joined to another, leads to where it is now."""
    desk, key = desk_of(request), request.path_params["key"]
    process = desk.process(request.query_params.get("process", ""))
    with desk.archive.reading() as connection:
        found = found_event(connection, key)
        other = None if found else event_of(connection, key)
    if found is None and other is None:
        raise HTTPException(
            404, "There is no event of this key: it was rejected or read anew. Look for it in Events."
        )
    if found is None:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/event/{other}{query}", 303)
    context = event_page(desk, found, process, judge=request.query_params.get("judge"))
    return page(request, "event.html", shell(request, context.line, "events"), context)


def event_page(desk: Desk, found: Found, process: Process | None, *, judge: str | None = None) -> EventPage:
    """Return what the page of an event shows; ``judge`` is the telling that its forms are about, else the first."""
    archive, event, first = desk.archive, found.event, leading(found)
    with archive.reading() as connection:
        copies = _copies(connection, found)
        joined_by = tuple(_joinings(connection, found))
        said = tuple(_said(found, about(connection, [one.telling for one in found.cited])))
    told = tuple(_told(one, event, is_copy=one.report.key in copies) for one in found.cited)
    judged = next((one for one in told if one.key == judge), next(t for t in told if t.key == first.telling.key))
    dated = next((one.telling for one in found.cited if one.telling.first == event.first), first.telling)
    before, after = neighbours(archive, event, process)
    says = says_of(found)
    return EventPage(
        event,
        line(event, first.telling.words, says=says),
        standing(event.status),
        is_dated(event, found.cited),
        dated.precision,
        country_name(event.country) if event.country else None,
        tuple(dict.fromkeys(titled(party) for party in event.sources)),
        tuple(dict.fromkeys(titled(party) for party in event.targets)),
        says,
        told,
        tuple(_differing(found)),
        joined_by,
        tuple(_history(archive, found)),
        said,
        before,
        after,
        judged,
        tuple(_offers(archive, event, process)),
        f"?process={quote(process.name)}" if process else "",
    )


def _copies(connection: Connection, found: Found) -> set[str]:
    copy = schema.copy.c
    keys = {one.report.key for one in found.cited}
    return set(connection.execute(select(copy.report).where(copy.report.in_(keys))).scalars())


def _told(one: Cited, event: Joined, *, is_copy: bool) -> Told:
    telling, report = one.telling, one.report
    own = {version.field for version in event.versions if telling.key not in _tellings_of_shown(event, version.field)}
    of = {version.field for version in event.versions if telling.key in version.tellings}
    return Told(
        telling.key, report.key, to_words(report.key, telling.key, telling.start), report.title, report.published,
        report.publisher, is_copy, telling.type, telling.mode, telling.status, standing(telling.status),
        telling.first or telling.day, telling.basis, telling.place, names(telling.sources), names(telling.targets),
        one.says, telling.confidence, telling.verdict, passage(one), tuple(sorted(own & of)),
    )  # fmt: skip


def _tellings_of_shown(event: Joined, field: str) -> tuple[str, ...]:
    """Return the tellings that give the value of a field which the event has; the first value's, where none says."""
    values = [version for version in event.versions if version.field == field]
    return next((one.tellings for one in values if _is_shown(event, one)), values[0].tellings)


def _is_shown(event: Joined, version: Version) -> bool:
    own = {"type": event.type, "status": event.status, "place": event.place, "day": (event.first or event.day)}
    return version.field in own and own[version.field] == version.value


def _differing(found: Found) -> Iterator[Differing]:
    event = found.event
    for field in dict.fromkeys(version.field for version in event.versions):
        values = [
            Value(one.value, one.outlets, one.says, one.tellings, _is_shown(event, one))
            for one in event.versions
            if one.field == field
        ]
        yield Differing(field, tuple(values))


def _joinings(connection: Connection, found: Found) -> Iterator[Joining]:
    at = schema.judgement.c
    sources = {one.telling.key: _from(one) for one in found.cited}
    query = select(at.a, at.b, at.method, at.score).where(
        at.kind == "same", or_(at.a.in_(sources), at.b.in_(sources))
    )
    rows = {
        (row.a, row.b, row.method, row.score)
        for row in connection.execute(query)
        if row.a in sources and row.b in sources
    }
    for a, b, method, score in sorted(rows, key=lambda row: (-row[3], row[0], row[1]))[:_JUDGEMENTS]:
        yield Joining(a, sources[a], b, sources[b], method, score)


def _from(one: Cited) -> str:
    parts = (one.report.publisher or f"report {one.report.id}", (one.report.published or "")[:10])
    return ", ".join(part for part in parts if part)


def _history(archive: Archive, found: Found) -> Iterator[Given]:
    """Yield the verdicts on all tellings, oldest first; looked for only where there may be some."""
    with archive.reading() as connection:
        keys = touched(connection, found.cited)
    every: dict[str, Verdict] = {}
    for key in keys:
        every |= {one.key: one for one in verdicts.history(archive, key)}
    back = undone(list(every.values()))
    for one in sorted(every.values(), key=lambda one: one.n):
        yield _given(one, back)


def _given(one: Verdict, back: dict[str, Verdict]) -> Given:
    before = after = ""
    if one.kind == "correct" and one.field:
        before, after = in_words(one.field, one.before), in_words(one.field, one.value)
    by = back[one.key].by if one.key in back else None
    return Given(one.key, one.anchor.telling, one.kind, one.by, one.at, one.field, before, after, one.why, by)


def _said(found: Found, sayings: Sequence[Saying]) -> Iterator[Said]:
    grounds = {one.telling.saying for one in found.cited if one.telling.saying}
    own = {one.key for one in sayings}
    for one in sayings:
        yield Said(
            one.key, to_words(one.report, one.key, one.start), one.published, one.publisher, _who(one), one.act,
            one.content, one.quoted, one.key in grounds, not own.isdisjoint(one.answers),
        )  # fmt: skip


def _who(saying: Saying) -> tuple[str, ...]:
    return tuple(dict.fromkeys(titled(party) for party in saying.speakers))


def _offers(archive: Archive, event: Joined, process: Process | None) -> Iterable[Offer]:
    """Return events of the type, of the days around, with a country or name in common."""
    day = date_of(event.day)
    if day is None:
        return []
    span = datetime.timedelta(days=_DAYS)
    since, until = (max(datetime.date.min + span, min(datetime.date.max - span, day)) + s for s in (-span, span))
    asked = Query(process, type=(event.type,), since=since.isoformat(), until=until.isoformat(), limit=200)
    own = _units(event)
    alike = [(len(own & _units(one)), one) for one in asking.find(archive, asked) if one.key != event.key]
    best = sorted((pair for pair in alike if pair[0]), key=lambda pair: (-pair[0], pair[1].day or "", pair[1].key))
    return [Offer(one.tellings[0], one.day, line(one)) for _, one in best[:_OFFERED]]


def _units(event: Joined) -> set[str]:
    return {word for party in event.parties for word in (party.country, party.who) if word}
