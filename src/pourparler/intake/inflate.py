"""Packed content of answers and crawled pages, unpacked piece by piece up to a limit."""

from __future__ import annotations

import zlib
from typing import Any

# How a server may have packed what it sends. Others are not asked for, and two in a row only a bomb has: 64 KB packed
# twice unpack to 64 GB.
GZIP_OR_DEFLATE = ("gzip", "x-gzip", "deflate")
_GZIP = b"\x1f\x8b"


class TooMuch(Exception):
    """The content unpacks to more than it may."""


class Inflater:
    """Unpacks gzip, zlib or, which some servers call "deflate", bare deflate, as it comes.

    ``add`` raises TooMuch where it all unpacks to more than ``most`` bytes, and zlib.error where it is damaged.
    What follows the end and is no further gzip member is passed over, as browsers do.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._out = bytearray()
        self._start = b""  # the first bytes of a member, while they are too few to tell what it is
        self._unpacker: Any = None
        self._bits = 0
        self._members = 0
        self._ended = False

    def add(self, data: bytes) -> None:
        """Take the next piece."""
        data = self._start + data
        self._start = b""
        while data and not self._ended:
            if self._unpacker is None:
                if len(data) < 2:
                    self._start = data
                    return
                if self._members and not data.startswith(_GZIP):
                    self._ended = True
                    return
                self._bits = _bits(data)
                self._unpacker = zlib.decompressobj(self._bits)
                self._members += 1
            self._out += self._unpacker.decompress(data, self._most + 1 - len(self._out))
            if len(self._out) > self._most:
                raise TooMuch
            data = self._unpacker.unconsumed_tail or self._unpacker.unused_data
            if self._unpacker.eof:
                self._unpacker = None

    def all(self, *, cut: bool = False) -> bytes:
        """Return what came, unpacked; raises zlib.error where the end is missing, unless it may be ``cut`` off.

        Of bare deflate the end must be there: anything may look like its beginning.
        """
        if cut and self._unpacker is not None and self._bits > 0:
            return bytes(self._out)
        if self._unpacker is not None or (self._start and not self._members):
            raise zlib.error("the end is missing")
        return bytes(self._out)


def _bits(start: bytes) -> int:
    """Return how zlib is to read what begins so: gzip or zlib by its header, else bare deflate."""
    if start.startswith(_GZIP):
        return 31
    return 15 if start[0] & 15 == 8 and int.from_bytes(start[:2], "big") % 31 == 0 else -15


def inflated(data: bytes, most: int, *, cut: bool = False) -> bytes:
    """Return unpacked data, which may be ``cut`` off; raises TooMuch or zlib.error."""
    inflater = Inflater(most)
    inflater.add(data)
    return inflater.all(cut=cut)
