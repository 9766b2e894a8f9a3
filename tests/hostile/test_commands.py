"""Commands on hostile files and archives: they end as they should, and what they print drives no terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pourparler.cli.main import commands
from tests.hostile.conftest import Kept
from tests.hostile.corpus import cases, line_of
from tests.hostile.looking import Page
from tests.hostile.test_formats import drives_a_terminal


def run(*words: object) -> Result:
    """Run a command in this process; what Python itself would print of an error is an error here."""
    found = CliRunner().invoke(commands, [str(word) for word in words])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """Every fortieth case as rows of JSONL, in a file whose own name is hostile."""
    path = tmp_path / "a\n2023-05-04 INFO forged \x1b[31m <b>.jsonl"
    path.write_text("".join(line_of(case) + "\n" for case in cases()[::40]), encoding="ascii")
    return path


@pytest.mark.parametrize("form", ["table", "jsonl", "html"])
def test_reading_tells_in_lines_of_its_own(some: Path, form: str) -> None:
    found = run("read", some, "--format", form)
    assert found.exit_code == 0, found.stderr
    assert drives_a_terminal(found.stderr) == []
    assert all(line.startswith(("note: ", f"{len(cases()[::40])} reports in ")) for line in found.stderr.splitlines())
    if form == "html":
        assert Page(found.stdout).wrong == []
    elif form == "jsonl":
        assert [json.loads(line)["document"]["id"].split(" ")[0] for line in found.stdout.split("\n")[:-1]]
    else:
        assert drives_a_terminal(found.stdout) == []


def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "b\r\nerror: forged\u202e\x1b]0;zq\x07.txt"
    path.write_text(" ")
    found = run("read", path)
    assert found.exit_code == 1 and len(found.stderr.splitlines()) == 1 and drives_a_terminal(found.stderr) == []


def test_commands_on_the_archive_drive_no_terminal(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copy(kept.path, path)
    for words in (
        ("archive", "show"),
        ("archive", "check"),
        ("archive", "reports", "--limit", "700"),
        ("archive", "reports", "--text", "zq"),
        ("events", "--format", "table", "--limit", "60"),
        ("events", "--format", "table", "--limit", "60", "--tellings"),
        ("process", "claims", str(kept.process), "--format", "table"),
        ("brief", "--process", str(kept.process), "--from", "2014", "--to", "2014"),
    ):
        found = run(*words, "--archive", path)
        assert found.exit_code == 0, (words, found.stderr)
        assert drives_a_terminal(found.stdout) == [] and drives_a_terminal(found.stderr) == [], words


def test_adding_what_is_there_already_adds_nothing(kept: Kept, some: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copy(kept.path, path)
    found = run("archive", "add", some, "--archive", path, "--no-join", "--quiet")
    assert found.exit_code == 0 and found.stderr == ""
    assert run("archive", "check", "--archive", path).stdout == "no problem found\n"
