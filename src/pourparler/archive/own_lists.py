"""The user's own actors by which reports were read: no reading without the list takes the place of one with it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from pourparler.archive import keys, schema
from pourparler.archive.applying import newest_runs
from pourparler.archive.kept import never_read, run_of
from pourparler.archive.store import Archive
from pourparler.record import Run


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


def read_by_list(connection: Connection, reports: Sequence[str]) -> frozenset[str]:
    """Return those of the reports (keys) whose newest reading had a list of own actors."""
    newest = newest_runs(connection, reports)
    bodies = connection.execute(select(schema.run.c.key, schema.run.c.body)).all()
    listed = {key for key, body in bodies if run_of(body).actors}
    return frozenset(report for report, run in newest.items() if run in listed)
