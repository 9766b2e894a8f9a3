"""Opening a database: SQLite by path, PostgreSQL by address; what goes wrong there, said in our words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pourparler.errors import ArchiveError

# How long a write waits for another program's before it gives up, in milliseconds.
_WAIT = 10_000
# The words by which databases tell what happened, and what we say of it; the first that fits counts.
_TOLD = (
    ("locked", "another program is writing to it", "Wait until that has ended, or stop it"),
    ("busy", "another program is writing to it", "Wait until that has ended, or stop it"),
    ("lock timeout", "another program is writing to it", "Wait until that has ended, or stop it"),
    (
        "full",
        "the disk is full",
        "Make room; what was written before is whole, and the same command goes on from there",
    ),
    ("no space left", "the disk is full", "Make room; what was written before is whole"),
    ("disk i/o error", "the disk fails or is full", "Make room or check it; what was written before is whole"),
    ("readonly", "it may only be read", "Change the permissions of the file and its folder, or give another archive"),
    ("read-only", "it may only be read", "Give an address with the right to write, or another archive"),
    ("permission denied", "permission is denied", "Give an account that may, or another archive"),
    ("malformed", "the file is damaged", "Take it from a backup, or save what is left by sqlite3's .recover"),
    ("not a database", "the file is no archive", "Give the path of an archive, or of a new file"),
    ("unable to open", "the file cannot be opened", "Check the path and its permissions"),
    ("connection refused", "the server does not answer", "Check address and port, and whether it runs"),
    ("could not translate", "there is no such server", "Check the address"),
    ("failed to resolve", "there is no such server", "Check the address"),
    ("authentication failed", "user or password is wrong", "Check the address"),
    ("does not exist", "there is no such database", "Create it (createdb), or check the address"),
)


def shown(where: str) -> str:
    """Return an archive's address without its password."""
    if "://" not in where:
        return where
    try:
        return make_url(where).render_as_string(hide_password=True)
    except ArgumentError:
        return where.split("://", 1)[0] + "://…"


@contextlib.contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what the database raises into an ArchiveError that says what to do."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        raise _error(where, error) from error
    except SQLAlchemyError as error:
        raise ArchiveError(f"{shown(where)}: {error}. Please report this") from error


def _error(where: str, error: Exception) -> ArchiveError:
    words = str(getattr(error, "orig", None) or error).strip()
    for sign, problem, advice in _TOLD:
        if sign in words.lower():
            return ArchiveError(f"{shown(where)}: {problem} ({words.splitlines()[0]}). {advice}")
    return ArchiveError(
        f"{shown(where)}: the database says: {words.splitlines()[0] if words else error!r}. "
        "If the archive is whole (pourparler archive check), please report this"
    )


def open_engine(where: str, *, create: bool) -> Engine:
    """Return the engine of an archive, its tables made or brought up to date.

    Args:
        where: a path (SQLite), or an address such as postgresql://user@host/name.
        create: make the archive where there is none; else its absence is an error.
    """
    url = _url(where)
    with explained(where):
        if url.get_backend_name() == "sqlite":
            _check_file(where, create=create)
        engine = _engine(url)
        try:
            _bring_up_to_date(engine, where, create=create)
        except BaseException:
            engine.dispose()
            raise
    return engine


def _url(where: str) -> URL:
    if "://" not in where:
        return URL.create("sqlite+pysqlite", database=where)
    try:
        url = make_url(where)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise ArchiveError(
            f"{shown(where)}: no address of a database we know. Give a path, or postgresql://user@host/name"
        ) from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ArchiveError(f"{shown(where)}: archives stand in SQLite or PostgreSQL. Give a path, or postgresql://…")
    return url


def _check_file(where: str, *, create: bool) -> None:
    if "://" in where or where == ":memory:":
        return
    if "\0" in where:
        raise ArchiveError("a path cannot hold a NUL character. Give another path")
    path = Path(where)
    if path.is_dir():
        raise ArchiveError(f"{where}: it is a folder. Give the path of a file, such as {path / 'pourparler.db'}")
    if not path.exists():
        if not create:
            raise ArchiveError(f"{where}: there is no archive yet. Make one with: pourparler archive add SOURCE...")
        if not path.parent.is_dir():
            raise ArchiveError(f"{where}: there is no folder {path.parent}. Make it, or give another path")


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(
            _read_only(url) or url, connect_args={"timeout": _WAIT / 1000, "check_same_thread": False}
        )
    except ImportError as error:
        raise ArchiveError(f"{error}. Install the driver: pip install 'pourparler[postgres]'") from error

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        # Transactions begin where we say so: the driver's own way begins none before a SELECT.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # A writer takes the lock at once: two that read first and write later would block each other.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _read_only(url: URL) -> URL | None:
    """Return the address by which SQLite reads a file that may not be written, or None where it may be.

    Such a file cannot change: SQLite is told so, since else it wants to write its log beside it even for reading.
    """
    path = Path(url.database or "")
    if not path.is_file() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return None
    where = "file:" + urllib.parse.quote(str(path.resolve()))
    query = {"mode": "ro", "uri": "true"}
    if not path.with_name(path.name + "-wal").exists():
        query["immutable"] = "1"
    return URL.create("sqlite+pysqlite", database=where, query=query)


def _bring_up_to_date(engine: Engine, where: str, *, create: bool) -> None:
    from pourparler.archive import migrate

    found = migrate.version(engine)
    if found == migrate.NEWEST:
        return
    if found is None:
        if inspect(engine).get_table_names():
            raise ArchiveError(f"{shown(where)}: the database holds other tables. Give a database of its own")
        if not create:
            raise ArchiveError(
                f"{shown(where)}: there is no archive yet. Make one with: pourparler archive add SOURCE..."
            )
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        # Written once into the file: readers go on while one writes.
        raw.cursor().execute("PRAGMA journal_mode=WAL")
        raw.close()
    migrate.upgrade(engine, where)
