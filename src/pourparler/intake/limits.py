"""How much a source, a report and a parser may take: ``data/limits.toml``, or the file POURPARLER_LIMITS names."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from pourparler.errors import IntakeError

OWN_LIMITS = "POURPARLER_LIMITS"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits, named by table and key of the file; what each is for stands there. Sizes are bytes."""

    report_characters: int
    report_bytes: int
    report_text: int
    report_page: int
    report_field: int
    row_line: int
    row_values: int
    row_columns: int
    parquet_rows: int
    parquet_bytes: int
    mail_lines: int
    feed_bytes: int
    feed_items: int
    feed_elements: int
    feed_depth: int
    packed_growth: int
    packed_unsuspicious: int
    parser_above: int
    parser_seconds: int
    parser_memory: int


def load(own: str | None) -> Limits:
    """Return the shipped limits with those of a file of the user's own before them; raises IntakeError."""
    shipped = (resources.files("pourparler.intake") / "data" / "limits.toml").read_text(encoding="utf-8")
    values = _flat(tomllib.loads(shipped))
    if own:
        values |= _own(own)
    return Limits(**values)


def _own(name: str) -> dict[str, int]:
    try:
        values = _flat(tomllib.loads(Path(name).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        advice = f"Correct {OWN_LIMITS}, or unset it"
        raise IntakeError(name, f"the limits cannot be read ({error})", advice) from error
    known = {field.name for field in dataclasses.fields(Limits)}
    for key, value in values.items():
        if key not in known or not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise IntakeError(name, f"{key.replace('_', '.', 1)} = {value!r} is no limit", "See docs/cli.md for them")
    return values


def _flat(tables: dict[str, Any]) -> dict[str, Any]:
    out = {}
    for table, keys in tables.items():
        for key, value in keys.items() if isinstance(keys, dict) else (("", keys),):
            out[f"{table}_{key}"] = value
    return out


LIMITS = load(os.environ.get(OWN_LIMITS))
