"""All that an archive holds of one process, loaded once: what the views are made from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from pourparler.archive import schema
from pourparler.archive.process import Process
from pourparler.archive.search import Phrase, fold, matching
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.archive.told import Joined, Saying, Telling, joined_of, saying_of, telling_of

# How many processes' chronicles are kept in memory, until the archive changes.
_KEPT = 8
_kept: OrderedDict[tuple[str, int, Process], Chronicle] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A process with its events (by day), their tellings and the statements of its members, by key.

    ``copies`` are keys of reports that repeat others.
    """

    process: Process
    events: tuple[Joined, ...]
    tellings: dict[str, Telling]
    sayings: dict[str, Saying]
    copies: frozenset[str]

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
    taking_part = _taking_part(connection, process)
    sides = {side.name for side in process.sides}
    report = _reports_of(connection, taking_part)
    out = {key for key, found in taking_part.items() if len(found & sides) > 1 or report[key] in relevant}
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


def _taking_part(connection: Connection, process: Process) -> dict[str, set[str]]:
    """Return, for each telling in which sides or mediators take part, their names."""
    side = schema.side
    everybody = (*process.sides, *process.mediators)
    by_country = {country: one.name for one in reversed(everybody) for country in one.countries}
    by_name = [(f" {fold(name)} ", one.name) for one in everybody for name in one.names]
    spaced = " " + side.c.folded + " "
    conditions = [side.c.country.in_(by_country), *(spaced.contains(name, autoescape=True) for name, _ in by_name)]
    out: dict[str, set[str]] = {}
    for row in connection.execute(select(side.c.telling, side.c.country, side.c.folded).where(or_(*conditions))):
        found = out.setdefault(row.telling, set())
        if row.country in by_country:
            found.add(by_country[row.country])
        found.update(member for name, member in by_name if name in f" {row.folded} ")
    return out


def _reports_of(connection: Connection, tellings: Iterable[str]) -> dict[str, str]:
    out: dict[str, str] = {}
    telling = schema.telling
    for portion in portions(tellings):
        query = select(telling.c.key, telling.c.report).where(telling.c.key.in_(portion))
        out.update((row.key, row.report) for row in connection.execute(query))
    return out


def _load(connection: Connection, process: Process) -> Chronicle:
    told, event, telling, saying = schema.told, schema.event, schema.telling, schema.saying
    keys: set[str] = set()
    for portion in portions(members(connection, process)):
        keys.update(connection.execute(select(told.c.event).where(told.c.telling.in_(portion))).scalars())
    events: list[Joined] = []
    tellings: dict[str, Telling] = {}
    for portion in portions(sorted(keys)):
        query = select(event).where(event.c.key.in_(portion))
        events += [one for row in connection.execute(query) if _within(one := joined_of(row), process)]
        joined = telling.join(told, told.c.telling == telling.c.key)
        rows = connection.execute(select(telling, told.c.event).select_from(joined).where(told.c.event.in_(portion)))
        tellings.update((row.key, telling_of(row)) for row in rows)
    kept = {key for one in events for key in one.tellings}
    tellings = {key: tellings[key] for key in sorted(kept)}
    reports = sorted({one.report for one in tellings.values()})
    sayings: dict[str, Saying] = {}
    copies: set[str] = set()
    for portion in portions(reports):
        rows = connection.execute(select(saying).where(saying.c.report.in_(portion)).order_by(saying.c.key))
        sayings.update((row.key, saying_of(row)) for row in rows)
        of = schema.copy.c
        copies.update(connection.execute(select(of.report).where(of.report.in_(portion))).scalars())
    events.sort(key=lambda one: (one.day or "", one.key))
    return Chronicle(process, tuple(events), tellings, sayings, frozenset(copies))


def _within(event: Joined, process: Process) -> bool:
    day = event.day or ""
    after = process.since is None or day >= process.since.isoformat()
    return after and (process.until is None or day <= process.until.isoformat())
