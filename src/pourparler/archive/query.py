"""Asking an archive: events and tellings that fit a question, how many, of what kinds, and what they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from pourparler.archive import schema, told
from pourparler.archive.conditions import DIFFERING, SECTORS, SORTS, Conditions, Query, conditions
from pourparler.archive.outlets import asked_for, named, outlet
from pourparler.archive.periods import period
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.archive.told import Joined, Telling, joined_of, parties_of

__all__ = [
    "DIFFERING", "SECTORS", "SORTS", "Cited", "Count", "Facets", "Found", "Query", "Source", "cited", "count",
    "facets", "find", "find_tellings", "found", "period",
]  # fmt: skip
# Events loaded at a time with all that they rest on.
_BATCH = 500
# From so many events on, counting reads whole tables instead of looking rows up.
_SCANNED = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """A report without its text: what a citation needs. ``key`` is the archive's, ``id`` the report's own."""

    key: str
    id: str
    title: str | None
    published: str | None
    publisher: str | None
    url: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A telling with its report, the words of its passage, and whose word alone it is (empty where told as fact)."""

    telling: Telling
    report: Source
    passage: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An event with all its tellings, earliest report first."""

    event: Joined
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many events have a value."""

    value: str
    events: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many events fit a question, and how many of them have which value; most first, months in order.

    An event with actors of two countries counts for both, as does one told by two outlets. Of countries and outlets
    those of the tellings that fit count, and of outlets those that the question asks for, where it asks for any: so
    asking for one besides (``outlets.whole`` of an outlet, in place of the words) finds as many events as counted.
    """

    total: int
    types: tuple[Count, ...]
    statuses: tuple[Count, ...]
    source_countries: tuple[Count, ...]
    target_countries: tuple[Count, ...]
    months: tuple[Count, ...]
    outlets: tuple[Count, ...]


def find(archive: Archive, query: Query) -> list[Joined]:
    """Return the events that fit, in the query's order; raises ArchiveError for a question that makes no sense."""
    with archive.reading() as connection:
        keys = _keys(archive, connection, query)
        return [one for portion in portions(keys) for one in _events(connection, portion)]


def find_tellings(archive: Archive, query: Query) -> list[Telling]:
    """Return the tellings that fit, as ``find`` does events; what is asked of an event's own fields, of theirs."""
    with archive.reading() as connection:
        keys = _telling_keys(archive, connection, query)
        return [one for portion in portions(keys) for one in _tellings(connection, portion)]


def count(archive: Archive, query: Query) -> int:
    """Return how many events fit, whatever limit and offset say."""
    with archive.reading() as connection:
        return _count(connection, conditions(archive, connection, query))


def found(archive: Archive, query: Query) -> Iterator[Found]:
    """Yield the events that fit with all that they rest on, some hundred of them in memory at a time."""
    with archive.reading() as connection:
        keys = _keys(archive, connection, query)
        for start in range(0, len(keys), _BATCH):
            events = _events(connection, keys[start : start + _BATCH])
            every = _tellings(connection, [key for event in events for key in event.tellings])
            by_key = {one.telling.key: one for one in cited_of(connection, every)}
            for event in events:
                yield Found(event, tuple(by_key[key] for key in event.tellings))


def cited(archive: Archive, query: Query) -> Iterator[Cited]:
    """Yield the tellings that fit with their reports, passages and whose word they are."""
    with archive.reading() as connection:
        keys = _telling_keys(archive, connection, query)
        for start in range(0, len(keys), _BATCH):
            yield from cited_of(connection, _tellings(connection, keys[start : start + _BATCH]))


def facets(archive: Archive, query: Query) -> Facets:
    """Return how many events that fit have which type, status, countries, month and outlet."""
    event, side, of, telling = schema.event.c, schema.side, schema.told, schema.telling
    with archive.reading() as connection:
        asked = conditions(archive, connection, query)
        keys = set(connection.execute(select(event.key).where(*on_events(asked))).scalars())
        own = list(_among(connection, select(event.key, event.type, event.status, event.day), event.key, keys))
        fits = [of.c.telling.in_(fitting(asked))] if asked.telling else []
        parties = select(of.c.event, side.c.role, side.c.country).join(side, side.c.telling == of.c.telling)
        parties = parties.where(side.c.country.is_not(None), *fits)
        sides = set(_among(connection, parties, of.c.event, keys))
        told_by = select(of.c.event, telling.c.publisher).join(telling, telling.c.key == of.c.telling)
        told_by = told_by.where(telling.c.publisher.is_not(None), *fits)
        publishers = set(_among(connection, told_by, of.c.event, keys))
        # Counted in here: what damaged values lead to is told as damage.
        months = _most(day[:7] for _, _, _, day in own if day)
        is_asked_for = asked_for(query.outlet)
        # A publisher column may name several outlets, or none.
        outlets = {(key, name) for key, words in publishers for name in named(words)}
        chosen = {name for name in {name for _, name in outlets} if is_asked_for(outlet(name))}
        return Facets(
            len(keys),
            _most(type_ for _, type_, _, _ in own),
            _most(status for _, _, status, _ in own),
            _most(country for _, role, country in sides if role == "source"),
            _most(country for _, role, country in sides if role == "target"),
            tuple(sorted(months, key=lambda one: one.value)),
            _most(name for _, name in outlets if name in chosen),
        )


