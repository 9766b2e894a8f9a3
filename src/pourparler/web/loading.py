"""Loading one event with all that it rests on, and what stands before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from pourparler.archive import schema, told
from pourparler.archive.conditions import Query, conditions
from pourparler.archive.process import Process
from pourparler.archive.query import Found, cited_of
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.archive.told import Joined, Saying, Telling
from pourparler.archive.views.common import standing
from pourparler.archive.views.lines import line

# Conditions, each with the order of what they find.
_Questions = list[tuple[ColumnElement[bool], tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The event before or after another one."""

    event: str
    day: str | None
    line: str


def found_event(connection: Connection, key: str) -> Found | None:
    """Return an event with its tellings, earliest report first; None where there is none of this key."""
    events = told.events(connection, schema.event.c.key == key)
    if not events:
        return None
    tellings = {one.key: one for one in told.tellings(connection, schema.told.c.event == key)}
    return Found(events[0], tuple(cited_of(connection, [tellings[one] for one in events[0].tellings])))


def found_events(connection: Connection, keys: Sequence[str]) -> list[Found]:
    """Return events with their tellings, in the order of the keys."""
    events: dict[str, Joined] = {}
    tellings: list[Telling] = []
    for portion in portions(keys):
        events.update((one.key, one) for one in told.events(connection, schema.event.c.key.in_(portion)))
        tellings += told.tellings(connection, schema.told.c.event.in_(portion))
    by_key = {one.telling.key: one for one in cited_of(connection, tellings)}
    return [Found(events[key], tuple(by_key[one] for one in events[key].tellings)) for key in keys]


def event_of(connection: Connection, key: str) -> str | None:
    """Return the event in which a telling stands now, by the telling's key or an event's key of before.

    An event has its key from its earliest telling: one that was joined to others is found by it still.
    """
    of = schema.told.c
    return connection.execute(select(of.event).where(of.telling == f"t{key[1:]}")).scalar()


def about(connection: Connection, tellings: Iterable[Telling]) -> tuple[Saying, ...]:
    """Return the statements about tellings, those they rest on and those that answer these, earliest first."""
    every = list(tellings)
    own = {one.key for one in every}
    grounds = {one.saying for one in every if one.saying}
    found: list[Saying] = []
    for portion in portions({one.report for one in every}):
        found += told.sayings(connection, schema.saying.c.report.in_(portion))
    chosen = {one.key for one in found if one.key in grounds or not own.isdisjoint(one.about)}
    chosen |= {one.key for one in found if not chosen.isdisjoint(one.answers)}
    kept = [one for one in found if one.key in chosen]
    return tuple(sorted(kept, key=lambda one: (one.published or "", one.report, one.start)))


def neighbours(archive: Archive, event: Joined, process: Process | None) -> tuple[Neighbour | None, Neighbour | None]:
    """Return the events before and after one by day, of its process or, without one, of the whole archive."""
    columns = schema.event.c
    day, key = columns.day, columns.key
    with archive.reading() as connection:
        asked = conditions(archive, connection, Query(process=process))
        where = [*asked.event, *asked.own(columns)]
        undated: list[ColumnElement[bool]] = [] if process and (process.since or process.until) else [day.is_(None)]
        same = day.is_(None) if event.day is None else day == event.day
        # One question each for its own day, for other days, and for those without a day, which come first: each goes
        # by an index, as a single one with "or" does not.
        before: _Questions = [(and_(same, key < event.key), (key.desc(),))]
        after: _Questions = [(and_(same, key > event.key), (key,))]
        if event.day is not None:
            before += [(day < event.day, (day.desc(), key.desc())), *((one, (key.desc(),)) for one in undated)]
            after += [(day > event.day, (day, key))]
        else:
            after += [(day.is_not(None), (day, key))]
        return _first(connection, where, before), _first(connection, where, after)


def _first(
    connection: Connection,
    where: Sequence[ColumnElement[bool]],
    questions: _Questions,
) -> Neighbour | None:
    """Return the first event that the first question with an answer finds."""
    for one, order in questions:
        query = select(schema.event.c.key).where(*where, one).order_by(*order).limit(1)
        key = connection.execute(query).scalar()
        if key is not None:
            return _neighbour(found_events(connection, [key])[0])
    return None


def _neighbour(found: Found) -> Neighbour:
    event = found.event
    first = next((one for one in found.cited if one.telling.type == event.type), found.cited[0])
    says = {name for one in found.cited for name in one.says} if standing(event.status) == "claim" else set()
    return Neighbour(event.key, event.day, line(event, first.telling.words, says=sorted(says)))
