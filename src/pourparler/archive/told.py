"""What queries and views work with: joined events, their tellings, and what was said, as typed objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, select

from pourparler.archive import schema
from pourparler.archive.sql import portions

Role = Literal["source", "target", "speaker", "addressee"]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on one side of an event or statement, as one report names them.

    ``at`` is the range of the report's words that name them (None where they are only understood).
    """

    role: Role
    name: str
    kind: str
    country: str | None
    sector: str | None
    title: str | None
    holder: str | None
    at: tuple[int, int] | None

    @property
    def who(self) -> str:
        """The person who held the office, where only the office is named; else the name."""
        return self.holder or self.name


@dataclass(frozen=True, slots=True)
class Telling:
    """One event as one report tells it. ``start``:``end`` are its trigger words, the passage the sentences around."""

    key: str
    event: str
    report: str
    published: str | None
    publisher: str | None
    type: str
    mode: str | None
    status: str
    first: str | None
    last: str | None
    precision: str | None
    basis: str | None
    day: str | None
    place: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    geonames: int | None
    score: float
    confidence: float
    start: int
    end: int
    words: str
    passage_start: int
    passage_end: int
    saying: str | None
    parties: tuple[Party, ...]
    verdict: str | None

    @property
    def sources(self) -> tuple[Party, ...]:
        """Who did it."""
        return tuple(party for party in self.parties if party.role == "source")

    @property
    def targets(self) -> tuple[Party, ...]:
        """To whom it was done."""
        return tuple(party for party in self.parties if party.role == "target")


@dataclass(frozen=True, slots=True)
class Version:
    """One value of a field on which tellings of an event differ, which tellings have it, and whose word it is.

    ``says`` names the speakers where only their word stands behind the value; empty where a report tells it as fact.
    """

    field: str
    value: str
    tellings: tuple[str, ...]
    outlets: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """An event joined from its tellings: for each field the value most outlets give, the others in ``versions``.

    ``parties`` name each participant once; ``outlets`` are the publishers of reports that are no copies.
    """

    key: str
    type: str
    mode: str | None
    status: str
    first: str | None
    last: str | None
    day: str | None
    place: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    score: float
    confidence: float
    parties: tuple[Party, ...]
    outlets: tuple[str, ...]
    versions: tuple[Version, ...]
    tellings: tuple[str, ...]

    @property
    def sources(self) -> tuple[Party, ...]:
        """Who did it."""
        return tuple(party for party in self.parties if party.role == "source")

    @property
    def targets(self) -> tuple[Party, ...]:
        """To whom it was done."""
        return tuple(party for party in self.parties if party.role == "target")


@dataclass(frozen=True, slots=True)
class Saying:
    """One statement of a report. ``about`` are keys of tellings, ``answers`` keys of other sayings."""

    key: str
    report: str
    published: str | None
    publisher: str | None
    act: str
    start: int
    end: int
    cue: str
    content: str
    content_start: int | None
    content_end: int | None
    quoted: bool
    speakers: tuple[Party, ...]
    addressees: tuple[Party, ...]
    about: tuple[str, ...]
    answers: tuple[str, ...]
    confidence: float


def parties_of(text: str) -> tuple[Party, ...]:
    """Return the parties that a JSON column holds."""
    return tuple(
        Party(
            one["role"], one["name"], one["kind"], one["country"], one["sector"], one["title"], one["holder"],
            tuple(one["at"]) if one["at"] else None,
        )
        for one in json.loads(text)
    )  # fmt: skip


def telling_of(values: Sequence[Any]) -> Telling:
    """Return the telling whose fields are ``values``, as the columns of ``telling_columns`` give them."""
    out = list(values)
    out[_PARTIES] = parties_of(out[_PARTIES])
    return Telling(*out)


def telling_columns(event: ColumnElement[str] | None = None) -> list[ColumnElement[Any]]:
    """Return the columns of a telling in the order of its fields; its event from ``told`` unless given."""
    of = schema.told.c.event if event is None else event
    special: dict[str, ColumnElement[Any]] = {"event": of, "parties": schema.telling.c.sides}
    return [special[name] if name in special else schema.telling.c[name] for name in _TELLING]


_TELLING = tuple(one.name for one in fields(Telling))
_PARTIES = _TELLING.index("parties")
_JOINED = tuple(one.name for one in fields(Joined))[:13]
JOINED_COLUMNS = [*(schema.event.c[name] for name in _JOINED), schema.event.c.body]


def joined_of(values: Sequence[Any]) -> Joined:
    """Return the event of a row of ``event`` (all columns, or JOINED_COLUMNS)."""
    body = json.loads(values[-1])
    return Joined(
        **dict(zip(_JOINED, values, strict=False)),
        parties=tuple(Party(**one, at=None) for one in body["parties"]),
        outlets=tuple(body["outlets"]),
        versions=tuple(
            Version(one["field"], one["value"], *(tuple(one[name]) for name in ("tellings", "outlets", "says")))
            for one in body["versions"]
        ),
        tellings=tuple(body["tellings"]),
    )


def saying_of(row: Row[Any]) -> Saying:
    """Return the statement of a row of ``saying``."""
    return Saying(
        row.key, row.report, row.published, row.publisher, row.act, row.start, row.end, row.cue, row.content,
        row.content_start, row.content_end, row.quoted, parties_of(row.speakers), parties_of(row.addressees),
        tuple(json.loads(row.about)), tuple(json.loads(row.answers)), row.confidence,
    )  # fmt: skip


def tellings(connection: Connection, *where: ColumnElement[bool]) -> list[Telling]:
    """Return the tellings that meet all conditions (on schema.telling and schema.told), by day and key."""
    joined = schema.telling.join(schema.told, schema.told.c.telling == schema.telling.c.key)
    rows = connection.execute(select(*telling_columns()).select_from(joined).where(*where)).all()
    return sorted((telling_of(row) for row in rows), key=lambda one: (one.day or "", one.key))


def events(connection: Connection, *where: ColumnElement[bool]) -> list[Joined]:
    """Return the events that meet all conditions (on schema.event), by day and key; those without a day first."""
    rows = connection.execute(select(*JOINED_COLUMNS).where(*where)).all()
    return sorted((joined_of(row) for row in rows), key=lambda one: (one.day or "", one.key))


def sayings(connection: Connection, *where: ColumnElement[bool]) -> list[Saying]:
    """Return the statements that meet all conditions (on schema.saying), by day of publication and key."""
    rows = connection.execute(select(schema.saying).where(*where)).all()
    return sorted((saying_of(row) for row in rows), key=lambda one: (one.published or "", one.key))


def tellings_of(connection: Connection, events: Iterable[str]) -> Iterator[Telling]:
    """Yield the tellings of events by their keys, by day and key within each portion."""
    for portion in portions(events):
        yield from tellings(connection, schema.told.c.event.in_(portion))


def passages(connection: Connection, found: Iterable[Telling]) -> dict[str, str]:
    """Return, for each telling's key, the words of its passage."""
    every = list(found)
    texts: dict[str, str] = {}
    for portion in portions({one.report for one in every}):
        query = select(schema.report.c.key, schema.report.c.text).where(schema.report.c.key.in_(portion))
        texts.update((row.key, row.text) for row in connection.execute(query))
    return {one.key: texts[one.report][one.passage_start : one.passage_end] for one in every}
