"""The process files that lie in a desk's folders, read again where one has changed."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pourparler.archive.process import Process, load
from pourparler.errors import ProcessError


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was read: what tells that it has changed (time, size, place on the disk), and its process."""

    stamp: tuple[int, int, int]
    process: Process | None


@dataclass(frozen=True, slots=True)
class _Found:
    """The files as they were found, each as it was read, and the processes in them."""

    state: tuple[tuple[str, tuple[int, int, int]], ...]
    read: dict[str, _Read]
    processes: tuple[Process, ...]


class ProcessFiles:
    """The processes of some folders. Every page asks for them: reading each file every time took 1.5 ms of 4."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._found = _Found((), {}, ())

    def processes(self) -> tuple[Process, ...]:
        """Return the processes by name; of two files with one name the first counts, files that are none do not."""
        return self._now().processes

    def state(self) -> Hashable:
        """Return what differs where a file has changed, come or gone."""
        return self._now().state

    def _now(self) -> _Found:
        state = tuple(one for folder in self._folders for one in _files(folder))
        found = self._found
        if found.state != state:
            read = {
                path: kept if (kept := found.read.get(path)) and kept.stamp == stamp else _Read(stamp, _process(path))
                for path, stamp in state
            }
            by_name: dict[str, Process] = {}
            for one in read.values():
                if one.process is not None:
                    by_name.setdefault(one.process.name, one.process)
            found = self._found = _Found(state, read, tuple(by_name[name] for name in sorted(by_name)))
        return found


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Yield the files of a folder that may be processes, by name, each with its stamp."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(one.path for one in entries if one.name.endswith(".toml"))
    except OSError:
        # A folder that is not there (yet), or may not be read.
        return
    for path in names:
        try:
            held = Path(path).stat()
        except OSError:
            continue
        yield path, (held.st_mtime_ns, held.st_size, held.st_ino)


def _process(path: str) -> Process | None:
    try:
        return load(Path(path))
    except ProcessError:
        return None
