"""The disk is full at one point or another: the command says so, what was kept is whole, and with room it goes on."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endure.endure_child import Orders
from tests.endure.endure_commands import Ended, command, run
from tests.endure.endure_invariants import State, same, sound, whole
from tests.endure.endure_report import example_lines, written

# Kilobytes: not enough for the tables, for the first reports, for what is read in them, for joining.
_SIZES = (120, 500, 700)


class Disk:
    """A folder with little room: a file system in memory for root, else files that may not grow over a size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._limit = 0
        self.mounted = os.getuid() == 0 and self._mount("size=64k")

    def _mount(self, options: str) -> bool:
        words = ["mount", "-t", "tmpfs", "-o", options, "none", str(self.folder)]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0

    def room(self, kilobytes: int) -> None:
        """Let there be so much room; 0 for plenty."""
        if self.mounted:
            assert self._mount(f"remount,size={kilobytes or 65536}k")
        self._limit = 0 if self.mounted else kilobytes * 1024

    def run(self, *words: str) -> Ended:
        """Run a command with as much room as there is."""
        return run(command(*words), orders=Orders(largest=self._limit))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    (folder := tmp_path / "disk").mkdir()
    made = Disk(folder)
    yield made
    if made.mounted:
        with contextlib.suppress(OSError):
            subprocess.run(["umount", str(folder)], check=True)


def test_full_it_says_so_and_goes_on_when_there_is_room(disk: Disk, tmp_path: Path) -> None:
    source = str(written(tmp_path / "reports.jsonl", example_lines(48)))
    free, where = str(tmp_path / "free.db"), str(disk.folder / "a.db")
    assert run(command("archive", "add", source, "--archive", free)).code == 0
    before = State()
    for size in _SIZES:
        disk.room(size)
        full = disk.run("archive", "add", source, "--archive", where)
        assert full.code == 1, full.err
        assert "full" in full.err and "Traceback" not in full.err, full.err
        disk.room(0)
        before = sound(where, before=before)
    assert disk.run("archive", "add", source, "--archive", where).code == 0
    sound(where, before=before)
    same(where, whole(free))
    _full_for_what_is_written_out(disk, where)


def _full_for_what_is_written_out(disk: Disk, where: str) -> None:
    """A file that was there stays as it is; standard output that takes no more is told of."""
    out = disk.folder / "events.csv"
    out.write_text("as it was", encoding="utf-8")
    used = sum(path.stat().st_size for path in disk.folder.iterdir()) // 1024
    disk.room(used + 40 if disk.mounted else 4)
    full = disk.run("events", "--archive", where, "--out", str(out))
    assert full.code == 1
    assert "Traceback" not in full.err, full.err
    assert out.read_text(encoding="utf-8") == "as it was"
    assert [path.name for path in disk.folder.glob(".events*")] == []
    disk.room(0)
    with Path("/dev/full").open("wb") as stream:
        words = command("events", "--archive", where, "--format", "csv")
        done = subprocess.run(words, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "No space left" in done.stderr and "Traceback" not in done.stderr, done.stderr
