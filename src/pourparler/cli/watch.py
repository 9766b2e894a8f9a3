"""``pourparler watch``: feeds into an archive, again and again."""

from __future__ import annotations

import datetime
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pourparler.cli.archive import Notices, archive_option, join_archive, quiet_option, tell_short
from pourparler.errors import ArchiveError, DamagedError

if TYPE_CHECKING:
    from pourparler.archive.adding import Added

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
    from pourparler.archive.watching import take_up, watch_once
    from pourparler.reading import Reader

    listed = load_feeds(feeds)
    notices = Notices(quiet=quiet)
    poller = Poller(on_error=notices.error, on_note=notices.note)
    with Archive.open(where, create=True) as kept:
        reader = Reader()
        # What a watch that was killed had kept, it may have had no time to read or to join.
        owed = True
        while True:
            try:
                if owed and (left := take_up(kept, reader)):
                    tell_short(left)
                    join_archive(kept, quiet=quiet)
                owed = False
                done = watch_once(kept, listed, reader, poller)
                _tell(done, quiet=quiet)
                if done.new or done.read:
                    join_archive(kept, quiet=quiet)
            except ArchiveError as error:
                # Another program writes for long, or the disk is full: it is tried again. Damage does not pass.
                if once or isinstance(error, DamagedError):
                    raise
                notices.error(error)
                owed = True
            if once:
                break
            time.sleep(_NAP)
    sys.exit(1 if notices.failed or done.failed or done.short else 0)


def _tell(done: Added, *, quiet: bool) -> None:
    tell_short(done)
    if (done.new or done.read) and not quiet:
        click.echo(f"{datetime.datetime.now():%H:%M} {done.new:,} new reports", err=True)
