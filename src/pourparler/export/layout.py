"""Which columns people see of a kind of row, and what stands in them: read from ``data/columns.toml``."""

from __future__ import annotations

import datetime
import functools
import importlib.resources
import tomllib
from dataclasses import dataclass
from typing import Any

from pourparler.archive.periods import period
from pourparler.export.flat import columns, text, value

# How many names of a list a cell shows, and how many characters of a long text.
_NAMES = 4
_LONGEST = 280
# Columns shown of a kind of row that the data file does not know.
_SHOWN = 6
# Where the data file does not say which fields those are, these are tried.
_DAYS = ("day", "month", "week", "first", "last")
_KEYS = ("key", "event", "tellings", "sayings")


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a cell: a column of the row, with what stands before and after it; where it is empty, ``empty``."""

    before: str
    column: str
    after: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A column for people. ``share`` is its part of the width left over; 0 is as wide as its longest cell.

    ``width`` is a width in characters (None: see above); ``empty`` what stands where there is nothing to show.
    """

    title: str
    pieces: tuple[Piece, ...]
    share: int
    width: int | None
    empty: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What is shown of a kind of row, the words for there being none, and the fields that say when it was.

    ``days`` are its first and last day (or month, or week), the last one where there is one.
    """

    title: str
    none: str
    columns: tuple[Shown, ...]
    days: tuple[str, ...] = ()


def layout(name: str, kind: type) -> Layout:
    """Return the layout of a name of the data file; of another, that of the first columns of its rows."""
    found = _layouts().get(name)
    if found:
        return found
    chosen = [one for one in columns(kind) if one.name not in _KEYS and not one.name.endswith("_tellings")][:_SHOWN]
    shown = tuple(Shown(c.name.replace("_", " ").capitalize(), (Piece("", c.name),), 1, None, "") for c in chosen)
    return Layout(name.capitalize(), "There is nothing.", shown)


@functools.cache
def _layouts() -> dict[str, Layout]:
    file = importlib.resources.files("pourparler.export") / "data" / "columns.toml"
    return {name: _layout(data) for name, data in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def _layout(data: dict[str, Any]) -> Layout:
    shown = tuple(
        Shown(
            one["title"],
            tuple(map(_piece, one["cell"])),
            one.get("share", 0),
            one.get("width"),
            one.get("empty", ""),
        )
        for one in data["column"]
    )
    return Layout(data["title"], data["none"], shown, tuple(data.get("days", ())))


def _piece(words: str) -> Piece:
    parts = words.split("|")
    return Piece("", parts[0]) if len(parts) == 1 else Piece(*parts)


def cell(row: Any, shown: Shown) -> str:
    """Return what stands in a cell: one line, no control characters, long lists and texts cut with a sign."""
    kind: type = type(row)
    by_name = {one.name: one for one in columns(kind)}
    out = before = ""
    for piece in shown.pieces:
        words = _cut(value(row, by_name[piece.column]))
        if words != before:
            out += f"{piece.before}{words}{piece.after}" if words else piece.empty
        elif not words:
            out += piece.empty
        before = words or before
    return out.strip() or shown.empty


def days_of(name: str, row: Any) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day of a row of a layout; None where no day is known."""
    found = _layouts().get(name)
    fields = found.days if found and found.days else tuple(one for one in _DAYS if hasattr(row, one))
    known = [words for one in fields if (words := getattr(row, one))]
    return (period(known[0])[0], period(known[-1])[1]) if known else None


def _cut(held: Any) -> str:
    if isinstance(held, tuple):
        names = [name for name in dict.fromkeys(text(one) for one in held) if name]
        more = len(names) - _NAMES
        between = "; " if any("," in name for name in names) else ", "
        return between.join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")
    if isinstance(held, float):
        return f"{held:.1f}"
    words = text(held)
    return words if len(words) <= _LONGEST else words[: _LONGEST - 2].rsplit(" ", 1)[0] + " …"
