"""Killed while it takes reports in, an archive goes on with the same command and becomes the same archive."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from pourparler.archive.checking import check
from pourparler.archive.store import Archive

ROOT = Path(__file__).resolve().parents[2]
# A few reports at a time, so that a kill finds some of them kept and some not.
_ADD = """
import sys
from pourparler.archive.adding import add
from pourparler.archive.joining import join
from pourparler.archive.store import Archive, Arrived
from pourparler.intake import Intake, find_sources
from pourparler.reading import Reader
from tests.archive.alike_by_words import Alike

intake = Intake(on_error=print)
found = find_sources(["examples/talks.jsonl", "examples/armenia-azerbaijan/reports.jsonl"], on_error=print)
with Archive.open(sys.argv[1], create=True) as archive:
    arrived = (Arrived(document, spot.name, spot.place) for document, spot in intake.placed(found))
    add(archive, arrived, Reader(), batch=16)
    join(archive, Alike())
"""


def start(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _ADD, str(path)], cwd=ROOT)


def reports(path: Path) -> int:
    try:
        with Archive.open(path) as archive:
            return archive.counts().reports
    except Exception:
        return 0


def test_killed_three_times_it_is_the_same_archive(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    assert start(whole).wait(timeout=300) == 0
    for wanted in (16, 80, 144):
        process = start(broken)
        deadline = time.monotonic() + 120
        while reports(broken) < wanted and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert process.poll() is None, "it ended before it was killed: nothing was tested"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        with Archive.open(broken) as archive:
            assert list(check(archive)) == []
    assert start(broken).wait(timeout=300) == 0
    with Archive.open(whole) as one, Archive.open(broken) as two:
        assert two.content_hash() == one.content_hash()
        assert two.counts() == one.counts()
        assert list(check(two)) == []
