"""``pourparler review``: doubtful tellings one by one, decided by single keys; each decision is kept at once."""

from __future__ import annotations

import click

from pourparler.cli.archive import archive_option
from pourparler.cli.verdict import by_option


@click.command()
@archive_option
@click.option("--process", "name", metavar="NAME|FILE", help="Only tellings of this process.")
@by_option
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
def review(where: str, name: str | None, by: str, limit: int) -> None:
    """Look through what the reader is least sure of, and decide by single keys.

    First come tellings of low confidence, those that differ from others of the same event, and claims that look like
    facts; those with a verdict do not come again. Each decision is kept at once. Without a terminal, keys and answers
    are read from standard input, one a line.
    """
    from pourparler.archive.doubts import doubts
    from pourparler.archive.store import Archive
    from pourparler.cli.asking import find_process
    from pourparler.cli.reviewing import Keys, Round

    with Archive.open(where) as kept:
        found = doubts(kept, process=find_process(name, where) if name else None)[:limit]
        done = Round(kept, found, by=by, keys=Keys()).go()
    click.echo(f"{done} verdicts given" if found else "nothing is left to look at")
