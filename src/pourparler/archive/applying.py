"""Verdicts applied to what a run read: corrected, kept, taken out; the same however often, and in whatever steps."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from pourparler.archive import schema
from pourparler.archive.anchors import Anchor, Match, find
from pourparler.archive.fields import moved, with_values
from pourparler.archive.given import ON_TELLING, Verdict, in_force, verdicts_of
from pourparler.archive.kept import document_of, record_of
from pourparler.archive.rows import Row, Rows, rows_of, search_words, side_rows
from pourparler.archive.sql import portions
from pourparler.errors import ArchiveError


class Past:
    """The readings of one report by older runs, loaded when asked for."""

    def __init__(self, connection: Connection, report: str, **known: Rows) -> None:
        self._connection = connection
        self._report = report
        self._rows = known

    def rows(self, run: str) -> Rows:
        """Return what a run read."""
        if run not in self._rows:
            document = document_of(self._connection, self._report)
            record = record_of(self._connection, self._report, document, run=run)
            self._rows[run] = rows_of(self._report, run, record)
        return self._rows[run]

    def keys(self, run: str) -> frozenset[str]:
        """Return the keys of the tellings that a run read."""
        return frozenset(row["key"] for row in self.rows(run).tellings)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run read in a report, and what became of the tellings that verdicts are about.

    ``read`` are rows of table ``telling`` by key; ``kept`` those of older runs that stay because a person accepted or
    corrected them; ``matches`` says, by key of a verdict in force, which telling it is about now. ``past`` opens
    readings of older runs, as long as the connection it was made with is open.
    """

    report: str
    run: str
    past: Past
    rows: Rows
    read: Mapping[str, Row]
    kept: Mapping[str, Row]
    verdicts: tuple[Verdict, ...]
    matches: Mapping[str, Match]

    def on(self, key: str) -> list[Verdict]:
        """Return the verdicts in force on a telling, oldest first.

        A rejection counts only for what was rejected: not where the words are now read as another type.
        """
        return [one for one in self.verdicts if self.matches[one.key].key == key and self._counts(one)]

    def _counts(self, one: Verdict) -> bool:
        return not (one.kind == "reject" and self.matches[one.key].how == "changed")

    def row(self, key: str) -> Row:
        """Return a telling as it was read, by this run or the one it is kept from."""
        return self.read[key] if key in self.read else self.kept[key]


def reading_of(connection: Connection, report: str, given: Sequence[Verdict]) -> Reading:
    """Return the newest run's reading of a report, with its verdicts; raises ArchiveError where none has read it."""
    run = newest_runs(connection, [report]).get(report)
    if run is None:
        raise ArchiveError(f"report {report}: it was not read yet. Read it with: pourparler archive read")
    return reading(Past(connection, report), report, run, given)


def newest_runs(connection: Connection, reports: Sequence[str]) -> dict[str, str]:
    """Return the newest run that read each of the reports; those that none has read are left out."""
    record, run = schema.record, schema.run
    query = select(record.c.report, record.c.run, run.c.n).select_from(record.join(run, run.c.key == record.c.run))
    rows: list[tuple[int, str, str]] = []
    for portion in portions(reports):
        found = connection.execute(query.where(record.c.report.in_(portion)))
        rows += [(row.n, row.report, row.run) for row in found]
    return {report: key for _, report, key in sorted(rows)}


def reading(past: Past, report: str, run: str, given: Sequence[Verdict]) -> Reading:
    """Return a run's reading of a report with the verdicts anchored there: each found again, or what it keeps."""
    rows = past.rows(run)
    read = {row["key"]: row for row in rows.tellings}
    force = in_force(given)
    matches = {one.key: _found(one.anchor, read, past) for one in force}
    gone = [one for one in force if matches[one.key].key is None]
    kept: dict[str, Row] = {}
    # The newest first: two verdicts on one telling, given under different runs, keep it once.
    for one in reversed(gone):
        if _keeps(one, gone) and _found(one.anchor, kept, past).key is None:
            kept[one.anchor.telling] = _old(past, one.anchor)
    for one in gone:
        matches[one.key] = Match("gone", _found(one.anchor, kept, past).key, matches[one.key].near)
    return Reading(report, run, past, rows, read, kept, tuple(force), matches)


