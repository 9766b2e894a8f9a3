"""The list of the user's own actors, for the commands that read into an archive."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

from pourparler.knowledge import OWN_ACTORS
from pourparler.knowledge.actors import forget

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


def _use(actors: str | None) -> None:
    if actors is None:
        os.environ.pop(OWN_ACTORS, None)
    else:
        os.environ[OWN_ACTORS] = actors
    forget()
