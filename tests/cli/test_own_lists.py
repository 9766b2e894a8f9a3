"""Reports read with a list of the user's own actors: no later reading loses the list without being told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from pourparler.archive import schema
from pourparler.archive.store import Archive
from pourparler.cli.main import commands
from pourparler.errors import ArchiveError
from pourparler.knowledge import OWN_ACTORS, actors

_LIST = '[[actor]]\nnames = ["Sotk Defence League"]\nkind = "armed_group"\ncountry = "ARM"\nsector = "REB"\n'
_LONGER = _LIST + '[[actor]]\nnames = ["Vardenis Union"]\nkind = "armed_group"\ncountry = "ARM"\nsector = "REB"\n'
TEXT = "The Sotk Defence League attacked Azerbaijani troops near Sotk on Thursday."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a list, a longer one, and a report that names who stands in them; nothing is set beside."""
    monkeypatch.setenv(OWN_ACTORS, "")
    monkeypatch.delenv(OWN_ACTORS)
    actors.forget()
    (tmp_path / "list.toml").write_text(_LIST, encoding="utf-8")
    (tmp_path / "longer.toml").write_text(_LONGER, encoding="utf-8")
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    yield tmp_path
    actors.forget()


def run(folder: Path, *words: str) -> Result:
    named = [str(folder / word) if word.endswith((".toml", ".txt")) else word for word in words]
    return CliRunner().invoke(commands, ["archive", *named, "--no-join", "--archive", str(folder / "a.db")])


def add(folder: Path, *more: str, report: str = "report.txt") -> Result:
    return run(folder, "add", report, "--published", "2023-05-12", *more)


def read_by(folder: Path) -> tuple[str, str | None]:
    """Return the list by which the report is read as it is shown, and the sector of who attacked."""
    telling, side = schema.telling.c, schema.side.c
    attack = select(telling.run, side.sector).join(schema.side, side.telling == telling.key)
    with Archive.open(folder / "a.db") as archive:
        with archive.reading() as connection:
            row = connection.execute(attack.where(telling.words == "attacked", side.role == "source")).one()
        return dict(archive.runs())[row.run].actors, row.sector


def test_reading_again_takes_a_list(folder: Path) -> None:
    assert add(folder).exit_code == 0
    assert read_by(folder)[0] == ""
    result = run(folder, "read", "--actors", "list.toml")
    assert result.exit_code == 0, result.output
    used, sector = read_by(folder)
    assert used and sector == "REB"


def test_without_the_list_nothing_is_read_again(folder: Path) -> None:
    assert add(folder, "--actors", "list.toml").exit_code == 0
    before = read_by(folder)
    assert before[0] and before[1] == "REB"
    result = run(folder, "read")
    assert result.exit_code == 1 and isinstance(result.exception, ArchiveError)
    assert all(words in str(result.exception) for words in ("1 report", before[0], "--actors", "--no-actors"))
    assert read_by(folder) == before
    assert run(folder, "read", "--actors", "list.toml").exit_code == 0
    assert read_by(folder) == before


def test_who_says_so_reads_without_the_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert add(folder, "--actors", "list.toml").exit_code == 0
    monkeypatch.setenv(OWN_ACTORS, str(folder / "list.toml"))
    result = run(folder, "read", "--no-actors")
    assert result.exit_code == 0, result.output
    assert read_by(folder)[0] == ""
    # From now on there is nothing to lose.
    monkeypatch.delenv(OWN_ACTORS)
    assert run(folder, "read").exit_code == 0
    both = run(folder, "read", "--actors", "list.toml", "--no-actors")
    assert both.exit_code == 2 and "one of" in both.output


def test_another_list_is_told(folder: Path) -> None:
    assert add(folder, "--actors", "list.toml").exit_code == 0
    before = read_by(folder)[0]
    result = run(folder, "read", "--actors", "longer.toml", "--quiet")
    assert result.exit_code == 0 and before in result.stderr and "another list" in result.stderr
    assert read_by(folder)[0] not in ("", before)
    again = run(folder, "read", "--actors", "longer.toml")
    assert "another list" not in again.stderr


def test_adding_again_without_the_list_passes_over(folder: Path) -> None:
    assert add(folder, "--actors", "list.toml").exit_code == 0
    before = read_by(folder)
    result = add(folder)
    assert result.exit_code == 0 and "0 of them new, 0 read" in result.stderr
    assert read_by(folder) == before
    assert "1 report stays" in result.stderr and "--actors" in result.stderr
    # What is new is read without the list, and that is told.
    (folder / "new.txt").write_text("Armenia accused Azerbaijan of shelling Sotk.", encoding="utf-8")
    new = add(folder, report="new.txt")
    assert "1 of them new, 1 read" in new.stderr and "note:" in new.stderr and before[0] in new.stderr
    assert "note:" not in add(folder, "--actors", "list.toml", report="new.txt").stderr


def test_show_tells_the_list(folder: Path) -> None:
    add(folder, "--actors", "list.toml")
    used = read_by(folder)[0]
    shown = CliRunner().invoke(commands, ["archive", "show", "--archive", str(folder / "a.db")])
    assert f"own actors {used}" in shown.stdout
