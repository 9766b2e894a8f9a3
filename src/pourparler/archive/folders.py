"""A folder on this machine or on any file system that pyarrow or fsspec knows, written to atomically."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pourparler.errors import BatchError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

# Of a file that is not whole yet: nothing that begins so is ever read.
UNFINISHED = ".unfinished-"
_ADVICE = "Check the name, and that you may read and write there"


def is_address(name: str) -> bool:
    """Return whether a name is the address of a file system ("s3://...", "file:///..."), not a path of ours."""
    scheme, mark, _ = name.partition("://")
    return bool(mark) and scheme.isascii() and scheme.replace("+", "").isalnum() and len(scheme) > 1


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: ``files`` is its file system, ``root`` the path in it, ``name`` what the user called it.

    Paths of files in it are relative, with slashes. Raises BatchError where the file system does.
    """

    name: str
    files: FileSystem
    root: str

    @classmethod
    def at(cls, name: str) -> Folder:
        """Return the folder that a path or an address names; it need not be there."""
        files, root = file_system(name)
        return cls(name, files, root.rstrip("/") or "/")

    def read(self, path: str) -> bytes:
        """Return what a file holds."""
        with self._told(path), self.files.open_input_stream(self._path(path), compression=None) as stream:
            return bytes(stream.read())

    def opened(self, path: str) -> Any:
        """Return a file opened for random access, for pyarrow."""
        with self._told(path):
            return self.files.open_input_file(self._path(path))

    def has(self, path: str) -> bool:
        """Return whether there is a file of that name."""
        from pyarrow.fs import FileType

        with self._told(path):
            return bool(self.files.get_file_info(self._path(path)).type == FileType.File)

    def write(self, path: str, data: bytes) -> None:
        """Write a file, whole or not at all; what stood there is replaced."""
        full = self._path(path)
        parent, _, last = full.rpartition("/")
        made = f"{parent}/{UNFINISHED}{uuid.uuid4().hex}-{last}"
        with self._told(path):
            self.files.create_dir(parent, recursive=True)
            try:
                with self.files.open_output_stream(made, compression=None) as stream:
                    stream.write(data)
                self.files.move(made, full)
            except BaseException:
                with contextlib.suppress(OSError):
                    self.files.delete_file(made)
                raise

    def remove(self, path: str) -> None:
        """Remove a file; that it is gone already is no error."""
        with self._told(path), contextlib.suppress(FileNotFoundError):
            self.files.delete_file(self._path(path))

    def names(self, under: str) -> list[str]:
        """Return the paths of all whole files under a folder of it, sorted; none where it is not there."""
        from pyarrow.fs import FileSelector, FileType

        with self._told(under):
            chosen = FileSelector(self._path(under), allow_not_found=True, recursive=True)
            found = [one.path for one in self.files.get_file_info(chosen) if one.type == FileType.File]
        inside = (path[len(self.root) :].lstrip("/") for path in found)
        return sorted(path for path in inside if not path.rpartition("/")[2].startswith(UNFINISHED))

    def _path(self, path: str) -> str:
        return f"{self.root.rstrip('/')}/{path}" if path else self.root

    @contextlib.contextmanager
    def _told(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = f"{self.name.rstrip('/')}/{path}" if path else self.name
            raise BatchError(where, f"the file system says: {short(error)}", _advice(error)) from error


def file_system(name: str) -> tuple[FileSystem, str]:
    """Return the file system of a path or an address, and the path in it; raises BatchError for an unknown one."""
    import pyarrow
    from pyarrow import fs

    if name.startswith(("http://", "https://")):
        # fsspec would ask it without the intake's rules of what may be asked, and nothing can be written there.
        raise BatchError(name, "a page is no file system", "Give a path, or the address of a file system")
    if not is_address(name):
        return fs.LocalFileSystem(), os.fspath(Path(name).absolute())
    try:
        files, path = fs.FileSystem.from_uri(name)
        return files, path
    except (pyarrow.ArrowException, OSError, ValueError):
        return _by_fsspec(name)


def _by_fsspec(name: str) -> tuple[FileSystem, str]:
    from pyarrow import fs

    try:
        import fsspec  # type: ignore[import-untyped]

        files, path = fsspec.core.url_to_fs(name)
    except (ImportError, OSError, ValueError) as error:
        raise BatchError(
            name,
            f"no file system for this address ({short(error)})",
            "Install the fsspec package for it (such as s3fs or gcsfs), or give a path",
        ) from error
    return fs.PyFileSystem(fs.FSSpecHandler(files)), str(path)


@contextlib.contextmanager
def fetched(name: str, into: Path) -> Iterator[Path]:
    """Yield a copy on this machine of the file at an address, in a folder; it is removed afterwards.

    Raises OSError where it cannot be fetched, BatchError where no file system has that address.
    """
    files, path = file_system(name)
    # A copy, not a stream: Parquet is read from its end, and a network that stops is tried again as a whole.
    # Of its name the ending counts; a name has 255 bytes, and a character up to four.
    copy = into / f"{uuid.uuid4().hex}-{path.rpartition('/')[2][-40:]}"
    try:
        with files.open_input_stream(path, compression=None) as source, copy.open("wb") as target:
            shutil.copyfileobj(cast(BinaryIO, source), target, 1 << 20)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def short(error: BaseException) -> str:
    """Return the first line of what an error says, cut; its type where it says nothing."""
    words = str(error).splitlines()
    return words[0][:200] if words else type(error).__name__


def _advice(error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
    return "Make room there; the same command goes on where it stopped" if full else _ADVICE
