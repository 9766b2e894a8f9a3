"""What must hold of an archive whatever was done to the programs that wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select, text

from pourparler.archive import keys, schema
from pourparler.archive.checking import check
from pourparler.archive.kept import document_in, run_of, unpacked
from pourparler.archive.store import Archive, Counts
from pourparler.errors import ArchiveError
from pourparler.record import to_dict

# Rows of these are added and never changed or taken away.
_FOR_GOOD = (
    schema.report, schema.arrival, schema.run, schema.record, schema.unread, schema.judgement, schema.verdict
)  # fmt: skip
# Numbers that the database gives: kept rows keep them too, but a row is not known by them.
_NUMBERS = ("n",)


class Broken(AssertionError):
    """An invariant does not hold."""


@dataclass(frozen=True, slots=True)
class State:
    """What an archive held at one moment: all rows that are kept for good, by table."""

    rows: dict[str, frozenset[Any]] = field(default_factory=dict)

    def lost(self, later: State) -> list[str]:
        """Return what a later state has no longer, a sentence for each table."""
        out = []
        for name, had in self.rows.items():
            if gone := had - later.rows.get(name, frozenset()):
                out.append(f"{len(gone)} rows of {name} are gone, one of them {str(next(iter(gone)))[:200]}")
        return out


@dataclass(frozen=True, slots=True)
class Whole:
    """What an undisturbed run gave: hash of the content, counts, and rows for good by table."""

    hash: str
    counts: Counts
    sizes: dict[str, int]


def state(where: str) -> State:
    """Return what an archive holds for good; nothing where there is none yet."""
    try:
        with Archive.open(where) as archive, archive.reading() as connection:
            return State({table.name: _rows(connection, table) for table in _FOR_GOOD})
    except ArchiveError as error:
        if "there is no archive yet" in str(error) or "file is missing" in str(error):
            return State()
        raise


def _rows(connection: Connection, table: Any) -> frozenset[Any]:
    columns = [column for column in table.c if column.name not in _NUMBERS]
    return frozenset(tuple(row) for row in connection.execute(select(*columns)))


def whole(where: str) -> Whole:
    """Return what an archive holds, to compare others with."""
    with Archive.open(where) as archive:
        sizes = {name: len(rows) for name, rows in state(where).rows.items()}
        return Whole(archive.content_hash(), archive.counts(), sizes)


def sound(where: str, *, before: State) -> State:
    """Return the state of an archive that was just disturbed; raises Broken where an invariant does not hold."""
    found = [*before.lost(now := state(where))]
    if now.rows:
        with Archive.open(where) as archive:
            found += [*check(archive), *doubles(archive)]
    if found:
        raise Broken(f"{where}: " + "; ".join(found[:10]))
    return now


def same(where: str, wanted: Whole) -> None:
    """Raise Broken where an archive is not what an undisturbed run gave, or an offset is wrong."""
    with Archive.open(where) as archive:
        found = [*check(archive), *doubles(archive), *offsets(archive)]
    had = whole(where)
    if had.counts != wanted.counts:
        found.append(f"counts are {had.counts}, undisturbed {wanted.counts}")
    if had.sizes != wanted.sizes:
        found.append(f"rows are {had.sizes}, undisturbed {wanted.sizes}")
    if had.hash != wanted.hash:
        found.append(f"the content hash is {had.hash[:16]}, undisturbed {wanted.hash[:16]}")
    if found:
        raise Broken(f"{where}: " + "; ".join(found[:10]))


def doubles(archive: Archive) -> Iterator[str]:
    """Yield what stands in an archive twice, or in one table and not in the other that goes with it."""
    report = schema.report
    with archive.reading() as connection:
        texts = Counter(
            tuple(row)
            for row in connection.execute(
                select(report.c.text, report.c.title, report.c.published, report.c.publisher, report.c.url)
            )
        )
        for words, times in texts.items():
            if times > 1:
                yield f"a report stands there {times} times: {words[0][:60]!r}"
        yield from _indexed(connection)
        if connection.dialect.name == "sqlite":
            for row in connection.execute(text("PRAGMA foreign_key_check")):
                yield f"a row of {row[0]} names one of {row[2]} that is not there"
        count = select(func.count()).select_from(schema.record)
        if connection.execute(count.where(schema.record.c.report.not_in(select(report.c.key)))).scalar_one():
            yield "there are records without a report"


def _indexed(connection: Connection) -> Iterator[str]:
    """Yield which of the search indexes do not hold as many rows as their tables."""
    sqlite = connection.dialect.name == "sqlite"
    for table in (schema.report, schema.telling):
        index = f"{table.name}_words" + ("_docsize" if sqlite else "")
        held = connection.execute(text(f"SELECT count(*) FROM {index}")).scalar_one()
        there = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if held != there:
            yield f"the search index of {table.name} holds {held} rows, the table {there}"


def offsets(archive: Archive) -> Iterator[str]:
    """Yield every span of every record that is not where its words are: names, evidence, statements, times."""
    report, record, run = schema.report, schema.record, schema.run
    joined = record.join(report, report.c.key == record.c.report).join(run, run.c.key == record.c.run)
    query = select(report, record.c.body, run.c.body.label("made")).select_from(joined)
    with archive.reading() as connection:
        for row in connection.execute(query):
            document = document_in(row)
            if keys.report_key(document) != row.key:
                yield f"report {row.key}: its text is not what was added"
            found = to_dict(unpacked(row.body, document, run_of(row.made)))
            for start, end, words in _spans({name: one for name, one in found.items() if name != "document"}):
                if not 0 <= start <= end <= len(document.text) or document.text[start:end] != words:
                    yield f"report {row.key}: {words!r} is not at {start} to {end}"


def _spans(one: Any) -> Iterator[tuple[int, int, str]]:
    """Yield what in a record, however deep, has words and their place."""
    if isinstance(one, list):
        for part in one:
            yield from _spans(part)
    elif isinstance(one, dict):
        if isinstance(one.get("text"), str):
            place = one.get("span") if isinstance(one.get("span"), dict) else one
            if isinstance(place.get("start"), int):
                yield place["start"], place["end"], one["text"]
        for part in one.values():
            yield from _spans(part)
