"""All that an archive holds of one process, loaded once: what the views are made from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, select

from pourparler.archive import schema
from pourparler.archive.deadlines import moving
from pourparler.archive.process import Process, first_of
from pourparler.archive.search import Phrase, fold, matching
from pourparler.archive.sql import pairs, portions
from pourparler.archive.store import Archive
from pourparler.archive.told import (
    JOINED_COLUMNS,
    Joined,
    Saying,
    Telling,
    joined_of,
    saying_of,
    telling_columns,
    telling_of,
)

# How many processes' chronicles are kept in memory, until the archive changes.
_KEPT = 8
_kept: OrderedDict[tuple[str, int, Process], Chronicle] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Chronicle:
    """A process with its events (by day), their tellings and the statements of its members, by key.

    ``copies`` are keys of reports that repeat others; ``passages`` the sentences around each telling's words, by key.
    ``covered`` are the months ("2023-09") of which the archive has any report at all, with the day of the first one:
    of others nobody knows whether they were quiet. Empty where that is not known. ``members`` are the keys of the
    tellings that belong to the process by themselves, and not only with the event that they tell; None: all do.
    ``moving`` are, by report, the sentences that may tell of a deadline moved, each with its place in the report.
    """

    process: Process
    events: tuple[Joined, ...]
    tellings: dict[str, Telling]
    sayings: dict[str, Saying]
    copies: frozenset[str]
    passages: dict[str, str]
    covered: Mapping[str, str] = field(default_factory=dict)
    members: frozenset[str] | None = None
    moving: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)

    def told(self, event: Joined) -> tuple[Telling, ...]:
        """Return the tellings of an event, earliest report first."""
        return tuple(self.tellings[key] for key in event.tellings)

    def about(self, event: Joined) -> tuple[Saying, ...]:
        """Return the statements on which tellings of an event rest, earliest first."""
        keys = {self.tellings[key].saying for key in event.tellings} - {None}
        found = [self.sayings[key] for key in keys if key in self.sayings]
        return tuple(sorted(found, key=lambda one: (one.published or "", one.key)))


def chronicle(archive: Archive, process: Process) -> Chronicle:
    """Return the chronicle of a process; the same one until the archive changes."""
    with archive.reading() as connection:
        at = (archive.where, archive.serial(connection), process)
        with _lock:
            if at in _kept:
                _kept.move_to_end(at)
                return _kept[at]
        made = _load(connection, process)
    with _lock:
        _kept[at] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def members(connection: Connection, process: Process) -> list[str]:
    """Return the keys of the tellings that belong to a process, sorted.

    A telling belongs where actors of two sides take part; where one of a side or a mediator does and its report has
    one of the process' words or places; or where it took place in one of its places.
    """
    relevant = _reports_with(connection, (*process.words, *process.places))
    out = {key for key, found in _sides(connection, process).items() if len(found) > 1}
    out.update(_taking_part(connection, process, relevant))
    if process.places:
        wanted = [fold(place) for place in process.places]
        query = select(schema.telling.c.key).where(schema.telling.c.spot.in_(wanted))
        out.update(connection.execute(query).scalars())
    return sorted(out)


def _reports_with(connection: Connection, words: Iterable[str]) -> frozenset[str]:
    """Return the keys of reports that have at least one of the words (or phrases)."""
    phrases = [(Phrase(tuple(fold(word).split())),) for word in words]
    if not phrases:
        return frozenset()
    query = select(schema.report.c.key).where(matching(connection, schema.report, *phrases))
    return frozenset(connection.execute(query).scalars())


def _sides(connection: Connection, process: Process) -> dict[str, set[str]]:
    """Return, for each telling in which sides take part, their names."""
    side, telling, report = schema.side, schema.telling, schema.report
    countries = {country for one in process.sides for country in one.countries}
    query = select(side.c.telling, side.c.country, side.c.folded)
    rows = list(connection.execute(query.where(side.c.country.in_(countries))))
    phrases = [(Phrase(tuple(fold(name).split())),) for one in process.sides for name in one.names]
    if phrases:
        # A look at the name of everybody in the archive would take 0.7 s: only those of reports with the name count.
        joined = side.join(telling, telling.c.key == side.c.telling).join(report, report.c.key == telling.c.report)
        rows += connection.execute(query.select_from(joined).where(matching(connection, report, *phrases)))
    out: dict[str, set[str]] = {}
    for row in rows:
        name = first_of(process.sides, row.country, row.folded)
        if name:
            out.setdefault(row.telling, set()).add(name)
    return out


def _taking_part(connection: Connection, process: Process, reports: Iterable[str]) -> Iterator[str]:
    """Yield the tellings of some reports in which a side or a mediator takes part."""
    side, telling = schema.side, schema.telling
    joined = side.join(telling, telling.c.key == side.c.telling)
    everybody = (*process.sides, *process.mediators)
    for portion in portions(sorted(reports)):
        query = select(side.c.telling, side.c.country, side.c.folded).select_from(joined)
        for row in connection.execute(query.where(telling.c.report.in_(portion))):
            if any(one.named(row.country, row.folded) for one in everybody):
                yield row.telling


def _load(connection: Connection, process: Process) -> Chronicle:
    told, event, telling, saying = schema.told, schema.event, schema.telling, schema.saying
    keys: set[str] = set()
    belonging = members(connection, process)
    for portion in portions(belonging):
        keys.update(connection.execute(select(told.c.event).where(told.c.telling.in_(portion))).scalars())
    events: list[Joined] = []
    tellings: dict[str, Telling] = {}
    joined = telling.join(told, told.c.telling == telling.c.key)
    for portion in portions(sorted(keys)):
        query = select(*JOINED_COLUMNS).where(event.c.key.in_(portion), *_period(process))
        events += [joined_of(row) for row in connection.execute(query).all()]
        found = select(*telling_columns()).select_from(joined).where(told.c.event.in_(portion))
        tellings.update((one.key, one) for one in map(telling_of, connection.execute(found).all()))
    kept = {key for one in events for key in one.tellings}
    tellings = {key: tellings[key] for key in sorted(kept)}
    reports = sorted({one.report for one in tellings.values()})
    sayings: dict[str, Saying] = {}
    copies: set[str] = set()
    for portion in portions(reports):
        rows = connection.execute(select(saying).where(saying.c.report.in_(portion)).order_by(saying.c.key)).all()
        sayings.update((row.key, saying_of(row)) for row in rows)
        of = schema.copy.c
        copies.update(connection.execute(select(of.report).where(of.report.in_(portion))).scalars())
    events.sort(key=lambda one: (one.day or "", one.key))
    texts = dict(pairs(connection, schema.report, "key", reports, "text"))
    return Chronicle(
        process, tuple(events), tellings, sayings, frozenset(copies),
        {one.key: texts[one.report][one.passage_start : one.passage_end] for one in tellings.values()},
        _covered(connection), frozenset(belonging).intersection(tellings),
        {key: moved for key in reports if (moved := moving(texts[key]))},
    )  # fmt: skip


def _covered(connection: Connection) -> dict[str, str]:
    days = connection.execute(select(schema.report.c.day).distinct()).scalars()
    out: dict[str, str] = {}
    for day in sorted(day for day in days if day):
        out.setdefault(day[:7], day)
    return out


def _period(process: Process) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that an event lies within the time of a process."""
    day = schema.event.c.day
    if process.since:
        yield day >= process.since.isoformat()
    if process.until:
        yield day <= process.until.isoformat()
