"""A database that is locked, full, read-only, damaged or none: a clear error, and nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pourparler.archive import engine
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import ArchiveError
from pourparler.record import Document
from tests.archive.conftest import fill, talks


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive.open(path, create=True) as archive:
        fill(archive, talks()[:2])
    return path


def test_a_locked_archive_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_WAIT", 50)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Archive.open(path) as archive:
        with pytest.raises(ArchiveError, match="another program is writing"):
            archive.add_reports([Arrived(Document("x", "new"), "x")])
        assert archive.counts().reports == 2
    other.execute("ROLLBACK")
    other.close()
    with Archive.open(path) as archive:
        archive.add_reports([Arrived(Document("x", "new"), "x")])
        assert archive.counts().reports == 3


def test_a_file_that_may_only_be_read_can_be_read(path: Path) -> None:
    code = (
        "import os, sys; from pourparler.archive.store import Archive, Arrived\n"
        "from pourparler.record import Document; from pourparler.errors import ArchiveError\n"
        "import pourparler.archive.migrate, sqlalchemy.dialects.sqlite\n"
        "os.chdir(os.path.dirname(sys.argv[1]))\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "archive = Archive.open('a.db'); print(archive.counts().reports)\n"
        "try: archive.add_reports([Arrived(Document('x', 'new'), 'x')])\n"
        "except ArchiveError as error: print(error)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        kept = shutil.copy(path, Path(folder) / "a.db")
        Path(kept).chmod(0o444)
        Path(folder).chmod(0o555)
        done = subprocess.run([sys.executable, "-c", code, str(kept)], capture_output=True, text=True, timeout=60)
        Path(folder).chmod(0o755)
    assert done.stdout.splitlines()[:1] == ["2"], done.stderr + done.stdout
    assert "it may only be read" in done.stdout


def test_a_full_disk_says_so_and_keeps_what_was_there(path: Path) -> None:
    code = (
        "import resource, signal, sys\n"
        "from pourparler.archive.store import Archive, Arrived; from pourparler.record import Document\n"
        "from pourparler.errors import ArchiveError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "archive = Archive.open(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "try: archive.add_reports([Arrived(Document(str(n), f'{n} ' + 'word ' * 9000), 'x') for n in range(99)])\n"
        "except ArchiveError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60)
    assert "disk" in done.stdout and "what was written before is whole" in done.stdout, done.stderr
    with Archive.open(path) as archive:
        assert archive.counts().reports == 2
        assert archive.record(fill(archive, talks()[:2])[0]) == talks()[0]


def test_a_damaged_archive_says_so(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 4096):
        data[at : at + 512] = os.urandom(512)
    path.write_bytes(bytes(data))
    with pytest.raises(ArchiveError, match="damaged"), Archive.open(path) as archive:
        archive.counts()
        archive.content_hash()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no database at all, only words" * 99, "no archive"), (None, "there is no archive yet")],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "x.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArchiveError, match=words):
        Archive.open(path)
    assert content is None or path.read_bytes() == content


def test_a_database_of_others_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE accounts (n)")
    other.close()
    with pytest.raises(ArchiveError, match="other tables"):
        Archive.open(path, create=True)


def test_an_archive_of_a_later_version_is_refused(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.commit()
    other.close()
    with pytest.raises(ArchiveError, match="does not know"):
        Archive.open(path)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("mysql://user:secret@host/name", "SQLite or PostgreSQL"),
        ("nonsense://x", "no address"),
        ("/nowhere/at/all.db", "no folder"),
        ("/", "it is a folder"),
        ("a\0b", "NUL"),
        ("postgresql://user:secret@127.0.0.1:1/x", "does not answer"),
    ],
)
def test_a_wrong_address_says_what_is_wrong_and_no_password(where: str, words: str) -> None:
    with pytest.raises(ArchiveError, match=words) as caught:
        Archive.open(where, create=True)
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
def test_a_user_that_the_server_does_not_know_is_named(postgres: str) -> None:
    with pytest.raises(ArchiveError, match="no such user"):
        Archive.open(postgres.replace("pourparler@", "nobody-here@") + "/postgres")
    with pytest.raises(ArchiveError, match="no such database"):
        Archive.open(f"{postgres}/nothing-here")
