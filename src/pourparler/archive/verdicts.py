"""Giving verdicts: each is one row more, applied at once; later ones and undos supersede it, nothing is deleted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from pourparler.archive import keys, schema
from pourparler.archive.anchors import Anchor
from pourparler.archive.applying import Reading, is_out, reading_of, values
from pourparler.archive.binding import BINDING, whereabouts
from pourparler.archive.fields import checked, same, value_in, values_in, with_values
from pourparler.archive.given import KINDS, Kind, Verdict, undone, verdict_of, verdicts, verdicts_of
from pourparler.archive.joining import decisions, obey
from pourparler.archive.kept import document_of
from pourparler.archive.rows import Row
from pourparler.archive.showing import await_joining, members_of, refresh, regroup
from pourparler.archive.sql import now
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError

__all__ = ["KINDS", "Kind", "Verdict", "give", "history", "undo"]


@dataclass(frozen=True, slots=True)
class _Said:
    """A verdict on its way into the table."""

    kind: Kind
    anchor: Anchor
    by: str
    why: str | None
    others: tuple[Anchor, ...] = ()
    field: str | None = None
    before: Any = None
    value: Any = None
    undoes: str | None = None

    def row(self) -> dict[str, str | None]:
        """Return the columns of table ``verdict``, but for key and time."""
        return {
            "kind": self.kind,
            "report": self.anchor.report,
            "run": self.anchor.run,
            "telling": self.anchor.telling,
            "anchor": _dumped(self.anchor.as_json()),
            "other": _dumped([one.as_json() for one in self.others]) if self.others else None,
            "field": self.field,
            "before": _dumped(self.before),
            "value": _dumped(self.value),
            "by": self.by.strip(),
            "why": (self.why or "").strip() or None,
            "undoes": self.undoes,
        }


def _dumped(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=True)


def give(
    archive: Archive,
    kind: Kind,
    telling: str,
    *,
    field: str | None = None,
    value: object = None,
    other: str | None = None,
    by: str,
    why: str | None = None,
) -> Verdict:
    """Give a verdict on a telling (its key), and show what follows from it; returns it as it was kept.

    Args:
        kind: accept, reject, correct (``field``, ``value``), join (with ``other``), split (from ``other``, or from
            all others of its event), note (``why``).
        value: text, or for sources and targets a list of names; see ``fields.checked``.
        by: who gives it.

    Raises:
        ArchiveError: there is no such telling, or the verdict makes no sense; the message says what is allowed.
    """
    if kind not in KINDS or kind == "undo":
        allowed = ", ".join(one for one in KINDS if one != "undo")
        raise ArchiveError(f"verdict {kind!r}: there is no such kind. Give one of {allowed}; undo takes one back")
    _check_words(kind, field, other, by, why)
    with archive.writing() as connection:
        reading, row = _about(connection, telling)
        anchor = _anchor(reading, telling, row)
        others = _others(connection, kind, telling, other)
        before = after = None
        if kind == "correct" and field:
            before, after = _correction(connection, reading, telling, field, value)
            anchor = _anchor(reading, telling, row, *([after] if field == "type" else []))
        elif kind == "accept":
            after = values_in(row)
        elif others:
            before = [members_of(connection, [key])[0] for key in (telling, others[0].telling)]
        one = _keep(connection, _Said(kind, anchor, by, why, others, field, before, after))
        _apply(connection, one, in_force=True)
    return one


def undo(archive: Archive, verdict: str, *, by: str, why: str | None = None) -> Verdict:
    """Take a verdict (by key) back, an undo too; what it changed is as it would be without it."""
    _check_words("undo", None, None, by, why)
    with archive.writing() as connection:
        found = verdicts(connection, schema.verdict.c.key == verdict)
        if not found:
            raise ArchiveError(f"verdict {verdict}: there is none with this key. List them: pourparler verdict list")
        target = found[0]
        # Undos of undos stand in the report of what they are about, so that all are found there.
        given = verdicts(connection, schema.verdict.c.report == target.anchor.report)
        if (back := undone(given).get(verdict)) is not None:
            raise ArchiveError(f"verdict {verdict}: {back.by} took it back already. Undo {back.key} to restore it")
        one = _keep(connection, _Said("undo", target.anchor, by, why, undoes=verdict))
        by_key = {v.key: v for v in given}
        root = target
        while root.undoes is not None:
            root = by_key[root.undoes]
        _apply(connection, root, in_force=root.key not in undone([*given, one]))
    return one


def history(archive: Archive, telling: str) -> list[Verdict]:
    """Return all verdicts on a telling, oldest first: those taken back too, and the undos that did it."""
    with archive.reading() as connection:
        report = _report_of(connection, telling)
        given = verdicts(connection, schema.verdict.c.report == report)
        now_at = reading_of(connection, report, given).matches
        about = {one.key for one in given if one.anchor.telling == telling}
        about |= {key for key, match in now_at.items() if match.key == telling}
        named = verdicts(connection, schema.verdict.c.other.contains(telling, autoescape=True))
        about |= {one.key for one in named}
        elsewhere = {one.anchor.report for one in named} - {report}
        given += [one for found in verdicts_of(connection, sorted(elsewhere)).values() for one in found]
        for one in sorted(given, key=lambda one: one.n):
            if one.undoes in about:
                about.add(one.key)
    return sorted((one for one in given if one.key in about), key=lambda one: one.n)


def _check_words(kind: str, field: str | None, other: str | None, by: str, why: str | None) -> None:
    if not by.strip():
        raise ArchiveError("verdict: nobody gives it. Say who, with --by NAME")
    if kind == "note" and not (why or "").strip():
        raise ArchiveError("note: it says nothing. Say something, with --why")
    if (kind == "correct") != (field is not None):
        raise ArchiveError(
            f"{kind}: only correct names a field, and it always does. Give --field and --value with it"
        )
    if kind == "join" and other is None:
        raise ArchiveError("join: with which telling is missing. Give its key, with --other")
    if other is not None and kind not in BINDING:
        raise ArchiveError(f"{kind}: it is about one telling. Only join and split name another")


def _report_of(connection: Connection, telling: str) -> str:
    shown = select(schema.telling.c.report).where(schema.telling.c.key == telling)
    judged = select(schema.verdict.c.report).where(schema.verdict.c.telling == telling)
    found = connection.execute(shown).scalar() or connection.execute(judged).scalar()
    if found is None:
        raise ArchiveError(f"telling {telling}: the archive has none with this key. Look for it: pourparler events")
    return str(found)


def _about(connection: Connection, telling: str) -> tuple[Reading, Row]:
    """Return the reading a telling stands in, and the telling as verdicts leave it, rejected or not."""
    report = _report_of(connection, telling)
    reading = reading_of(connection, report, verdicts_of(connection, [report]).get(report, []))
    if telling not in reading.read and telling not in reading.kept:
        raise ArchiveError(
            f"telling {telling}: the newest reading has it no longer, and no verdict keeps it. "
            "See what it has: pourparler events"
        )
    read = reading.row(telling)
    return reading, with_values(read, values(reading.on(telling), read))


def _anchor(reading: Reading, telling: str, row: Row, *more: str) -> Anchor:
    read = reading.row(telling)
    return Anchor(
        reading.report, telling, read["run"], reading.run, row["start"], row["end"], row["words"],
        tuple(dict.fromkeys((read["type"], row["type"], *more))), (row["passage_start"], row["passage_end"]),
    )  # fmt: skip


def _others(connection: Connection, kind: Kind, telling: str, other: str | None) -> tuple[Anchor, ...]:
    if kind not in BINDING:
        return ()
    if not (event := members_of(connection, [telling])):
        raise ArchiveError(f"telling {telling}: it is rejected and stands in no event. Undo that first")
    if other is None:
        named = [key for key in event[0] if key != telling]
        if not named:
            raise ArchiveError(f"telling {telling}: it is alone in its event. There is nothing to split it from")
    elif other == telling or not members_of(connection, [other]):
        raise ArchiveError(f"{kind}: {other!r} is no other telling of an event. Give the key of one")
    else:
        named = [other]
    return tuple(_anchor(found, key, row) for key in named for found, row in [_about(connection, key)])


def _correction(connection: Connection, reading: Reading, telling: str, field: str, value: object) -> tuple[Any, Any]:
    on = reading.on(telling)
    if is_out(on):
        raise ArchiveError(
            f"telling {telling}: it is rejected. Undo {on[-1].key}, or accept it, before you correct it"
        )
    read = reading.row(telling)
    row = with_values(read, values(on, read))
    after = checked(field, value, row, document_of(connection, reading.report).text)
    before = value_in(read, field)
    if same(field, after, before) and same(field, after, value_in(row, field)):
        raise ArchiveError(f"{field}: it says so already. Accept the telling, if it is right")
    return before, after


def _keep(connection: Connection, said: _Said) -> Verdict:
    """Write the row, and return it as it stands there."""
    row = said.row()
    table = schema.verdict
    says, times = tuple(row.values()), 0
    # One may say the same twice, with an undo between: the number of times tells the rows apart.
    while connection.execute(select(table.c.n).where(table.c.key == keys.verdict_key(*says, times))).first():
        times += 1
    key = keys.verdict_key(*says, times)
    connection.execute(insert(table), [{**row, "key": key, "at": now()}])
    return verdict_of(connection.execute(select(table).where(table.c.key == key)).one())


def _apply(connection: Connection, one: Verdict, *, in_force: bool) -> None:
    """Show what follows from a verdict that has just come into force, or been taken back."""
    if one.kind in BINDING:
        places = whereabouts(connection, [one.anchor, *one.others])
        mine = places[one.anchor].key
        others = [key for other in one.others if (key := places[other].key) is not None]
        if mine is not None and others:
            _rebind(connection, one, mine, others, in_force=in_force)
        return
    before = _shown(connection, one.anchor.report)
    refresh(connection, one.anchor.report)
    back = sorted(_shown(connection, one.anchor.report) - before)
    if back:
        _regroup(connection, back, members_of(connection, back))


def _shown(connection: Connection, report: str) -> set[str]:
    query = select(schema.telling.c.key).where(schema.telling.c.report == report)
    return set(connection.execute(query).scalars())


def _rebind(connection: Connection, one: Verdict, mine: str, others: list[str], *, in_force: bool) -> None:
    """Join or part at once. What a join that is undone had brought together parts as it was; joining looks again."""
    groups = members_of(connection, [mine, *others])
    await_joining(connection, [mine, *others])
    # What a join found together stays so without it, and what a split found apart.
    were_one = not in_force and one.before[0] == one.before[1]
    if not in_force and one.kind == "join" and not were_one:
        out = {others[0], *one.before[1]} - {mine}
        groups = [part for group in groups for part in _parted(group, out, whole=mine not in group)]
    elif not in_force and one.kind == "split" and were_one:
        old = [group for group in groups if mine in group or others[0] in group]
        groups = [group for group in groups if group not in old] + [sorted(key for group in old for key in group)]
    _regroup(connection, [mine, *others], groups)


def _parted(group: list[str], out: set[str], *, whole: bool) -> list[list[str]]:
    if whole:
        return [group]
    parts = [[key for key in group if key not in out], [key for key in group if key in out]]
    return [part for part in parts if part]


def _regroup(connection: Connection, about: Sequence[str], groups: list[list[str]]) -> None:
    """Make groups events, after all that persons decided of the tellings in them."""
    inside = {key for group in groups for key in group}
    bound = [one for one in decisions(connection) if one.a in inside or one.b in inside]
    known = members_of(connection, [key for one in bound for key in (one.a, one.b)])
    whole = groups + [group for group in known if inside.isdisjoint(group)]
    await_joining(connection, about)
    regroup(connection, [key for group in whole for key in group], obey(whole, bound))
