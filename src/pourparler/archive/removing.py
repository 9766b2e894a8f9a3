"""Taking reports out of all tables, and putting masked ones in the place of some, within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, or_, select

from pourparler.archive import keys, revising, schema
from pourparler.archive.applying import newest_runs
from pourparler.archive.kept import document_of, drop_reports, keep_reports, packed, records_of
from pourparler.archive.masking import Masked, masked_report, words_masked
from pourparler.archive.naming import Name
from pourparler.archive.own_lists import drop_lists
from pourparler.archive.revising import Change, Revised
from pourparler.archive.showing import hide, members_of, refresh, show
from pourparler.archive.sql import drop, have, ignoring, pairs, portions
from pourparler.record import Document, Record

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Removed:
    """What an archive has no longer: ``keys`` of reports, tellings, sayings and verdicts, and other ``words`` by
    which a desk may have named the reports (ids, titles, addresses). ``masked`` are the new keys of masked reports;
    ``left`` are names with the person's surname that were taken for somebody else's and stay."""

    keys: frozenset[str]
    words: frozenset[str]
    masked: tuple[str, ...] = ()
    verdicts: int = 0
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Old:
    """A report as it stood: its document, records by run, and rows of arrival and unread."""

    key: str
    document: Document
    records: Mapping[str, Record]
    arrivals: Sequence[Row]
    unread: Sequence[Row]


@dataclass(frozen=True, slots=True)
class _New:
    """A masked report with the key it has from now on."""

    key: str
    old: _Old
    masked: Masked


def exchange(connection: Connection, gone: Sequence[str], masked: Sequence[str], name: Name | None) -> Removed:
    """Remove reports (keys), and mask a name in others; what stood beside them waits for joining."""
    old = [_old(connection, key) for key in (*gone, *masked)]
    new = [_new(one, name) for one in old[len(gone) :]] if name is not None else []
    change = _change(old, new, frozenset(gone), name)
    verdicts = revising.revised(connection, change)
    near = _near(connection, [one.key for one in old], verdicts)
    _take_out(connection, old, verdicts)
    _put_in(connection, new, verdicts, name)
    _without_readings(connection)
    drop_lists(connection, name)
    _forget_feeds(connection, name)
    _await(connection, near)
    _show_again(connection, verdicts, new)
    return Removed(
        frozenset(key for one in old for key in _keys_of(one)) | {*verdicts.removed, *verdicts.replaced},
        frozenset(words for one in old for words in _named(one)),
        tuple(one.key for one in new),
        len(verdicts.removed),
        tuple(sorted({left for one in new for left in one.masked.left})),
    )


def _old(connection: Connection, key: str) -> _Old:
    document = document_of(connection, key)
    records = {run: record for _, run, record in records_of(connection, {key: document})}
    return _Old(key, document, records, _rows(connection, schema.arrival, key), _rows(connection, schema.unread, key))


def _rows(connection: Connection, table: Table, report: str) -> list[Row]:
    return [dict(row._mapping) for row in connection.execute(select(table).where(table.c.report == report))]


def _new(old: _Old, name: Name) -> _New:
    masked = masked_report(name, old.document, old.records)
    return _New(keys.report_key(masked.document), old, masked)


def _change(old: Sequence[_Old], new: Sequence[_New], gone: frozenset[str], name: Name | None) -> Change:
    tellings: dict[str, str] = {}
    for one in new:
        for run, record in one.old.records.items():
            before = (key for key, _ in keys.telling_keys(one.old.key, record))
            after = (key for key, _ in keys.telling_keys(one.key, one.masked.records[run]))
            tellings.update(zip(before, after, strict=True))
    lost = frozenset(
        key
        for one in old
        if one.key in gone
        for record in one.records.values()
        for key, _ in keys.telling_keys(one.key, record)
    )
    reports = {one.old.key: one.key for one in new}
    return Change(gone, lost, reports, tellings, {one.key: one.masked.document.text for one in new}, name)


def _keys_of(old: _Old) -> Iterator[str]:
    yield old.key
    for record in old.records.values():
        yield from (key for key, _ in keys.telling_keys(old.key, record))
        yield from (key for key, _ in keys.statement_keys(old.key, record))


def _named(old: _Old) -> Iterator[str]:
    yield from filter(None, (old.document.url, old.document.id, old.document.title))


def _near(connection: Connection, reports: Sequence[str], verdicts: Revised) -> frozenset[str]:
    """Return the other reports that hang together with some: by judgements, events, copies or verdicts."""
    telling, at = schema.telling, schema.judgement.c
    tellings = [key for _, key in pairs(connection, telling, "report", reports, "key")]
    near = {key for group in members_of(connection, tellings) for key in group}
    found: set[str] = set()
    for portion in portions([*tellings, *reports]):
        linked = connection.execute(select(at.kind, at.a, at.b).where(or_(at.a.in_(portion), at.b.in_(portion))))
        for kind, a, b in linked:
            (found if kind == "copy" else near).update((a, b))
    for portion in portions(reports):
        copies = select(schema.copy).where(or_(schema.copy.c.report.in_(portion), schema.copy.c.of.in_(portion)))
        for row in connection.execute(copies):
            found.update((row.report, row.of))
    found.update(report for _, report in pairs(connection, telling, "key", sorted(near), "report"))
    return frozenset(found | verdicts.reports) - set(reports)


def _take_out(connection: Connection, old: Sequence[_Old], verdicts: Revised) -> None:
    reports = [one.key for one in old]
    tellings = [key for one in old for key in _keys_of(one)]
    hide(connection, reports)
    revising.take_out(connection, verdicts)
    for column in ("a", "b"):
        drop(connection, schema.judgement, column, tellings)
    for table, column in (
        (schema.copy, "report"), (schema.copy, "of"), (schema.signature, "report"), (schema.pending, "report"),
        (schema.record, "report"), (schema.unread, "report"), (schema.arrival, "report"),
    ):  # fmt: skip
        drop(connection, table, column, reports)
    drop_reports(connection, reports)


def _put_in(connection: Connection, new: Sequence[_New], verdicts: Revised, name: Name | None) -> None:
    """Write masked reports; one that is another one's twin now is kept once."""
    keep_reports(connection, {one.key: one.masked.document for one in new})
    for one in new:
        records = [{"report": one.key, "run": run, "body": packed(r)} for run, r in one.masked.records.items()]
        ignoring(connection, schema.record, records)
        ignoring(
            connection, schema.arrival, [_reworded(row, one, name, "source", "place") for row in one.old.arrivals]
        )
        ignoring(connection, schema.unread, [_reworded(row, one, name, "reason") for row in one.old.unread])
    revising.put_in(connection, verdicts)
    runs = newest_runs(connection, [one.key for one in new])
    show(connection, [(one.key, runs[one.key], one.masked.records[runs[one.key]]) for one in new if one.key in runs])


