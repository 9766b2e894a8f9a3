"""From what a batch wrote into an archive, in bulk, without reading anew: the archive that adding would give."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pourparler.archive import schema, shards
from pourparler.archive.adding import BATCH, Added
from pourparler.archive.folders import Folder
from pourparler.archive.keys import run_key
from pourparler.archive.sql import have, ignoring, now
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import BatchError, RecordError
from pourparler.record import Document, Record, Run, loads

# The lowest place where a report arrived: what its id and language are taken from.
_First = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """One report of a batch: where it arrived, and its record, or why there is none ("" where only memory lacked)."""

    key: str
    arrived: Arrived
    run: Run
    record: Record | None
    reason: str


def load(
    archive: Archive, name: str, *, batch: int = BATCH, on_step: Callable[[Added], None] = lambda _: None
) -> Added:
    """Keep the reports and records of a batch's output; broken off, the same call goes on where it was.

    Returns what was done; ``read`` counts records that came in. Raises BatchError where the output is damaged.
    """
    folder = shards.opened(name)
    first = dict(_firsts(folder))
    done = Added()
    for unit in shards.finished(folder):
        # The archive has it: nothing of it is read again.
        for chosen in _portions(_rows(folder, unit, first), batch):
            done = _keep(archive, chosen, done)
            on_step(done)
    for unit in shards.finished(folder):
        for rows in _portions(shards.rows(folder, unit, "again"), batch):
            done = _arrive(archive, rows, done)
            on_step(done)
    return done


def count(name: str) -> int:
    """Return how many reports a batch's output holds, for a progress bar."""
    return sum(unit.records + unit.unread + unit.again for unit in shards.finished(shards.opened(name)))


def _firsts(folder: Folder) -> Iterator[tuple[str, _First]]:
    """Yield reports that stood at an earlier place than the one at which they were read, with id and language there.

    Adding keeps the id under which a report arrives first; a batch reads whichever comes to hand.
    """
    lowest: dict[str, tuple[int, _First]] = {}
    for unit in shards.finished(folder):
        for row in shards.rows(folder, unit, "again"):
            if row["rank"] >= 0:
                found = row["rank"], (row["id"], row["language"])
                lowest[row["key"]] = min(found, lowest.get(row["key"], found))
    for key, (_, first) in lowest.items():
        yield key, first


def _rows(folder: Folder, unit: shards.Finished, first: dict[str, _First]) -> Iterator[_Row]:
    for row in shards.rows(folder, unit, "records"):
        try:
            record = loads(row["record"])
        except RecordError as error:
            advice = f"Remove {shards.path_of(unit.unit)} there and run: pourparler batch read, which does it again"
            raise BatchError(f"{folder.name}, report {row['key']}", str(error), advice) from error
        document = _at_first(record.document, row["key"], first)
        yield _Row(row["key"], _arrived(document, row), record.run, replace(record, document=document), "")
    for row in shards.rows(folder, unit, "rejected"):
        if row["document"]:
            body = json.loads(row["document"])
            document = _at_first(Document(**body["document"]), row["key"], first)
            made = Run(**{**body["run"], "components": tuple(body["run"]["components"])})
            reason = "" if row["kind"] == "memory" else row["reason"]
            yield _Row(row["key"], _arrived(document, row), made, None, reason)


def _at_first(document: Document, key: str, first: dict[str, _First]) -> Document:
    known = first.get(key)
    return replace(document, id=known[0], language=known[1]) if known else document


def _arrived(document: Document, row: dict[str, Any]) -> Arrived:
    return Arrived(document, row["source"], row["place"])


def _keep(archive: Archive, chosen: list[_Row], done: Added) -> Added:
    """Keep reports in one transaction and the records that the archive lacks in the next."""
    welcome = set(map(id, archive.welcome([one.arrived for one in chosen])))
    rows = [one for one in chosen if id(one.arrived) in welcome]
    before = archive.counts_of_reports()
    archive.add_reports([one.arrived for one in rows])
    new = archive.counts_of_reports() - before
    for _, group in itertools.groupby(
        sorted(rows, key=lambda one: run_key(one.run)), key=lambda one: run_key(one.run)
    ):
        of_run = list(group)
        wanted = set(archive.unread(of_run[0].run, [one.key for one in of_run]))
        lacking = [one for one in of_run if one.key in wanted]
        records = [(one.key, one.record) for one in lacking if one.record]
        reasons = [(one.key, one.reason) for one in lacking if one.reason]
        if records or reasons:
            archive.add_records(of_run[0].run, records, reasons)
        more = Added(read=len(records), failed=len(reasons), short=len(lacking) - len(records) - len(reasons))
        done += more
    return done + Added(taken=len(chosen), new=new, forgotten=len(chosen) - len(rows))


def _arrive(archive: Archive, rows: list[dict[str, Any]], done: Added) -> Added:
    """Keep where reports came from that the archive has."""
    with archive.writing() as connection:
        there = have(connection, schema.report, "key", {row["key"] for row in rows})
        at = now()
        found = [
            {"report": row["key"], "source": row["source"], "place": row["place"], "at": at}
            for row in rows
            if row["key"] in there
        ]
        ignoring(connection, schema.arrival, found)
    # A report that was forgotten here has no arrivals either.
    return done + Added(taken=len(rows), forgotten=len(rows) - len(found))


def _portions(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    stream = iter(items)
    while chosen := list(itertools.islice(stream, size)):
        yield chosen
