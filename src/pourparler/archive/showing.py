"""What queries see: the tellings of the newest reading, and the events they are gathered into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, insert, select

from pourparler.archive import schema, search
from pourparler.archive.gathering import Told, gather
from pourparler.archive.kept import document_of
from pourparler.archive.rows import rows_of, search_words
from pourparler.archive.sql import drop, ignoring, pairs, portions
from pourparler.archive.told import parties_of, telling_of
from pourparler.record import Record


def show(connection: Connection, records: Sequence[tuple[str, str, Record]]) -> None:
    """Make (report, run, record) what queries see of the reports, in place of what they saw before."""
    if not records:
        return
    hide(connection, [report for report, _, _ in records])
    made = [rows_of(report, run, record) for report, run, record in records]
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
        said = select(schema.saying.c.key).where(schema.saying.c.report.in_(portion))
        drop(connection, schema.speaker, "saying", connection.execute(said).scalars().all())
        drop(connection, schema.saying, "report", portion)


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
    """Make ``groups`` (keys of tellings) the events of all ``tellings``, in place of those they were in before."""
    gone: set[str] = set()
    for portion in portions(tellings):
        query = select(schema.told.c.event).where(schema.told.c.telling.in_(portion))
        gone.update(connection.execute(query).scalars())
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
        columns = (telling, report.c.text, saying.c.speakers, copy.c.of)
        query = select(*columns).select_from(joined).where(telling.c.key.in_(portion))
        for row in connection.execute(query):
            says = tuple(party.who for party in parties_of(row.speakers)) if row.speakers else ()
            passage = row.text[row.passage_start : row.passage_end]
            yield Told(telling_of(row, event=""), passage, says, row.of is not None)
