"""Reports and records as they stand in the archive, and back."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from pourparler.archive import schema
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
        raise ArchiveError(
            f"report {key}: it was not read{' by run ' + run if run else ' yet'}. Read it with: "
            "pourparler archive read"
        )
    return unpacked(row.body, document, run_of(row.made))


def unpacked(body: bytes, document: Document, run: Run) -> Record:
    """Return the record that a row of table ``record`` holds."""
    data = json.loads(_inflated(body))
    bare = to_dict(replace(document, text=""))
    record = from_dict({**data, "document": bare, "run": to_dict(run)})
    return replace(record, document=document)


def _inflated(body: bytes) -> bytes:
    """Return what a packed record holds; in a file that somebody else made it may be a bomb."""
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
    data = json.loads(body)
    return Run(**{**data, "components": tuple(data["components"])})


def report_row(key: str, document: Document) -> dict[str, Any]:
    """Return a report as table ``report`` keeps it; its number is given by the database."""
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
