"""Which reports repeat others: judged for reports that came in, and what follows from all such judgements."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, insert, or_, select

from pourparler.archive import schema
from pourparler.archive.copies import Copy, Link, Paper, group, links, shipped, signature
from pourparler.archive.sql import around, drop, have, ignoring, pairs, portions
from pourparler.archive.store import Archive

COPY = "copy"
METHOD = "copies.v1"


def find_copies(archive: Archive, fresh: Iterable[str]) -> frozenset[str]:
    """Judge which of the fresh reports (keys) repeat others; return the reports whose standing changed."""
    new = frozenset(fresh)
    with archive.writing() as connection:
        _sign(connection, new)
        papers, signatures = _near(connection, new)
        rows = [
            {
                "kind": COPY,
                "a": one.a,
                "b": one.b,
                "method": f"{METHOD}.{one.method}",
                "basis": "",
                "score": one.score,
            }
            for one in links(papers, signatures=signatures, new=new, text_of=functools.partial(_text, connection))
        ]
        ignoring(connection, schema.judgement, rows)
        return _settle(connection, new)


def _sign(connection: Connection, reports: frozenset[str]) -> None:
    """Keep the signatures of reports that have none yet."""
    table, report = schema.signature, schema.report
    missing = sorted(reports - have(connection, table, "report", reports))
    for portion in portions(missing):
        rows = connection.execute(select(report.c.key, report.c.text).where(report.c.key.in_(portion))).all()
        made = [(key, signature(text)) for key, text in rows]
        ignoring(
            connection,
            table,
            [{"report": key, "method": METHOD, "digest": body[1:17].hex(), "body": body} for key, body in made],
        )


def _near(connection: Connection, new: frozenset[str]) -> tuple[list[Paper], dict[str, bytes]]:
    """Return the reports that fresh ones may repeat, with signatures: near in time, undated, or of the same words.

    They come without their texts (see ``_text``): of 84,003 reports of 30 words these were 20 MB of 220, of long ones
    they would be most.
    """
    report, table = schema.report, schema.signature
    days = {day for _, day in pairs(connection, report, "key", new, "day")}
    digests = {digest for _, digest in pairs(connection, table, "report", new, "digest")}
    query = select(report.c.key, report.c.published, report.c.publisher, table.c.body)
    query = query.select_from(report.join(table, table.c.report == report.c.key))
    papers: dict[str, Paper] = {}
    signatures: dict[str, bytes] = {}
    wanted = [report.c.day.in_(portion) for portion in portions(around(days, shipped().days))]
    if None in days or wanted:
        wanted.append(report.c.day.is_(None))
    wanted += [table.c.digest.in_(portion) for portion in portions(sorted(digests))]
    for condition in wanted:
        for key, published, publisher, body in connection.execute(query.where(condition)):
            papers[key] = Paper(key, "", published, publisher)
            signatures[key] = body
    return [papers[key] for key in sorted(papers)], signatures


def _text(connection: Connection, paper: Paper) -> str:
    """Return the text of a report."""
    report = schema.report
    return str(connection.execute(select(report.c.text).where(report.c.key == paper.key)).scalar_one())


def _settle(connection: Connection, new: frozenset[str]) -> frozenset[str]:
    """Make table ``copy`` what all judgements say of the reports that hang together with fresh ones."""
    found = _linked(connection, new)
    touched = new | {key for one in found for key in (one.a, one.b)}
    report = schema.report
    papers = [
        Paper(key, "", published)
        for portion in portions(sorted(touched))
        for key, published in connection.execute(
            select(report.c.key, report.c.published).where(report.c.key.in_(portion))
        )
    ]
    before = {row.report: row.of for row in _copies(connection, touched)}
    after = group(papers, found, text_of=functools.partial(_text, connection))
    drop(connection, schema.copy, "report", touched)
    if after:
        connection.execute(insert(schema.copy), [_row(one) for one in after])
    now = {one.report: one.of for one in after}
    changed = frozenset(key for key in touched if before.get(key) != now.get(key))
    # In the same transaction: broken off here, joining still knows whose events have other outlets now.
    ignoring(connection, schema.pending, [{"report": key} for key in sorted(changed)])
    return changed


def _row(one: Copy) -> dict[str, object]:
    return {"report": one.report, "of": one.of, "method": one.method, "score": one.score}


def _copies(connection: Connection, reports: Iterable[str]) -> Iterator[Copy]:
    table = schema.copy
    for portion in portions(sorted(reports)):
        for row in connection.execute(select(table).where(table.c.report.in_(portion))):
            yield Copy(row.report, row.of, row.method, row.score)


def _linked(connection: Connection, new: frozenset[str]) -> list[Link]:
    """Return all links of the reports that hang together with fresh ones."""
    at = schema.judgement.c
    out: dict[tuple[str, str], Link] = {}
    waiting, seen = set(new), set(new)
    while waiting:
        reached: set[str] = set()
        for portion in portions(sorted(waiting)):
            query = select(at.a, at.b, at.method, at.score).where(
                at.kind == COPY, or_(at.a.in_(portion), at.b.in_(portion)), at.method.startswith(f"{METHOD}.")
            )
            for a, b, method, score in connection.execute(query):
                out[a, b] = Link(a, b, method.rpartition(".")[2], score)
                reached |= {a, b}
        waiting = reached - seen
        seen |= waiting
    return [out[pair] for pair in sorted(out)]
