"""Counting quickly in a big archive: what kinds its events are of, kept as arrays until the archive changes.

``query.facets`` looks up every event that fits, which takes a second for 75,000 of them. Here types, countries,
months and outlets of all events lie in arrays, and a count is one pass over those that fit.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from pourparler.archive import query as asking
from pourparler.archive import schema
from pourparler.archive.conditions import Query, conditions
from pourparler.archive.gathering import outlets_of
from pourparler.archive.query import Count, Facets, Found, on_events
from pourparler.archive.store import Archive
from pourparler.errors import PourparlerError
from pourparler.web.loading import found_events

# Up to so many events, looking them up takes no longer than 0.1 s: for them alone no arrays are made.
_FEW = 600
_KEPT = 64
T = TypeVar("T")
Codes = NDArray[np.int32]
_kept: OrderedDict[tuple[str, int, Hashable], Any] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Column:
    """Values of events: ``codes`` point into ``values``, ``at`` into the events, which have several or none."""

    values: tuple[str, ...]
    at: Codes
    codes: Codes

    def counts(self, chosen: NDArray[np.bool_]) -> tuple[Count, ...]:
        """Return how many of the chosen events have each value, most first."""
        numbers = np.bincount(self.codes[chosen[self.at]], minlength=len(self.values)).tolist()
        found = [Count(value, n) for value, n in zip(self.values, numbers, strict=True) if n]
        return tuple(sorted(found, key=lambda one: (-one.events, one.value)))


@dataclass(frozen=True, slots=True)
class _Columns:
    """All events of an archive as it was at a serial number, by key; ``orders`` holds what they are sorted by."""

    serial: int
    keys: list[str]
    number: dict[str, int]
    orders: dict[str, NDArray[Any]]
    types: _Column
    statuses: _Column
    sources: _Column
    targets: _Column
    months: _Column
    outlets: _Column


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of a question; ``fresh`` is False where they were made before the newest change (the total never is)."""

    facets: Facets
    fresh: bool


