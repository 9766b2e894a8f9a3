"""Files as streams, unpacked on the way (gzip, bzip2, zstd), in bounded memory and with damage named by its place."""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Literal, cast

from pourparler.errors import IntakeError
from pourparler.intake.limits import LIMITS
from pourparler.intake.text import check_size

Packing = Literal["gzip", "bzip2", "zstd"]
PACKED_SUFFIXES = (".gz", ".bz2", ".zst")
_MAGIC: dict[bytes, Packing] = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\x28\xb5\x2f\xfd": "zstd"}
# DEFLATE grows 1,032-fold at most, so a bomb is found within 1,032 times what was read of its file.
MOST_GROWTH = LIMITS.packed_growth
UNSUSPICIOUS = LIMITS.packed_unsuspicious
_FAILURES = (EOFError, OSError, zlib.error, ValueError)


class Stream:
    """Bytes of a file as they are once unpacked; ``tell`` counts those.

    Raises IntakeError from ``read`` and ``readline`` where packed data are damaged, cut off or grow without measure.
    A file that is not packed raises OSError as usual.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        self._raw = path.open("rb")
        try:
            self.packing = _packing(self._raw)
            self._bytes = _unpacked(self._raw, self.packing)
        except BaseException:
            self._raw.close()
            raise
        self._at = 0
        self._pushed = b""

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._bytes.close()
        self._raw.close()

    def tell(self) -> int:
        """Return how many unpacked bytes were read."""
        return self._at

    @property
    def packed_at(self) -> int:
        """How many bytes of the file itself were read, buffers included."""
        return self._raw.tell()

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; fewer only at the end."""
        if self._pushed:
            taken, self._pushed = self._pushed[:size], self._pushed[size:]
            self._at += len(taken)
            return taken + self.read(size - len(taken))
        return self._take(self._bytes.read, size)

    def readline(self, size: int) -> bytes:
        """Return bytes up to and with the next line end, at most ``size``."""
        if self._pushed:
            line, self._pushed = self._pushed, b""
            self._at += len(line)
            return line
        return self._take(self._bytes.readline, size)

    def push(self, line: bytes) -> None:
        """Give back a line just read, so that it is read again."""
        self._pushed = line
        self._at -= len(line)

    def skip(self, size: int) -> int:
        """Pass over ``size`` bytes; return how many there were."""
        if self.packing is None and not self._pushed:
            there = max(0, min(size, self._raw.seek(0, io.SEEK_END) - self._at))
            self._at += there
            self._raw.seek(self._at)
            return there
        left = size
        while left and (part := self.read(min(left, 1 << 20))):
            left -= len(part)
        return size - left

    def _take(self, take: Callable[[int], bytes], size: int) -> bytes:
        if self.packing is None:
            data = take(size)
            self._at += len(data)
            return data
        try:
            data = take(size)
        except _FAILURES as error:
            problem = f"the {self.packing} data are damaged or cut off after {self._at:,} unpacked bytes ({error})"
            raise IntakeError(self._name, problem, "Fetch or pack the file again") from error
        self._at += len(data)
        if self._at > UNSUSPICIOUS and self._at > MOST_GROWTH * self.packed_at:
            problem = f"it grows more than {MOST_GROWTH}-fold when unpacked ({self._at:,} bytes so far)"
            raise IntakeError(self._name, problem, "Unpack it yourself and give what is worth reading")
        return data


def _packing(raw: BinaryIO) -> Packing | None:
    start = raw.read(4)
    raw.seek(0)
    return next((packing for magic, packing in _MAGIC.items() if start.startswith(magic)), None)


def _unpacked(raw: BinaryIO, packing: Packing | None) -> BinaryIO:
    if packing == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if packing == "bzip2":
        return cast(BinaryIO, bz2.BZ2File(raw))
    if packing == "zstd":
        import pyarrow

        return cast(BinaryIO, io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(raw), "zstd")))
    return raw


def whole(path: Path, name: str, *, most: int) -> bytes:
    """Return a file's unpacked bytes; raises IntakeError where there are more than ``most``."""
    if not path.is_file():
        raise IntakeError(name, "it is no file", "Give a file, a folder, an address, or - for standard input")
    with Stream(path, name) as stream:
        data = stream.read(most + 1)
    check_size(name, len(data), most=most)
    return data


def head(path: Path, size: int = 2048) -> bytes:
    """Return the first unpacked bytes of a file; empty where it cannot be unpacked."""
    try:
        with Stream(path, path.name) as stream:
            return stream.read(size)
    except IntakeError:
        return b""
