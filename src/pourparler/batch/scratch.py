"""Temporary folders, removed when they are no longer needed; where who made one was killed, by the next."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "pp-"
# Says that a folder is one of ours: others may begin with the same letters.
_MARK = ".pourparler"


@contextlib.contextmanager
def folder(base: str | None = None) -> Iterator[Path]:
    """Yield a new folder in ``base`` (where temporary files lie when None); it is removed at the end.

    Those that killed processes left there are removed first. Who makes one keeps it locked, and the system gives the
    lock up with the process: no number of a process is asked for, which another may have by now.
    """
    where = Path(base or tempfile.gettempdir())
    _sweep(where)
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=where))
    held = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Marked behind the lock: one that is marked and not locked has no owner. Some file systems lock no folder.
        with contextlib.suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            (made / _MARK).touch()
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def _sweep(where: Path) -> None:
    for path in where.glob(f"{_PREFIX}*"):
        # No folder, a link, somebody else's, locked: left alone.
        with contextlib.suppress(OSError):
            left = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(left).st_uid == os.geteuid() and _is_marked(left):
                    fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(left)


def _is_marked(left: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        os.stat(_MARK, dir_fd=left, follow_symlinks=False)
        return True
    return False
