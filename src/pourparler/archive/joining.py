"""Joining: which tellings of different reports are one event, and which reports repeat another.

What a method finds is a judgement with a score, kept in table ``judgement`` and never changed; what follows from all
judgements and verdicts, the joined events, is derived and made anew where something changed. A judgement depends on
its two tellings alone, and grouping on all judgements, so that the result does not depend on the order of arrival,
nor on the blocks in which tellings are compared (blocks.py).
"""

from __future__ import annotations

import bisect
import datetime
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, Select, func, select

from pourparler.archive import blocks, candidates, schema
from pourparler.archive.binding import bonds, counting
from pourparler.archive.blocks import Block
from pourparler.archive.candidates import Candidate, Outline
from pourparler.archive.copying import find_copies
from pourparler.archive.showing import regroup
from pourparler.archive.sql import drop, have, ignoring, portions
from pourparler.archive.store import Archive

SAME = "same"
# Pairs scored, and judgements written, at a time.
_CHUNK = 200_000
_ROWS = 10_000


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


@dataclass(frozen=True, slots=True)
class Judgement:
    """How surely two tellings, by key, are one act, 0 to 1; ``basis`` is what both were judged by."""

    a: str
    b: str
    basis: str
    score: float


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


Judging = Callable[[Iterable[Block]], Iterable[list[Judgement]]]


@dataclass(slots=True)
class _Stage:
    """What can be settled when a block is judged, and all before it.

    ``due`` are keys of fresh tellings of which every pair is judged then; ``reports`` are pending ones that have no
    others, and ``compared`` their tellings.
    """

    days: list[datetime.date]
    due: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    compared: list[Outline] = field(default_factory=list)


def join(
    archive: Archive,
    scorer: Scorer,
    *,
    judging: Judging | None = None,
    limit: int = blocks.LIMIT,
    on_step: Callable[[Joining], None] = lambda _: None,
) -> Outcome:
    """Join what came in since the last joining; broken off, it goes on behind the last block that was settled.

    The result is that of joining the whole archive at once. ``judging`` judges blocks, in their order, as ``judged``
    does with this scorer (elsewhere, several at a time); ``limit`` is about how many tellings a block has. What was
    joined by another method waits for this one too: links of both would not hold together.
    """
    _let_wait(archive, scorer.method)
    with archive.reading() as connection:
        pending = set(connection.execute(select(schema.pending.c.report)).scalars())
    on_step(Joining("looking for copies", 0, len(pending)))
    pending |= find_copies(archive, pending)
    with archive.reading() as connection:
        fresh = list(candidates.outlines(connection, "report", pending))
        runs = blocks.runs(connection, {one.day for one in fresh if one.day}, limit)
    stages, keys = _stages(runs, fresh, pending), frozenset(one.key for one in fresh)
    found = (_block(archive, stage.days, keys) for stage in stages)
    # Mapped, not looped over: nothing holds a block when it is settled and the next one is loaded.
    rows_of = judging(found) if judging else map(partial(judged, scorer), found)
    done = 0
    for stage, rows in zip(stages, rows_of, strict=True):
        _keep(archive, scorer.method, rows)
        _settle(archive, scorer, stage)
        done += len(stage.due)
        on_step(Joining("compared", done, len(fresh)))
    return outcome(archive)


def _let_wait(archive: Archive, method: str) -> None:
    """Let all that was joined wait for joining where other methods judged and this one never did."""
    at, told = schema.judgement.c, schema.telling.c.report
    with archive.reading() as connection:
        methods = set(connection.execute(select(at.method).where(at.kind == SAME).distinct()).scalars())
        if not methods or method in methods:
            return
        reports = connection.execute(select(told).distinct()).scalars().all()
    with archive.writing() as connection:
        ignoring(connection, schema.pending, [{"report": report} for report in sorted(reports)])


def _stages(runs: Sequence[list[datetime.date]], fresh: Sequence[Outline], pending: Iterable[str]) -> list[_Stage]:
    """Return a stage for each run of days, or one without days: a telling is due in that of its own day.

    Its pairs are those of blocks up to there: with earlier tellings, which lie in these, and with later ones.
    """
    stages = [_Stage(days) for days in runs] or [_Stage([])]
    ends = [days[-1] for days in runs]
    last, of = dict.fromkeys(pending, 0), defaultdict[str, list[Outline]](list)
    for one in fresh:
        number = min(bisect.bisect_left(ends, one.day), len(stages) - 1) if one.day else 0
        stages[number].due.append(one.key)
        last[one.report] = max(last[one.report], number)
        of[one.report].append(one)
    for report, number in last.items():
        stages[number].reports.append(report)
        stages[number].compared += of[report]
    return stages


