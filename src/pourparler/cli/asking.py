"""What commands that ask an archive share: their options, and where a process is looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pourparler.cli.output import on_terminal
from pourparler.errors import ProcessError
from pourparler.export.asked import SUFFIXES

if TYPE_CHECKING:
    from pourparler.archive.process import Process

Command = TypeVar("Command", bound=Callable[..., Any])
# Rows of a table on a terminal, where no limit is given: what a person looks through.
_TABLE = 100

out_option = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write this file, whole or not at all."
)


def format_option(forms: tuple[str, ...]) -> Callable[[Command], Command]:
    """Return the option that chooses one of some formats."""
    words = "How rows are written: table on a terminal, jsonl elsewhere, unless --out has another ending."
    return click.option("--format", "form", type=click.Choice(forms), help=words)


def chosen_format(form: str | None, out: Path | None, forms: tuple[str, ...]) -> str:
    """Return the format asked for, else that of the file's ending, else that of where output goes."""
    if form:
        return form
    ending = SUFFIXES.get(out.suffix.lower()) if out else None
    return ending if ending in forms else "table" if out is None and on_terminal() else "jsonl"


def limit_of(limit: int | None, form: str, out: Path | None) -> int | None:
    """Return how many rows to write at most: as asked, 0 for all; a table on a terminal has 100 unless asked."""
    if limit is not None:
        return limit or None
    return _TABLE if form == "table" and out is None and on_terminal() else None


def process_folders(where: str) -> Iterator[Path]:
    """Yield the folders in which processes are looked for, those that are there, each once."""
    own = Path() if "://" in where else Path(where).parent
    seen: set[Path] = set()
    for folder in (Path(), own, Path("processes"), own / "processes"):
        if folder.is_dir() and folder.resolve() not in seen:
            seen.add(folder.resolve())
            yield folder


def find_process(name: str, where: str) -> Process:
    """Return the process of a name (NAME.toml in one of ``process_folders``) or path; raises ProcessError."""
    from pourparler.archive.process import load

    if "\0" in name:
        raise ProcessError("a name or path cannot hold a NUL character. Give another")
    candidates = [folder / f"{name}.toml" for folder in process_folders(where)]
    path = next((one for one in (*candidates, Path(name)) if one.is_file()), None)
    if path is None:
        looked = ", ".join(str(one) for one in (*candidates, Path(name)))
        raise ProcessError(
            f"there is no process {name!r} (looked for {looked}). "
            f"Make one with: pourparler process new WORDS --out {name.removesuffix('.toml')}.toml"
        )
    return load(path)
