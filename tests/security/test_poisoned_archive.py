"""A database from elsewhere: nothing in it runs, and what it holds beside an archive's tables is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.archive.by_hand import REPORTS, fill

from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive.open(path, create=True) as archive:
        fill(archive, REPORTS)
    return path


POISON = {
    "a trigger that loses verdicts": (
        "CREATE TRIGGER t AFTER INSERT ON arrival BEGIN DELETE FROM record; DELETE FROM verdict; END"
    ),
    "a trigger without end": (
        "CREATE TRIGGER t AFTER UPDATE ON serial BEGIN INSERT INTO feed WITH RECURSIVE "
        "n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x FROM n; END"
    ),
    "a view for a table": (
        "ALTER TABLE verdict RENAME TO kept; CREATE VIEW verdict AS WITH RECURSIVE "
        "n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS n FROM n"
    ),
    "a computed column": "ALTER TABLE feed ADD COLUMN c AS (hex(zeroblob(100000000)))",
    "a check": "CREATE TABLE extra (n CHECK (length(hex(zeroblob(100000000))) > 0))",
    "a default": "CREATE TABLE extra (n DEFAULT (randomblob(100000000)))",
    "an index of a formula": "CREATE INDEX i ON feed (upper(state)) WHERE length(state) > 1",
    "a table of another module": "CREATE VIRTUAL TABLE extra USING fts5(words, tokenize='trigram')",
    "a table in a table's name": 'CREATE TRIGGER "\x1b[2J\r\n" AFTER INSERT ON run BEGIN SELECT 1; END',
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_what_could_run_unseen_is_refused(path: Path, poison: str) -> None:
    base = sqlite3.connect(path)
    base.executescript(poison)
    base.close()
    with pytest.raises(ArchiveError, match="which no archive has") as told:
        Archive.open(path)
    assert "\x1b" not in str(told.value) and "\n" not in str(told.value)
    with pytest.raises(ArchiveError, match="which no archive has"):
        Archive.open(path, create=True)


def test_a_connection_trusts_no_schema_and_loads_no_extension(path: Path) -> None:
    with Archive.open(path) as archive, archive.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA trusted_schema").scalar() == 0
        assert connection.exec_driver_sql("PRAGMA cell_size_check").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        with pytest.raises(Exception, match="not authorized"):
            connection.exec_driver_sql("SELECT load_extension('/tmp/x.so')")


def test_an_archive_made_here_is_none_of_these(path: Path) -> None:
    with Archive.open(path) as archive:
        assert archive.counts().reports == len(REPORTS)


def test_damage_is_told_not_followed(path: Path) -> None:
    base = sqlite3.connect(path)
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.execute("PRAGMA journal_mode=DELETE")
    base.close()
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 4096):
        # The number of cells of every page says more than there is.
        data[at + 3 : at + 5] = b"\xff\xff"
    path.write_bytes(bytes(data))
    with pytest.raises(ArchiveError, match="damaged"), Archive.open(path) as archive:
        archive.content_hash()
