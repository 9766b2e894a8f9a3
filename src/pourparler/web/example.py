"""The example process: its reports come with the package, its archive is made when it is first asked for."""

from __future__ import annotations

import hashlib
import importlib.resources
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from pourparler.archive.adding import Added, add
from pourparler.archive.joining import join
from pourparler.archive.keys import run_key
from pourparler.archive.same import Shipped
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import DeskError
from pourparler.intake import Intake, find_sources

_NAME = "armenia-azerbaijan"


def example_files() -> Path:
    """Return the folder of the example: in the package, else in the checkout; raises DeskError without either."""
    package = Path(str(importlib.resources.files("pourparler")))
    for folder in (package / "examples" / _NAME, package.parents[1] / "examples" / _NAME):
        if (folder / "reports.jsonl").is_file():
            return folder
    raise DeskError("the example is not in this installation. Give an archive, or install the package anew")


def example_archive(*, on_step: Callable[[str], None] = lambda _: None) -> Path:
    """Return the archive of the example, its process file beside it; made once for each version of the reader.

    It lies in the user's cache folder, or, where nothing can be written there, in a folder that the system clears.
    """
    from pourparler.reading import Reader

    files, reader = example_files(), Reader()
    reports = (files / "reports.jsonl").read_bytes()
    digest = hashlib.sha256(reports + run_key(reader.run).encode() + Shipped().method.encode()).hexdigest()[:12]
    folder = _cache() / f"example-{digest}"
    path = folder / f"{_NAME}.db"
    if not path.is_file():
        on_step("Reads the example process; the next time it is there at once.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as making:
            made = Path(making) / f"{_NAME}.db"
            _make(files / "reports.jsonl", made, reader, on_step)
            folder.mkdir(exist_ok=True)
            # Whole or not at all: one that was broken off is made anew.
            made.replace(path)
    shutil.copyfile(files / "process.toml", folder / f"{_NAME}.toml")
    return path


def _make(reports: Path, path: Path, reader: object, on_step: Callable[[str], None]) -> None:
    from pourparler.reading import Reader

    assert isinstance(reader, Reader)

    def fail(error: Exception) -> None:
        raise error

    intake = Intake(on_error=fail)
    arrived = (
        Arrived(document, reports.name, spot.place)
        for document, spot in intake.placed(find_sources([str(reports)], on_error=fail))
    )

    def step(at: Added) -> None:
        on_step(f"{at.read} reports read")

    with Archive.open(path, create=True) as archive:
        add(archive, arrived, reader, batch=60, on_step=step)
        join(archive, Shipped())
        with archive.engine.connect() as connection:
            # All into the one file, which is then moved.
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _cache() -> Path:
    """Return a folder of the user's where what can be made anew may lie."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "pourparler"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="pourparler-"))
