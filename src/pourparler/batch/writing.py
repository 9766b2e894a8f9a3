"""A unit's results as files: the same results are the same bytes, and none is seen before it is whole."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pourparler.archive import shards
from pourparler.archive.folders import Folder
from pourparler.batch.units import Taken, Unit, month_of, plain
from pourparler.record import Record, Run, dumps

_ROW_GROUP = 256
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Again:
    """A document that is read elsewhere; ``rank`` is its place where that comes before the one that is read."""

    taken: Taken
    rank: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that was not read: ``kind`` is "reading" where the reader failed, "crash" where its process did,
    "memory" where there was too little of it."""

    taken: Taken
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Results:
    """All that came of a unit."""

    unit: Unit
    run: Run
    run_key: str
    records: tuple[tuple[Taken, Record], ...]
    again: tuple[Again, ...]
    failed: tuple[Failed, ...]


def write(folder: Folder, found: Results) -> shards.Finished:
    """Write a unit's files, then the one that says that it is finished; return what that says."""
    made = dict(_tables(found))
    written = []
    for path, rows in sorted(made.items()):
        folder.write(path, _bytes(path.partition("/")[0], rows))
        written.append(path)
    done = _finished(found, tuple(written), [row for path, rows in made.items() for row in _marked(path, rows)])
    folder.write(shards.path_of(done.unit), shards.to_json(done))
    return done


def _tables(found: Results) -> Iterator[tuple[str, list[Row]]]:
    name = f"{found.unit.name}.parquet"
    by_month: dict[str, list[Row]] = defaultdict(list)
    for taken, record in found.records:
        month = month_of(taken.document) or shards.UNKNOWN
        by_month[f"records/month={month}/{name}"].append(_record(found, taken, record))
    yield from by_month.items()
    for kind, rows in (("again", _again(found)), ("rejected", _rejected(found)), ("notes", _notes(found))):
        if rows:
            yield f"{kind}/{name}", rows


def _record(found: Results, taken: Taken, record: Record) -> Row:
    document, body = taken.document, dumps(record)
    return {
        "key": taken.key, "run": found.run_key, "day": (document.published or "")[:10] or None,
        "publisher": document.publisher, "id": document.id, "title": document.title,
        "published": document.published, "url": document.url, "language": document.language, "text": document.text,
        "content": content_of(body), "source": found.unit.source, "place": taken.place, "number": taken.number,
        "events": len(record.events), "statements": len(record.statements), "record": body,
    }  # fmt: skip


def content_of(body: str) -> str:
    """Return the hash of what was read: of a record's JSON without its document and run."""
    # Parsed again: walking the record's objects once more would take five times as long.
    kept = {name: value for name, value in json.loads(body).items() if name not in ("document", "run")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()


def _again(found: Results) -> list[Row]:
    return [
        {
            "key": one.taken.key, "id": one.taken.document.id, "language": one.taken.document.language,
            "source": found.unit.source, "place": one.taken.place, "number": one.taken.number, "rank": one.rank,
        }
        for one in found.again
    ]  # fmt: skip


def _rejected(found: Results) -> list[Row]:
    source = found.unit.source
    refused: list[Row] = [
        {"kind": "intake", "reason": one.reason, "source": source, "place": one.place, "number": one.number}
        for one in found.unit.refused
    ]
    return refused + [
        {
            "kind": one.kind, "reason": plain(one.reason), "source": source, "place": one.taken.place,
            "number": one.taken.number, "key": one.taken.key, "run": found.run_key,
            "document": json.dumps({"document": asdict(one.taken.document), "run": asdict(found.run)}),
        }
        for one in found.failed
    ]  # fmt: skip


def _notes(found: Results) -> list[Row]:
    return [{"source": found.unit.source, "note": note} for note in found.unit.notes]


def _bytes(kind: str, rows: Sequence[Row]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist(list(rows), schema=shards.schema(kind))
    sink = pyarrow.BufferOutputStream()
    # Nothing of time or place goes into the file: two tries at one unit write the same bytes.
    pyarrow.parquet.write_table(table, sink, compression="zstd", row_group_size=_ROW_GROUP, use_dictionary=False)
    return bytes(sink.getvalue())


def _marked(path: str, rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    kind = path.partition("/")[0]
    for row in rows:
        yield kind, row


def sums(rows: Iterator[tuple[str, Row]] | Sequence[tuple[str, Row]]) -> tuple[shards.Sum, shards.Sum]:
    """Return the hash of what was read, and of the rest: where reports arrived and what was rejected.

    Neither depends on the order of rows, nor on which of several same reports was read.
    """
    read, rest = shards.Sum(), shards.Sum()
    for kind, row in rows:
        if kind == "records":
            read.add(row["key"], row["run"], row["content"])
        if kind in ("records", "again"):
            rest.add("arrived", row["key"], row["source"], row["place"], row["id"])
        elif kind == "rejected":
            rest.add("rejected", row["kind"], row["reason"], row["source"], row["place"])
    return read, rest


def _finished(found: Results, files: tuple[str, ...], rows: Sequence[tuple[str, Row]]) -> shards.Finished:
    read, rest = sums(rows)
    unit = found.unit
    records = [record for _, record in found.records]
    return shards.Finished(
        unit=unit.name,
        run=found.run_key,
        source=unit.source,
        documents=len(unit.documents),
        records=len(records),
        again=len(found.again),
        events=sum(len(record.events) for record in records),
        statements=sum(len(record.statements) for record in records),
        rejected=len(unit.refused) + len(found.failed),
        unread=len(found.failed),
        notes=len(unit.notes),
        characters=unit.characters,
        files=files,
        records_hash=str(read),
        rest_hash=str(rest),
    )