def once(archive: Archive, connection: Connection, what: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` gives, asked for once until the archive changes; the last 64 answers are kept."""
    at = (archive.where, archive.serial(connection), what)
    with _lock:
        if at in _kept:
            _kept.move_to_end(at)
            return cast(T, _kept[at])
    made = make()
    with _lock:
        _kept[at] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def counted(archive: Archive, query: Query, *, wait: float | None = None) -> Counted:
    """Return the facets of a question, as ``query.facets`` does.

    Args:
        wait: so many seconds at most for counts of a big archive that has just changed; then those of before do.

    Raises:
        ArchiveError: the question makes no sense.
    """
    bare = replace(query, limit=None, offset=0, sort="day")
    with archive.reading() as connection:
        serial = archive.serial(connection)
        with _lock:
            kept = _kept.get((archive.where, serial, ("facets", bare)))
        if kept is not None:
            return Counted(kept, True)
        keys = _keys(archive, connection, bare)
    columns = _columns_of(archive, serial, wait=0 if len(keys) <= _FEW else wait)
    if columns is None:
        return Counted(asking.facets(archive, bare), True)
    made = Counted(_facets(columns, keys), columns.serial == serial)
    if made.fresh:
        with archive.reading() as connection:
            once(archive, connection, ("facets", bare), lambda: made.facets)
    return made


def found(archive: Archive, query: Query) -> list[Found]:
    """Return the events that fit with all that they rest on, as ``query.found`` does, for a page of a list.

    What fits is asked of the database once, not anew for each page; where arrays are at hand they sort it.
    """
    with archive.reading() as connection:
        bare = replace(query, limit=None, offset=0, sort="day")
        keys = _keys(archive, connection, bare)
        columns = _columns_of(archive, archive.serial(connection), wait=0)
        if columns is not None:
            return found_events(connection, _page(columns, keys, query))
    return list(asking.found(archive, query))


def _page(columns: _Columns, keys: Sequence[str], query: Query) -> list[str]:
    numbers = np.array([columns.number[key] for key in keys], dtype=np.int32)
    by = columns.orders[query.sort.removeprefix("-")][numbers]
    # Numbers are in the order of keys: equals stay in it, as in the database's answer.
    order = np.lexsort((numbers, -by if query.sort.startswith("-") else by))
    until = None if query.limit is None else query.offset + query.limit
    return [columns.keys[n] for n in numbers[order[query.offset : until]].tolist()]


def _keys(archive: Archive, connection: Connection, bare: Query) -> Sequence[str]:
    return once(archive, connection, ("keys", bare), lambda: _fitting(archive, connection, bare))


def _fitting(archive: Archive, connection: Connection, query: Query) -> Sequence[str]:
    """Return the keys of the events that fit."""
    key = schema.event.c.key
    fitting = select(key).where(*on_events(conditions(archive, connection, query)))
    return connection.execute(fitting).scalars().all()


def tellings(archive: Archive, query: Query) -> int:
    """Return how many tellings fit, as ``query.cited`` finds them, whatever limit and offset say."""
    telling, of, event = schema.telling, schema.told, schema.event
    with archive.reading() as connection:
        asked = conditions(archive, connection, query)
        joined = telling.join(of, of.c.telling == telling.c.key).join(event, event.c.key == of.c.event)
        question = select(func.count()).select_from(joined)
        question = question.where(*asked.event, *asked.own(telling.c), *asked.telling)
        return int(connection.execute(question).scalar_one())


def _facets(columns: _Columns, keys: Sequence[str]) -> Facets:
    chosen = np.zeros(len(columns.number), dtype=np.bool_)
    known = (columns.number.get(key) for key in keys)
    chosen[[at for at in known if at is not None]] = True
    return Facets(
        len(keys),
        columns.types.counts(chosen),
        columns.statuses.counts(chosen),
        columns.sources.counts(chosen),
        columns.targets.counts(chosen),
        tuple(sorted(columns.months.counts(chosen), key=lambda one: one.value)),
        columns.outlets.counts(chosen),
    )


@dataclass(slots=True)
class _Place:
    """The arrays of one archive, and the making of newer ones."""

    made: _Columns | None
    making: threading.Thread | None


_places: dict[str, _Place] = {}


def _columns_of(archive: Archive, serial: int, *, wait: float | None) -> _Columns | None:
    """Return the arrays of an archive, those of before where newer ones take longer than ``wait``; None without any.

    With ``wait`` 0 none are made.
    """
    with _lock:
        place = _places.setdefault(archive.where, _Place(None, None))
        made, making = place.made, place.making
        if (made is not None and made.serial == serial) or wait == 0:
            return made if made is not None and made.serial == serial else None
        if wait is not None and making is None and made is not None:
            making = threading.Thread(target=_make, args=(archive, place), daemon=True)
            place.making = making
            making.start()
    if made is None or wait is None or making is None:
        return _make(archive, place)
    making.join(wait)
    return place.made


def _make(archive: Archive, place: _Place) -> _Columns | None:
    try:
        with archive.reading() as connection:
            made = _load(connection, archive.serial(connection))
        place.made = made
        return made
    except PourparlerError:
        # The next question asks for them again, and is told what is wrong.
        return None
    finally:
        place.making = None


def _load(connection: Connection, serial: int) -> _Columns:
    event, side, of, telling = schema.event.c, schema.side.c, schema.told.c, schema.telling.c
    columns = (event.key, event.type, event.status, event.day, event.confidence, event.score, event.outlets)
    own = sorted(tuple(row) for row in connection.execute(select(*columns)))
    keys, types, statuses, days, *_ = zip(*own, strict=True) if own else ((),) * len(columns)
    number = {key: n for n, key in enumerate(keys)}
    # Joined here rather than by the database: with 76,000 tellings that halves the time.
    numbered = {key: number[event_] for key, event_ in connection.execute(select(of.telling, of.event))}
    parties = select(side.telling, side.role, side.country).where(side.country.is_not(None))
    sides = {(numbered[key], role, country) for key, role, country in connection.execute(parties)}
    told = select(telling.key, telling.publisher).where(telling.publisher.is_not(None))
    told_by = {(numbered[key], words) for key, words in connection.execute(told)}
    return _Columns(
        serial,
        list(keys),
        number,
        _orders(own),
        _column(enumerate(types)),
        _column(enumerate(statuses)),
        _column((n, country) for n, role, country in sides if role == "source"),
        _column((n, country) for n, role, country in sides if role == "target"),
        _column((n, day[:7]) for n, day in enumerate(days) if day),
        _column({(n, name) for n, words in told_by for name in outlets_of(words, "")}),
    )


def _orders(own: Sequence[tuple[Any, ...]]) -> dict[str, NDArray[Any]]:
    """Return what events are sorted by: their days as ranks, those without one first; confidence, score, outlets."""
    days = [row[3] or "" for row in own]
    rank = {day: n for n, day in enumerate(sorted(set(days)))}
    named = {"confidence": 4, "score": 5, "outlets": 6}
    numbers = {name: np.array([row[at] for row in own], dtype=np.float64) for name, at in named.items()}
    return {"day": np.array([rank[day] for day in days], dtype=np.int32), **numbers}


def _column(held: Iterable[tuple[int, str]]) -> _Column:
    codes: dict[str, int] = {}
    at, found = [], []
    for n, value in held:
        at.append(n)
        found.append(codes.setdefault(value, len(codes)))
    return _Column(tuple(codes), np.array(at, dtype=np.int32), np.array(found, dtype=np.int32))
