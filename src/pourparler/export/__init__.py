"""Records to the formats people and programs take them in: one format a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TextIO

from pourparler.record import Record

Exporter = Callable[[Iterable[Record], TextIO], None]


def exporter(name: str) -> Exporter:
    """Return the function that writes records in a format; raises KeyError for an unknown one."""
    # Loaded when asked for: a JSONL run has no need of the page's template engine.
    if name == "table":
        from pourparler.export.table import write
    elif name == "json":
        from pourparler.export.jsonl import write_json as write
    elif name == "jsonl":
        from pourparler.export.jsonl import write
    elif name == "csv":
        from pourparler.export.csv import write
    elif name == "md":
        from pourparler.export.markdown import write
    elif name == "html":
        from pourparler.export.page import write
    else:
        raise KeyError(name)
    return write


FORMATS: Mapping[str, str] = {
    "table": "for a terminal: what happened, what is ahead, what is only claimed",
    "json": "one record, or a list of records, indented",
    "jsonl": "one record a line",
    "csv": "one event a row",
    "md": "a text with lists, for notes and reports",
    "html": "one page that works offline, with the words highlighted",
}

__all__ = ["FORMATS", "Exporter", "exporter"]
