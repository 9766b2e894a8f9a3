"""Two that add to one archive at the same time, each joining at its end, and one that reads it meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from pourparler.archive.checking import check
from pourparler.archive.conditions import Query
from pourparler.archive.query import found
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError
from tests.archive.conftest import fresh_database
from tests.endure.endure_child import Orders
from tests.endure.endure_commands import command, run, start
from tests.endure.endure_invariants import State, same, sound, whole
from tests.endure.endure_report import example_lines, written


def test_two_writers_and_a_reader(where: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    lines = example_lines(56)
    # The middle third is added by both.
    sources = [written(tmp_path / "a.jsonl", lines[:40]), written(tmp_path / "b.jsonl", lines[16:])]
    words = [command("archive", "add", str(path), "--quiet", "--archive", where) for path in sources]
    writers = [start(one, orders=Orders()) for one in words]
    looks = 0
    try:
        while any(one.poll() is None for one in writers):
            looks += _look(where)
    finally:
        ended = [(one.communicate()[1], one.returncode) for one in writers]
    assert ended == [("", 0), ("", 0)]
    assert looks > 0, "nobody read while they wrote"
    sound(where, before=State())
    assert run(command("archive", "join", "--quiet", "--archive", where)).code == 0
    other = str(tmp_path / "other.db")
    if "://" in where:
        other = fresh_database(request.getfixturevalue("postgres"), tmp_path.name + "other")
    for path in sources:
        assert run(command("archive", "add", str(path), "--quiet", "--archive", other)).code == 0
    same(where, whole(other))


def _look(where: str) -> int:
    """Read as the desk does; return 1 where there was something to see. What is seen fits together."""
    try:
        with Archive.open(where) as archive:
            assert list(check(archive)) == []
            return int(any(True for _ in found(archive, Query())))
    except ArchiveError as error:
        if "no archive yet" not in str(error):
            raise
        return 0
