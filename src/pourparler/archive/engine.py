"""Opening a database: SQLite by path, PostgreSQL by address; what goes wrong there, said in our words."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import traceback
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pourparler.archive import search
from pourparler.errors import ArchiveError, DamagedError

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
    ('role "', "there is no such user", "Check the user in the address, or create it (createuser)"),
    ("does not exist", "there is no such database", "Create it (createdb), or check the address"),
)


# Secrets in an address: before the host, and in its options (libpq takes password= and sslpassword= there).
_BEFORE_HOST = re.compile(r"(://[^:/@?]{0,200}):.*@", re.DOTALL)
_OPTION = re.compile(r"([?&][^=&]{0,40}(?:pass|secret|token|key)[^=&]{0,40}=)[^&]*", re.IGNORECASE)


def shown(where: str) -> str:
    """Return an archive's address without its password, however malformed it is."""
    if "://" not in where:
        return where
    return _OPTION.sub(r"\1***", _BEFORE_HOST.sub(r"\1:***@", where))


@contextlib.contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what the database raises into an ArchiveError that says what to do."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        raise _error(where, error) from error
    except SQLAlchemyError as error:
        raise ArchiveError(f"{shown(where)}: {error}. Please report this") from error


# What comes of a row that is not as we write them: no JSON, a word where a number should be, a key of nothing.
_ODD = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    zlib.error,
)


@contextlib.contextmanager
def sound(where: str) -> Iterator[None]:
    """Turn what a row makes of the code that reads it, where it is not as we write them, into a DamagedError."""
    try:
        yield
    except _ODD as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__} in {Path(at.filename).stem}.{at.name}: {str(error)[:200]}"
        raise DamagedError(
            f"{shown(where)}: it holds what cannot be read ({told}). See what is wrong with it: "
            "pourparler archive check. If it is whole, please report this"
        ) from error


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
    # Of a damaged schema SQLite tells in bytes that are no UTF-8, on which Python's driver fails.
    with explained(where), sound(where):
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
    if "@" in where.partition("@")[2].partition("/")[0]:
        # Taken for a part of the host, the rest of the password would stand in what the driver says of it.
        raise ArchiveError(f"{shown(where)}: a user and one @ stand before the host. Write %40 for @ in a password")
    try:
        url = make_url(where)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
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
        _make_private(where, path)


def _make_private(where: str, path: Path) -> None:
    """Make an empty file that only its owner may read: who shares an archive says so (chmod)."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        # Another program was faster.
        return
    except OSError as error:
        problem = f"the file cannot be made ({error.strerror})"
        raise ArchiveError(f"{where}: {problem}. Check the path and its permissions") from error


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
        # The file may be another's: nothing that its schema says may call what is not harmless, and damage is seen
        # before it is followed. (Python's driver loads no extensions unless it is told to.)
        cursor.execute("PRAGMA trusted_schema=OFF")
        cursor.execute("PRAGMA cell_size_check=ON")
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


# What a file's schema may hold: our tables, plain columns and indexes. Triggers, views, computed columns, checks and
# other virtual tables run when the file is read or written; no archive has any.
_PLAIN = re.compile(r"CREATE (?:TABLE|UNIQUE INDEX|INDEX) (?!.*\b(?:CHECK|DEFAULT|GENERATED|AS|WHERE)\b)", re.DOTALL)


def _check_schema(engine: Engine, where: str) -> None:
    """Raise ArchiveError where a file's schema holds what no archive has, and what would run unseen."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    for kind, name, made in rows:
        if not (_PLAIN.match(made) or made in search.MADE):
            raise ArchiveError(
                f"{shown(where)}: it holds a {kind} {str(name)[:40]!r}, which no archive has and which could run "
                "unseen. Do not use this file; ask where it comes from"
            )


def _bring_up_to_date(engine: Engine, where: str, *, create: bool) -> None:
    from pourparler.archive import migrate

    if engine.dialect.name == "sqlite":
        _check_schema(engine, where)
    found = migrate.version(engine)
    if found is None and inspect(engine).get_table_names():
        # Between the two looks another program may have made the archive.
        found = migrate.version(engine)
        if found is None:
            raise ArchiveError(f"{shown(where)}: the database holds other tables. Give a database of its own")
    if found == migrate.NEWEST:
        return
    if found is None and not create:
        raise ArchiveError(
            f"{shown(where)}: there is no archive yet. Make one with: pourparler archive add SOURCE..."
        )
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        # Written once into the file: readers go on while one writes.
        raw.cursor().execute("PRAGMA journal_mode=WAL")
        raw.close()
    try:
        migrate.upgrade(engine, where)
    except DBAPIError:
        # PostgreSQL lets only one of two programs make the same tables, and fails the other when that is done.
        if migrate.version(engine) != migrate.NEWEST:
            raise
