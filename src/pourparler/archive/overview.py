"""What an archive holds, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, func, select

from pourparler.archive import schema
from pourparler.archive.forgetting import entries
from pourparler.archive.kept import never_read
from pourparler.archive.own_lists import kept
from pourparler.archive.search import found
from pourparler.archive.store import Archive


def overview(archive: Archive) -> Iterator[tuple[str, str]]:
    """Yield lines, a label and words each: counts, days, runs and what they read, what failed, the content hash."""
    counts = archive.counts()
    report, telling = schema.report, schema.telling
    with archive.reading() as connection:
        first, last = connection.execute(select(func.min(report.c.day), func.max(report.c.day))).one()
        joined = connection.execute(
            select(func.count()).select_from(schema.event).where(schema.event.c.tellings > 1)
        ).scalar_one()
        read = _by_run(connection, schema.record)
        current = _by_run(connection, telling)
        left = connection.execute(select(func.count()).select_from(report).where(never_read())).scalar_one()
        failed = connection.execute(select(schema.unread).order_by(schema.unread.c.report).limit(20)).all()
    yield "reports", f"{counts.reports:,}, of {first or '?'} to {last or '?'}; {counts.copies:,} repeat others"
    yield "tellings", f"{counts.tellings:,} in {counts.events:,} events, {joined:,} of them told more than once"
    yield "statements", f"{counts.statements:,}"
    yield "verdicts", f"{counts.verdicts:,}"
    if left:
        yield "left", f"{left:,} reports were kept and never read: pourparler archive read"
    if counts.pending:
        yield "pending", f"{counts.pending:,} reports wait to be joined: pourparler archive join"
    lists = kept(archive)
    for key, run in archive.runs():
        done = f"read {read.get(key, 0):,} reports, shows {current.get(key, 0):,} tellings"
        lost = "" if run.actors in lists else " (list not kept)"
        own = f", own actors {run.actors}{lost}" if run.actors else ""
        yield "run", f"{key}: version {run.version}, model {run.model}{own}: {done}"
    if trail := entries(archive):
        yield "forgotten", f"{len(trail):,} times: pourparler archive forget --list"
    yield "unread", f"{counts.unread:,}"
    for row in failed:
        yield "", f"{row.report} by {row.run}: {row.reason}"
    yield "content", f"{archive.content_hash()}"


def _by_run(connection: Connection, table: Table) -> dict[str, int]:
    query = select(table.c.run, func.count()).group_by(table.c.run)
    return {row[0]: row[1] for row in connection.execute(query)}


def report_lines(archive: Archive, *, text: str | None, limit: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield a line for each report, newest first: key, day, publisher, title or beginning of the text."""
    report = schema.report
    with archive.reading() as connection:
        query = select(report).order_by(report.c.day.desc().nulls_last(), report.c.key).limit(limit)
        if text:
            query = query.where(found(connection, report, text))
        for row in connection.execute(query):
            yield row.key, row.day or "?", row.publisher or "", row.title or row.text[:80]
