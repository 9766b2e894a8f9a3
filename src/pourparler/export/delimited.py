"""Rows as CSV: a header, then one row a line, whatever the text holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO, Any

from pourparler.export.flat import cell, columns, encodable

_TO_QUOTE = re.compile(r'[,"\r\n]|^\s|\s$')


def write(rows: Iterable[Any], stream: IO[str], kind: type) -> None:
    """Write a header and one row a line; lists are joined by "; ", text is one line without control characters."""
    chosen = columns(kind)
    stream.write(line(one.name for one in chosen))
    for row in rows:
        stream.write(line(_written(cell(row, one)) for one in chosen))


def line(cells: Iterable[object]) -> str:
    """Return a row with its line end.

    Python's own writer leaves a carriage return unquoted where lines end otherwise, and spreadsheets begin a new row
    at it, which may then begin as a formula does.
    """
    return ",".join(map(_quoted, cells)) + "\n"


def _quoted(value: object) -> str:
    words = str(value)
    return '"' + words.replace('"', '""') + '"' if _TO_QUOTE.search(words) else words


def _written(value: str | int | float | bool | None) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else encodable(value) if isinstance(value, str) else value
