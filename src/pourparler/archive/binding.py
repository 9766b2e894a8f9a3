"""Persons' joins and splits: which tellings they are about now, and which of them count."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pourparler.archive import schema
from pourparler.archive.anchors import Anchor, Match, find
from pourparler.archive.applying import reading_of
from pourparler.archive.given import Verdict, in_force, verdicts, verdicts_of
from pourparler.archive.sql import have

BINDING = ("join", "split")


@dataclass(frozen=True, slots=True)
class Bond:
    """What a verdict says of two tellings: one event, or two. ``a`` and ``b`` are what stands in their places now."""

    verdict: Verdict
    a: Match
    b: Match

    @property
    def pair(self) -> frozenset[str] | None:
        """The keys of both, or None where one is gone, or both are one telling now."""
        found = frozenset(key for key in (self.a.key, self.b.key) if key is not None)
        return found if len(found) == 2 else None

    @property
    def together(self) -> bool:
        """True where both are one event."""
        return self.verdict.kind == "join"


def bonds(connection: Connection) -> list[Bond]:
    """Return what all joins and splits in force say, oldest first."""
    kind = schema.verdict.c.kind
    force = [one for one in in_force(verdicts(connection, kind.in_((*BINDING, "undo")))) if one.kind in BINDING]
    places = whereabouts(connection, [anchor for one in force for anchor in (one.anchor, *one.others)])
    return [Bond(one, places[one.anchor], places[other]) for one in force for other in one.others]


def counting(every: Sequence[Bond]) -> list[Bond]:
    """Return those that count, oldest first: of several on one pair the latest, whoever gave it."""
    latest: dict[frozenset[str], Bond] = {}
    for one in every:
        if one.pair is not None:
            latest.pop(one.pair, None)
            latest[one.pair] = one
    return list(latest.values())


def whereabouts(connection: Connection, anchors: Iterable[Anchor]) -> dict[Anchor, Match]:
    """Return what stands in each anchor's place now; readings are opened only where a telling is not shown."""
    every = set(anchors)
    shown = have(connection, schema.telling, "key", sorted({one.telling for one in every}))
    out = {one: Match("same", one.telling) for one in every if one.telling in shown}
    missing: dict[str, list[Anchor]] = {}
    for one in every - set(out):
        missing.setdefault(one.report, []).append(one)
    given = verdicts_of(connection, sorted(missing))
    for report, wanted in missing.items():
        now = reading_of(connection, report, given.get(report, []))
        rows = {**now.read, **now.kept}
        for one in wanted:
            out[one] = find(one, rows, known=functools.partial(now.past.keys, one.run))
    return out
