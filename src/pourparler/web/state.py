"""What a running desk holds: its archive, its accounts, its process files."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from pourparler.archive import process as process_files
from pourparler.archive.chronicle import Chronicle, chronicle
from pourparler.archive.process import Process
from pourparler.archive.store import Archive
from pourparler.errors import ProcessError
from pourparler.web.accounts import Accounts
from pourparler.web.settings import Settings

if TYPE_CHECKING:
    from pourparler.reading import Reader


@dataclass
class Desk:
    """One desk. ``reader`` is made when the first report is added: it takes half a second and 200 MB."""

    settings: Settings
    archive: Archive
    accounts: Accounts
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def processes(self) -> list[Process]:
        """Return the processes whose files lie in the desk's folders, by name; files that are none are left out."""
        found: dict[str, Process] = {}
        for folder in self.settings.processes:
            for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
                try:
                    one = process_files.load(path)
                except ProcessError:
                    continue
                found.setdefault(one.name, one)
        return [found[name] for name in sorted(found)]

    def process(self, name: str) -> Process | None:
        """Return the process of a name, or None. Names come from files: a name is never made into a path."""
        return next((one for one in self.processes() if one.name == name), None)

    def chronicle(self, process: Process) -> Chronicle:
        """Return the chronicle of a process as the archive is now."""
        return chronicle(self.archive, process)

    @cached_property
    def reader(self) -> Reader:
        """The reader for reports that are added here."""
        from pourparler.reading import Reader

        return Reader()


def desk_of(request: Request) -> Desk:
    """Return the desk that a request is for."""
    return cast(Desk, request.app.state.desk)


def folders(archive: str) -> tuple[Path, ...]:
    """Return where process files are looked for: the current folder, the archive's, and processes/ in both."""
    bases = [Path.cwd()]
    if "://" not in archive:
        bases.append(Path(archive).resolve().parent)
    return tuple(dict.fromkeys(path for base in bases for path in (base, base / "processes")))