def _found(anchor: Anchor, rows: Mapping[str, Row], past: Past) -> Match:
    return find(anchor, rows, known=functools.partial(past.keys, anchor.run))


def _keeps(one: Verdict, gone: Sequence[Verdict]) -> bool:
    """True where a verdict keeps a telling that is gone: the last word on it, and not a rejection."""
    about = [v for v in gone if v.anchor.telling == one.anchor.telling and v.kind in ON_TELLING]
    return bool(about) and about[-1].key == one.key and one.kind != "reject"


def _old(past: Past, anchor: Anchor) -> Row:
    return next(row for row in past.rows(anchor.run).tellings if row["key"] == anchor.telling)


def values(about: Iterable[Verdict], row: Row) -> dict[str, Any]:
    """Return the fields that verdicts on one telling, as it was read, set: the latest word on each counts."""
    out: dict[str, Any] = {}
    for one in about:
        if one.kind == "accept":
            out |= one.value
        elif one.kind == "correct" and one.field:
            out = moved(row, out, one.value) if one.field == "first" else {**out, one.field: one.value}
    return out


def is_out(about: Sequence[Verdict]) -> bool:
    """True where the last word on a telling is that it is wrong."""
    words = [one for one in about if one.kind in ON_TELLING]
    return bool(words) and words[-1].kind == "reject"


def shown(reading: Reading) -> Iterator[Row]:
    """Yield the tellings of a report as verdicts leave them; what was rejected is not among them."""
    about: dict[str, list[Verdict]] = {}
    for one in reading.verdicts:
        key = reading.matches[one.key].key
        if key is not None:
            about.setdefault(key, reading.on(key))
    for key, row in (*reading.read.items(), *reading.kept.items()):
        on = about.get(key, [])
        if not is_out(on):
            yield with_values(row, values(on, row)) | {"verdict": _mark(on, kept=key in reading.kept)}


def _mark(on: Sequence[Verdict], *, kept: bool) -> str | None:
    kinds = {one.kind for one in on}
    if kept:
        return "kept"
    marks = (("correct", "corrected"), ("accept", "accepted"), ("note", "noted"))
    return next((mark for kind, mark in marks if kind in kinds), None)


def applied(connection: Connection, found: Reading) -> Rows:
    """Return the rows that queries see of a report: as read, as verdicts leave them, with what kept ones rest on."""
    document = document_of(connection, found.report)
    tellings = list(shown(found))
    out = Rows(tellings, [search_words(document, row) for row in tellings], [], [], [])
    for row in tellings:
        out.sides.extend(side_rows(row["key"], json.loads(row["sides"])))
    keys = {row["key"] for row in tellings}
    sayings, speakers = _sayings(found)
    out.sayings.extend({**row, "about": _among(row["about"], keys)} for row in sayings)
    out.speakers.extend(speakers)
    return out


def _among(about: str, keys: set[str]) -> str:
    return json.dumps([key for key in json.loads(about) if key in keys])


def _sayings(found: Reading) -> tuple[list[Row], list[Row]]:
    """Return the statements of the reading, and of older runs those on which a kept telling rests."""
    sayings, speakers = list(found.rows.sayings), list(found.rows.speakers)
    present = {row["key"] for row in sayings}
    for row in found.kept.values():
        key = row["saying"]
        if key is not None and key not in present:
            old = found.past.rows(row["run"])
            sayings += [{**one, "answers": "[]"} for one in old.sayings if one["key"] == key]
            speakers += [one for one in old.speakers if one["saying"] == key]
            present.add(key)
    return sayings, speakers


def with_verdicts(connection: Connection, made: Mapping[str, tuple[str, Rows]]) -> dict[str, Rows]:
    """Return the rows of reports (by key: run and rows as read) as verdicts leave them; one question for all."""
    given = verdicts_of(connection, made)
    return {
        report: applied(connection, reading(Past(connection, report, **{run: rows}), report, run, given[report]))
        if report in given
        else rows
        for report, (run, rows) in made.items()
    }
