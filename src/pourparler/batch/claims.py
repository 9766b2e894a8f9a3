"""Which unit reads a report that stands in several: the one that asks first, and it alone.

One object for a batch, on the machine where it was begun; what it knows lies in a file, so that its memory does not
grow. It is made anew from the output when a batch goes on.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pourparler.archive import shards
from pourparler.archive.folders import Folder

# Numbers of documents in a source stay below this.
_WIDE = 1 << 40
# Unit, then the place within all sources of this batch: sources in the order given, documents as they stand.
_TABLE = (
    "CREATE TABLE IF NOT EXISTS claim (key TEXT PRIMARY KEY, unit TEXT NOT NULL, rank INTEGER NOT NULL) WITHOUT ROWID"
)
_READ_BEFORE = -1
# Tries at a unit before documents are told one by one, and broken ones at one document before it is set aside: a node
# that is lost breaks a try as well as a report that takes all memory, but not again and again at the same report.
_CAREFUL = 2
_FATAL = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a document is to be read in the unit that asked; if not, ``rank`` is its place where that comes before
    the one that is read, else -1."""

    read: bool
    rank: int = -1


@dataclass(slots=True)
class _Tries:
    """Tries at a unit that is not finished: how many, the document the present one is at, where others broke off."""

    count: int = 0
    at: str = ""
    ended: Counter[str] = field(default_factory=Counter)


class Claims:
    """What has been claimed: reports by the unit that reads them. ``sources`` in the order they were given."""

    def __init__(self, path: Path, sources: Sequence[str]) -> None:
        self._order = {name: n for n, name in enumerate(sources)}
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Each batch makes it anew: it outlives its process, which may be killed and started again, not the machine.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA cache_size=-32000")
        self._db.execute(_TABLE)
        self._tries: dict[str, _Tries] = {}

    def claim(self, unit: str, source: str, rows: Iterable[tuple[str, int]]) -> list[Answer]:
        """Return for each (key, number) of a unit whether it is to be read there; the same each time it is asked."""
        base = self._order.get(source, 0) * _WIDE
        asked = [(key, unit, base + number) for key, number in rows]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO claim VALUES (?, ?, ?)", asked)
        self._db.execute("COMMIT")
        return [self._answer(key, unit, rank) for key, _, rank in asked]

    def _answer(self, key: str, unit: str, rank: int) -> Answer:
        row = self._db.execute("SELECT unit, rank FROM claim WHERE key = ?", (key,)).fetchone()
        if row == (unit, rank):
            return Answer(read=True)
        return Answer(read=False, rank=rank if rank < row[1] else -1)

    def resume(self, out: str, run: str) -> frozenset[str]:
        """Learn what finished units of the run have read; return those to do again if they come.

        Those have left a report to a unit that was never finished. They stand until they come: what is in them may
        be in none of the sources that are given now.
        """
        folder = Folder.at(out)
        for unit in shards.finished(folder):
            if unit.run == run:
                self._learn(folder, unit)
        return frozenset(
            unit.unit
            for unit in shards.finished(folder)
            if unit.run == run and unit.again and self._left(folder, unit)
        )

    def _learn(self, folder: Folder, unit: shards.Finished) -> None:
        base = self._order.get(unit.source, _READ_BEFORE) * _WIDE
        rows = [
            (row["key"], unit.unit, base + row["number"])
            for kind in ("records", "rejected")
            for row in shards.rows(folder, unit, kind, ["key", "number"])
            if row["key"]
        ]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO claim VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def _left(self, folder: Folder, unit: shards.Finished) -> bool:
        found = (row["key"] for row in shards.rows(folder, unit, "again", ["key"]))
        return any(self._db.execute("SELECT 1 FROM claim WHERE key = ?", (key,)).fetchone() is None for key in found)

    def begin(self, unit: str) -> tuple[bool, frozenset[str]]:
        """Count a try at a unit. Return whether it must be careful, telling each document before it is read, since
        earlier tries broke off; and the documents at which careful tries broke off, to be set aside."""
        tries = self._tries.setdefault(unit, _Tries())
        if tries.at:
            tries.ended[tries.at] += 1
            tries.at = ""
        tries.count += 1
        return tries.count > _CAREFUL, frozenset(key for key, times in tries.ended.items() if times >= _FATAL)

    def reading(self, unit: str, key: str) -> None:
        """Keep which document a careful try is at; "" for none."""
        self._tries.setdefault(unit, _Tries()).at = key

    def end(self, unit: str) -> None:
        """Forget the tries at a unit that is finished."""
        self._tries.pop(unit, None)
