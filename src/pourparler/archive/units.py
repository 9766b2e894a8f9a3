"""Who takes part in what, as far as proposing a process needs it: countries, and actors by their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pourparler.archive import schema
from pourparler.archive.search import found
from pourparler.archive.sql import portions
from pourparler.knowledge import countries_in, country_name

# Actors that may stand for themselves beside a country; "troops" and "villagers" are nobody's name.
_NAMED = frozenset({"organization", "armed_group", "state"})
_PROPER_SECTORS = frozenset({"REB", "PRE"})


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """Who may be a side or mediator: a country (by its code), or an actor by its name."""

    country: str
    name: str

    @property
    def shown(self) -> str:
        """The name of the country or actor."""
        return self.name or country_name(self.country) or self.country


Actor = frozenset[Unit]


@dataclass(frozen=True, slots=True)
class Act:
    """What is looked at of a telling: report, month, type, intensity, and who takes part."""

    key: str
    report: str
    month: str
    type: str
    score: float
    place: str | None
    sources: tuple[Actor, ...]
    targets: tuple[Actor, ...]

    @property
    def units(self) -> frozenset[Unit]:
        """All who take part."""
        return frozenset().union(*self.sources, *self.targets)

    def pairs(self) -> Iterator[tuple[Unit, Unit]]:
        """Yield who acts on whom; without targets, those who take part on each other.

        Of two actors of one country neither that has a name of its own is the country: an armed group against the
        country's forces is a pair of group and country, two groups are a pair of groups.
        """
        for a in self.sources:
            for b in self.targets or self.sources:
                shared = a & b
                ours = {unit for unit in a if unit not in shared or len(a) == 1}
                theirs = {unit for unit in b if unit not in shared or len(b) == 1}
                yield from ((one, other) for one in ours for other in theirs if one != other)


def acts_of(connection: Connection, named: Sequence[str], words: str) -> list[Act]:
    """Return the tellings that name one of the countries, or whose reports have the words; all without either."""
    telling, side = schema.telling.c, schema.side.c
    keys: set[str] | None = None
    if named:
        keys = set(connection.execute(select(side.telling).where(side.country.in_(named))).scalars())
    if words and len(named) < 2:
        reports = select(schema.report.c.key).where(found(connection, schema.report, words))
        having = set(connection.execute(select(telling.key).where(telling.report.in_(reports))).scalars())
        keys = having if keys is None else (keys & having or keys)
    rows = select(telling.key, telling.report, telling.published, telling.type, telling.score, telling.place)
    people = select(side.telling, side.role, side.name, side.kind, side.country, side.sector)
    if keys is None:
        return _made(connection.execute(rows).all(), connection.execute(people).all())
    told: list[Sequence[Any]] = []
    parties: list[Sequence[Any]] = []
    for portion in portions(sorted(keys)):
        told += connection.execute(rows.where(telling.key.in_(portion))).all()
        parties += connection.execute(people.where(side.telling.in_(portion))).all()
    return _made(told, parties)


def _made(tellings: Iterable[Sequence[Any]], people: Iterable[Sequence[Any]]) -> list[Act]:
    actors: defaultdict[tuple[str, str], set[Actor]] = defaultdict(set)
    for key, role, name, kind, country, sector in people:
        if units := frozenset(_units(name, kind, country, sector)):
            actors[key, role].add(units)
    acts = (
        Act(key, report, (published or "")[:7], kind, score, place,
            tuple(actors.get((key, "source"), ())), tuple(actors.get((key, "target"), ())))
        for key, report, published, kind, score, place in tellings
    )  # fmt: skip
    return sorted(acts, key=lambda act: act.key)


def _units(name: str, kind: str, country: str | None, sector: str | None) -> Iterator[Unit]:
    """Yield the country of an actor, and the actor itself where it has a name of its own."""
    if country:
        yield Unit(country, "")
    proper = kind in _NAMED or (kind == "group" and sector in _PROPER_SECTORS)
    if proper and name[:1].isupper() and not countries_in(name):
        yield Unit("", name.removeprefix("The "))
