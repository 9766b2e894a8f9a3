"""Lists of the API that no view gives: verdicts, what is in doubt, and statements."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response

from pourparler.archive import schema
from pourparler.archive.fields import in_words
from pourparler.archive.given import KINDS
from pourparler.archive.process import Process
from pourparler.archive.standing import Standing, State
from pourparler.archive.told import Party, saying_of
from pourparler.errors import ArchiveError
from pourparler.export.rows import PartyRow
from pourparler.web.endpoints import asked_of, limited, paged
from pourparler.web.guard import demand
from pourparler.web.reviewing import decided, described
from pourparler.web.state import desk_of

STATES: tuple[str, ...] = typing.get_args(State)


@dataclass(frozen=True, slots=True)
class VerdictQuery:
    """Which verdicts are asked for."""

    by: str | None = None
    kind: str | None = None
    state: str | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict and how it stands: ``state`` with the reason in ``because``; ``telling`` is what it is about now.

    ``what`` is the verdict in words, ``why`` what the person gave as a reason; ``words`` and ``type`` are those of
    the telling as it was judged, ``before`` and ``value`` of a corrected field in words. ``undoes`` is the key of the
    verdict taken back.
    """

    key: str
    at: str
    by: str
    kind: str
    what: str
    why: str | None
    report: str
    words: str
    type: str
    field: str | None
    before: str | None
    value: str | None
    undoes: str | None
    state: str
    because: str
    needs_a_look: bool
    telling: str | None


@dataclass(frozen=True, slots=True)
class DoubtQuery:
    """Of which process what is in doubt is asked for."""

    process: Process | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A telling that nobody has judged: how doubtful it is (0 sure, 1.5 most doubtful), and why, in words."""

    telling: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementQuery:
    """Which statements are asked for: of one report or all."""

    report: str | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement of a report: its cue is ``start``:``end`` of the report's text.

    ``about`` are keys of tellings, ``answers`` keys of other statements.
    """

    key: str
    report: str
    published: str | None
    publisher: str | None
    speakers: tuple[PartyRow, ...]
    addressees: tuple[PartyRow, ...]
    act: str
    cue: str
    start: int
    end: int
    content: str
    quoted: bool
    about: tuple[str, ...]
    answers: tuple[str, ...]
    confidence: float


def verdicts(request: Request) -> Response:
    """Return verdicts, the newest first."""
    demand(request, "reviewer")
    asked = asked_of(VerdictQuery, request)
    limit, offset = limited(asked)
    for word, known, what in ((asked.kind, KINDS, "kind"), (asked.state, STATES, "state")):
        if word is not None and word not in known:
            raise ArchiveError(f"{word!r} is no {what} of a verdict. There are: {', '.join(known)}")
    found = [
        one
        for one in reversed(desk_of(request).standings())
        if asked.by in (None, one.verdict.by)
        and asked.kind in (None, one.verdict.kind)
        and asked.state in (None, one.state)
    ]
    return paged(request, asked, [_verdict(one) for one in found[offset : offset + limit]], len(found))


def _verdict(found: Standing) -> VerdictRow:
    one = found.verdict
    before, value = (in_words(one.field, held) if one.field else None for held in (one.before, one.value))
    return VerdictRow(
        one.key, one.at, one.by, one.kind, described(one), one.why, one.anchor.report, one.anchor.words,
        one.anchor.types[-1], one.field, before, value, one.undoes, found.state, found.why, found.attention,
        found.telling,
    )  # fmt: skip


def doubts(request: Request) -> Response:
    """Return what a review goes through, the most doubtful first."""
    demand(request, "reviewer")
    asked = asked_of(DoubtQuery, request)
    limit, offset = limited(asked)
    desk = desk_of(request)
    found = desk.queues.listed(asked.process, without=decided(desk.archive))
    return paged(request, asked, [DoubtRow(*one) for one in found[offset : offset + limit]], len(found))


def statements(request: Request) -> Response:
    """Return statements, by the key of their report and their place in it."""
    asked = asked_of(StatementQuery, request)
    limit, offset = limited(asked)
    saying = schema.saying
    where = [saying.c.report == asked.report] if asked.report else []
    query = select(saying).where(*where).order_by(saying.c.report, saying.c.start, saying.c.key)
    with desk_of(request).archive.reading() as connection:
        total = connection.execute(select(func.count()).select_from(saying).where(*where)).scalar_one()
        found = [saying_of(row) for row in connection.execute(query.limit(limit).offset(offset))]
    rows = [
        StatementRow(
            one.key, one.report, one.published, one.publisher, _people(one.speakers), _people(one.addressees),
            one.act, one.cue, one.start, one.end, one.content, one.quoted, one.about, one.answers, one.confidence,
        )
        for one in found
    ]  # fmt: skip
    return paged(request, asked, rows, total)


def _people(parties: Sequence[Party]) -> tuple[PartyRow, ...]:
    return tuple(PartyRow(one.who, one.kind, one.country, one.sector) for one in parties)
