"""Erasing the bytes of what was deleted: a database marks rows as gone long before their bytes are overwritten.

What lies outside the database's own files is beyond this: backups, replicas, snapshots, old blocks that a file system
or a drive keeps, a PostgreSQL server's log of changes until it is recycled.
"""

from __future__ import annotations

import contextlib
import sqlite3

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pourparler.archive import schema, search
from pourparler.archive.engine import explained, shown
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError


def zeroing(connection: Connection) -> None:
    """From now on, let what is deleted over this connection be overwritten with zeros, where the database can."""
    if not _is_server(connection):
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def scrub(archive: Archive) -> None:
    """Write the database anew without what was deleted; takes as much room again for a while.

    Raises:
        ArchiveError: another program has it open, or there is no room; what was deleted stays deleted, and this can
            be begun again.
    """
    with explained(archive.where), archive.engine.connect() as found:
        connection = found.execution_options(isolation_level="AUTOCOMMIT") if _is_server(found) else found
        if _is_server(connection):
            _server(connection)
        else:
            _file(archive, connection)


def _is_server(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _file(archive: Archive, connection: Connection) -> None:
    # Outside of SQLAlchemy's transaction: VACUUM runs in none.
    raw = connection.connection.driver_connection
    assert raw is not None
    cursor = raw.cursor()
    try:
        cursor.execute("PRAGMA secure_delete=ON")
        for name in search.INDEXES:
            # An index without content keeps deleted words until its parts are merged into one.
            cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")  # noqa: S608 - our own names
        # Before too: zeros come to lie over the old bytes also where the file gets shorter.
        busy = _emptied(cursor)
        if not busy:
            cursor.execute("PRAGMA temp_store=FILE")
            cursor.execute("VACUUM")
            busy = _emptied(cursor)
    finally:
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()
    if busy:
        raise ArchiveError(
            f"{shown(archive.where)}: what was forgotten is deleted, but another program reads the archive, so that "
            "its bytes could not be erased. Stop that program (a desk?), then: pourparler archive forget --finish"
        )


def _emptied(cursor: sqlite3.Cursor) -> bool:
    """Write the log into the file and empty it; return whether another program keeps that from being done."""
    return bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])


def _server(connection: Connection) -> None:
    for name in (*sorted(schema.metadata.tables), *search.INDEXES):
        # ANALYZE too: the statistics of a column hold some of its values.
        connection.execute(text(f'VACUUM (FULL, ANALYZE) "{name}"'))
    # Who owns the database but not the server may be refused these: the server does both by itself in time.
    for command in ("VACUUM (FULL) pg_catalog.pg_statistic", "CHECKPOINT"):
        with contextlib.suppress(DBAPIError):
            connection.execute(text(command))
