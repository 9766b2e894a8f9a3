"""Temporary folders of killed processes are removed by the next; all others stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pourparler.batch import scratch

_KILLED = """
import os, signal, sys
from pourparler.batch import scratch

with scratch.folder(sys.argv[1]) as made:
    (made / "session").mkdir()
    (made / "session" / "claims.db").write_text("much")
    print(made, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], capture_output=True, text=True, check=False)
    left = Path(done.stdout.strip())
    assert (left / "session" / "claims.db").is_file(), done.stderr
    with scratch.folder(str(tmp_path)) as made:
        assert list(tmp_path.iterdir()) == [made]
        with scratch.folder(str(tmp_path)) as second:
            assert made.is_dir() and second.is_dir(), "one that is in use was taken away"
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    base, other = tmp_path / "base", tmp_path / "other"
    for folder in (base / "pp-mine", other):
        folder.mkdir(parents=True)
        (folder / "work").write_text("years")
    (other / ".pourparler").touch()
    (base / "pp-link").symlink_to(other)
    (base / "pp-file").touch()
    with scratch.folder(str(base)):
        pass
    assert sorted(path.name for path in base.iterdir()) == ["pp-file", "pp-link", "pp-mine"]
    assert (other / "work").read_text() == (base / "pp-mine" / "work").read_text() == "years"
