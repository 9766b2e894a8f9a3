"""``pourparler watch``: feeds into an archive, again and again."""

from __future__ import annotations

import datetime
import sys
import time
from pathlib import Path

import click

from pourparler.cli.archive import Notices, archive_option, join_archive, quiet_option

# How long to sleep where nothing is due: short enough to be stopped at once and to notice a new day.
_NAP = 20.0


@click.command()
@click.argument("feeds", type=click.Path(dir_okay=False, path_type=Path), metavar="FEEDS.TOML")
@archive_option
@click.option("--once", is_flag=True, help="Ask each feed that is due once, then end.")
@quiet_option
def watch(feeds: Path, where: str, once: bool, quiet: bool) -> None:
    """Poll feeds, keep and read what is new, and join it.

    FEEDS.TOML has one [[feed]] for each: url, and if wanted name, every = "30m", full = true (fetch each item's
    page). robots.txt and Retry-After are obeyed. Stop it with Ctrl-C; nothing is lost.
    """
    from pourparler.archive.feeds import Poller, load_feeds
    from pourparler.archive.store import Archive
    from pourparler.archive.watching import watch_once
    from pourparler.reading import Reader

    listed = load_feeds(feeds)
    notices = Notices(quiet=quiet)
    poller = Poller(on_error=notices.error, on_note=notices.note)
    with Archive.open(where, create=True) as kept:
        reader = Reader()
        while True:
            done = watch_once(kept, listed, reader, poller)
            if done.new:
                stamp = datetime.datetime.now().strftime("%H:%M")
                if not quiet:
                    click.echo(f"{stamp} {done.new:,} new reports", err=True)
                join_archive(kept, quiet=quiet)
            if once:
                break
            time.sleep(_NAP)
    sys.exit(1 if notices.failed or done.failed else 0)
