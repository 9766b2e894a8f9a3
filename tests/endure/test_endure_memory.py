"""Memory runs out at one point or another: the command ends and says so, and the same command goes on from there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pourparler.archive.store import Archive
from tests.endure.endure_child import Orders
from tests.endure.endure_commands import Ended, command, run
from tests.endure.endure_invariants import State, Whole, same, sound, whole
from tests.endure.endure_report import example_lines, written

# Longer than any of the examples: reading it takes memory that the process does not have yet.
_LONG = " ".join(
    f"Armenia and Azerbaijan accused each other of breaking the truce near Sotk on May {n}." for n in range(1, 29)
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [*example_lines(11), json.dumps({"id": "long", "text": _LONG * 30, "published": "2023-06-01"})]
    return written(tmp_path_factory.mktemp("memory") / "reports.jsonl", lines)


@pytest.fixture(scope="module")
def wanted(source: Path) -> Whole:
    where = str(source.with_name("whole.db"))
    assert add(source, where).code == 0
    return whole(where)


def add(source: Path, where: str, orders: Orders | None = None) -> Ended:
    return run(command("archive", "add", str(source), "--archive", where), orders=orders)


@pytest.mark.parametrize(("phase", "at"), [("intake", 3), ("reading", 1), ("joining", 3)])
def test_starved_it_says_so_and_goes_on_when_fed(
    source: Path, wanted: Whole, tmp_path: Path, phase: str, at: int
) -> None:
    where = str(tmp_path / "a.db")
    starved = add(source, where, Orders(phase=phase, at=at, deed="starve"))
    assert starved.code not in (0, 2), starved.err
    assert "not enough memory" in starved.err
    before = sound(where, before=State())
    with Archive.open(where) as archive:
        # What there was no memory for is not put down as unreadable for good.
        assert archive.counts().unread == 0
    assert add(source, where).code == 0
    sound(where, before=before)
    same(where, wanted)
