"""A batch without Ray: the same units, claims, workers and files, in one process and in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pourparler.archive import shards
from pourparler.batch.claims import Claims
from pourparler.batch.plan import Plan
from pourparler.batch.running import tidy
from pourparler.batch.taking import sources_of, units
from pourparler.batch.units import Unit, packed, unpacked
from pourparler.batch.working import Worker
from pourparler.reading import Reader


def cut(names: Sequence[str], plan: Plan) -> list[Unit]:
    """Return the units of sources, each sent once through the form in which it goes between processes."""
    found = sources_of(tuple(names), on_error=lambda error: None)
    return [unpacked(packed(unit)) for name in found for unit in units(name, name, plan)]


def run(
    names: Sequence[str],
    plan: Plan,
    reader: Reader,
    claims: Path,
    *,
    backwards: bool = False,
    most: int | None = None,
) -> list[shards.Finished]:
    """Read units, the last first if asked, and no more than ``most``; go on where it was broken off."""
    shards.begin(plan.out)
    office = Claims(claims, sources_of(tuple(names), on_error=lambda error: None))
    plan = replace(plan, anew=office.resume(plan.out, plan.run))
    worker = Worker(plan, office, reader=reader)
    waiting = cut(names, plan)
    done = [worker.read(unit) for unit in (waiting[::-1] if backwards else waiting)[:most]]
    tidy(plan)
    return done
