"""``pourparler process``: proposing and listing processes, and their views."""

from __future__ import annotations

import datetime
import importlib
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pourparler.cli.archive import archive_option
from pourparler.cli.asking import (
    chosen_format,
    find_process,
    format_option,
    limit_of,
    out_option,
    processes_at_hand,
)
from pourparler.cli.knowledge import Day
from pourparler.cli.output import output
from pourparler.errors import ExportError
from pourparler.export.asked import BINARY, GENERAL, write_rows
from pourparler.export.view import printable

# Each view: the module and function that make it, formats beyond the general ones, and what its help says.
_VIEWS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "timeline": ("timeline", "view", (), "List what happened, day by day."),
    "meetings": ("meetings", "view", (), "List rounds of talks: who, where, format, outcome, what is next."),
    "claims": ("claims", "view", (), "List who accuses whom of what, who denies and who confirms it."),
    "commitments": (
        "commitments",
        "view",
        (),
        "List who promised what by when: kept, broken, overdue, open or only offered.",
    ),
    "agenda": ("agenda", "view", ("ics",), "List what is due, and what was moved or called off."),
    "ceasefire": ("ceasefire", "view", (), "List, week by week, whether a ceasefire holds and who says it does not."),
    "positions": ("positions", "view", (), "List what each side demands and rejects, and when that changed."),
    "relations": ("relations", "view", (), "Count who does how much to whom, month by month, with how sure that is."),
    "changes": ("changes", "changes", (), "List when relations changed more than chance would do."),
    "alerts": ("changes", "alerts", (), "List months that stand out, with the reasons."),
    "actors": ("actors", "view", (), "List who takes part, with their offices and whom they deal with."),
    "edges": ("actors", "edges", ("graphml",), "List who acts towards whom: the network of actors."),
}


@click.group()
def process() -> None:
    """Follow a conflict and its talks: propose a process, and view it."""


@process.command()
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@archive_option
@click.option("--since", type=Day(), help="The first day that counts (YYYY-MM-DD).")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write this file, if it is not there yet."
)
def new(words: tuple[str, ...], where: str, since: datetime.date | None, out: Path | None) -> None:
    """Propose a process from what the archive tells, as a file to look through and correct.

    WORDS are countries that take part (Armenia AZE), and words that reports about it have (Karabakh). Without any,
    the two who have most conflict with each other and are in none of your processes yet are proposed.
    """
    from pourparler.archive.process import dumps
    from pourparler.archive.proposing import propose
    from pourparler.archive.store import Archive

    if out and out.exists():
        raise ExportError(f"{out}: there is such a file already, perhaps with your corrections. Give another --out")
    known = [] if words else [one for _, one in processes_at_hand(where)]
    with Archive.open(where) as archive:
        made = propose(archive, about=" ".join(words) or None, since=since, known=known)
    with output(out) as stream:
        stream.write(dumps(made))


@process.command(name="list")
@archive_option
def list_(where: str) -> None:
    """List the processes beside you, beside the archive, and in their folders "processes"."""
    found = 0
    for path, one in processes_at_hand(where):
        found += 1
        click.echo(printable(f"{path.stem}: {one.title} ({', '.join(side.name for side in one.sides)}), {path}"))
    if not found:
        click.echo("pourparler: there is no process yet. Make one with: pourparler process new WORDS...", err=True)
        sys.exit(1)


def _view_command(name: str) -> click.Command:
    module, function, more, words = _VIEWS[name]
    forms = (*GENERAL, *more)

    @click.argument("process", metavar="NAME|FILE")
    @archive_option
    @click.option("--today", type=Day(), help="The day it is seen from (YYYY-MM-DD); that of the newest report.")
    @click.option("--since", metavar="DAY", help="Only rows from this year, month, week or day on.")
    @click.option("--until", metavar="DAY", help="Only rows up to this year, month, week or day.")
    @click.option("--limit", type=click.IntRange(0), help="At most so many; 0 for all. 100 in a table on a terminal.")
    @format_option(forms)
    @out_option
    def run(
        process: str, where: str, today: datetime.date | None, form: str | None, out: Path | None, **cut: Any
    ) -> None:
        from pourparler.archive.chronicle import chronicle
        from pourparler.archive.store import Archive

        make = getattr(importlib.import_module(f"pourparler.archive.views.{module}"), function)
        chosen = chosen_format(form, out, forms)
        with Archive.open(where) as archive:
            every = make(chronicle(archive, find_process(process, where)), today=today)
        rows = _cut(name, every, since=cut["since"], until=cut["until"])
        limit = limit_of(cut["limit"], chosen, out)
        with output(out, binary=chosen in BINARY) as stream:
            _write(chosen, rows[:limit], stream, _kind(make), name=name)
        if chosen == "table" and limit is not None and len(rows) > limit:
            click.echo(f"{limit:,} of {len(rows):,} rows; --limit 0 shows all", err=True)

    return click.command(name=name, help=words)(run)


def _kind(make: Callable[..., Any]) -> type:
    """Return the kind of rows that a view gives: what its annotation says, so that an empty one has columns too."""
    kind = typing.get_args(typing.get_type_hints(make)["return"])[0]
    assert isinstance(kind, type)
    return kind


def _cut(name: str, rows: tuple[Any, ...], *, since: str | None, until: str | None) -> list[Any]:
    """Return the rows that a period touches; those without a day are left out where one is asked for, and counted."""
    from pourparler.archive.periods import period
    from pourparler.export.layout import days_of

    if since is None and until is None:
        return list(rows)
    low = period(since)[0] if since else datetime.date.min
    high = period(until)[1] if until else datetime.date.max
    dated = [(row, days_of(name, row)) for row in rows]
    undated = sum(days is None for _, days in dated)
    if undated:
        click.echo(f"note: {undated} rows without a day left out", err=True)
    return [row for row, days in dated if days and days[0] <= high and days[1] >= low]


def _write(form: str, rows: list[Any], stream: typing.IO[Any], kind: type, *, name: str) -> None:
    if form == "graphml":
        from pourparler.export.graphml import write_edges

        write_edges(rows, stream, kind)
    elif form == "ics":
        from pourparler.export.icalendar import write_agenda

        write_agenda(rows, stream)
    else:
        write_rows(form, rows, stream, kind, name=name)


for _name in _VIEWS:
    process.add_command(_view_command(_name))
