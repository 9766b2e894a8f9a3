"""From a question to conditions: what a ``Query`` asks for, as SQLAlchemy expressions over events and tellings."""

from __future__ import annotations

import math
import threading
import typing
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, or_, select

from pourparler.archive import schema
from pourparler.archive.binding import bonds
from pourparler.archive.chronicle import members
from pourparler.archive.outlets import Outlet, asked_for, named, outlet, unknown
from pourparler.archive.periods import period
from pourparler.archive.process import Member, Process
from pourparler.archive.search import fold, found
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.codebook import load as codebook
from pourparler.errors import ArchiveError
from pourparler.knowledge import countries_in, country_name, country_of, resolve_place
from pourparler.record import EventType, Status

# The sectors that PLOVER knows; the codebook tells only those that a word evokes.
SECTORS = frozenset(
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK AGR BUS CRM CVL EDU ELI JRN LAB MED REF OPP PRE REL SOC".split()
)
DIFFERING = ("any", "type", "status", "day", "place", "sources", "targets", "number")
SORTS = ("day", "-day", "confidence", "-confidence", "score", "-score", "outlets", "-outlets")
# The mean radius of the Earth, and what is still near, in kilometres.
_EARTH = 6371.0
_FARTHEST = 2000.0
# How many names an error lists of those that there are, and how many outlets one word may stand for.
_LISTED = 30
_MOST_OUTLETS = 5000
# From so many values on they stand in the statement itself: databases take some ten thousand beside it.
_VALUES = 5000
T = TypeVar("T")
_KEPT = 32
_kept: OrderedDict[tuple[str, int, Hashable], Any] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of an archive; what is left out is not asked for, of several values any one does.

    ``source``, ``target`` and ``actor`` (either side) are an alpha-3 code, a country's name or demonym, the name of
    a side of the process, a sector's code, or words of an actor's name. ``since`` and ``until`` are days, weeks,
    months or years, both included. ``near`` is a place's name, ``km`` how far around it. ``text`` is as for
    ``search.parse``. ``outlet`` is words of an outlet's name, or after "=" the whole of it ("=BBC" is not BBC News).
    ``verdict`` is "any" (a join or a split too), "none" or what a verdict says; ``confidence`` the least one;
    ``differing`` a field on which versions differ; ``run`` the key of the run that read it. ``sort`` is one of
    SORTS, "-" for falling.
    """

    process: Process | None = None
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    near: str | None = None
    km: float = 50.0
    country: tuple[str, ...] = ()
    text: str | None = None
    outlet: tuple[str, ...] = ()
    min_outlets: int = 0
    verdict: str | None = None
    confidence: float = 0.0
    differing: str | None = None
    run: str | None = None
    limit: int | None = None
    offset: int = 0
    sort: str = "day"


@dataclass(frozen=True, slots=True)
class Conditions:
    """``event`` on schema.event; ``own`` on a telling as on an event (type, day ...), ``telling`` on tellings alone.

    An event fits where ``event`` and ``own`` hold of it, and all of ``telling`` of one and the same of its tellings.
    """

    event: tuple[ColumnElement[bool], ...]
    own: Callable[[Any], tuple[ColumnElement[bool], ...]]
    telling: tuple[ColumnElement[bool], ...]


def conditions(archive: Archive, connection: Connection, query: Query) -> Conditions:
    """Return the conditions of a query; raises ArchiveError for a value that nothing can have."""
    _check(query)
    types = _values(query.type, typing.get_args(EventType), "type", lambda word: word.strip().upper())
    statuses = _values(query.status, typing.get_args(Status), "status", _underscored)
    modes = _values(query.mode, sorted({m.name for t in codebook().types.values() for m in t.modes}), "mode", _dashed)
    countries = tuple(_country(connection, word) for word in query.country)
    days = _days(query)

    def own(columns: Any) -> tuple[ColumnElement[bool], ...]:
        """Return what is asked of the columns that events and tellings share."""
        out: list[ColumnElement[bool]] = [
            column.in_(values)
            for column, values in (
                (columns.type, types),
                (columns.mode, modes),
                (columns.status, statuses),
                (columns.country, countries),
            )
            if values
        ]
        out += [columns.day >= days[0]] if days[0] else []
        out += [columns.day <= days[1]] if days[1] else []
        out += [columns.confidence >= query.confidence] if query.confidence else []
        return tuple(out)

    return Conditions(
        tuple(_of_events(archive, connection, query)), own, tuple(_of_tellings(archive, connection, query))
    )


def _check(query: Query) -> None:
    if query.sort not in SORTS:
        raise ArchiveError(f"{query.sort!r} is no order. Give one of {', '.join(SORTS)}")
    if query.differing is not None and query.differing not in DIFFERING:
        raise ArchiveError(f"{query.differing!r} is no field that versions differ on. Give {', '.join(DIFFERING)}")
    if not 0 < query.km <= _FARTHEST:
        raise ArchiveError(
            f"{query.km:g} km is no distance to look around. Give more than 0 and at most {_FARTHEST:g}"
        )
    if query.offset < 0 or (query.limit is not None and query.limit < 0):
        raise ArchiveError("limit and offset count events. Give none below 0")


def _values(words: Iterable[str], known: Iterable[str], what: str, form: Callable[[str], str]) -> tuple[str, ...]:
    out = tuple(form(word) for word in words)
    every = tuple(known)
    for word, value in zip(words, out, strict=True):
        if value not in every:
            raise ArchiveError(f"{word!r} is no {what}. There are: {', '.join(every)}")
    return out


def _underscored(word: str) -> str:
    return "_".join(word.lower().replace("-", " ").replace("_", " ").split())


def _dashed(word: str) -> str:
    return word.strip().lower()


def _days(query: Query) -> tuple[str | None, str | None]:
    """Return the first and last day asked for, those of the process where they are narrower."""
    since = [period(query.since)[0]] if query.since else []
    until = [period(query.until)[1]] if query.until else []
    if since and until and since[0] > until[0]:
        raise ArchiveError(f"{query.since} is later than {query.until}. Give the earlier one first")
    if query.process:
        since += [query.process.since] if query.process.since else []
        until += [query.process.until] if query.process.until else []
    return max(since).isoformat() if since else None, min(until).isoformat() if until else None


def _country(connection: Connection, word: str) -> str:
    if word.upper() == word and country_name(word):
        return word
    code = country_of(word) or country_of(word.title())
    if code:
        return code
    column = schema.telling.c.country
    there = sorted(connection.execute(select(column).where(column.is_not(None)).distinct()).scalars())
    more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
    raise ArchiveError(
        f"{word!r} is no country. Give a name or an alpha-3 code; the archive has events in "
        f"{', '.join(there[:_LISTED]) or 'no country yet'}{more}"
    )


def _of_events(archive: Archive, connection: Connection, query: Query) -> Iterable[ColumnElement[bool]]:
    event = schema.event.c
    if query.process:
        yield event.key.in_(_listed(_events_of(archive, connection, query.process)))
    if query.min_outlets > 1:
        yield event.outlets >= query.min_outlets
    if query.differing:
        # The body is our own JSON: within its strings a quote is escaped, so no text of a report looks like this.
        yield event.tellings > 1
        if query.differing == "any":
            yield ~event.body.contains('"versions": []', autoescape=True)
        else:
            ending = " of " if query.differing == "number" else '"'
            yield event.body.contains(f'{{"field": "{query.differing}{ending}', autoescape=True)


def _of_tellings(archive: Archive, connection: Connection, query: Query) -> Iterable[ColumnElement[bool]]:
    telling, side = schema.telling, schema.side.c
    for words, role in ((query.source, "source"), (query.target, "target"), (query.actor, None)):
        if not words:
            continue
        taking = select(side.telling).where(or_(*(_party(word, query.process) for word in words)))
        taking = taking.where(side.role == role) if role else taking
        # Words of the text find few tellings, whose sides are looked up one by one: 20 times as fast as going
        # through all that a big country did. Without them the sides come first.
        yield taking.where(side.telling == telling.c.key).exists() if query.text else telling.c.key.in_(taking)
    if query.near:
        yield _near(query)
    if query.text:
        yield found(connection, telling, query.text)
    if query.outlet:
        yield telling.c.publisher.in_(_publishers(archive, connection, query.outlet))
    if query.run:
        yield telling.c.run == query.run
    if query.verdict == "any":
        yield _given_by_hand(archive, connection)
    elif query.verdict == "none":
        yield ~_given_by_hand(archive, connection)
    elif query.verdict:
        yield telling.c.verdict == query.verdict


def _events_of(archive: Archive, connection: Connection, process: Process) -> list[str]:
    """Return the keys of the events that a process has a telling of, kept until the archive changes."""

    def made() -> list[str]:
        told = schema.told.c
        out: set[str] = set()
        for portion in portions(members(connection, process)):
            out.update(connection.execute(select(told.event).where(told.telling.in_(portion))).scalars())
        return sorted(out)

    return _once(archive, connection, process, made)


def _listed(keys: list[str]) -> Any:
    """Return keys of our own as a list within the statement: there is no end to its length, as there is to values."""
    return bindparam("keys", keys, expanding=True, literal_execute=len(keys) > _VALUES, unique=True)


def _party(word: str, process: Process | None) -> ColumnElement[bool]:
    """Return the condition that a row of ``side`` is whom a word stands for."""
    side = schema.side.c
    folded = fold(word)
    if not folded:
        raise ArchiveError(f"{word!r} names nobody. Give a country, a sector or words of a name")
    members = (*process.sides, *process.mediators) if process else ()
    member = next((one for one in members if fold(one.name) == folded), None)
    if member:
        return _of_member(member, member.countries)
    bare = word.strip()
    if country_name(bare):
        return side.country == bare
    if bare in SECTORS:
        return side.sector == bare
    for form in (bare, bare.title()):
        named = countries_in(form)
        # A capital stands for its government at times, but "Brussels" for another: it counts as a name alone.
        if len(named) == 1 and (named[0].start, named[0].end) == (0, len(form)) and named[0].kind != "capital":
            return side.country == named[0].alpha3
    return _named((word,))


def _named(names: Iterable[str]) -> ColumnElement[bool]:
    spaced = " " + schema.side.c.folded + " "
    return or_(*(spaced.contains(f" {fold(name)} ", autoescape=True) for name in names))


def _of_member(member: Member, countries: Iterable[str]) -> ColumnElement[bool]:
    by_country = schema.side.c.country.in_(list(countries))
    return or_(by_country, _named(member.names)) if member.names else by_country


def _near(query: Query) -> ColumnElement[bool]:
    """Return the condition that a telling took place near; one without coordinates where its place has the words."""
    telling = schema.telling.c
    name = query.near or ""
    if not fold(name):
        raise ArchiveError(f"{name!r} names no place. Give the name of one")
    named = (" " + telling.spot + " ").contains(f" {fold(name)} ", autoescape=True)
    sides = query.process.sides if query.process else ()
    place = resolve_place(name, context_countries={code for one in sides for code in one.countries})
    if place is None:
        return named
    if place.level == "country" and place.country:
        return or_(telling.country == place.country, and_(telling.country.is_(None), named))
    inside = _within(place.latitude, place.longitude, query.km)
    return or_(and_(telling.latitude.is_(None), named), inside)


def _within(latitude: float, longitude: float, km: float) -> ColumnElement[bool]:
    """Return the condition that a telling lies within so many kilometres, along the globe."""
    telling = schema.telling.c
    degrees = math.degrees(km / _EARTH)
    east = telling.longitude - longitude
    turned = case((east > 180, east - 360), (east < -180, east + 360), else_=east)
    cosines = math.cos(math.radians(latitude)) * (1 - 2 * _haversine(telling.latitude))
    apart = _haversine(telling.latitude - latitude) + cosines * _haversine(turned)
    # The band of latitudes first: it is cheap, and most of the archive lies outside it.
    band = telling.latitude.between(latitude - degrees, latitude + degrees)
    return and_(band, apart <= math.sin(km / _EARTH / 2) ** 2)


def _haversine(angle: ColumnElement[float]) -> ColumnElement[float]:
    """Return (1 - cos) / 2 of degrees from -180 to 180, as a series: not every SQLite has functions of angles.

    It is off by less than 0.00001, at 180 degrees.
    """
    square = angle * angle * math.radians(1) ** 2
    inner: ColumnElement[float] = 1.0 - square / 240.0
    for step in (182, 132, 90, 56, 30, 12):
        inner = 1.0 - square / float(step) * inner
    return square / 4.0 * inner


def _publishers(archive: Archive, connection: Connection, words: Iterable[str]) -> list[str]:
    """Return the publishers of reports one of whose outlets is called so, by parts of its name or as a whole."""

    def made() -> dict[str, tuple[Outlet, ...]]:
        column = schema.telling.c.publisher
        every = connection.execute(select(column).where(column.is_not(None)).distinct()).scalars()
        return {one: tuple(map(outlet, named(one))) for one in every}

    known = _once(archive, connection, "publishers", made)
    out: set[str] = set()
    for word in words:
        is_asked_for = asked_for([word])
        fits = {one for one, outlets in known.items() if any(map(is_asked_for, outlets))}
        if not fits:
            raise ArchiveError(unknown(word, (one.name for every in known.values() for one in every), listed=_LISTED))
        out |= fits
    if len(out) > _MOST_OUTLETS:
        raise ArchiveError(f"{len(out)} outlets are called so. Give more of the name")
    return sorted(out)


def _given_by_hand(archive: Archive, connection: Connection) -> ColumnElement[bool]:
    """Return the condition that a person gave a verdict on a telling: on what it says, or on what it is one with."""

    def made() -> list[str]:
        # What a join or a split says of a telling stands in no column of it.
        found = {match.key for bond in bonds(connection) for match in (bond.a, bond.b)}
        return sorted(key for key in found if key is not None)

    telling = schema.telling.c
    return or_(telling.verdict.is_not(None), telling.key.in_(_listed(_once(archive, connection, "bound", made))))


def _once(archive: Archive, connection: Connection, what: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` gives, asked for once until the archive changes; the last 32 answers are kept."""
    at = (archive.where, archive.serial(connection), what)
    with _lock:
        if at in _kept:
            _kept.move_to_end(at)
            return typing.cast(T, _kept[at])
    made = make()
    with _lock:
        _kept[at] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made
