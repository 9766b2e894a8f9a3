"""Rows as CSV: a header, then one row a line, whatever the text holds."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import IO, Any

from pourparler.export.flat import cell, columns, encodable


def write(rows: Iterable[Any], stream: IO[str], kind: type) -> None:
    """Write a header and one row a line; lists are joined by "; ", text is one line without control characters."""
    chosen = columns(kind)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([one.name for one in chosen])
    for row in rows:
        writer.writerow([_written(cell(row, one)) for one in chosen])


def _written(value: str | int | float | bool | None) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else encodable(value) if isinstance(value, str) else value
