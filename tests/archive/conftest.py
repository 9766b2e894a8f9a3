"""Archives to test on: a file of SQLite's, and a server of PostgreSQL's that the tests start and stop."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pourparler.archive.store import Archive, Arrived
from pourparler.record import Document, Record

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert places, "PostgreSQL is missing: apt-get install postgresql, or set POURPARLER_NO_POSTGRES=1"
    return places[-1].parent


def _run(program: str, *options: str) -> None:
    # PostgreSQL refuses to run as root: then its own user runs it.
    user = "postgres" if os.getuid() == 0 else None
    command = [str(_programs() / program), *options]
    done = subprocess.run(command, capture_output=True, text=True, user=user, cwd="/", timeout=120)
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a server; yield its address, without the name of a database."""
    folder = Path(tempfile.mkdtemp(prefix="pourparler-postgres-", dir=_roomy_memory()))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    _run("initdb", "-D", str(data), "-A", "trust", "-U", "pourparler", "--locale=C.UTF-8", "-E", "UTF8")
    options = f"-k {folder} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    _run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://pourparler@127.0.0.1:{port}"
    finally:
        _run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _roomy_memory() -> str | None:
    """Return a folder in memory where there is room: each test has a database of 13 MB, made and removed there in a
    quarter of the time that a disk takes (30 of them: 2 s, 8 s)."""
    memory = "/dev/shm"
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    return memory if roomy else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server, without the name of a database."""
    with server() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh archive, on either database."""
    if request.param == "sqlite":
        yield str(tmp_path / "a.db")
        return
    running = request.getfixturevalue("postgres")
    yield fresh_database(running, tmp_path.name)
    _command(running, f"DROP DATABASE {_named(tmp_path.name)} WITH (FORCE)")


def fresh_database(server: str, name: str) -> str:
    """Make an empty database on a server; return its address."""
    _command(server, f"DROP DATABASE IF EXISTS {_named(name)}", f"CREATE DATABASE {_named(name)}")
    return f"{server}/{_named(name)}"


def _named(name: str) -> str:
    return "d" + "".join(c for c in name.lower() if c.isalnum())[-50:]


def _command(server: str, *words: str) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(
        f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for each in words:
            connection.execute(text(each))
    engine.dispose()


@functools.cache
def talks() -> tuple[Record, ...]:
    """Records of the example talks, read once by the shipped reader."""
    from pourparler import read_many

    rows = [json.loads(line) for line in (ROOT / "examples" / "talks.jsonl").read_text(encoding="utf-8").splitlines()]
    documents = [
        Document(row["id"], row["text"], row.get("title"), row.get("published"), row.get("publisher"), row.get("url"))
        for row in rows
    ]
    return tuple(read_many(documents))


def fill(archive: Archive, records: tuple[Record, ...]) -> list[str]:
    """Put records with their reports into an archive; return the reports' keys."""
    found = archive.add_reports(
        [Arrived(record.document, "talks.jsonl", f"line {n}") for n, record in enumerate(records)]
    )
    archive.add_records(records[0].run, list(zip(found, records, strict=True)))
    return found
