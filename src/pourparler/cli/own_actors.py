"""The list of the user's own actors, for the commands that read into an archive."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pourparler.errors import ArchiveError
from pourparler.knowledge import OWN_ACTORS
from pourparler.knowledge.actors import forget

if TYPE_CHECKING:
    from pourparler.archive.store import Archive
    from pourparler.record import Run

actors_option = click.option(
    "--actors",
    envvar=OWN_ACTORS,
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Your own actors (TOML), before those that are shipped; {OWN_ACTORS} names them for good.",
)


@contextlib.contextmanager
def reading_with(actors: Path | None) -> Iterator[None]:
    """Read with this list of own actors, or None; afterwards with what was set before."""
    before = os.environ.get(OWN_ACTORS)
    _use(None if actors is None else str(actors))
    try:
        yield
    finally:
        _use(before)


@contextlib.contextmanager
def reading_anew(archive: Archive, actors: Path | None, *, no_actors: bool) -> Iterator[None]:
    """Read with this list of own actors; without one, with the list that the archive was read with and keeps.

    With ``no_actors`` without any.
    """
    from pourparler.archive.own_lists import body_of, only

    used = None if actors or no_actors else only(archive)
    if used is None:
        with reading_with(None if no_actors else actors):
            yield
        return
    with tempfile.TemporaryDirectory(prefix="pourparler-") as folder:
        path = Path(folder) / f"{used}.toml"
        path.write_bytes(body_of(archive, used))
        with reading_with(path):
            yield


def check_list(archive: Archive, run: Run, *, given: bool, no_actors: bool) -> str:
    """Return what to tell of the list that a run reads again with, or "".

    Raises ArchiveError where a list of own actors would be lost for want of saying.
    """
    others = "" if no_actors else other_lists(archive, {run.actors}, unless=run)
    if others and not run.actors:
        raise ArchiveError(
            f"{others}, and now there is none. Give the list with --actors FILE (those that the archive keeps: "
            "pourparler archive lists), or read without it with --no-actors"
        )
    if others:
        return f"{others} and {'is' if others.startswith('1 ') else 'are'} read with another list now"
    if run.actors and not given:
        return f"read with the list of your own actors that the archive keeps ({run.actors}). Without: --no-actors"
    return ""


def other_lists(archive: Archive, now: Collection[str], *, unless: Run | None = None) -> str:
    """Return in words which reports were last read with another list of own actors than those of now, or "".

    ``unless`` leaves out the reports that this run has read.
    """
    from pourparler.archive.brief_words import many
    from pourparler.archive.own_lists import lists

    others = {used: reports for used, reports in lists(archive, unless=unless).items() if used not in now}
    if not others:
        return ""
    every = sum(others.values())
    was = "was" if every == 1 else "were"
    return f"{many(every, 'report')} {was} read with a list of your own actors ({', '.join(others)})"


def _use(actors: str | None) -> None:
    if actors is None:
        os.environ.pop(OWN_ACTORS, None)
    else:
        os.environ[OWN_ACTORS] = actors
    forget()
