"""Joining: which tellings of different reports are one event, and which reports repeat another.

What a method finds is a judgement with a score, kept in table ``judgement`` and never changed; what follows from all
judgements and verdicts, the joined events, is derived and made anew where something changed. A judgement depends on
its two tellings alone, and grouping on all judgements, so that the result does not depend on the order of arrival.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, delete, func, or_, select

from pourparler.archive import candidates, schema
from pourparler.archive.binding import bonds, counting
from pourparler.archive.candidates import Candidate
from pourparler.archive.copying import find_copies
from pourparler.archive.given import alone
from pourparler.archive.showing import regroup
from pourparler.archive.sql import around, have, ignoring, portions
from pourparler.archive.store import Archive

SAME = "same"
# Pairs judged and kept at a time.
_CHUNK = 200_000
# Of more fresh tellings than this nearly all others lie near: then the archive is loaded whole.
_MANY = 10_000


@dataclass(frozen=True, slots=True)
class Joining:
    """How far joining is: what it does now, and how much of how much of that is done."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What joining found: tellings, events they are joined into, events with several tellings, copies."""

    tellings: int
    events: int
    joined: int
    copies: int


Links = Mapping[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of two tellings, by key: that they are one event, or that ``a`` is another than ``b``."""

    a: str
    b: str
    together: bool


class Scorer(Protocol):
    """Says how surely two tellings are one act, and groups them by that."""

    method: str
    floor: float

    def scores(self, found: Sequence[Candidate], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
        """Return the chance, 0 to 1, that each pair is one act."""

    def groups(self, size: int, pairs: Sequence[tuple[int, int]], scores: Sequence[float]) -> list[list[int]]:
        """Return numbers 0 to size - 1 in groups, one for each event."""


def join(archive: Archive, scorer: Scorer, *, on_step: Callable[[Joining], None] = lambda _: None) -> Outcome:
    """Join what came in since the last joining; broken off, it can be begun again.

    The result is that of joining the whole archive at once.
    """
    with archive.reading() as connection:
        pending = set(connection.execute(select(schema.pending.c.report)).scalars())
    on_step(Joining("looking for copies", 0, len(pending)))
    pending |= find_copies(archive, pending)
    with archive.reading() as connection:
        fresh = _tellings_of(connection, pending)
        found = _worth_comparing(connection, fresh)
    judge(archive, scorer, found, fresh, on_step=on_step)
    settle(archive, scorer, found, fresh, pending, on_step=on_step)
    return outcome(archive)


def _worth_comparing(connection: Connection, fresh: frozenset[str]) -> list[Candidate]:
    """Return fresh tellings and all that lie near them in time; of many fresh ones that is nearly everything."""
    if len(fresh) > _MANY:
        return candidates.load(connection)
    own = candidates.load(connection, fresh)
    days = around((one.day.isoformat() if one.day else None for one in own), candidates.rules().days)
    telling = schema.telling
    keys = {
        key
        for portion in portions(days)
        for key in connection.execute(select(telling.c.key).where(telling.c.day.in_(portion))).scalars()
    }
    return candidates.load(connection, keys | fresh)


def judge(
    archive: Archive,
    scorer: Scorer,
    found: Sequence[Candidate],
    fresh: frozenset[str],
    *,
    on_step: Callable[[Joining], None],
) -> None:
    """Compare fresh tellings with all that lie near, and keep what is judged likely enough."""
    done = 0
    for chosen in _chunks(candidates.pairs(found, fresh=fresh), _CHUNK):
        scores = scorer.scores(found, chosen)
        rows = [
            {
                "kind": SAME,
                "a": found[a].key,
                "b": found[b].key,
                "method": scorer.method,
                "basis": found[a].basis + found[b].basis,
                "score": round(float(score), 4),
            }
            for (a, b), score in zip(chosen, scores, strict=True)
            if score >= scorer.floor
        ]
        with archive.writing() as connection:
            ignoring(connection, schema.judgement, rows)
        done += len(chosen)
        on_step(Joining("compared", done, 0))


def settle(
    archive: Archive,
    scorer: Scorer,
    found: Sequence[Candidate],
    fresh: frozenset[str],
    pending: set[str],
    *,
    on_step: Callable[[Joining], None],
) -> None:
    """Group the tellings that fresh ones touch, as all judgements and verdicts say, into events; all or nothing.

    What others read anew, corrected or rejected while tellings were compared waits for the next joining.
    """
    with archive.writing() as connection:
        bound = decisions(connection)
        found, moved = _as_they_are(connection, found, pending)
        fresh = fresh & {one.key for one in found}
        every = _with_linked(connection, scorer.method, found, fresh, bound)
        number = {one.key: n for n, one in enumerate(every)}
        links = _links(connection, scorer.method, every, number)
        touched = _touched(fresh & number.keys(), links, bound, number)
        groups = obey(_grouped(scorer, touched, links, every), bound)
        on_step(Joining("gathering", 0, len(groups)))
        regroup(connection, [every[n].key for n in touched], groups)
        for portion in portions(pending - moved):
            connection.execute(delete(schema.pending).where(schema.pending.c.report.in_(portion)))


def _as_they_are(
    connection: Connection, found: Sequence[Candidate], pending: set[str]
) -> tuple[list[Candidate], set[str]]:
    """Return the candidates that are still there, and which of the pending reports tell other than when compared."""
    there = have(connection, schema.telling, "key", (one.key for one in found))
    now = candidates.load(connection, _tellings_of(connection, pending))
    compared = {(one.key, one.basis) for one in found if one.report in pending}
    changed = compared ^ {(one.key, one.basis) for one in now}
    keys = {key for key, _ in changed}
    moved = {one.report for one in (*found, *now) if one.key in keys}
    return [one for one in found if one.key in there], moved


def _with_linked(
    connection: Connection,
    method: str,
    found: Sequence[Candidate],
    fresh: frozenset[str],
    bound: Sequence[Decision],
) -> Sequence[Candidate]:
    """Return the candidates and all that fresh ones are linked to, over however many others."""
    if len(fresh) > _MANY:
        return found
    near: dict[str, set[str]] = defaultdict(set)
    for one in bound:
        near[one.a].add(one.b)
        near[one.b].add(one.a)
    at = schema.judgement.c
    waiting, seen = set(fresh), set(fresh)
    while waiting:
        reached = {other for key in waiting for other in near[key]}
        for portion in portions(sorted(waiting)):
            ends = or_(at.a.in_(portion), at.b.in_(portion))
            for pair in connection.execute(select(at.a, at.b).where(at.kind == SAME, at.method == method, ends)):
                reached.update(pair)
        waiting = reached - seen
        seen |= waiting
    missing = seen - {one.key for one in found}
    return sorted([*found, *candidates.load(connection, missing)], key=lambda one: one.key)


def _grouped(scorer: Scorer, touched: Sequence[int], links: Links, found: Sequence[Candidate]) -> list[list[str]]:
    place = {n: at for at, n in enumerate(touched)}
    chosen = [(place[a], place[b], score) for (a, b), score in sorted(links.items()) if a in place and b in place]
    groups = scorer.groups(len(touched), [(a, b) for a, b, _ in chosen], [score for _, _, score in chosen])
    return [[found[touched[n]].key for n in group] for group in groups]


def decisions(connection: Connection) -> list[Decision]:
    """Return persons' decisions in force, oldest first, about the tellings that stand in the places they named."""
    alone(connection)
    found = counting(bonds(connection))
    return [Decision(one.a.key, one.b.key, one.together) for one in found if one.a.key and one.b.key]


def _links(
    connection: Connection, method: str, found: Sequence[Candidate], number: Mapping[str, int]
) -> dict[tuple[int, int], float]:
    """Return the judgements in force: of this method, on both tellings as they are now."""
    at = schema.judgement.c
    query = select(at.a, at.b, at.basis, at.score).where(at.kind == SAME, at.method == method)
    out: dict[tuple[int, int], float] = {}
    some: list[list[str] | None] = [None] if len(found) > _MANY else [*portions(sorted(number))]
    for portion in some:
        for a_key, b_key, basis, score in connection.execute(query.where(at.a.in_(portion)) if portion else query):
            a, b = number.get(a_key), number.get(b_key)
            if a is not None and b is not None and basis == found[a].basis + found[b].basis:
                out[a, b] = score
    return out


def _touched(
    fresh: frozenset[str],
    links: Links,
    bound: Sequence[Decision],
    number: Mapping[str, int],
) -> list[int]:
    """Return the numbers of all tellings that fresh ones are linked to, over however many others, sorted."""
    near: dict[int, list[int]] = defaultdict(list)
    named = [(number[one.a], number[one.b]) for one in bound if one.a in number and one.b in number]
    for a, b in itertools.chain(links, named):
        near[a].append(b)
        near[b].append(a)
    waiting = [number[key] for key in fresh]
    seen = set(waiting)
    while waiting:
        for other in near[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return sorted(seen)


def obey(groups: list[list[str]], bound: Iterable[Decision]) -> list[list[str]]:
    """Return the groups after persons' decisions, in their order: a split takes the telling out, a join unites."""
    of = {key: group for group in map(list, groups) for key in group}
    for one in bound:
        if one.a not in of or one.b not in of:
            continue
        first, second = of[one.a], of[one.b]
        if one.together and first is not second:
            first += second
            of.update(dict.fromkeys(second, first))
        elif not one.together and first is second:
            first.remove(one.a)
            of[one.a] = [one.a]
    kept = {id(group): group for group in of.values()}
    return sorted(sorted(group) for group in kept.values())


def _tellings_of(connection: Connection, reports: Iterable[str]) -> frozenset[str]:
    out: set[str] = set()
    for portion in portions(reports):
        query = select(schema.telling.c.key).where(schema.telling.c.report.in_(portion))
        out.update(connection.execute(query).scalars())
    return frozenset(out)


def _chunks(items: Iterator[tuple[int, int]], size: int) -> Iterator[list[tuple[int, int]]]:
    while chunk := list(itertools.islice(items, size)):
        yield chunk


def outcome(archive: Archive) -> Outcome:
    """Return how many tellings, events and copies the archive has."""
    event = schema.event
    with archive.reading() as connection:
        count = select(func.count())
        return Outcome(
            connection.execute(count.select_from(schema.telling)).scalar_one(),
            connection.execute(count.select_from(event)).scalar_one(),
            connection.execute(count.select_from(event).where(event.c.tellings > 1)).scalar_one(),
            connection.execute(count.select_from(schema.copy)).scalar_one(),
        )
