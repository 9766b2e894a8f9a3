"""What the tests of verdicts share: the example reports, read by two versions of the reader, and joined."""

from __future__ import annotations

import dataclasses
import functools
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from pourparler.archive import schema
from pourparler.archive.candidates import Candidate
from pourparler.archive.showing import show
from pourparler.archive.store import Archive, Arrived
from pourparler.archive.told import Telling, tellings
from pourparler.model.reader import network
from pourparler.reading import Reader
from pourparler.reading.components import default
from pourparler.reading.draft import Draft
from pourparler.reading.triggers import Triggers
from pourparler.record import Document, Event, Record, quote

ROOT = Path(__file__).resolve().parents[2]
DERIVED = (schema.telling, schema.side, schema.saying, schema.speaker)


class Wary(Triggers):
    """Takes an act only where the network is all but certain: some tellings are lost."""

    name = "test.wary.v1"

    def __call__(self, draft: Draft) -> None:
        super().__call__(draft)
        draft.triggers = tuple(one for one in draft.triggers if one.score > 0.97)


class Otherwise:
    """Reads some acts at more words, as another type, with another status, nowhere, or not at all."""

    name = "test.otherwise.v1"
    needs = frozenset({"events"})
    gives = frozenset({"events"})

    def __call__(self, draft: Draft) -> None:
        found = [_changed(event, draft.document.text) for event in draft.events]
        draft.events = tuple(event for event in found if event)


def _changed(event: Event, text: str) -> Event | None:
    trigger = event.evidence[0]
    match zlib.crc32(f"{text[:40]}{trigger.start}".encode()) % 8:
        case 0 if trigger.end + 4 < len(text):
            longer = quote(text, trigger.start, trigger.end + 4)
            return dataclasses.replace(event, evidence=(longer, *event.evidence[1:]))
        case 1:
            return dataclasses.replace(event, type="REQUEST" if event.type == "ACCUSE" else "ACCUSE", mode=None)
        case 2:
            return dataclasses.replace(event, status="possible")
        case 3:
            return dataclasses.replace(event, place=None, sources=event.targets)
        case 4:
            return None
    return event


def other_reader() -> Reader:
    """Another version of the reader: components of other names, that read otherwise."""
    net = network()
    parts = [Wary() if isinstance(one, Triggers) else one for one in default(net)]
    return Reader(components=[*parts, Otherwise()], net=net)


@functools.cache
def documents() -> tuple[Document, ...]:
    """The example reports: the talks, and the archive of Armenia and Azerbaijan."""
    out = []
    for name in ("talks.jsonl", "armenia-azerbaijan/reports.jsonl"):
        for line in (ROOT / "examples" / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            out.append(
                Document(
                    row["id"],
                    row["text"],
                    row.get("title"),
                    row.get("published"),
                    row.get("publisher"),
                    row.get("url"),
                )
            )
    return tuple(out)


@functools.cache
def read(count: int, *, again: bool = False) -> tuple[Record, ...]:
    """The first so many example reports as the shipped reader reads them, or (``again``) the other one."""
    reader = other_reader() if again else Reader()
    return tuple(reader.read_many(documents()[:count]))


def fill(archive: Archive, count: int, *, again: bool = False) -> None:
    """Put the first so many example reports with their records into an archive, or further records of them."""
    records = read(count, again=again)
    found = archive.add_reports([Arrived(one.document, "examples", str(n)) for n, one in enumerate(records)])
    archive.add_records(records[0].run, list(zip(found, records, strict=True)))


class Plain:
    """Joins what has type and day in common: a scorer simple enough to foresee what it does."""

    method = "plain.v1"
    floor = 0.5

    def scores(self, found: Sequence[Candidate], pairs: Sequence[tuple[int, int]]) -> list[float]:
        return [float(found[a].type == found[b].type and found[a].day == found[b].day) for a, b in pairs]

    def groups(self, size: int, pairs: Sequence[tuple[int, int]], scores: Sequence[float]) -> list[list[int]]:
        of = {n: {n} for n in range(size)}
        for a, b in pairs:
            if of[a] is not of[b]:
                of[a] |= of[b]
                of.update(dict.fromkeys(of[b], of[a]))
        return [sorted(group) for group in {id(group): group for group in of.values()}.values()]


def shown(archive: Archive) -> list[Telling]:
    with archive.reading() as connection:
        return sorted(tellings(connection), key=lambda one: (one.report, one.start, one.key))


def told(archive: Archive, key: str) -> Telling:
    return next(one for one in shown(archive) if one.key == key)


def rows(archive: Archive, *tables: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of derived tables, without the numbers that the database gives."""
    out = {}
    with archive.reading() as connection:
        for table in tables:
            columns = [column for column in table.c if column.name != "n" or table in (schema.side, schema.speaker)]
            out[table.name] = sorted(map(repr, connection.execute(select(*columns)).all()))
    return out


def rebuilt(archive: Archive, where: Path) -> Archive:
    """A new archive with the rows that are kept for good, and everything derived from them made anew."""
    new = Archive.open(where, create=True)
    kept = (schema.report, schema.arrival, schema.run, schema.record, schema.unread, schema.judgement, schema.verdict)
    with archive.reading() as old, new.writing() as connection:
        for table in kept:
            if found := [dict(row._mapping) for row in old.execute(select(table)).all()]:
                connection.execute(insert(table), found)
    for key, run in archive.runs():
        with archive.reading() as old:
            reports = old.execute(select(schema.record.c.report).where(schema.record.c.run == key)).scalars().all()
        found_again = [(report, key, archive.record(report, run=key)) for report in reports]
        assert all(record.run == run for _, _, record in found_again)
        with new.writing() as connection:
            show(connection, found_again)
    return new
