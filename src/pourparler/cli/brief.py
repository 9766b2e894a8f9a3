"""``pourparler brief`` and ``pourparler process page``: what a process comes to, for people to read and print."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from pourparler.cli.archive import archive_option
from pourparler.cli.asking import find_process, out_option
from pourparler.cli.knowledge import Day
from pourparler.cli.output import on_terminal, output, tell

_FORMS = ("md", "html")
_ENDINGS = {".html": "html", ".htm": "html", ".md": "md"}


@click.command()
@click.option("--process", "name", required=True, metavar="NAME|FILE", help="The process it is about.")
@click.option("--week", metavar="WEEK", help="The week it is about, as 2023-W18; else give --from and --to.")
@click.option("--from", "since", metavar="DAY", help="From this year, month, week or day on.")
@click.option("--to", "until", metavar="DAY", help="Up to this year, month, week or day; absent: the end of --from.")
@archive_option
@click.option(
    "--format", "form", type=click.Choice(_FORMS), help="md, or html to print; else by the ending of --out."
)
@out_option
def brief(
    name: str, week: str | None, since: str | None, until: str | None, where: str, form: str | None, out: Path | None
) -> None:
    """Write a situation brief of some days, in which every sentence carries its sources.

    It says what was known at the end of its last day: reports published later do not count.
    """
    from pourparler.archive.briefing import brief as made
    from pourparler.archive.store import Archive
    from pourparler.export.brief import write_html, write_markdown

    first, last = _days(week, since, until)
    chosen = form or (_ENDINGS.get(out.suffix.lower()) if out else None) or "md"
    with Archive.open(where) as archive:
        found = made(archive, find_process(name, where), first, last)
    with output(out) as stream:
        (write_html if chosen == "html" else write_markdown)(found, stream)
    if out:
        tell(f"wrote {out}")


def _days(week: str | None, since: str | None, until: str | None) -> tuple[datetime.date, datetime.date]:
    from pourparler.archive.periods import period

    if week and (since or until):
        raise click.UsageError("give --week, or --from and --to, not both")
    if week:
        return period(week)
    if not since:
        raise click.UsageError("say which days: --week 2023-W18, or --from and --to")
    return period(since)[0], period(until or since)[1]


@click.command()
@click.argument("process", metavar="NAME|FILE")
@archive_option
@click.option("--today", type=Day(), help="The day it is seen from (YYYY-MM-DD); that of the newest report.")
@out_option
def page(process: str, where: str, today: datetime.date | None, out: Path | None) -> None:
    """Write a process as one page that works offline: timeline, relations, claims, commitments, meetings, actors.

    Without --out it goes to NAME.html (of its file) on a terminal, else to standard output.
    """
    from pourparler.archive.store import Archive
    from pourparler.export.process_page import write

    one = find_process(process, where)
    if out is None and on_terminal():
        out = Path(f"{(one.path or Path(process)).stem}.html")
    with Archive.open(where) as archive, output(out) as stream:
        write(archive, one, stream, today=today)
    if out:
        tell(f"wrote {out}")
