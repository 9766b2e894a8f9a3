"""What another run reads otherwise: tellings gained and lost, and fields that changed, with the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from pourparler.archive import schema
from pourparler.archive.anchors import Anchor, find
from pourparler.archive.applying import Past
from pourparler.archive.fields import FIELDS, in_words, same, values_in
from pourparler.archive.rows import Row
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError

Change = Literal["gained", "lost", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: a telling gained or lost (``field`` is empty), or a field that reads otherwise.

    ``words`` are the trigger (of the old reading where both have it), ``passage`` the sentences around, ``type`` the
    telling's type. ``tellings`` are the keys in the old and the new reading.
    """

    report: str
    published: str | None
    kind: Change
    type: str
    field: str
    old: str
    new: str
    words: str
    passage: str
    tellings: tuple[str, ...]


def diff(archive: Archive, old_run: str | None = None, new_run: str | None = None) -> list[Difference]:
    """Return all differences between two runs; see ``differences``."""
    return list(differences(archive, old_run, new_run))


def differences(archive: Archive, old_run: str | None = None, new_run: str | None = None) -> Iterator[Difference]:
    """Yield the differences between two runs (the two newest when left out), in the reports that both have read.

    Raises ArchiveError where there is no such run.
    """
    old, new = _runs(archive, old_run, new_run)
    first, second = schema.record.alias("old"), schema.record.alias("new")
    both = first.join(second, first.c.report == second.c.report)
    query = select(first.c.report).select_from(both).where(first.c.run == old, second.c.run == new)
    with archive.reading() as connection:
        # Records that are the same to the byte need no look.
        reports = connection.execute(query.where(first.c.body != second.c.body).order_by(first.c.report))
        for report in reports.scalars().all():
            yield from _of_report(connection, report, old, new)


def _runs(archive: Archive, old: str | None, new: str | None) -> tuple[str, str]:
    known = [key for key, _ in archive.runs()]
    for one in (old, new):
        if one is not None and one not in known:
            raise ArchiveError(
                f"run {one}: there is none with this key. The runs are {', '.join(known) or 'none yet'}"
            )
    if new is None:
        new = next((key for key in reversed(known) if key != old), None)
    if old is None:
        old = next(
            (key for key in reversed(known) if key != new and known.index(key) < known.index(new or key)), None
        )
    if old is None or new is None or old == new:
        raise ArchiveError("one run has no other to differ from. Read again with: pourparler archive read")
    return old, new


def _of_report(connection: Connection, report: str, old: str, new: str) -> Iterator[Difference]:
    past = Past(connection, report)
    text = connection.execute(select(schema.report.c.text).where(schema.report.c.key == report)).scalar_one()
    before = {row["key"]: row for row in past.rows(old).tellings}
    after = {row["key"]: row for row in past.rows(new).tellings}
    left = dict(after)
    for row in before.values():
        match = find(_anchor(row), left, known=lambda: frozenset(before))
        if match.key is None:
            yield _difference(text, "lost", row, None)
            continue
        yield from _changed(text, row, left.pop(match.key))
    for row in left.values():
        yield _difference(text, "gained", None, row)


def _anchor(row: Row) -> Anchor:
    passage = (row["passage_start"], row["passage_end"])
    return Anchor(
        row["report"],
        row["key"],
        row["run"],
        row["run"],
        row["start"],
        row["end"],
        row["words"],
        (row["type"],),
        passage,
    )


def _changed(text: str, old: Row, new: Row) -> Iterator[Difference]:
    was, now = values_in(old), values_in(new)
    for field in FIELDS:
        if not same(field, was[field], now[field]):
            told = (in_words(field, was[field]), in_words(field, now[field]))
            yield _difference(text, "changed", old, new, field=field, told=told)
    if (old["start"], old["end"]) != (new["start"], new["end"]):
        yield _difference(text, "changed", old, new, field="words", told=(old["words"], new["words"]))


def _difference(
    text: str, kind: Change, old: Row | None, new: Row | None, *, field: str = "", told: tuple[str, str] = ("", "")
) -> Difference:
    rows = [row for row in (old, new) if row is not None]
    row = rows[0]
    passage = text[row["passage_start"] : row["passage_end"]]
    keys = tuple(dict.fromkeys(one["key"] for one in rows))
    return Difference(row["report"], row["published"], kind, row["type"], field, *told, row["words"], passage, keys)


def summary(found: Iterable[Difference]) -> list[str]:
    """Return lines for people: how many tellings came and went, by type, and which fields changed how often."""
    every = list(found)
    out = [f"{len(every):,} differences in {len({one.report for one in every}):,} reports"]
    for kind in ("gained", "lost"):
        types = Counter(one.type for one in every if one.kind == kind)
        listed = ", ".join(f"{type} {n:,}" for type, n in sorted(types.items(), key=lambda item: (-item[1], item[0])))
        out.append(f"{kind:8} {types.total():,}" + (f": {listed}" if listed else ""))
    fields = Counter(one.field for one in every if one.kind == "changed")
    tellings = len({one.tellings for one in every if one.kind == "changed"})
    listed = ", ".join(f"{field} {n:,}" for field, n in sorted(fields.items(), key=lambda item: (-item[1], item[0])))
    out.append(f"changed  {tellings:,}" + (f": {listed}" if listed else ""))
    return out
