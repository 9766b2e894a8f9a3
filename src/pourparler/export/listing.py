"""Rows as a Markdown table, for notes and reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from pourparler.export.flat import encodable
from pourparler.export.layout import cell, layout
from pourparler.export.markdown import escaped


def write(rows: Iterable[Any], stream: IO[str], kind: type, *, name: str) -> None:
    """Write a heading and a table of the columns that ``layout`` gives for a name, with a column of keys."""
    plan = layout(name, kind)
    stream.write(f"# {plan.title}\n\n")
    heads = [*(one.title for one in plan.columns), "Keys"]
    begun = False
    for row in rows:
        if not begun:
            stream.write(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n")
            begun = True
        cells = [*(cell(row, one) for one in plan.columns), _keys(row)]
        stream.write(f"| {' | '.join(escaped(encodable(words)) for words in cells)} |\n")
    stream.write("\n" if begun else f"{plan.none}\n")


def _keys(row: Any) -> str:
    """Return the keys of tellings and sayings that a row rests on."""
    own = [row.telling] if hasattr(row, "telling") else []
    return " ".join([*own, *getattr(row, "tellings", ()), *getattr(row, "sayings", ())])
