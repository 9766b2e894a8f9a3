"""Whether an archive is whole: the database itself, and that every line still rests on its words."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text

from pourparler.archive import keys, schema
from pourparler.archive.forgetting import entries
from pourparler.archive.kept import document_in, run_of, unpacked
from pourparler.archive.store import Archive
from pourparler.record import Quote, Record

_BATCH = 500


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
    yield from _records(archive)
    yield from _tellings(archive)


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
