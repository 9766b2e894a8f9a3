"""Rows to any format: events, tellings, and what views give; each format's writer is loaded when asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import IO, Any

from pourparler.errors import ExportError

# For rows of any kind, and for events and tellings alone.
GENERAL = ("table", "jsonl", "csv", "parquet", "xlsx", "md")
OF_EVENTS = ("geojson", "graphml", "ics", "plover")
_FOR_PEOPLE = {"table": "tables", "md": "listing"}
_FOR_PROGRAMS = {"jsonl": "lines", "csv": "delimited", "parquet": "parquet", "xlsx": "sheet_xlsx"}
_FOR_EVENTS = {"geojson": "geojson", "graphml": "graphml", "ics": "icalendar", "plover": "plover"}
BINARY = frozenset({"parquet", "xlsx", "graphml", "ics"})
SUFFIXES = {
    ".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx", ".geojson": "geojson",
    ".graphml": "graphml", ".ics": "ics", ".md": "md",
}  # fmt: skip
_LEFT_OUT = {
    "geojson": "without coordinates",
    "graphml": "with one actor alone, which give no edge",
    "ics": "without a day, or with a time of over a month",
    "plover": "without a day",
}


def write_rows(form: str, rows: Iterable[Any], stream: IO[Any], kind: type, *, name: str) -> None:
    """Write rows of one kind in a format of GENERAL; ``name`` is that of their layout, for formats that people read.

    Raises KeyError for an unknown format.
    """
    if form in _FOR_PEOPLE:
        _module(_FOR_PEOPLE[form]).write(rows, stream, kind, name=name)
    else:
        _module(_FOR_PROGRAMS[form]).write(rows, stream, kind)


def write_events(form: str, rows: Iterable[Any], stream: IO[Any], kind: type) -> str:
    """Write rows of events (EventRow) or tellings (TellingRow) in any format; return what was left out, in words.

    Raises ExportError where a format has no place for tellings, KeyError for an unknown one.
    """
    name = "event" if kind.__name__ == "EventRow" else "telling"
    if form in GENERAL:
        write_rows(form, rows, stream, kind, name=name)
        return ""
    if name == "telling" and form in ("graphml", "ics"):
        raise ExportError(f"{form} holds events, not tellings. Leave out --tellings, or write jsonl, csv or geojson")
    left_out: int = _module(_FOR_EVENTS[form]).write(rows, stream)
    return f"left out: {left_out} {name}{'' if left_out == 1 else 's'} {_LEFT_OUT[form]}" if left_out else ""


def _module(name: str) -> Any:
    return importlib.import_module(f"pourparler.export.{name}")
