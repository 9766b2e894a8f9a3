"""Verdicts after forgetting: those on what is gone go too, those that also name it are reduced, names are masked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select

from pourparler.archive import keys, schema
from pourparler.archive.binding import BINDING
from pourparler.archive.masking import json_masked, words_masked
from pourparler.archive.naming import Name
from pourparler.archive.sql import drop

Row = dict[str, Any]
# What the key of a verdict is made of, in the order in which ``verdicts.give`` takes it.
_SAYS = ("kind", "report", "run", "telling", "anchor", "other", "field", "before", "value", "by", "why", "undoes")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of reports and tellings, by key: gone ones, and masked ones with the keys they have from now on.

    ``texts`` are the masked texts by new key of their report; ``name`` is what is masked.
    """

    gone: frozenset[str]
    lost: frozenset[str]
    reports: Mapping[str, str] = field(default_factory=dict)
    tellings: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Revised:
    """Verdicts that went (keys), those that are put in place of others (rows), and the old keys of these."""

    removed: tuple[str, ...]
    replaced: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def reports(self) -> frozenset[str]:
        """The reports whose verdicts are other ones now."""
        return frozenset(row["report"] for row in self.rows)


def revised(connection: Connection, change: Change) -> Revised:
    """Return what becomes of all verdicts; nothing is written."""
    rows = [dict(row._mapping) for row in connection.execute(select(schema.verdict).order_by(schema.verdict.c.n))]
    taken = {row["key"] for row in rows}
    now: dict[str, str] = {}
    removed: list[str] = []
    changed: list[Row] = []
    for row in rows:
        after = _after(row, change, now, frozenset(removed))
        if after is None:
            removed.append(row["key"])
        elif after != row:
            after["key"] = now[row["key"]] = _key(after, taken)
            taken.add(after["key"])
            changed.append(after)
    return Revised(tuple(removed), tuple(now), tuple(changed))


def take_out(connection: Connection, found: Revised) -> None:
    """Delete the verdicts that went or are replaced."""
    drop(connection, schema.verdict, "key", (*found.removed, *found.replaced))


def put_in(connection: Connection, found: Revised) -> None:
    """Write those that are put in place of others, with the numbers and times of the old."""
    if found.rows:
        connection.execute(insert(schema.verdict), list(found.rows))


def _key(row: Row, taken: set[str]) -> str:
    says, times = tuple(row[name] for name in _SAYS), 0
    while (key := keys.verdict_key(*says, times)) in taken:
        times += 1
    return key


def _after(row: Row, change: Change, now: Mapping[str, str], removed: frozenset[str]) -> Row | None:
    """Return a verdict as it is kept, the same where nothing changes, or None where it goes."""
    if row["report"] in change.gone or row["undoes"] in removed:
        return None
    others = None
    if row["other"]:
        every = json.loads(row["other"])
        others = [_anchor(one, change) for one in every if one["report"] not in change.gone]
        if not others:
            return None
    anchor = _anchor(json.loads(row["anchor"]), change)
    out = {
        **row,
        "report": anchor["report"],
        "telling": anchor["telling"],
        "anchor": _dumped(anchor),
        "other": _dumped(others) if others else None,
        "before": _values(row, "before", change),
        "value": _values(row, "value", change),
        "undoes": now.get(row["undoes"], row["undoes"]),
    }
    if change.name is not None:
        full = _full_only(row, change)
        out |= {one: row[one] and words_masked(change.name, row[one], full=full) for one in ("by", "why")}
    return out


def _full_only(row: Row, change: Change) -> bool:
    """In a report that does not name the person, the surname alone is somebody else's."""
    return row["report"] not in change.reports


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


def _anchor(anchor: dict[str, Any], change: Change) -> dict[str, Any]:
    report = change.reports.get(anchor["report"])
    if report is None:
        return anchor
    words = change.texts[report][anchor["start"] : anchor["end"]]
    return {
        **anchor,
        "report": report,
        "telling": change.tellings.get(anchor["telling"], anchor["telling"]),
        "words": words,
    }


def _values(row: Row, column: str, change: Change) -> str | None:
    if row[column] is None:
        return None
    value = json.loads(row[column])
    if column == "before" and row["kind"] in BINDING:
        # The events that a join or a split found: keys of tellings.
        value = [[change.tellings.get(key, key) for key in group if key not in change.lost] for group in value]
    elif change.name is not None:
        value = json_masked(change.name, value, full=_full_only(row, change))
    return row[column] if json.loads(row[column]) == value else _dumped(value)
