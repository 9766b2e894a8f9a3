"""Verdicts, one command each, killed at random points: what was confirmed stays, the rest is there whole or not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from pourparler.archive import schema
from pourparler.archive.store import Archive
from tests.endure.endure_commands import Ended, Point, command, point, run
from tests.endure.endure_invariants import Broken, Whole, same, sound, state, whole

_BY = ("--by", "tester")


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict that an undisturbed run gave: the command without its archive, the verdict's key, marks it has."""

    words: tuple[str, ...]
    key: str
    marks: int


def give_all(where: str, rng: random.Random, number: int) -> list[Given]:
    """Give a number of verdicts of all kinds to an archive, undisturbed; return them."""
    given: list[Given] = []
    while len(given) < number:
        words = _next(where, rng, given)
        ended = _run(where, words)
        if ended.code:
            raise Broken(f"{' '.join(words)}: exit code {ended.code}: {ended.err[-500:]}")
        given.append(Given(words, _confirmed(ended), ended.marks["verdicts"]))
    return given


def _next(where: str, rng: random.Random, given: Sequence[Given]) -> tuple[str, ...]:
    """Return a verdict to give: kinds in turn, on tellings that no verdict is about yet."""
    about = {word for one in given for word in one.words}
    told = schema.told
    with Archive.open(where) as archive, archive.reading() as connection:
        events: dict[str, list[str]] = {}
        for event, telling in connection.execute(select(told.c.event, told.c.telling).order_by(told.c.telling)):
            events.setdefault(event, []).append(telling)
    alone = sorted(members[0] for members in events.values() if len(members) == 1 and members[0] not in about)
    several = sorted(members[0] for members in events.values() if len(members) > 1 and not about & set(members))
    kind = ("accept", "reject", "correct", "join", "split", "note", "undo")[len(given) % 7]
    why = ("--why", f"reason {len(given)}")
    if kind == "undo":
        standing = [one.key for one in given if one.key not in about]
        return ("verdict", "undo", rng.choice(standing), *_BY, *why)
    telling = rng.choice(several if kind == "split" and several else alone)
    more: dict[str, tuple[str, ...]] = {
        "correct": ("--field", "place", "--value", f"Town {len(given)}"),
        "join": ("--other", rng.choice([one for one in alone if one != telling])),
    }
    kind = "note" if kind == "split" and not several else kind
    return ("verdict", "add", telling, kind, *more.get(kind, ()), *_BY, *why)


def _run(where: str, words: Sequence[str], kill: Point | None = None) -> Ended:
    return run(command(*words, "--archive", where), kill=kill)


def _confirmed(ended: Ended) -> str:
    """Return the key of the verdict that a command has told us it kept; empty where it told nothing."""
    return ended.out.split(" ", 1)[0].strip()


def killed(fresh: Callable[[], str], given: Sequence[Given], wanted: Whole, rng: random.Random) -> list[str]:
    """Give the same verdicts to a fresh archive, each command killed once and then, where need be, given again.

    Returns the phase of each kill. Who was not told that a verdict is kept looks it up before giving it again.
    """
    where, out = fresh(), []
    before = state(where)
    for one in given:
        ended = _run(where, one.words, point(rng, "verdicts", one.marks))
        now = sound(where, before=before)
        keys = _keys(where)
        if ended.code and not ended.killed:
            raise Broken(f"{' '.join(one.words)}: exit code {ended.code}: {ended.err[-500:]}")
        if (told := _confirmed(ended)) and told not in keys:
            raise Broken(f"{told} was confirmed, and is lost")
        if len(keys) - len(before.rows["verdict"]) > 1 or len(keys) != len(now.rows["verdict"]):
            raise Broken(f"{' '.join(one.words)}: {len(keys)} verdicts after {len(before.rows['verdict'])}")
        if ended.killed:
            out.append(ended.phase)
        if one.key not in keys and (again := _run(where, one.words)).code:
            raise Broken(f"{' '.join(one.words)}, given again: exit code {again.code}: {again.err[-500:]}")
        before = sound(where, before=now)
        if one.key not in _keys(where):
            raise Broken(f"{' '.join(one.words)}: its verdict {one.key} is not there")
    same(where, wanted)
    return out


def _keys(where: str) -> set[str]:
    with Archive.open(where) as archive, archive.reading() as connection:
        return set(connection.execute(select(schema.verdict.c.key)).scalars())


def verdicts(fresh: Callable[[], str], rng: random.Random, kills: int, *, row: int = 14) -> Iterator[str]:
    """Yield the phase of each of so many kills of verdict commands, some verdicts on each fresh archive."""
    done = 0
    while done < kills:
        whole_at = fresh()
        given = give_all(whole_at, rng, min(row, kills - done))
        before = done
        for phase in killed(fresh, given, whole(whole_at), rng):
            done += 1
            yield phase
        if done == before:
            raise Broken("verdicts: no command was killed")
