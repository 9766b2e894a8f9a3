"""The user's own actors by which reports were read: the lists themselves are kept, and no reading without one takes
the place of one with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from pourparler.archive import keys, schema
from pourparler.archive.applying import newest_runs
from pourparler.archive.kept import never_read, run_of
from pourparler.archive.naming import Name
from pourparler.archive.sql import drop, ignoring, now
from pourparler.errors import ArchiveError, DamagedError
from pourparler.knowledge import own_actors
from pourparler.knowledge.actors import list_hash
from pourparler.record import Run

if TYPE_CHECKING:
    from pourparler.archive.store import Archive


def keep(connection: Connection, body: bytes) -> None:
    """Keep a list, as its file holds it."""
    ignoring(connection, schema.own_list, [{"hash": list_hash(body), "body": body, "at": now()}])


def keep_of(connection: Connection, run: Run) -> None:
    """Keep the list by which a run reads; another one than is set here came with what was read elsewhere."""
    if run.actors and list_hash(body := own_actors()) == run.actors:
        keep(connection, body)


def kept(archive: Archive) -> frozenset[str]:
    """Return the lists (hashes) that an archive keeps."""
    with archive.reading() as connection:
        return frozenset(connection.execute(select(schema.own_list.c.hash)).scalars())


def body_of(archive: Archive, used: str) -> bytes:
    """Return a list as its file held it.

    Raises:
        ArchiveError: the archive does not keep it.
        DamagedError: what it keeps is not what was read with.
    """
    with archive.reading() as connection:
        body = connection.execute(select(schema.own_list.c.body).where(schema.own_list.c.hash == used)).scalar()
        if body is None:
            raise ArchiveError(f"own actors {used}: the archive keeps no such list. See: pourparler archive lists")
        if list_hash(body) != used:
            raise DamagedError(f"own actors {used}: the list is not what was read with. Give yours with --actors")
        return bytes(body)


def only(archive: Archive) -> str | None:
    """Return the list by which the reports were last read that were read with one; None where the archive does not
    keep it, or there are several, or none."""
    found = lists(archive)
    return next(iter(found)) if len(found) == 1 and kept(archive) >= found.keys() else None


def every(archive: Archive) -> list[tuple[str, int, int | None]]:
    """Return the lists, the last used first: hash, how many reports were last read with it, its size in bytes (None:
    it is not kept)."""
    last = lists(archive)
    with archive.reading() as connection:
        sizes = {row.hash: len(row.body) for row in connection.execute(select(schema.own_list))}
    used = [run.actors for _, run in reversed(archive.runs()) if run.actors]
    return [(one, last.get(one, 0), sizes.get(one)) for one in dict.fromkeys((*used, *sorted(sizes)))]


def drop_lists(connection: Connection, name: Name | None) -> None:
    """Remove lists by which nothing is read, and those in which a person stands who is forgotten."""
    used = {run_of(body).actors for body in connection.execute(select(schema.run.c.body)).scalars()}
    rows = connection.execute(select(schema.own_list)).all()
    named = (row for row in rows if name and name.full(row.body.decode("utf-8", "replace")))
    drop(connection, schema.own_list, "hash", {row.hash for row in rows} - used | {row.hash for row in named})


def lists(archive: Archive, *, unless: Run | None = None) -> dict[str, int]:
    """Return the lists of own actors (hashes) by which reports were last read, and how many reports by each.

    Args:
        unless: leave out the reports that this run has read, or failed on.
    """
    record, run, report = schema.record.c, schema.run.c, schema.report
    kept = schema.record.join(schema.run, run.key == record.run)
    last = select(record.report, func.max(run.n).label("n")).select_from(kept).group_by(record.report).subquery()
    both = schema.run.join(last, last.c.n == run.n).join(report, report.c.key == last.c.report)
    query = select(run.body, func.count()).select_from(both).group_by(run.n, run.body).order_by(run.n)
    if unless is not None:
        query = query.where(never_read(keys.run_key(unless)))
    out: dict[str, int] = {}
    with archive.reading() as connection:
        for body, reports in connection.execute(query).all():
            if used := run_of(body).actors:
                out[used] = out.get(used, 0) + reports
    return out


def with_list(archive: Archive, reports: Sequence[str]) -> frozenset[str]:
    """Return those of the reports (keys) whose newest reading had a list of own actors."""
    if not reports:
        return frozenset()
    with archive.reading() as connection:
        newest = newest_runs(connection, reports)
        bodies = connection.execute(select(schema.run.c.key, schema.run.c.body)).all()
    listed = {key for key, body in bodies if run_of(body).actors}
    return frozenset(report for report, run in newest.items() if run in listed)
