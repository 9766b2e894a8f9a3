"""The example process in an archive, read once by the shipped reader, for tests of what is made from it."""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path

from pourparler import read_many
from pourparler.archive.process import Member, Process
from pourparler.archive.store import Archive, Arrived
from pourparler.record import Document, Record

ROOT = Path(__file__).resolve().parents[2]
PROCESS = Process(
    "armenia-azerbaijan",
    "Armenia and Azerbaijan",
    (Member("Armenia", ("ARM",), ("Artsakh",)), Member("Azerbaijan", ("AZE",))),
    (Member("Russia", ("RUS",)), Member("European Union", (), ("European Union", "Charles Michel"))),
    ("Nagorno-Karabakh", "Lachin"),
    ("Karabakh", "Lachin", "Sotk"),
)
# Months of war, of blockade and of talks: enough of everything, and few enough to be read in two seconds.
_MONTHS = ("2020-10", "2020-11", "2022-09", "2022-10", "2023-05", "2023-06", "2023-07")


@functools.cache
def records() -> tuple[Record, ...]:
    """Return the records of the example's reports of some months."""
    path = ROOT / "examples" / "armenia-azerbaijan" / "reports.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    documents = [
        Document(
            row["id"],
            row["text"],
            row["title"],
            row["published"],
            row["publisher"],
            f"https://example.org/{row['id']}",
        )
        for row in rows
        if row["published"][:7] in _MONTHS
    ]
    return tuple(read_many(documents))


def filled(where: Path | str, found: tuple[Record, ...] | None = None) -> Archive:
    """Return an archive at a path or address with records (those of the example, unless others are given)."""
    archive = Archive.open(where, create=True)
    chosen = records() if found is None else found
    keys = archive.add_reports([Arrived(one.document, "example", f"line {n}") for n, one in enumerate(chosen)])
    archive.add_records(chosen[0].run, list(zip(keys, chosen, strict=True)))
    return archive


def named_anew(record: Record, name: str) -> Record:
    """Return a record whose report, publisher and actors bear a name."""
    document = dataclasses.replace(record.document, title=name, publisher=name, url=f"https://e.org/{name}")
    actors = tuple(dataclasses.replace(actor, name=name) for actor in record.actors)
    return dataclasses.replace(record, document=document, actors=actors)