def _reworded(row: Row, new: _New, name: Name | None, *columns: str) -> Row:
    assert name is not None
    return {**row, "report": new.key} | {column: words_masked(name, row[column]) for column in columns}


def _without_readings(connection: Connection) -> None:
    """Remove runs that have read nothing that is still there: an archive without those reports has none such."""
    run = schema.run
    used = [select(t.c.run).where(t.c.run == run.c.key).exists() for t in (schema.record, schema.unread)]
    connection.execute(delete(run).where(~used[0], ~used[1]))


def _forget_feeds(connection: Connection, name: Name | None) -> None:
    """Forget where polling stands of feeds whose address names a person: they are asked anew."""
    if name is not None:
        urls = connection.execute(select(schema.feed.c.url)).scalars().all()
        drop(connection, schema.feed, "url", [url for url in urls if name.full(url)])


def _await(connection: Connection, reports: Iterable[str]) -> None:
    there = have(connection, schema.report, "key", reports)
    ignoring(connection, schema.pending, [{"report": report} for report in sorted(there)])


def _show_again(connection: Connection, verdicts: Revised, new: Sequence[_New]) -> None:
    """Show reports whose verdicts are other ones now; masked ones are shown already."""
    read = newest_runs(connection, sorted(verdicts.reports - {one.key for one in new}))
    for report in sorted(read):
        refresh(connection, report)
