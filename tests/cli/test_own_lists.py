"""Reports read with a list of the user's own actors: no later reading loses the list without being told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, insert, select, update
from tests.batch import by_hand

from pourparler.archive import schema
from pourparler.archive.forgetting import forget, plan_person
from pourparler.archive.keys import run_key
from pourparler.archive.naming import name_of
from pourparler.archive.own_lists import body_of, kept
from pourparler.archive.store import Archive
from pourparler.batch.plan import Plan, make_reader
from pourparler.cli.main import commands
from pourparler.errors import ArchiveError, BatchError, DamagedError
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


def by_another_reader(folder: Path) -> None:
    """Let all that was read be what another version of the reader has read."""
    with Archive.open(folder / "a.db") as archive, archive.writing() as connection:
        made = connection.execute(select(schema.run.c.key, schema.run.c.body, schema.run.c.at)).one()
        connection.execute(insert(schema.run).values(key="v0000000000000000", body=made.body, at=made.at))
        for table in (schema.record, schema.telling, schema.saying):
            connection.execute(update(table).values(run="v0000000000000000"))
        connection.execute(delete(schema.run).where(schema.run.c.key == made.key))


def lists_of(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(commands, ["archive", "lists", *words, "--archive", str(folder / "a.db")])


def test_the_archive_reads_again_with_the_list_it_keeps(folder: Path) -> None:
    assert add(folder, "--actors", "list.toml").exit_code == 0
    before = read_by(folder)
    (folder / "list.toml").unlink()
    by_another_reader(folder)
    result = run(folder, "read")
    assert result.exit_code == 0, result.output
    assert read_by(folder) == before and before[1] == "REB"
    assert before[0] in result.stderr and "--no-actors" in result.stderr
    # All is read: nothing is done, and nothing told.
    assert "note:" not in run(folder, "read").stderr


def test_what_came_in_without_the_list_is_read_with_it(folder: Path) -> None:
    (folder / "new.txt").write_text("The Sotk Defence League attacked Azerbaijani troops.", encoding="utf-8")
    assert add(folder, "--actors", "list.toml").exit_code == 0
    assert add(folder, report="new.txt").exit_code == 0
    assert run(folder, "read").exit_code == 0
    with Archive.open(folder / "a.db") as archive, archive.reading() as connection:
        sectors = connection.execute(select(schema.side.c.sector).where(schema.side.c.role == "source")).scalars()
        assert set(sectors) == {"REB"}


def test_of_several_lists_none_is_chosen(folder: Path) -> None:
    (folder / "new.txt").write_text("The Vardenis Union attacked Azerbaijani troops.", encoding="utf-8")
    assert add(folder, "--actors", "list.toml").exit_code == 0
    assert add(folder, "--actors", "longer.toml", report="new.txt").exit_code == 0
    result = run(folder, "read")
    assert isinstance(result.exception, ArchiveError) and "archive lists" in str(result.exception)
    lines = lists_of(folder).stdout.splitlines()
    assert [line.split(": ")[1] for line in lines] == [f"1 report, {len(body)} bytes" for body in (_LONGER, _LIST)]


def test_a_list_is_written_as_it_was(folder: Path) -> None:
    body = _LIST.replace("\n", "\r\n").encode("utf-8")
    (folder / "list.toml").write_bytes(body)
    assert add(folder, "--actors", "list.toml").exit_code == 0
    used = read_by(folder)[0]
    result = lists_of(folder, used, "--out", str(folder / "again.toml"))
    assert result.exit_code == 0, result.output
    assert (folder / "again.toml").read_bytes() == body
    unknown = lists_of(folder, "0" * 16)
    assert isinstance(unknown.exception, ArchiveError) and "archive lists" in str(unknown.exception)


def test_a_list_that_was_changed_in_the_archive_is_damage(folder: Path) -> None:
    assert add(folder, "--actors", "list.toml").exit_code == 0
    by_another_reader(folder)
    with Archive.open(folder / "a.db") as archive, archive.writing() as connection:
        connection.execute(update(schema.own_list).values(body=_LONGER.encode("utf-8")))
    assert isinstance(run(folder, "read").exception, DamagedError)
    checked = CliRunner().invoke(commands, ["archive", "check", "--archive", str(folder / "a.db")])
    assert checked.exit_code == 1 and "not what was read with" in checked.stderr


def test_a_person_who_is_forgotten_stands_in_no_list(folder: Path) -> None:
    (folder / "list.toml").write_text("# Who leads it: Arpi Qwzelyan\n" + _LIST, encoding="utf-8")
    assert add(folder, "--actors", "list.toml").exit_code == 0
    with Archive.open(folder / "a.db") as archive:
        forget(archive, plan_person(archive, name_of("Somebody Else")), by="curator", why="asked for")
        assert kept(archive)
        forget(archive, plan_person(archive, name_of("Arpi Qwzelyan")), by="curator", why="asked for")
        assert not kept(archive)
    assert b"Qwzelyan" not in (folder / "a.db").read_bytes()


def test_without_the_list_nothing_is_read_again(folder: Path) -> None:
    """Of an archive that was made before lists were kept there is only the hash."""
    assert add(folder, "--actors", "list.toml").exit_code == 0
    with Archive.open(folder / "a.db") as archive, archive.writing() as connection:
        connection.execute(delete(schema.own_list))
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
    assert f"own actors {used}:" in shown.stdout


def batch_of(folder: Path, actors: bytes | None = None) -> str:
    """Return what a batch, with a list or without, writes of the report."""
    reader = make_reader(Plan("", "", actors=actors))
    plan = Plan(str(folder / "out"), run_key(reader.run), published="2023-05-12", actors=actors)
    assert by_hand.run([str(folder / "report.txt")], plan, reader, folder / "claims.db")[0].records == 1
    return plan.out


def test_a_batch_without_the_list_takes_no_place(folder: Path) -> None:
    assert add(folder, "--actors", "list.toml").exit_code == 0
    before = read_by(folder)
    result = run(folder, "add", batch_of(folder))
    assert result.exit_code == 0 and "0 of them new, 0 read" in result.stderr
    assert read_by(folder) == before
    assert "1 report stays" in result.stderr and "batch read --actors" in result.stderr


def test_a_batch_brings_its_list(folder: Path) -> None:
    assert add(folder).exit_code == 0
    actors.forget()
    out = batch_of(folder, _LIST.encode("utf-8"))
    actors.forget()
    result = run(folder, "add", out)
    assert result.exit_code == 0 and "1 read" in result.stderr
    used, sector = read_by(folder)
    assert sector == "REB"
    with Archive.open(folder / "a.db") as archive:
        assert body_of(archive, used) == _LIST.encode("utf-8")


def test_a_list_of_a_batch_that_was_changed_is_refused(folder: Path) -> None:
    actors.forget()
    out = batch_of(folder, _LIST.encode("utf-8"))
    actors.forget()
    next((folder / "out" / "actors").iterdir()).write_text(_LONGER, encoding="utf-8")
    result = run(folder, "add", out)
    assert isinstance(result.exception, BatchError) and "own actors" in str(result.exception)
