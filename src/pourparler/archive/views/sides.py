"""Who acts for whom in a chronicle, which statement an act's words belong to, and the settings of views."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.told import Party, Saying
from pourparler.archive.views.common import Cast
from pourparler.knowledge import country_name

# Who of several without side or country stands for all.
_KINDS = ("person", "state", "organization", "armed_group", "group", "place")


@functools.cache
def settings(name: str) -> Mapping[str, Any]:
    """Return a table of data/views2.toml."""
    path = importlib.resources.files("pourparler.archive") / "data" / "views2.toml"
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))[name]
    return table


class Sides(Cast):
    """Who acts for which side or mediator, and what others are called: by their country, else by their name."""

    def label(self, party: Party) -> str:
        """Return the side or mediator a party acts for, else its country, else its name."""
        return self.member(party) or (party.country and country_name(party.country)) or party.who

    def labels(self, parties: Iterable[Party]) -> tuple[str, ...]:
        """Return whom parties act for, sorted: the sides and mediators; where there are none the countries.

        Where there are none either, one name: "Jane Doe, the head of the city" are mostly one, told in two ways.
        """
        every = tuple(parties)
        members = {name for party in every if (name := self.member(party))}
        known = members or {name for party in every if party.country and (name := country_name(party.country))}
        if known or not every:
            return tuple(sorted(known))
        return (min(every, key=lambda party: (_KINDS.index(party.kind), party.who)).who,)

    def named(self, parties: Iterable[Party], label: str) -> tuple[str, ...]:
        """Return the names of the parties that a label of ``labels`` stands for, sorted; all where it is a name."""
        every = tuple(parties)
        own = {party.who for party in every if self.label(party) == label}
        unknown = {party.who for party in every if not party.country and not self.member(party)}
        return tuple(sorted(own | unknown if label in unknown else own))

    def outside(self, parties: Iterable[Party], label: str) -> bool:
        """True where a label is of somebody known to stand outside: no side, but a country, a body or the press."""
        if label in self.sides:
            return False
        rule = settings("claims")
        return any(
            bool(party.country or self.member(party))
            or party.kind in rule["outside_kinds"]
            or party.sector in rule["outside_sectors"]
            for party in parties
            if self.label(party) == label
        )


@functools.lru_cache(maxsize=8)
def sides_of(process: Process) -> Sides:
    """Return who acts for whom in a process; kept, since names once asked for need no second look."""
    return Sides(process)


def saying_at(chronicle: Chronicle) -> dict[str, str]:
    """Return, for each telling whose trigger words are the cue of a statement, that statement's key.

    "The ministry accused ..." is both: an event of type ACCUSE, and a statement that says of what.
    """
    cues: defaultdict[str, list[Saying]] = defaultdict(list)
    for saying in sorted(chronicle.sayings.values(), key=lambda one: one.key):
        cues[saying.report].append(saying)
    out = {}
    for telling in chronicle.tellings.values():
        for saying in cues.get(telling.report, ()):
            if saying.start < telling.end and telling.start < saying.end:
                out[telling.key] = saying.key
                break
    return out


def days_apart(a: str, b: str) -> int | None:
    """Return how many days lie between two days (ISO 8601); None where one of them is no day."""
    first, second = date_of(a), date_of(b)
    return abs((first - second).days) if first and second else None
