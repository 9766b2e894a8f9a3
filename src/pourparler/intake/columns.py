"""The columns of a row: our names, other names for them, and what may stand in them."""

from __future__ import annotations

import datetime
import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from pourparler.intake.spots import Spot
from pourparler.record import published_form

COLUMNS = ("id", "text", "published", "title", "url", "publisher", "language")
HEADER_ADVICE = f"Give a header with id and text, and if you have them {', '.join(COLUMNS[2:])}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``names`` in the order they are tried; ``lists`` is "joined", "last" or empty (a list is wrong)."""

    name: str
    names: tuple[str, ...]
    lists: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row's columns as strings; ``published`` in the record's form."""

    text: str
    id: str | None
    published: str | None
    title: str | None
    url: str | None
    publisher: str | None
    language: str | None


@functools.cache
def columns() -> tuple[Column, ...]:
    """Return the columns with their other names."""
    file = resources.files("pourparler.intake") / "data" / "columns.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(Column(name, (name, *table[name]["aliases"]), table[name].get("list", "")) for name in COLUMNS)


def known_names() -> frozenset[str]:
    """Return every name that a column may have."""
    return frozenset(name for column in columns() for name in column.names)


def has_text(names: Iterable[str]) -> bool:
    """Return whether a header has the column ``text`` under any of its names."""
    text = next(column for column in columns() if column.name == "text")
    return not set(text.names).isdisjoint(names)


def row_of(row: Mapping[str, Any], spot: Spot) -> Row:
    """Return the known columns of a row.

    Raises IntakeError where a column is of another kind, the day is none or there is no text.
    """
    at = {column.name: _value(row, column, spot) for column in columns()}
    text = at["text"]
    if text is None:
        raise spot.error("column text is empty or missing", "Give the report's text")
    return Row(
        text=text,
        id=at["id"],
        published=at["published"],
        title=at["title"],
        url=at["url"],
        publisher=at["publisher"],
        language=at["language"],
    )


def _value(row: Mapping[str, Any], column: Column, spot: Spot) -> str | None:
    for name in column.names:
        value = _string(row.get(name), name, column, spot)
        if value is None:
            continue
        if column.name != "published":
            return value
        try:
            return published_form(value)
        except ValueError as error:
            raise spot.error(f"column {name}: {error}", "Correct it, or leave it empty") from error
    return None


def _string(value: Any, name: str, column: Column, spot: Spot) -> str | None:
    """Return what a cell holds; None where it is empty."""
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise spot.error(f"column {name}: byte {error.start} is not UTF-8", "Write it as UTF-8") from error
    if isinstance(value, list | tuple) and column.lists and all(isinstance(item, str) for item in value):
        kept = [item.strip() for item in value if item.strip()]
        value = "; ".join(kept if column.lists == "joined" else kept[-1:])
    if column.name == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if column.name == "published" and isinstance(value, datetime.date):
        value = value.isoformat()
    if value is not None and not isinstance(value, str):
        raise spot.error(f"column {name} is {type(value).__name__}, not text", "Write it as a string")
    return value if value and value.strip() else None
