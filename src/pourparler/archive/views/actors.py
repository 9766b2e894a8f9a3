"""Actors: who takes part in a process, in which offices, how often on which side of what, and with whom."""

from __future__ import annotations

import datetime
import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Joined, Party
from pourparler.archive.views.common import DONE, Cast, plain
from pourparler.archive.views.sides import settings, sides_of
from pourparler.codebook import load

# PLOVER's quads, 1 to 4.
_QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """A title that reports give an actor: from the first day of publication to the last, in so many reports."""

    title: str
    first_seen: str | None
    last_seen: str | None
    times: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many events of a group of types ("material conflict")."""

    group: str
    events: int


@dataclass(frozen=True, slots=True)
class Partner:
    """Another actor, and how many events of cooperation and of conflict both take part in, by either's doing."""

    name: str
    events: int
    cooperation: int
    conflict: int


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor over time: all reports' names of one folded form and country; the troops of one
    country are one actor.

    ``side`` is the side or mediator it acts for, None for others. Counts are of events told as fact;
    ``claimed`` of those it did by somebody's word only. ``titles`` by first day, ``partners`` most frequent first.
    """

    name: str
    kind: str
    country: str | None
    side: str | None
    first_seen: str | None
    last_seen: str | None
    events: int
    claimed: int
    statements: int
    as_source: tuple[Count, ...]
    as_target: tuple[Count, ...]
    titles: tuple[Held, ...]
    partners: tuple[Partner, ...]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """What one actor did to another, as fact: ``weight`` events, their mean intensity ``score`` (-10 to +10)."""

    source: str
    target: str
    source_side: str | None
    target_side: str | None
    weight: int
    cooperation: int
    conflict: int
    score: float
    first: str | None
    last: str | None
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """An actor in one telling or statement of one report."""

    party: Party
    day: str
    report: str
    key: str


@dataclass(frozen=True, slots=True)
class Known:
    """An actor with all places that name it, and what it is called."""

    who: _Key
    name: str
    side: str | None
    seen: Sequence[Sighting]


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Actor, ...]:
    """Return the actors of a chronicle as of a day (absent: the last publication), most events first."""
    chronicle = seen_from(chronicle, today)
    known = known_in(chronicle)
    events = {event.key: event for event in chronicle.events}
    taking = _taking(chronicle, known.values(), events)
    partners = _partners(taking, events, known)
    rows = [_actor(one, chronicle, events, partners.get(who, ())) for who, one in known.items()]
    return tuple(sorted(rows, key=lambda row: (-row.events, -row.statements, row.name, row.country or "", row.kind)))


def edges(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Edge, ...]:
    """Return the network of a chronicle as of a day: one row for each source and target, heaviest first.

    Events without a target count from each who takes part to each other.
    """
    chronicle = seen_from(chronicle, today)
    known = known_in(chronicle)
    events = {event.key: event for event in chronicle.events}
    between: defaultdict[tuple[_Key, _Key], list[Joined]] = defaultdict(list)
    for key, (sources, targets) in _taking(chronicle, known.values(), events).items():
        for pair in _directed(sources, targets):
            between[pair].append(events[key])
    rows = [_edge(known[a], known[b], found) for (a, b), found in between.items()]
    return tuple(sorted(rows, key=lambda row: (-row.weight, row.source, row.target, row.tellings)))


def known_in(chronicle: Chronicle) -> dict[_Key, Known]:
    """Return the actors that reports name, by who they are."""
    cast = sides_of(chronicle.process)
    found = list(_seen(chronicle, cast))
    countries: defaultdict[str, set[str]] = defaultdict(set)
    for one in found:
        if one.party.country:
            countries[plain(one.party.who)].add(one.party.country)
    by_who: defaultdict[_Key, list[Sighting]] = defaultdict(list)
    keys = {(one.party.who, one.party.kind, one.party.sector, one.party.country): one.party for one in found}
    who = {at: _who(party, countries) for at, party in keys.items()}
    full = _full_names({key for at, key in who.items() if at[1] == "person" or keys[at].holder})
    for one in found:
        key = who[one.party.who, one.party.kind, one.party.sector, one.party.country]
        by_who[full.get(key, key)].append(one)
    sides = {who: [side for one in seen if (side := cast.member(one.party))] for who, seen in by_who.items()}
    return {
        who: Known(who, _most(one.party.who for one in seen), _most(sides[who]) if sides[who] else None, seen)
        for who, seen in by_who.items()
    }


def _who(party: Party, countries: Mapping[str, set[str]]) -> _Key:
    """Return a form of name and country that all names of one actor share.

    A country's troops, under whatever name, are one. A name without a country has that of its namesakes, if all have
    the same one.
    """
    if party.kind == "group" and party.sector == "MIL" and party.country:
        return " forces ", party.country
    name = plain(party.who)
    of = countries.get(name, ())
    return name, party.country or (next(iter(of)) if len(of) == 1 else "")


def _full_names(people: Iterable[_Key]) -> Mapping[_Key, _Key]:
    """Return, for a last name alone, the only person of that name and country whose full name is known."""
    by_last: defaultdict[_Key, set[_Key]] = defaultdict(set)
    for name, country in people:
        words = name.split()
        if len(words) > 1:
            by_last[f" {words[-1]} ", country].add((name, country))
    return {last: min(found) for last, found in by_last.items() if len(found) == 1}


def _seen(chronicle: Chronicle, cast: Cast) -> Iterator[Sighting]:
    """Yield every place that names an actor worth following."""
    kinds, sectors = frozenset(settings("actors")["kinds"]), frozenset(settings("actors")["sectors"])

    def followed(party: Party) -> bool:
        if party.kind in kinds or party.holder:
            return True
        # "army" or "two soldiers" of nobody known are not somebody.
        return party.kind == "group" and party.sector in sectors and bool(party.country or cast.member(party))

    for telling in chronicle.tellings.values():
        for party in filter(followed, telling.parties):
            yield Sighting(party, (telling.published or "")[:10], telling.report, telling.key)
    for saying in chronicle.sayings.values():
        for party in filter(followed, (*saying.speakers, *saying.addressees)):
            yield Sighting(party, (saying.published or "")[:10], saying.report, saying.key)


def _taking(
    chronicle: Chronicle, known: Iterable[Known], events: Mapping[str, Joined]
) -> dict[str, tuple[set[_Key], set[_Key]]]:
    """Return who are sources and targets of each event told as fact, over all its tellings."""
    roles: dict[str, tuple[set[_Key], set[_Key]]] = {
        key: (set(), set()) for key, event in events.items() if event.status in DONE
    }
    for one in known:
        for seen in one.seen:
            if seen.party.role in ("source", "target"):
                event = chronicle.tellings[seen.key].event
                if event in roles:
                    roles[event][seen.party.role == "target"].add(one.who)
    return roles


def _directed(sources: set[_Key], targets: set[_Key]) -> Iterator[tuple[_Key, _Key]]:
    others = sorted(targets or sources)
    yield from ((a, b) for a in sorted(sources) for b in others if a != b)


def _partners(
    taking: Mapping[str, tuple[set[_Key], set[_Key]]], events: Mapping[str, Joined], known: Mapping[_Key, Known]
) -> dict[_Key, list[Partner]]:
    """Return, for each actor, those with whom it takes part in facts, most frequent first."""
    scores: defaultdict[tuple[_Key, _Key], list[float]] = defaultdict(list)
    for key, (sources, targets) in taking.items():
        for a, b in {(min(pair), max(pair)) for pair in _directed(sources, targets)}:
            scores[a, b].append(events[key].score)
    out: defaultdict[_Key, list[Partner]] = defaultdict(list)
    for (a, b), found in scores.items():
        counts = (len(found), sum(score > 0 for score in found), sum(score < 0 for score in found))
        out[a].append(Partner(known[b].name, *counts))
        out[b].append(Partner(known[a].name, *counts))
    return {
        who: sorted(rows, key=lambda row: (-row.events, row.name, row.cooperation, row.conflict))
        for who, rows in out.items()
    }


def _actor(known: Known, chronicle: Chronicle, events: Mapping[str, Joined], partners: Sequence[Partner]) -> Actor:
    told = [one for one in known.seen if one.party.role in ("source", "target")]
    roles: dict[str, set[str]] = {"source": set(), "target": set()}
    for one in told:
        roles[one.party.role].add(chronicle.tellings[one.key].event)
    facts = {role: [key for key in keys if events[key].status in DONE] for role, keys in roles.items()}
    days = sorted(one.day for one in known.seen if one.day)
    tellings = {one.key for one in told}
    return Actor(
        known.name, _most(one.party.kind for one in known.seen), known.who[1] or None, known.side,
        days[0] if days else None, days[-1] if days else None, len({*facts["source"], *facts["target"]}),
        sum(events[key].status == "alleged" for key in roles["source"]),
        len({one.key for one in known.seen if one.party.role == "speaker"}),
        _counts(events[key] for key in facts["source"]), _counts(events[key] for key in facts["target"]),
        _titles(known.seen), tuple(partners),
        tuple(sorted(tellings)), tuple(sorted({one.key for one in known.seen} - tellings)),
    )  # fmt: skip


def _edge(source: Known, target: Known, found: Sequence[Joined]) -> Edge:
    scores = [event.score for event in found]
    days = sorted(event.day for event in found if event.day)
    return Edge(
        source.name, target.name, source.side, target.side, len(found),
        sum(score > 0 for score in scores), sum(score < 0 for score in scores),
        round(math.fsum(scores) / len(scores), 2), days[0] if days else None, days[-1] if days else None,
        tuple(sorted({key for event in found for key in event.tellings})),
    )  # fmt: skip


@functools.cache
def _quads() -> Mapping[str, int]:
    return {name: entry.quad for name, entry in load().types.items()}


def _counts(events: Iterable[Joined]) -> tuple[Count, ...]:
    """Return the number of events by group of types, groups without any left out."""
    number = Counter(_quads()[event.type] for event in events)
    return tuple(Count(name, number[quad]) for quad, name in enumerate(_QUADS, start=1) if number[quad])


def _titles(found: Iterable[Sighting]) -> tuple[Held, ...]:
    """Return the titles of an actor, forms that differ in case alone as one, by first day seen."""
    titles: defaultdict[str, list[tuple[Sighting, str]]] = defaultdict(list)
    for one in found:
        # An office alone ("the foreign minister"), whose holder is known, is a title too.
        title = one.party.title or (one.party.name if one.party.holder else "")
        if title:
            titles[plain(title)].append((one, title))
    rows = []
    for several in titles.values():
        days = sorted(one.day for one, _ in several if one.day)
        first, last = (days[0], days[-1]) if days else (None, None)
        rows.append(Held(_most(title for _, title in several), first, last, len({one.report for one, _ in several})))
    return tuple(sorted(rows, key=lambda row: (row.first_seen or "", row.title)))


def _most(names: Iterable[str]) -> str:
    """Return the most frequent of names, of equals the first in order of code points."""
    every = list(names)
    if len(set(every)) == 1:
        return every[0]
    counted = Counter(every)
    return min(counted, key=lambda name: (-counted[name], name))
