"""Whether an archive is whole: the database itself, and that every line still rests on its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from pourparler.archive import keys, schema
from pourparler.archive.brief_words import many
from pourparler.archive.forgetting import entries
from pourparler.archive.kept import document_in, run_of, unpacked
from pourparler.archive.own_lists import body_of, kept
from pourparler.archive.store import Archive
from pourparler.errors import DamagedError
from pourparler.record import Quote, Record

_BATCH = 500
# How many reports without a record are named; the others are counted.
_NAMED = 5


def check(archive: Archive) -> Iterator[str]:
    """Yield what is wrong, a sentence each; nothing where all is well. Reads the whole archive once."""
    with archive.reading() as connection:
        if connection.dialect.name == "sqlite":
            for row in connection.execute(text("PRAGMA integrity_check")):
                if row[0] != "ok":
                    yield f"the database: {row[0]}"
        told = {row.telling: row.event for row in connection.execute(select(schema.told))}
        events = set(connection.execute(select(schema.event.c.key)).scalars())
        shown = set(connection.execute(select(schema.telling.c.key)).scalars())
    # Sorted as text: in a file that somebody else made a key may be a number.
    for key in sorted(shown - set(told), key=str):
        yield f"telling {key} stands in no event"
    for key in sorted(set(told) - shown, key=str):
        yield f"event {told[key]} has a telling {key} that is not there"
    for key in sorted(set(told.values()) ^ events, key=str):
        yield f"event {key} is not the same in told and event"
    for one in entries(archive):
        if one.erased is None:
            yield f"what was forgotten at {one.at} may still lie in the file: pourparler archive forget --finish"
    for used in sorted(kept(archive), key=str):
        try:
            body_of(archive, used)
        except DamagedError as error:
            yield str(error)
    yield from _claims(archive)
    yield from _records(archive)
    yield from _tellings(archive)


@dataclass(frozen=True, slots=True)
class Left:
    """Reports that have no record though nothing is wrong with the archive: how many, and which and what to do."""

    reports: int
    words: str


def without_record(archive: Archive) -> tuple[Left, ...]:
    """Return the reports that no run has read: those that wait, and those on which every run failed that tried.

    One that a run claims to have read is left out: that its record is gone is damage, which ``check`` tells.
    """
    report, unread = schema.report.c, schema.unread.c
    read = select(schema.record.c.report)
    with archive.reading() as connection:
        claimed = {report for report, _ in _claimed(connection)}
        every = select(report.key).where(report.key.not_in(read)).order_by(report.n)
        bare = [key for key in connection.execute(every).scalars() if key not in claimed]
        failed = set(connection.execute(select(unread.report).where(unread.report.not_in(read))).scalars())
    return (
        *_left([key for key in bare if key not in failed], "never read", "Read with: pourparler archive read"),
        *_left(
            [key for key in bare if key in failed], "not readable",
            "Why: pourparler archive show. Another version of the reader tries again with: pourparler archive read",
        ),
    )  # fmt: skip


def _left(found: Sequence[str], what: str, next_step: str) -> Iterator[Left]:
    if found:
        were = "was" if len(found) == 1 else "were"
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        some = ", ".join(map(str, found[:_NAMED])) + more
        words = f"{many(len(found), 'report')} {were} {what}: {some}. {next_step}"
        yield Left(len(found), words)


def _claimed(connection: Connection) -> dict[tuple[str, str], Counter[str]]:
    """Return of which reports without a record a run (the second of each pair) has what, and how many of it."""
    record = schema.record.c
    out: dict[tuple[str, str], Counter[str]] = {}
    for table, what in ((schema.telling, "telling"), (schema.saying, "statement"), (schema.verdict, "verdict")):
        kept = select(record.report).where(record.report == table.c.report, record.run == table.c.run)
        query = select(table.c.report, table.c.run, func.count()).where(~kept.exists())
        for report, run, count in connection.execute(query.group_by(table.c.report, table.c.run)):
            out.setdefault((report, run), Counter())[what] += count
    return out


def _claims(archive: Archive) -> Iterator[str]:
    """Yield where a run has read a report and its record is gone, and where a record has no report or no run."""
    with archive.reading() as connection:
        claimed = _claimed(connection)
        stray = {
            table.name: connection.execute(
                select(schema.record.c.report, schema.record.c.run).where(column.not_in(select(table.c.key)))
            ).all()
            for table, column in ((schema.report, schema.record.c.report), (schema.run, schema.record.c.run))
        }
    for (report, run), found in sorted(claimed.items(), key=str):
        rests = ", ".join(many(count, what) for what, count in found.items())
        yield (
            f"report {report}: run {run} has read it ({rests}), and its record is gone. Go back to a copy of the "
            "archive, or read the report again: pourparler archive read"
        )
    for name, rows in stray.items():
        for report, run in sorted(rows, key=str):
            gone = report if name == "report" else run
            yield f"the record of report {report} by run {run}: {name} {gone} is not there"


def _records(archive: Archive) -> Iterator[str]:
    report, record, run = schema.report, schema.record, schema.run
    joined = record.join(report, report.c.key == record.c.report).join(run, run.c.key == record.c.run)
    query = select(report, record.c.body, run.c.body.label("made"), run.c.key.label("by")).select_from(joined)
    with archive.reading() as connection:
        rows = connection.execution_options(yield_per=_BATCH).execute(query)
        for row in rows:
            document = document_in(row)
            if keys.report_key(document) != row.key:
                yield f"report {row.key}: its text or its day is not what was added"
            try:
                found = unpacked(row.body, document, run_of(row.made))
            except Exception as error:
                yield f"report {row.key}: the record of run {row.by} is damaged ({error})"
                continue
            wrong = sum(document.text[quote.start : quote.end] != quote.text for quote in _quotes(found))
            if wrong:
                yield f"report {row.key}: {wrong} offsets of run {row.by} do not point at their words"


def _quotes(record: Record) -> Iterator[Quote]:
    for actor in record.actors:
        yield from actor.mentions
    for event in record.events:
        yield from event.evidence
    for statement in record.statements:
        yield statement.cue
        yield from statement.content


def _tellings(archive: Archive) -> Iterator[str]:
    report, telling = schema.report, schema.telling
    columns = (telling.c.key, telling.c.start, telling.c.end, telling.c.words, report.c.text)
    query = select(*columns).select_from(telling.join(report, report.c.key == telling.c.report))
    with archive.reading() as connection:
        for row in connection.execution_options(yield_per=_BATCH).execute(query):
            numbers = isinstance(row.start, int) and isinstance(row.end, int)
            if not numbers or row.text[row.start : row.end] != row.words:
                yield f"telling {row.key}: its offsets do not point at its words"
