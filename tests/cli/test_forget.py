"""``pourparler archive forget``: asks before it does, says what goes, and reaches what the desk keeps."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.archive.by_hand import REPORTS, Act, fill, record

from pourparler.archive import tracing, verdicts
from pourparler.archive.naming import name_of
from pourparler.archive.store import Archive, Arrived
from pourparler.cli.main import commands
from pourparler.errors import ArchiveError
from pourparler.web.accounts import Accounts
from pourparler.web.forgetting import forget_at_desk

PERSON = "Xqzwoblik Vvarkjam"
REPORT = record(
    "p1", "2022-12-13", "Post", f"{PERSON} met Armenia in Lachin. Vvarkjam left.", [Act("met", "CONSULT", (PERSON,))]
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive.open(path, create=True) as archive:
        keys = fill(archive, (*REPORTS, REPORT))
        one = verdicts.give(archive, "note", keys["p1:0"], by="ann", why=f"{PERSON} denies it")
    accounts = Accounts(path.with_name("a.desk.db"))
    accounts.note("ann", f"verdict {one.key}: note “met”; {PERSON} denies it")
    accounts.note("ann", "signed in from 192.0.2.1")
    accounts.note(PERSON, "add: something")
    accounts.keep_view("ann", "Mine", "text=xqzwoblik+vvarkjam")
    accounts.keep_view("ann", "Theirs", "text=lachin")
    accounts.visited("ann", f"/event/{keys['p1:0']}")
    accounts.close()
    return path


def _run(path: Path, *words: str, **options: str) -> Result:
    return CliRunner().invoke(commands, ["archive", "forget", "--archive", str(path), *words], **options)


def _bytes(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(path.parent.iterdir()) if one.is_file())


def test_a_person_is_gone_from_archive_and_desk(path: Path) -> None:
    with Archive.open(path) as archive:
        before = archive.content_hash()
    looked = _run(path, "--person", PERSON, "--dry-run")
    assert looked.exit_code == 0 and "1 are masked" in looked.output and "Post" in looked.output
    assert _run(path, "--person", PERSON, "--by", "bob", "--reason", "asked for").exit_code == 2
    with Archive.open(path) as archive:
        assert archive.content_hash() == before
    assert b"Vvarkjam" in _bytes(path)
    done = _run(path, "--person", PERSON, "--by", "bob", "--reason", "asked for", "--yes")
    assert done.exit_code == 0, done.output
    assert "no trace of the name is left" in done.output
    assert b"vvarkjam" not in _bytes(path).lower()
    desk = Accounts(path.with_name("a.desk.db"))
    assert [(one.name, one.what) for one in reversed(desk.log())] == [
        ("ann", "(forgotten)"), ("ann", "signed in from 192.0.2.1"), ("█" * len(PERSON), "add: something"),
    ]  # fmt: skip
    assert [title for title, _ in desk.views("ann")] == ["Theirs"]
    desk.close()
    trail = _run(path, "--list")
    assert "person 0 removed, 1 masked, 1 barred by bob: asked for" in trail.output


def test_a_report_is_gone_and_may_come_back_where_that_is_allowed(path: Path) -> None:
    with Archive.open(path) as archive:
        key = next(one for one in (archive.add_reports([_arrived()])))
    done = _run(path, "--report", key, "--by", "bob", "--reason", "withdrawn", "--yes", "--quiet")
    assert done.exit_code == 0, done.output
    # The desk keeps who did what and when; what was told of the report is gone.
    assert b"vvarkjam" not in path.read_bytes().lower()
    assert b"denies it" not in _bytes(path)
    with Archive.open(path) as archive:
        assert list(tracing.traces(archive, name_of(PERSON))) == []
        with pytest.raises(ArchiveError, match="forgotten here"):
            archive.add_reports([_arrived()])
    assert _run(path, "--allow", "1", "--by", "bob", "--reason", "it was right").exit_code == 0
    with Archive.open(path) as archive:
        assert archive.add_reports([_arrived()]) == [key]
    assert _run(path, "--finish").exit_code == 0


def test_beside_a_running_desk_its_own_file_is_cleaned_and_the_rest_is_finished_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pourparler.archive.engine._WAIT", 200)
    desk = sqlite3.connect(path, isolation_level=None)
    desk.execute("BEGIN")
    desk.execute("SELECT count(*) FROM report").fetchone()
    done = _run(path, "--person", PERSON, "--by", "bob", "--reason", "asked for", "--yes")
    assert isinstance(done.exception, ArchiveError) and "--finish" in str(done.exception)
    assert b"vvarkjam" not in path.with_name("a.desk.db").read_bytes().lower()
    desk.execute("ROLLBACK")
    desk.close()
    finished = _run(path, "--finish")
    assert finished.exit_code == 0 and "tellings in" in finished.output
    assert b"vvarkjam" not in _bytes(path).lower()
    with Archive.open(path) as archive:
        assert archive.counts().pending == 0


def _arrived() -> Arrived:
    return Arrived(REPORT.document, "by hand", "4")


@pytest.mark.parametrize(
    "words",
    [(), ("--report", "r1", "--list"), ("--report", "r1", "--whole"), ("--person", "A B", "--copies")],
)
def test_what_makes_no_sense_is_wrong_use(path: Path, words: tuple[str, ...]) -> None:
    assert _run(path, *words).exit_code == 2


def test_it_asks_at_a_terminal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pourparler.cli.forget.on_terminal", lambda: True)
    with Archive.open(path) as archive:
        before = archive.content_hash()
    said = _run(path, "--person", PERSON, "--by", "bob", "--reason", "asked for", input="n\n")
    assert "Forget this for good?" in said.output and said.exit_code == 1
    with Archive.open(path) as archive:
        assert archive.content_hash() == before


def test_without_a_desk_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert forget_at_desk(tmp_path / "none.desk.db", keys=["r0"], words=[], name=None) == 0