def _block(archive: Archive, days: Sequence[datetime.date], fresh: frozenset[str]) -> Block:
    with archive.reading() as connection:
        return blocks.load(connection, days, fresh)


def judged(scorer: Scorer, block: Block) -> list[Judgement]:
    """Compare the tellings of a block; return what is judged likely enough."""
    pairs, found = candidates.pairs(block.found, fresh=block.fresh, days=block.days), block.found
    return [
        Judgement(found[a].key, found[b].key, found[a].basis + found[b].basis, round(float(score), 4))
        for chosen in _chunks(pairs, _CHUNK)
        for (a, b), score in zip(chosen, scorer.scores(found, chosen), strict=True)
        if score >= scorer.floor
    ]


def _keep(archive: Archive, method: str, rows: Sequence[Judgement]) -> None:
    """Keep judgements; one that is there already stays."""
    if not rows:
        return
    with archive.writing() as connection:
        for start in range(0, len(rows), _ROWS):
            made = [
                {"kind": SAME, "a": one.a, "b": one.b, "method": method, "basis": one.basis, "score": one.score}
                for one in rows[start : start + _ROWS]
            ]
            ignoring(connection, schema.judgement, made)


def _settle(archive: Archive, scorer: Scorer, stage: _Stage) -> None:
    """Group what the tellings of a stage touch, as all judgements and verdicts say, into events; all or nothing.

    What others read anew, corrected or rejected while tellings were compared waits for the next joining.
    """
    with archive.writing() as connection:
        bound = decisions(connection)
        there = have(connection, schema.telling, "key", stage.due)
        touched, links = _touched(connection, scorer.method, there, bound)
        regroup(connection, touched, obey(_grouped(scorer, touched, links), bound))
        now = candidates.outlines(connection, "report", stage.reports)
        moved = {one.report for one in set(now) ^ set(stage.compared)}
        drop(connection, schema.pending, "report", set(stage.reports) - moved)


def _touched(
    connection: Connection, method: str, fresh: Iterable[str], bound: Iterable[Decision]
) -> tuple[list[str], list[Judgement]]:
    """Return what fresh tellings are linked to, over however many others, sorted, and the judgements between these.

    Links are judgements in force, those of this method on both tellings as they are now, and persons' decisions.
    """
    at, near = schema.judgement.c, defaultdict[str, set[str]](set)
    for one in bound:
        near[one.a].add(one.b)
        near[one.b].add(one.a)
    query = select(at.a, at.b, at.basis, at.score).where(at.kind == SAME, at.method == method)
    basis: dict[str, str] = {}
    links: list[Judgement] = []
    waiting, seen = set(fresh), set[str]()
    while waiting:
        seen |= waiting
        reached = {other for key in waiting for other in near.get(key, ())}
        for portion in portions(sorted(waiting)):
            # Each telling waits once: asked for as ``a``, each link is found once.
            found = _in_force(connection, query.where(at.a.in_(portion)), basis)
            links += found
            reached.update(one.b for one in found)
            reached.update(one.a for one in _in_force(connection, query.where(at.b.in_(portion)), basis))
        waiting = reached - seen
    return sorted(seen), links


def _in_force(connection: Connection, query: Select[Any], basis: dict[str, str]) -> list[Judgement]:
    """Return the judgements on tellings as they are now; ``basis`` keeps what was asked of these."""
    found = [Judgement(*row) for row in connection.execute(query)]
    ends = {key for one in found for key in (one.a, one.b)}
    basis.update((one.key, one.basis) for one in candidates.outlines(connection, "key", ends - basis.keys()))
    return [one for one in found if one.basis == basis.get(one.a, "gone") + basis.get(one.b, "gone")]


def _grouped(scorer: Scorer, touched: Sequence[str], links: Iterable[Judgement]) -> list[list[str]]:
    number = {key: n for n, key in enumerate(touched)}
    chosen = sorted((number[one.a], number[one.b], one.score) for one in links)
    groups = scorer.groups(len(touched), [(a, b) for a, b, _ in chosen], [score for _, _, score in chosen])
    return [[touched[n] for n in group] for group in groups]


def decisions(connection: Connection) -> list[Decision]:
    """Return persons' decisions in force, oldest first, about the tellings that stand in the places they named."""
    found = counting(bonds(connection))
    return [Decision(one.a.key, one.b.key, one.together) for one in found if one.a.key and one.b.key]


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
