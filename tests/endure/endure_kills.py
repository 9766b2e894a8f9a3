"""Campaigns of kills: a command is killed at random points and begun again until done; then all must be right."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.endure.endure_commands import KILLED, Ended, Point, begun, command, plain, point, run, surroundings
from tests.endure.endure_invariants import Broken, State, Whole, same, sound, whole

# No two archives of a run have the same name.
_NUMBERS = itertools.count(1)
# Kills in a row before a command is let through.
_ROW = 4


@dataclass(frozen=True, slots=True)
class Setting:
    """What a command is killed on.

    Args:
        name: of the campaign.
        fresh: makes the archive that it begins with, and returns its place.
        words: the command, given that place.
        wanted: what an undisturbed run gave.
        marks: how many marks an undisturbed run has in each phase.
        environment: what else the command finds in its environment.
    """

    name: str
    fresh: Callable[[], str]
    words: Callable[[str], Sequence[str]]
    wanted: Whole
    marks: Counter[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, where: str, *, kill: Point | None = None) -> Ended:
        """Run the command on an archive."""
        return run(command(*self.words(where), "--archive", where), kill=kill, **self.environment)


def undisturbed(
    name: str, fresh: Callable[[], str], words: Callable[[str], Sequence[str]], **environment: str
) -> tuple[Setting, str]:
    """Run a command undisturbed; return the setting to kill it in, and the archive that it made."""
    where = fresh()
    ended = run(command(*words(where), "--archive", where), **environment)
    if ended.code:
        raise Broken(f"{name}, undisturbed: exit code {ended.code}: {ended.err[-1000:]}")
    same(where, wanted := whole(where))
    return Setting(name, fresh, words, wanted, ended.marks, environment), where


def campaign(setting: Setting, rng: random.Random, phases: Sequence[str]) -> list[str]:
    """Kill a command in the given phases, in this order, on one archive; return the phase of each kill.

    Raises Broken where an invariant does not hold after a kill, or where the end is not that of an undisturbed run.
    """
    where, before, out = setting.fresh(), State(), []
    for phase in phases:
        ended = setting.run(where, kill=_point(setting, rng, phase))
        if not ended.code:
            break  # done before it came to the point: less was left to do than an undisturbed run has
        if not ended.killed:
            raise Broken(f"{setting.name}: exit code {ended.code} instead of a kill: {ended.err[-1000:]}")
        before = sound(where, before=before)
        out.append(ended.phase)
    ended = setting.run(where)
    if ended.code:
        raise Broken(f"{setting.name}, begun again: exit code {ended.code}: {ended.err[-1000:]}")
    sound(where, before=before)
    same(where, setting.wanted)
    return out


def _point(setting: Setting, rng: random.Random, phase: str) -> Point:
    return point(rng, phase, setting.marks[phase])


def campaigns(setting: Setting, rng: random.Random, quotas: dict[str, int], *, row: int = _ROW) -> Iterator[str]:
    """Yield the phase of each kill, campaign after campaign, until every phase has had its number of kills.

    A command is killed ``row`` times before it is let through. What is yielded was looked at to the end.
    """
    left = Counter(quotas)
    for phase in quotas:
        if not setting.marks[phase]:
            raise Broken(f"{setting.name}: an undisturbed run never comes to {phase}, but to {dict(setting.marks)}")
    dry = 0
    while any(number > 0 for number in left.values()):
        wanted = [phase for phase, number in left.items() for _ in range(max(number, 0))]
        before = left.total()
        for phase in campaign(setting, rng, rng.sample(wanted, min(row, len(wanted)))):
            left[phase] -= 1
            yield phase
        dry = 0 if left.total() < before else dry + 1
        if dry > 10:
            raise Broken(f"{setting.name}: ten campaigns without a kill; left are {dict(left)}")


class Copies:
    """Fresh copies of an archive, in a folder."""

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        self._folder = folder
        self._base = base

    def __call__(self) -> str:
        path = self._folder / f"archive-{next(_NUMBERS)}.db"
        if self._base:
            with sqlite3.connect(self._base) as source, sqlite3.connect(path) as target:
                source.backup(target)
            source.close()
            target.close()
        return str(path)

    def clear(self) -> None:
        """Take the archives in the folder away, so that a long run does not fill the disk."""
        for path in self._folder.glob("archive-*.db*"):
            path.unlink()


def emptied(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def moments(setting: Setting, rng: random.Random, kills: int) -> Iterator[str]:
    """Yield "any moment" for each of so many kills of the command as users have it, at random times of its life.

    It tells us nothing of where it is; so all that is random is left to the machine.
    """
    began = time.monotonic()
    undisturbed_by_us = plainly(setting, setting.fresh())
    if undisturbed_by_us.wait():
        raise Broken(f"{setting.name}, as users have it: exit code {undisturbed_by_us.returncode}")
    life = time.monotonic() - began
    done = 0
    while done < kills:
        where, before, row = setting.fresh(), State(), 0
        for _ in range(min(_ROW, kills - done)):
            process = plainly(setting, where)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=rng.uniform(0.1, 0.8) * life)
            process.kill()
            if process.wait() != KILLED:
                break
            before = sound(where, before=before)
            row += 1
        if plainly(setting, where).wait():
            raise Broken(f"{setting.name}, begun again as users have it, fails")
        sound(where, before=before)
        same(where, setting.wanted)
        done += row
        yield from ["any moment"] * row


def plainly(setting: Setting, where: str) -> subprocess.Popen[bytes]:
    """Start the command as users have it."""
    words = plain(*setting.words(where), "--archive", where)
    return begun(words, environment=surroundings(**setting.environment))
