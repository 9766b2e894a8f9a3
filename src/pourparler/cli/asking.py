"""What commands that ask an archive share: their options, and where a process is looked for."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pourparler.cli.output import on_terminal, tell
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


def processes_at_hand(where: str) -> Iterator[tuple[Path, Process]]:
    """Yield the processes in ``process_folders`` with their files; one that is wrong is told of on stderr."""
    from pourparler.archive.process import load

    for path in sorted({path for folder in process_folders(where) for path in folder.glob("*.toml")}):
        try:
            yield path, load(path)
        except ProcessError as error:
            if _is_meant(path):
                tell(f"note: {error}")


def _is_meant(path: Path) -> bool:
    """True where a file that is no process was meant to be one: not every TOML file beside you is."""
    try:
        return path.parent.name == "processes" or "side" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def find_process(name: str, where: str) -> Process:
    """Return the process of a name or path; raises ProcessError.

    A name is that of a file in one of ``process_folders`` without .toml, else the name that stands in one, case and
    accents aside. No path is ever made of it: the files that are there are compared with it.
    """
    from pourparler.archive.process import load

    if "\0" in name:
        raise ProcessError("a name or path cannot hold a NUL character. Give another")
    files = (path for folder in process_folders(where) for path in sorted(folder.glob("*.toml")) if path.is_file())
    path = next((path for path in files if path.stem == name), None) or _as_path(name)
    return load(path) if path else _named(name, where)


def _as_path(name: str) -> Path | None:
    try:
        return Path(name) if Path(name).is_file() else None
    except OSError:  # no file has a name so long
        return None


def _named(name: str, where: str) -> Process:
    """Return the one process whose file gives it the name."""
    from pourparler.archive.search import fold

    wanted = fold(name)
    found: dict[Path, tuple[Path, Process]] = {}
    for path, one in processes_at_hand(where):
        if one.name == name or (wanted and fold(one.name) == wanted):
            found.setdefault(path.resolve(), (path, one))
    if len(found) > 1:
        files = ", ".join(str(path) for path, _ in found.values())
        raise ProcessError(f"{len(found)} files have a process named {name!r}: {files}. Give the file that you mean")
    for _, one in found.values():
        return one
    looked = ", ".join(str(folder) for folder in process_folders(where))
    out = shlex.quote(f"{name.removesuffix('.toml')}.toml")
    raise ProcessError(
        f"there is no process {name!r}: no such file, and no process file in {looked} has the name. "
        f"List them with: pourparler process list. Make one with: pourparler process new WORDS --out {out}"
    )
