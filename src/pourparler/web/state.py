"""What a running desk holds: its archive, its accounts, its process files."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from pourparler.archive.chronicle import Chronicle, chronicle
from pourparler.archive.process import Process
from pourparler.archive.standing import Standing, standing
from pourparler.archive.store import Archive
from pourparler.errors import PourparlerError
from pourparler.web.accounts import Accounts
from pourparler.web.adding import Jobs
from pourparler.web.made_once import MadeOnce
from pourparler.web.process_files import ProcessFiles
from pourparler.web.queueing import Queues
from pourparler.web.settings import Settings

if TYPE_CHECKING:
    from pourparler.reading import Reader

# Pages kept; one of the longest lists has 100 kB.
_PAGES = 128
# As many as the archive keeps.
_CHRONICLES = 8


@dataclass
class Desk:
    """One desk. ``reader`` is made by ``warm``, else when the first report is added: half a second and 200 MB."""

    settings: Settings
    archive: Archive
    accounts: Accounts
    jobs: Jobs = field(init=False)
    queues: Queues = field(init=False)
    pages: MadeOnce = field(default_factory=lambda: MadeOnce(_PAGES))
    _files: ProcessFiles = field(init=False)
    _chronicles: MadeOnce = field(default_factory=lambda: MadeOnce(_CHRONICLES))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _standings: tuple[int, list[Standing]] | None = None

    def __post_init__(self) -> None:
        self._files = ProcessFiles(self.settings.processes)
        self.queues = Queues(self.archive)
        self.jobs = Jobs(self.archive, lambda: self.reader, on_end=self.queues.forget)

    def warm(self) -> None:
        """Make in the background what the first person who adds a report would else wait for: reader and joining."""
        threading.Thread(target=self._warm, name="warming", daemon=True).start()

    def _warm(self) -> None:
        from pourparler.archive import meaning

        try:
            _ = self.reader
            meaning.encoder()
        except PourparlerError:
            # Whoever asks for it is told why it does not work.
            return

    def serial(self) -> int:
        """Return how often the archive was written to."""
        with self.archive.reading() as connection:
            return self.archive.serial(connection)

    def standings(self) -> list[Standing]:
        """Return how every verdict stands, oldest first; the same list until the archive changes."""
        serial = self.serial()
        kept = self._standings
        if kept is None or kept[0] != serial:
            kept = self._standings = (serial, standing(self.archive))
        return kept[1]

    def close(self) -> None:
        """End what goes on in the background; the batch of reports that is being read is kept."""
        self.queues.close()
        self.jobs.close()

    def processes(self) -> tuple[Process, ...]:
        """Return the processes whose files lie in the desk's folders, by name; files that are none are left out."""
        return self._files.processes()

    def files_state(self) -> Hashable:
        """Return what differs where a process file has changed, come or gone."""
        return self._files.state()

    def process(self, name: str) -> Process | None:
        """Return the process of a name, or None. Names come from files: a name is never made into a path."""
        return next((one for one in self.processes() if one.name == name), None)

    def chronicle(self, process: Process) -> Chronicle:
        """Return the chronicle of a process as the archive is now."""
        return self._chronicles.get((self.serial(), process), lambda: chronicle(self.archive, process))

    @property
    def reader(self) -> Reader:
        """The reader for reports that are added here; made once, whoever asks first."""
        with self._lock:
            return self._reader

    @cached_property
    def _reader(self) -> Reader:
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