def fitting(asked: Conditions) -> Select[str]:
    """Return the question for the keys of the tellings that meet what is asked of tellings alone."""
    return select(schema.telling.c.key).where(*asked.telling)


def _among(
    connection: Connection, query: Select[Any], column: ColumnElement[str], keys: set[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows, the first column of which is an event's key, that belong to the events of ``keys``."""
    if len(keys) > _SCANNED:
        yield from (tuple(row) for row in connection.execute(query) if row[0] in keys)
        return
    for portion in portions(keys):
        yield from (tuple(row) for row in connection.execute(query.where(column.in_(portion))))


def _most(values: Iterable[str]) -> tuple[Count, ...]:
    counts = Counter(values)
    return tuple(Count(value, n) for value, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def on_events(asked: Conditions) -> list[ColumnElement[bool]]:
    """Return all conditions as conditions on schema.event."""
    out = [*asked.event, *asked.own(schema.event.c)]
    if asked.telling:
        of, telling = schema.told.c, schema.telling
        # An outer join, though none is missing: SQLite would else begin at the other table and look up every telling.
        both = telling.outerjoin(schema.told, telling.c.key == of.telling)
        some = select(of.event).select_from(both).where(*asked.telling)
        out.append(schema.event.c.key.in_(some))
    return out


def _count(connection: Connection, asked: Conditions) -> int:
    query = select(func.count()).select_from(schema.event).where(*on_events(asked))
    return connection.execute(query).scalar_one()


def _keys(archive: Archive, connection: Connection, query: Query) -> Sequence[str]:
    event = schema.event.c
    question = select(event.key).where(*on_events(conditions(archive, connection, query)))
    order = {"day": func.coalesce(event.day, ""), "outlets": event.outlets}
    return _ordered(connection, question, query, order, event)


def _telling_keys(archive: Archive, connection: Connection, query: Query) -> Sequence[str]:
    telling, of, event = schema.telling, schema.told, schema.event
    asked = conditions(archive, connection, query)
    joined = telling.join(of, of.c.telling == telling.c.key).join(event, event.c.key == of.c.event)
    question = select(telling.c.key).select_from(joined)
    question = question.where(*asked.event, *asked.own(telling.c), *asked.telling)
    order = {"day": func.coalesce(telling.c.day, ""), "outlets": event.c.outlets}
    return _ordered(connection, question, query, order, telling.c)


def _ordered(
    connection: Connection, question: Select[str], query: Query, order: dict[str, Any], columns: Any
) -> Sequence[str]:
    """Return the keys that a question finds, in the query's order; equals by key, so that pages never overlap."""
    name = query.sort.removeprefix("-")
    by = order.get(name, columns.get(name))
    question = question.order_by(by.desc() if query.sort.startswith("-") else by, columns.key)
    if query.limit is not None:
        question = question.limit(query.limit)
    # SQLite knows no offset without a limit; keys are short, so the beginning is dropped here.
    if query.offset and query.limit is not None:
        question = question.offset(query.offset)
    keys: Sequence[str] = connection.execute(question).scalars().all()
    return keys[query.offset :] if query.limit is None else keys


def _events(connection: Connection, keys: Sequence[str]) -> list[Joined]:
    rows = connection.execute(select(schema.event).where(schema.event.c.key.in_(keys)))
    by_key = {row.key: joined_of(row) for row in rows}
    return [by_key[key] for key in keys]


def _tellings(connection: Connection, keys: Sequence[str]) -> list[Telling]:
    by_key: dict[str, Telling] = {}
    for portion in portions(keys):
        by_key.update((one.key, one) for one in told.tellings(connection, schema.telling.c.key.in_(portion)))
    return [by_key[key] for key in keys]


def cited_of(connection: Connection, tellings: Sequence[Telling]) -> Iterator[Cited]:
    """Yield tellings with their reports, passages and speakers, in order."""
    reports: dict[str, tuple[Source, str]] = {}
    says: dict[str, tuple[str, ...]] = {}
    report, saying = schema.report.c, schema.saying.c
    for portion in portions({one.report for one in tellings}):
        for row in connection.execute(select(schema.report).where(report.key.in_(portion))):
            kept = Source(row.key, row.id, row.title, row.published, row.publisher, row.url, row.language)
            reports[row.key] = kept, row.text
    for portion in portions({one.saying for one in tellings if one.saying}):
        for row in connection.execute(select(saying.key, saying.speakers).where(saying.key.in_(portion))):
            says[row.key] = tuple(party.who for party in parties_of(row.speakers))
    for one in tellings:
        source, text = reports[one.report]
        yield Cited(one, source, text[one.passage_start : one.passage_end], says.get(one.saying or "", ()))
