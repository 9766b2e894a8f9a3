"""A record as tables for a terminal: facts, what is ahead, claims with whose word they are, statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pourparler.export.view import TITLES, EventView, Group, events, heading, source_line, statements
from pourparler.record import Record

_STYLE: dict[Group, str] = {"facts": "green", "ahead": "cyan", "claims": "yellow"}
_NARROWEST = 60


def write(records: Iterable[Record], stream: TextIO) -> None:
    """Write each record as up to four tables; colours and width are the terminal's."""
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if console.width < _NARROWEST:
        console.width = _NARROWEST
    for record in records:
        console.print(Text(heading(record), "bold"))
        console.print(Text(source_line(record), "dim"))
        found = events(record)
        if not found and not record.statements:
            console.print(Text("No event and no statement was found in this report.", "dim"))
        for group, title in TITLES.items():
            rows = [view for view in found if view.group == group]
            if rows:
                console.print(_events(rows, title, group))
        if record.statements:
            console.print(_statements(record))
        if any(view.basis == "publication" for view in found):
            console.print(Text("A dim day is the day of publication: the report states none.", "dim"))
        console.print()


def _table(title: str, style: str, columns: Iterable[tuple[str, int | None]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style=f"bold {style}", pad_edge=False)
    for name, ratio in columns:
        if ratio:
            table.add_column(name, ratio=ratio, overflow="fold")
        else:
            table.add_column(name, no_wrap=True)
    table.expand = True
    return table


def _events(rows: list[EventView], title: str, group: Group) -> Table:
    columns: list[tuple[str, int | None]] = [("When", None), ("Act", None), ("Who → whom", 30), ("Words", 22)]
    columns.append(("Whose word", 16) if group == "claims" else ("Status", None))
    table = _table(title, _STYLE[group], columns)
    for view in rows:
        whom = f" → {view.whom}" if view.whom else ""
        place = f" ({view.where})" if view.where else ""
        last = (view.says or "not named") + (" (denied)" if view.status == "denied" else "")
        table.add_row(
            Text(view.when.replace(" to ", "\nto ") or "no day", "dim" if view.basis == "publication" else ""),
            Text(view.event.type, _STYLE[group]),
            Text((view.who or "somebody") + whom + place),
            Text(f"“{view.words}”"),
            Text(last if group == "claims" else view.status),
        )
    return table


def _statements(record: Record) -> Table:
    table = _table("Who said what", "magenta", [("Who", 20), ("Act", None), ("Words", 56)])
    for view in statements(record):
        words = view.words if len(view.words) < 220 else view.words[:217].rsplit(" ", 1)[0] + " …"
        table.add_row(Text(view.who or "somebody"), Text(view.act, "magenta"), Text(words))
    return table
