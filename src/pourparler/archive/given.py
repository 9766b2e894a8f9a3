"""Verdicts as they were given: rows of table ``verdict``, and which of them are in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, select

from pourparler.archive import schema
from pourparler.archive.anchors import Anchor, anchor_of
from pourparler.archive.sql import portions

Kind = Literal["accept", "reject", "correct", "join", "split", "note", "undo"]
KINDS: tuple[Kind, ...] = ("accept", "reject", "correct", "join", "split", "note", "undo")
# Verdicts on what a telling says; the others are on what it belongs to, or mere words.
ON_TELLING = ("accept", "reject", "correct")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided about a telling, once; never changed.

    ``others`` are the tellings that it was joined with or split from. ``before`` is the field's value as the run read
    it, ``value`` what it was corrected to; of an accepted telling ``value`` holds all its fields, as they were shown.
    ``undoes`` is the key of the verdict that an undo takes back.
    """

    n: int
    key: str
    kind: Kind
    anchor: Anchor
    others: tuple[Anchor, ...]
    field: str | None
    before: Any
    value: Any
    by: str
    why: str | None
    at: str
    undoes: str | None


def verdict_of(row: Row[Any]) -> Verdict:
    """Return the verdict of a row of table ``verdict``."""
    others = tuple(anchor_of(one) for one in json.loads(row.other)) if row.other else ()
    before, value = (None if text is None else json.loads(text) for text in (row.before, row.value))
    return Verdict(
        row.n, row.key, row.kind, anchor_of(json.loads(row.anchor)), others, row.field, before, value, row.by,
        row.why, row.at, row.undoes,
    )  # fmt: skip


def verdicts(connection: Connection, *where: ColumnElement[bool]) -> list[Verdict]:
    """Return the verdicts that meet all conditions (on schema.verdict), in the order in which they were given."""
    rows = connection.execute(select(schema.verdict).where(*where)).all()
    return sorted((verdict_of(row) for row in rows), key=lambda one: one.n)


def verdicts_of(connection: Connection, reports: Iterable[str]) -> dict[str, list[Verdict]]:
    """Return the verdicts anchored in reports, by report, those without any left out; one question a portion."""
    out: dict[str, list[Verdict]] = {}
    for portion in portions(reports):
        for one in verdicts(connection, schema.verdict.c.report.in_(portion)):
            out.setdefault(one.anchor.report, []).append(one)
    return out


def undone(given: Sequence[Verdict]) -> dict[str, Verdict]:
    """Return the verdicts that are taken back, by key, each with the undo that does it; undos can be undone too."""
    out: dict[str, Verdict] = {}
    for one in sorted(given, key=lambda one: one.n, reverse=True):
        if one.undoes is not None and one.key not in out:
            out.setdefault(one.undoes, one)
    return out


def in_force(given: Sequence[Verdict]) -> list[Verdict]:
    """Return the verdicts that nobody took back, without the undos, oldest first."""
    back = undone(given)
    return [one for one in sorted(given, key=lambda one: one.n) if one.kind != "undo" and one.key not in back]


def alone(connection: Connection) -> None:
    """Wait until no other program is writing; ``Archive.writing`` begins with it.

    SQLite has one writer at a time anyway; on PostgreSQL two could each apply their own verdict to what they saw
    before the other's.
    """
    connection.execute(select(schema.serial.c.n).with_for_update()).all()
