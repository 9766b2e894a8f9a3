"""Reports and records as they stand in the archive, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select

from pourparler.archive import schema, search
from pourparler.archive.sql import drop, have, pairs, portions
from pourparler.errors import ArchiveError, DamagedError
from pourparler.record import Document, Record, Run, from_dict, to_dict

# A record of a million characters with 20,000 events takes some 20 MB.
_MOST_BODY = 256 * 1024 * 1024


def document_of(connection: Connection, key: str) -> Document:
    """Return a report by its key; raises ArchiveError where there is none."""
    row = connection.execute(select(schema.report).where(schema.report.c.key == key)).first()
    if row is None:
        raise ArchiveError(
            f"report {key}: the archive has none with this key. List them with: pourparler archive reports"
        )
    return document_in(row)


def document_in(row: Row[Any]) -> Document:
    """Return the report that a row of table ``report`` holds."""
    return Document(row.id, row.text, row.title, row.published, row.publisher, row.url, row.language)


def record_of(connection: Connection, key: str, document: Document, *, run: str | None = None) -> Record:
    """Return what was read in a report by a run (the newest when absent); raises ArchiveError where nothing was."""
    kept = schema.record.join(schema.run, schema.run.c.key == schema.record.c.run)
    query = select(schema.record.c.body, schema.run.c.body.label("made")).select_from(kept)
    query = query.where(schema.record.c.report == key).order_by(schema.run.c.n.desc()).limit(1)
    row = connection.execute(query.where(schema.record.c.run == run) if run else query).first()
    if row is None:
        raise ArchiveError(_not_read(connection, key, run))
    return unpacked(row.body, document, run_of(row.made))


def _not_read(connection: Connection, key: str, run: str | None) -> str:
    """Say why there is no record: a report on which the reader failed is not tried again by the same one."""
    unread = schema.unread.c
    query = select(unread.reason).where(unread.report == key, *([unread.run == run] if run else []))
    why = connection.execute(query.order_by(unread.run).limit(1)).scalar()
    by = f" by run {run}" if run else ""
    if why is not None:
        return f"report {key}: it was not read{by} ({why}). Another version of the reader tries again"
    return f"report {key}: it was not read{by or ' yet'}. Read it with: pourparler archive read"


def records_of(connection: Connection, documents: Mapping[str, Document]) -> Iterator[tuple[str, str, Record]]:
    """Yield (report, run, record) of all that was read in reports, which are given by key; older runs first."""
    kept, made = schema.record, schema.run
    query = select(kept.c.report, kept.c.run, kept.c.body, made.c.body.label("made"))
    query = query.select_from(kept.join(made, made.c.key == kept.c.run)).order_by(made.c.n)
    for portion in portions(documents):
        for row in connection.execute(query.where(kept.c.report.in_(portion))):
            yield row.report, row.run, unpacked(row.body, documents[row.report], run_of(row.made))


def never_read(run: str | None = None) -> ColumnElement[bool]:
    """Return the condition that a row of table ``report`` was neither read nor failed on: by a run, or by any."""
    seen = [
        select(t.c.report).where(t.c.report == schema.report.c.key, *([t.c.run == run] if run else [])).exists()
        for t in (schema.record, schema.unread)
    ]
    return and_(*(~one for one in seen))


def unpacked(body: bytes, document: Document, run: Run) -> Record:
    """Return the record that a row of table ``record`` holds."""
    data = json.loads(inflated(body))
    bare = to_dict(replace(document, text=""))
    record = from_dict({**data, "document": bare, "run": to_dict(run)})
    return replace(record, document=document)


def inflated(body: bytes) -> bytes:
    """Return what a packed record holds; raises DamagedError for a bomb, which somebody else's file may hold."""
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(body, _MOST_BODY)
    if not unpacking.eof:
        why = f"it unpacks to more than {_MOST_BODY:,} bytes" if len(data) == _MOST_BODY else "it is cut off"
        raise DamagedError(f"a record of the archive is damaged: {why}. See which: pourparler archive check")
    return data


def packed(record: Record) -> bytes:
    """Return a record as table ``record`` keeps it."""
    data = to_dict(replace(record, document=replace(record.document, text="")))
    kept = {name: value for name, value in data.items() if name not in ("document", "run")}
    return zlib.compress(json.dumps(kept, separators=(",", ":"), ensure_ascii=True).encode("ascii"), 6)


def run_of(body: str) -> Run:
    """Return the run that a row of table ``run`` holds."""
    return run_from(json.loads(body))


def run_from(data: dict[str, Any]) -> Run:
    """Return the run that a JSON object holds."""
    return Run(**{**data, "components": tuple(data["components"])})


def keep_reports(connection: Connection, documents: Mapping[str, Document]) -> int:
    """Keep and index reports, by key, that are not there yet; return how many those were."""
    known = have(connection, schema.report, "key", documents)
    new = {key: one for key, one in documents.items() if key not in known}
    if new:
        connection.execute(insert(schema.report), [report_row(key, one) for key, one in new.items()])
        numbers = pairs(connection, schema.report, "key", new, "n")
        search.add(connection, schema.report, ((n, _indexed(new[key].title, new[key].text)) for key, n in numbers))
    return len(new)


def drop_reports(connection: Connection, reports: Sequence[str]) -> None:
    """Take reports (keys) out of their table and index; nothing may point at them any longer."""
    for portion in portions(reports):
        rows = connection.execute(select(schema.report).where(schema.report.c.key.in_(portion))).all()
        search.remove(connection, schema.report, ((row.n, _indexed(row.title, row.text)) for row in rows))
    drop(connection, schema.report, "key", reports)


def _indexed(title: str | None, text: str) -> str:
    """Return what a report is found by."""
    return f"{title or ''} {text}"


def report_row(key: str, document: Document) -> dict[str, Any]:
    return {
        "key": key,
        "id": document.id,
        "title": document.title,
        "published": document.published,
        "day": (document.published or "")[:10] or None,
        "publisher": document.publisher,
        "url": document.url,
        "language": document.language,
        "text": document.text,
    }
