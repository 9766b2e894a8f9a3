"""What queries see: the tellings of the newest reading, and the events they are gathered into."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert, literal, select, update

from pourparler.archive import schema, search
from pourparler.archive.applying import applied, newest_runs, reading_of, with_verdicts
from pourparler.archive.gathering import Told, gather
from pourparler.archive.given import verdicts_of
from pourparler.archive.kept import document_of
from pourparler.archive.rows import Row, Rows, rows_of, search_words
from pourparler.archive.sql import drop, ignoring, pairs, portions
from pourparler.archive.told import parties_of, telling_columns, telling_of
from pourparler.record import Record

# Reports whose texts are held at a time.
_REPORTS = 200


def show(connection: Connection, records: Sequence[tuple[str, str, Record]]) -> None:
    """Make (report, run, record) what queries see of the reports, in place of what they saw before.

    Records are kept before they are shown; one that a newer run has read too stays out of sight.
    """
    if not records:
        return
    newest = newest_runs(connection, [report for report, _, _ in records])
    records = [one for one in records if newest.get(one[0], one[1]) == one[1]]
    hide(connection, [report for report, _, _ in records])
    read = {report: (run, rows_of(report, run, record)) for report, run, record in records}
    made = list(with_verdicts(connection, read).values())
    for table, name in (
        (schema.telling, "tellings"), (schema.side, "sides"), (schema.saying, "sayings"), (schema.speaker, "speakers")
    ):  # fmt: skip
        if rows := [row for one in made for row in getattr(one, name)]:
            connection.execute(insert(table), rows)
    words = {row["key"]: text for one in made for row, text in zip(one.tellings, one.words, strict=True)}
    numbers = pairs(connection, schema.telling, "key", words, "n")
    search.add(connection, schema.telling, ((n, words[key]) for key, n in numbers))
    # Until joining looks at them, each is an event of its own: nothing that was read is ever out of sight.
    regroup(connection, words, [[key] for key in words])
    ignoring(connection, schema.pending, [{"report": report} for report, _, _ in records])


def refresh(connection: Connection, report: str) -> None:
    """Show a report as all its verdicts leave it, at once: events stay together but for tellings that come or go.

    What changed waits for joining, which may find it like others than before.
    """
    given = verdicts_of(connection, [report]).get(report, [])
    rows = applied(connection, reading_of(connection, report, given))
    present = {
        row.key: dict(row._mapping)
        for row in connection.execute(select(schema.telling).where(schema.telling.c.report == report)).all()
    }
    wanted = {row["key"]: row for row in rows.tellings}
    changed = [
        key for key, row in wanted.items() if key in present and present[key] != row | {"n": present[key]["n"]}
    ]
    _resay(connection, report, rows)
    _take_out(connection, [present[key] for key in present if key not in wanted])
    _renew(connection, rows, [present[key] for key in changed])
    _put_in(connection, rows, [key for key in wanted if key not in present])
    await_joining(connection, changed)
    ignoring(connection, schema.pending, [{"report": report}])


def await_joining(connection: Connection, tellings: Iterable[str]) -> None:
    """Let joining look anew at the events of tellings: at all that they hold."""
    told, telling = schema.told, schema.telling
    for portion in portions(tellings):
        events = select(told.c.event).where(told.c.telling.in_(portion))
        members = telling.join(told, told.c.telling == telling.c.key)
        found = select(telling.c.report).select_from(members).where(told.c.event.in_(events)).distinct()
        reports = sorted(connection.execute(found).scalars())
        ignoring(connection, schema.pending, [{"report": report} for report in reports])


def _take_out(connection: Connection, rows: Sequence[Row]) -> None:
    if not rows:
        return
    keys, document = [row["key"] for row in rows], document_of(connection, rows[0]["report"])
    search.remove(connection, schema.telling, [(row["n"], search_words(document, row)) for row in rows])
    drop(connection, schema.side, "telling", keys)
    _part(connection, keys)
    drop(connection, schema.telling, "key", keys)


def _put_in(connection: Connection, rows: Rows, keys: Sequence[str]) -> None:
    if not keys:
        return
    chosen = set(keys)
    connection.execute(insert(schema.telling), [row for row in rows.tellings if row["key"] in chosen])
    if sides := [row for row in rows.sides if row["telling"] in chosen]:
        connection.execute(insert(schema.side), sides)
    words = {row["key"]: words for row, words in zip(rows.tellings, rows.words, strict=True)}
    numbers = pairs(connection, schema.telling, "key", keys, "n")
    search.add(connection, schema.telling, [(n, words[key]) for key, n in numbers])
    regroup(connection, keys, [[key] for key in keys])


def _renew(connection: Connection, rows: Rows, old: Sequence[Row]) -> None:
    """Put changed tellings in place of the ``old``, and gather anew the events that they are in."""
    if not old:
        return
    telling, before = schema.telling, {row["key"]: row for row in old}
    changed, document = list(before), document_of(connection, old[0]["report"])
    for row, words in zip(rows.tellings, rows.words, strict=True):
        if (was := before.get(row["key"])) is not None:
            connection.execute(update(telling).where(telling.c.key == row["key"]).values(row))
            # A telling kept from another run, or shown by another version, may have had another passage.
            indexed = search_words(document, was)
            if indexed != words:
                search.remove(connection, telling, [(was["n"], indexed)])
                search.add(connection, telling, [(was["n"], words)])
    drop(connection, schema.side, "telling", changed)
    if sides := [row for row in rows.sides if row["telling"] in changed]:
        connection.execute(insert(schema.side), sides)
    groups = members_of(connection, changed)
    regroup(connection, [key for group in groups for key in group], groups)


def _resay(connection: Connection, report: str, rows: Rows) -> None:
    """Put the statements of a report in place of those shown: a telling that is kept brings its own."""
    _unsay(connection, [report])
    for table, made in ((schema.saying, rows.sayings), (schema.speaker, rows.speakers)):
        if made:
            connection.execute(insert(table), made)


def _unsay(connection: Connection, reports: Sequence[str]) -> None:
    said = select(schema.saying.c.key).where(schema.saying.c.report.in_(reports))
    drop(connection, schema.speaker, "saying", connection.execute(said).scalars().all())
    drop(connection, schema.saying, "report", reports)


def members_of(connection: Connection, tellings: Iterable[str]) -> list[list[str]]:
    """Return the events that tellings are in, each as the sorted keys of all its tellings."""
    told = schema.told
    out: dict[str, list[str]] = defaultdict(list)
    for portion in portions(tellings):
        events = select(told.c.event).where(told.c.telling.in_(portion))
        for row in connection.execute(select(told).where(told.c.event.in_(events))):
            out[row.event].append(row.telling)
    return [sorted(set(group)) for _, group in sorted(out.items())]


def hide(connection: Connection, reports: Sequence[str]) -> None:
    """Take the tellings and sayings of reports out of the derived tables."""
    for portion in portions(reports):
        telling = schema.telling
        shown_now = connection.execute(select(telling).where(telling.c.report.in_(portion))).all()
        gone = [row.key for row in shown_now]
        if shown_now:
            documents = {report: document_of(connection, report) for report in {row.report for row in shown_now}}
            words = ((row.n, search_words(documents[row.report], dict(row._mapping))) for row in shown_now)
            search.remove(connection, telling, words)
            drop(connection, schema.side, "telling", gone)
            _part(connection, gone)
            drop(connection, telling, "key", gone)
        _unsay(connection, portion)


def _part(connection: Connection, gone: Sequence[str]) -> None:
    """Take tellings out of their events; those that stay behind are gathered anew and wait for joining."""
    told, telling = schema.told, schema.telling
    left: dict[str, list[str]] = defaultdict(list)
    for portion in portions(gone):
        events = connection.execute(select(told.c.event).where(told.c.telling.in_(portion))).scalars().all()
        rows = connection.execute(select(told).where(told.c.event.in_(events))).all()
        for row in rows:
            left[row.event].append(row.telling)
    out = set(gone)
    groups = [stay for members in left.values() if (stay := sorted(key for key in members if key not in out))]
    regroup(connection, [key for members in left.values() for key in members], groups)
    staying = [key for group in groups for key in group]
    reports = {report for _, report in pairs(connection, telling, "key", staying, "report")}
    ignoring(connection, schema.pending, [{"report": report} for report in sorted(reports)])


def regroup(connection: Connection, tellings: Iterable[str], groups: Sequence[Sequence[str]]) -> None:
    """Make ``groups`` (keys of tellings) the events of all ``tellings``, in place of those they were in before.

    Others that were in one event with some of them stay together, without these.
    """
    every = set(tellings)
    gone: set[str] = set()
    for portion in portions(every):
        query = select(schema.told.c.event).where(schema.told.c.telling.in_(portion))
        gone.update(connection.execute(query).scalars())
    left: dict[str, list[str]] = defaultdict(list)
    for event, telling in pairs(connection, schema.told, "event", gone, "telling"):
        if telling not in every:
            left[event].append(telling)
    groups = [*groups, *(sorted(group) for group in left.values())]
    drop(connection, schema.event, "key", gone)
    drop(connection, schema.told, "event", gone)
    for rows, members in _gathered(connection, groups):
        connection.execute(insert(schema.event), rows)
        connection.execute(insert(schema.told), members)


def _gathered(
    connection: Connection, groups: Sequence[Sequence[str]]
) -> Iterator[tuple[list[dict[str, object]], list[dict[str, str]]]]:
    """Yield rows of event and of told, some hundred events at a time."""
    batch = 1000
    for start in range(0, len(groups), batch):
        chosen = groups[start : start + batch]
        found = {one.telling.key: one for one in facts(connection, [key for group in chosen for key in group])}
        rows = [gather([found[key] for key in group]) for group in chosen]
        members = [
            {"telling": key, "event": row["key"]} for row, group in zip(rows, chosen, strict=True) for key in group
        ]
        yield rows, members


def facts(connection: Connection, tellings: Sequence[str]) -> Iterator[Told]:
    """Yield tellings by their keys with what gathering needs: passages, whose word it is, and whether a copy."""
    telling, report, saying, copy = schema.telling, schema.report, schema.saying, schema.copy
    for portion in portions(tellings):
        joined = (
            telling.join(report, report.c.key == telling.c.report)
            .outerjoin(saying, saying.c.key == telling.c.saying)
            .outerjoin(copy, copy.c.report == telling.c.report)
        )
        columns = (*telling_columns(literal("")), saying.c.speakers, copy.c.of)
        query = select(*columns).select_from(joined).where(telling.c.key.in_(portion))
        rows = sorted(connection.execute(query).all(), key=lambda row: row.report)
        for group in _of_some_reports(rows):
            # Each text once, and of some reports at a time: one of a million characters may hold ten thousand events.
            texts = dict(pairs(connection, report, "key", {row.report for row in group}, "text"))
            for *values, speakers, of in group:
                one = telling_of(values)
                says = tuple(party.who for party in parties_of(speakers)) if speakers else ()
                words = texts[one.report]
                yield Told(one, words[one.passage_start : one.passage_end], says, of is not None)


def _of_some_reports(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """Cut rows in order of their reports into groups of some hundred reports."""
    by_report = [list(group) for _, group in itertools.groupby(rows, key=lambda row: row.report)]
    for start in range(0, len(by_report), _REPORTS):
        yield [row for group in by_report[start : start + _REPORTS] for row in group]
