"""The vocabulary of a record: frozen types, standard library only.

Every span is a half-open range of Unicode code points into ``Document.text``; spans that carry ``text`` carry the
very words found there. The names and meanings are those of the record contract (schema ``pourparler/record/1``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

SCHEMA = "pourparler/record/1"

EventType = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
Status = Literal[
    "happened",
    "ongoing",
    "planned",
    "possible",
    "called_for",
    "alleged",
    "denied",
    "did_not_happen",
]
ActorKind = Literal["person", "state", "organization", "armed_group", "group", "place"]
Act = Literal[
    "assert",
    "accuse",
    "deny",
    "reject",
    "demand",
    "request",
    "promise",
    "threaten",
    "warn",
    "welcome",
    "praise",
    "condemn",
    "express_concern",
    "announce",
    "call_for",
    "reaffirm",
]
Basis = Literal["stated", "inferred", "publication"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points, without its words."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A range of code points with the words that stand there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One report. ``id`` is the given id, else a hash of the content (see ``document_id``)."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts or speaks: a name, what is known of it, and every place that mentions it.

    ``holder`` is who held the office on the day of the report, where the report names the office alone ("the Armenian
    foreign minister"): knowledge from the shipped table, not words of the report.
    """

    id: str
    name: str
    kind: ActorKind
    country: str | None
    sector: str | None
    role: str | None
    mentions: tuple[Quote, ...]
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """When an event took place: first and last day (ISO 8601), how it is known, and the words if stated."""

    start: str
    end: str
    precision: str
    basis: Basis
    text: str | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event took place. ``country`` is ISO 3166-1 alpha-3, coordinates are WGS 84 degrees."""

    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    geonames: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did. The first item of ``evidence`` is the trigger."""

    id: str
    type: EventType
    mode: str | None
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    status: Status
    time: Time | None
    place: Place | None
    statement: str | None
    score: float
    evidence: tuple[Quote, ...]
    confidence: float
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said: speakers, speech act, cue words, content (in pieces where interrupted).

    ``answers`` names the statements of the report that it denies, rejects or returns.
    """

    id: str
    speakers: tuple[str, ...]
    addressees: tuple[str, ...]
    act: Act
    cue: Quote
    content: tuple[Quote, ...]
    quoted: bool
    about: tuple[str, ...]
    confidence: float
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was seen and set aside, and why (``reason`` is a short code, ``detail`` a sentence)."""

    reason: str
    span: Span
    detail: str


@dataclass(frozen=True, slots=True)
class Run:
    """What produced a record: versions and hashes of code, codebook and model, and the components in order.

    ``actors`` is the hash of the user's own actors, "" where there were none.
    """

    version: str
    code: str
    codebook: str
    model: str
    components: tuple[str, ...]
    actors: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """All that one report says, tied to its words."""

    document: Document
    actors: tuple[Actor, ...]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    rejected: tuple[Rejected, ...]
    run: Run
    schema: str = SCHEMA


def document_id(text: str, *, published: str | None = None, url: str | None = None) -> str:
    """Return the content id of a report that has none: the same text, day and address give the same id."""
    parts = "\x1f".join((text, published or "", url or ""))
    return "d" + hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def quote(text: str, start: int, end: int) -> Quote:
    """Return the quote of ``text[start:end]``; raises ValueError when the range is empty or outside."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"span {start}:{end} is empty or outside a text of {len(text)} characters")
    return Quote(start, end, text[start:end])
