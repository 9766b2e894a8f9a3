"""Rows as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pourparler.export.layout import cell, layout

_NARROWEST = 60
# What a status or a standing looks like; the word itself says it too.
_STYLES = {
    "alleged": "yellow", "denied": "yellow", "claimed": "yellow", "planned": "cyan", "possible": "cyan",
    "called for": "cyan", "ahead": "cyan", "did not happen": "dim", "broken": "red", "overdue": "red",
    "kept": "green",
}  # fmt: skip


def write(rows: Iterable[Any], stream: IO[str], kind: type, *, name: str) -> int:
    """Write a table of the columns that ``layout`` gives for a name; return how many rows there are."""
    plan = layout(name, kind)
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if console.width < _NARROWEST:
        console.width = _NARROWEST
    table = Table(box=box.SIMPLE_HEAD, title=plan.title, title_justify="left", title_style="bold", pad_edge=False)
    table.expand = any(one.share for one in plan.columns)
    for one in plan.columns:
        if one.share or one.width:
            table.add_column(one.title, ratio=one.share or None, width=one.width, overflow="fold")
        else:
            table.add_column(one.title, no_wrap=True, overflow="fold")
    written = undated = 0
    for row in rows:
        told = getattr(row, "basis", None) == "publication" or not getattr(row, "dated", True)
        first, *cells = [cell(row, one) for one in plan.columns]
        others = (Text(words, _STYLES.get(words.split(":")[0], "")) for words in cells)
        table.add_row(Text(first, "dim" if told else ""), *others)
        written, undated = written + 1, undated + told
    console.print(table if written else Text(plan.none, "dim"))
    if undated:
        console.print(Text("A dim day is the day of publication: the reports state none.", "dim"))
    return written
