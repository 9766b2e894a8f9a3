"""Killed while it takes reports in, an archive goes on with the same command and becomes the same archive."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from pourparler.archive.checking import check
from pourparler.archive.joining import join
from pourparler.archive.keys import report_key
from pourparler.archive.store import Archive, Arrived
from pourparler.intake import Intake, find_sources
from tests.archive.alike_by_words import Alike
from tests.archive.verdict_help import documents, read

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
found = find_sources(sys.argv[2:], on_error=print)
with Archive.open(sys.argv[1], create=True) as archive:
    arrived = (Arrived(document, spot.name, spot.place) for document, spot in intake.placed(found))
    add(archive, arrived, Reader(), batch=16)
    join(archive, Alike())
"""


def start(path: Path, source: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _ADD, str(path), str(source)], cwd=ROOT)


def reports(path: Path) -> int:
    """Return how many reports are kept; asked often, so without opening it as an archive."""
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as base:
        try:
            return int(base.execute("SELECT count(*) FROM report").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def whole(path: Path, source: Path) -> None:
    """Make the same archive at once, from records that were read already."""
    placed = list(Intake(on_error=print).placed(find_sources([str(source)], on_error=print)))
    records = {report_key(one.document): one for one in read(len(documents()))}
    with Archive.open(path, create=True) as archive:
        keys = archive.add_reports([Arrived(document, spot.name, spot.place) for document, spot in placed])
        run = next(iter(records.values())).run
        archive.add_records(run, [(key, records[key]) for key in dict.fromkeys(keys)])
        join(archive, Alike())


def test_killed_three_times_it_is_the_same_archive(tmp_path: Path) -> None:
    source, broken = tmp_path / "reports.jsonl", tmp_path / "broken.db"
    lines = (ROOT / "examples" / "armenia-azerbaijan" / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    source.write_text("\n".join(lines[:112]), encoding="utf-8")
    whole(tmp_path / "whole.db", source)
    for wanted in (16, 48, 80):
        process = start(broken, source)
        deadline = time.monotonic() + 120
        while reports(broken) < wanted and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert process.poll() is None, "it ended before it was killed: nothing was tested"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        with Archive.open(broken) as archive:
            assert list(check(archive)) == []
    assert start(broken, source).wait(timeout=300) == 0
    with Archive.open(tmp_path / "whole.db") as one, Archive.open(broken) as two:
        assert two.content_hash() == one.content_hash()
        assert two.counts() == one.counts()
        assert list(check(two)) == []
