"""Errors of the command line: one line each, which drives no terminal whatever a file is called or a text says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.test_read import REPORT, run

# Red, the screen cleared, a line of its own, right to left, a flood of marks.
HOSTILE = "x\x1b[31m\x1b[2J\nerror: none\u202ecod\u0301" + "\u0301" * 40 + ".toml"


def tame(told: str) -> bool:
    return all(line.isprintable() for line in told.splitlines()) and "\u0301" * 5 not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("events", "--archive", "FILE"),
        ("read", str(REPORT), "--actors", "FILE"),
        ("desk", "--process", "FILE"),
        ("watch", "FILE"),
    ],
)
def test_names_of_files_drive_no_terminal(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(*(tmp_path / "no" / HOSTILE if one == "FILE" else one for one in arguments), cwd=tmp_path)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done.stderr
    assert "x[31m" in done.stderr or "x\\x1b[31m" in done.stderr, done.stderr
    assert tame(done.stderr), done.stderr
    assert not [line for line in done.stderr.splitlines() if line.startswith("error: none")], "it stays on its line"


def test_what_is_typed_wrongly_drives_no_terminal() -> None:
    for arguments in ((f"--{HOSTILE}",), (HOSTILE,), ("read", f"--{HOSTILE}"), ("events", "--limit", HOSTILE)):
        done = run(*arguments)
        assert done.returncode == 2 and tame(done.stderr) and done.stderr.count("\n") < 6, done.stderr


def test_help_keeps_its_lines() -> None:
    for arguments in ((), ("process",), ("archive",)):
        done = run(*arguments)
        assert (done.stdout + done.stderr).count("\n  ") > 5
