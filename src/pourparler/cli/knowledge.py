"""``pourparler knowledge``: what is known of offices, and learning it anew from reports."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from pourparler.cli.output import tell
from pourparler.cli.read import Session
from pourparler.export.view import printable


class Day(click.ParamType[datetime.date]):
    name = "day"

    def convert(
        self, value: str | datetime.date, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.date:
        try:
            return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as YYYY-MM-DD", param, ctx)


@click.group()
def knowledge() -> None:
    """Look up what is known of offices and people, or learn it anew from reports."""


@knowledge.command()
@click.argument("what")
@click.option("--on", type=Day(), help="The day that is asked for (YYYY-MM-DD); all holders when left out.")
def show(what: str, on: datetime.date | None) -> None:
    """Say who held an office ("foreign minister of Armenia") or which offices a person held ("Ararat Mirzoyan").

    Answers come from reports: each line says how often, and between which days, they gave somebody the title.
    """
    from pourparler.knowledge import holders, office_in, offices_of

    office = office_in(what)
    found = holders(office, on=on) if office else offices_of(what, on=on)
    if not found:
        when = f" on {on.isoformat()}" if on else ""
        asked = f"no holder of the office {office}" if office else f"no office and nobody called {what!r}"
        tell(f"pourparler: {asked} is known{when}; try another wording, or leave out --on")
        sys.exit(1)
    for t in found:
        first, last = t.first.isoformat(), t.last.isoformat()
        seen = f"seen {t.seen} times, {first} to {last}" if t.seen > 1 else f"seen once, {first}"
        click.echo(printable(f"{t.holder}, {t.office}: {seen}"))


@knowledge.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The table to write (.csv, .csv.gz).",
)
@click.option("--quiet", is_flag=True, help="No progress bar and no notes; errors are still told.")
def learn(sources: tuple[str, ...], out: Path, quiet: bool) -> None:
    """Learn who held which office when from dated reports (SOURCE as for read), and write the table.

    The shipped table was made from the public archive of current events. A title that one report alone gives counts
    where it comes with a whole name, and is shown as seen once.
    """
    from pourparler.archive.offices import learn as learned
    from pourparler.archive.offices import write

    session = Session(published=None, quiet=quiet)
    tenures = learned(session.records(sources))
    write(tenures, out)
    if not quiet:
        tell(f"{len(tenures)} terms of {len({t.office for t in tenures})} offices in {out}")
    if session.failed:
        sys.exit(1)
