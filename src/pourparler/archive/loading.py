"""From what a batch wrote into an archive, in bulk, without reading anew: the archive that adding would give."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pourparler.archive import own_lists, schema, shards
from pourparler.archive.adding import BATCH, Added, batches
from pourparler.archive.folders import Folder
from pourparler.archive.kept import run_from
from pourparler.archive.keys import report_key, run_key
from pourparler.archive.sql import have, ignoring, now
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import BatchError, RecordError
from pourparler.record import Document, Record, Run, loads

# The lowest place where a report arrived: what its id and language are taken from.
_First = tuple[str, str]
# What is read of each kind of shard: the text stands in the record too.
_RECORDS = ["key", "source", "place", "record"]
_REJECTED = ["key", "source", "place", "kind", "reason", "document"]
_FIRST = ["key", "id", "language", "rank"]
_AGAIN = ["key", "source", "place"]


@dataclass(frozen=True, slots=True)
class _Row:
    """One report of a batch: where it arrived, and its record, or why there is none ("" where only memory lacked)."""

    key: str
    arrived: Arrived
    run: Run
    record: Record | None
    reason: str


# What comes of a row that no batch wrote: no JSON, no record, words where an object should be.
_ODD = (ValueError, TypeError, LookupError, AttributeError, RecursionError, RecordError)


def load(
    archive: Archive, name: str, *, batch: int = BATCH, on_step: Callable[[Added], None] = lambda _: None
) -> Added:
    """Keep the reports and records of a batch's output; broken off, the same call goes on where it was.

    Returns what was done; ``read`` counts records that came in. Raises BatchError where the output is damaged.
    """
    folder = shards.opened(name)
    if lists := list(shards.lists(folder)):
        with archive.writing() as connection:
            for body in lists:
                own_lists.keep(connection, body)
    first = dict(_firsts(folder))
    done = Added()
    for unit in shards.finished(folder):
        for chosen in batches(_rows(folder, unit, first), batch):
            done += _keep(archive, chosen)
            on_step(done)
    for unit in shards.finished(folder):
        for rows in batches(shards.rows(folder, unit, "again", _AGAIN), batch):
            done += _arrive(archive, rows)
            on_step(done)
    return done


def count(name: str) -> int:
    """Return how many reports a batch's output holds, for a progress bar."""
    return sum(unit.records + unit.unread + unit.again for unit in shards.finished(shards.opened(name)))


def lists_of(archive: Archive, name: str) -> frozenset[str]:
    """Return the lists of own actors (hashes, "" for none) by which a batch read what the archive has of it."""
    units = {unit.run for unit in shards.finished(shards.opened(name))}
    return frozenset(run.actors for key, run in archive.runs() if key in units)


def _firsts(folder: Folder) -> Iterator[tuple[str, _First]]:
    """Yield reports that stood at an earlier place than the one at which they were read, with id and language there.

    Adding keeps the id under which a report arrives first; a batch reads whichever comes to hand.
    """
    lowest: dict[str, tuple[int, _First]] = {}
    for unit in shards.finished(folder):
        for row in shards.rows(folder, unit, "again", _FIRST):
            if row["rank"] >= 0:
                found = row["rank"], (row["id"], row["language"])
                lowest[row["key"]] = min(found, lowest.get(row["key"], found))
    for key, (_, first) in lowest.items():
        yield key, first


def _rows(folder: Folder, unit: shards.Finished, first: dict[str, _First]) -> Iterator[_Row]:
    for kind, columns in (("records", _RECORDS), ("rejected", _REJECTED)):
        for row in shards.rows(folder, unit, kind, columns):
            # Of what the intake rejected there is no document.
            if kind == "records" or row["document"]:
                try:
                    yield _row(row, first)
                except _ODD as error:
                    advice = "there and run: pourparler batch read, which does it again"
                    where = f"{folder.name}, report {row['key']}"
                    raise BatchError(where, str(error), f"Remove {shards.path_of(unit.unit)} {advice}") from error


def _row(row: dict[str, Any], first: dict[str, _First]) -> _Row:
    record, reason = None, ""
    if "record" in row:
        record = loads(row["record"])
        document, run = record.document, record.run
    else:
        body = json.loads(row["document"])
        document, run = Document(**body["document"]), run_from(body["run"])
        reason = "" if row["kind"] == "memory" else row["reason"]
    if report_key(document) != row["key"]:
        raise RecordError("it is not the report that its key says")
    if found := first.get(row["key"]):
        document = replace(document, id=found[0], language=found[1])
    arrived = Arrived(document, row["source"], row["place"])
    return _Row(row["key"], arrived, run, replace(record, document=document) if record else None, reason)


def _keep(archive: Archive, chosen: list[_Row]) -> Added:
    """Keep reports in one transaction and the records that the archive lacks in the next."""
    kept = archive.take_in([one.arrived for one in chosen])
    by_run: defaultdict[str, list[_Row]] = defaultdict(list)
    for key, one in zip(kept.keys, chosen, strict=True):
        if key is not None:
            by_run[run_key(one.run)].append(one)
    taken = sum(map(len, by_run.values()))
    done = Added(taken=taken, new=kept.new, forgotten=len(chosen) - taken)
    for rows in by_run.values():
        wanted = archive.unread(rows[0].run, [one.key for one in rows])
        # As in adding: what was read with a list of own actors is not taken the place of by what was read without.
        listed = own_lists.with_list(archive, wanted) if not rows[0].run.actors else frozenset()
        lacking = [one for one in rows if one.key in set(wanted) - listed]
        records = [(one.key, one.record) for one in lacking if one.record]
        reasons = [(one.key, one.reason) for one in lacking if one.reason]
        if records or reasons:
            archive.add_records(rows[0].run, records, reasons)
        short = len(lacking) - len(records) - len(reasons)
        done += Added(read=len(records), failed=len(reasons), short=short, listed=len(listed))
    return done


def _arrive(archive: Archive, rows: list[dict[str, Any]]) -> Added:
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
    return Added(taken=len(found), forgotten=len(rows) - len(found))
