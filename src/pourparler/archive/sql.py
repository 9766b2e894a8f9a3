"""What both databases share: many keys in one question, rows that are kept only once, time."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

# SQLite takes at most 32,766 values a statement; keys go in portions of this size.
_PORTION = 5_000


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def portions(items: Iterable[str]) -> Iterator[list[str]]:
    """Yield items in portions that fit into one statement."""
    every = list(items)
    for start in range(0, len(every), _PORTION):
        yield every[start : start + _PORTION]


def have(connection: Connection, table: Table, column: str, wanted: Iterable[str]) -> set[str]:
    """Return those of the wanted values that stand in a column."""
    out: set[str] = set()
    for portion in portions(wanted):
        out.update(connection.execute(select(table.c[column]).where(table.c[column].in_(portion))).scalars())
    return out


def pairs(
    connection: Connection, table: Table, column: str, wanted: Iterable[str], other: str
) -> Iterator[tuple[str, Any]]:
    """Yield (value, other column's value) for rows whose column holds one of the wanted values."""
    for portion in portions(wanted):
        query = select(table.c[column], table.c[other]).where(table.c[column].in_(portion))
        yield from ((row[0], row[1]) for row in connection.execute(query))


def ignoring(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; one whose key is there already is left as it is."""
    if not rows:
        return
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(make(table).on_conflict_do_nothing(), list(rows))


def drop(connection: Connection, table: Table, column: str, gone: Iterable[str]) -> None:
    """Delete the rows of a derived table whose column holds one of the values."""
    for portion in portions(gone):
        connection.execute(delete(table).where(table.c[column].in_(portion)))


def around(days: Iterable[str | None], reach: int) -> list[str]:
    """Return the days (ISO 8601) that lie at most so many days from one of the given, sorted."""
    out: set[str] = set()
    for day in {day for day in days if day}:
        try:
            middle = datetime.date.fromisoformat(day)
        except ValueError:
            continue
        for step in range(-reach, reach + 1):
            # The calendar ends somewhere.
            with contextlib.suppress(OverflowError):
                out.add((middle + datetime.timedelta(days=step)).isoformat())
    return sorted(out)
