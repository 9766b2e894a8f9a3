"""Rows as JSON, one a line, without loss: text as the report has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from pourparler.export.flat import json_text, pairs


def write(rows: Iterable[Any], stream: IO[str], kind: type) -> None:
    """Write one row a line."""
    for row in pairs(rows):
        stream.write(json_text(row) + "\n")
