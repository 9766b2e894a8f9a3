"""Files that are too large, grow too much or nest too deep, made at any size, and a child process to read them."""

from __future__ import annotations

import bz2
import functools
import gzip
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORDS = b"Armenia accused Azerbaijan of shelling Sotk. "
_PART = 1 << 20
_MEMBER = 16 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """What a child process did: exit code, what it wrote, seconds, those of computing, most memory it held (MB).

    What processes took that it started itself is counted with it; of memory, the greatest of them.
    """

    code: int
    out: str
    err: str
    seconds: float
    cpu: float
    megabytes: float


def pourparler(*words: object, folder: Path, seconds: float = 600.0, most: int | None = None) -> Run:
    """Run a command in a child process, with at most so many MB of address space where ``most`` is given."""
    told = folder / "peak"
    told.unlink(missing_ok=True)
    limit = f"resource.setrlimit(resource.RLIMIT_AS, ({most << 20}, {most << 20}))" if most else ""
    begun = time.monotonic()
    with (folder / "out").open("w+b") as out, (folder / "err").open("w+b") as err:
        command = [sys.executable, "-c", _PROGRAM.format(told=str(told), limit=limit), *map(str, words)]
        child = subprocess.Popen(command, stdout=out, stderr=err)
        code, usage = _ended(child, begun + seconds)
        out.seek(0)
        err.seek(0)
        # What a hostile file makes of the output may itself be large: the beginning is enough.
        texts = [stream.read(1 << 24).decode("utf-8", "replace") for stream in (out, err)]
    kilobytes = float(told.read_text()) if told.exists() else float(usage.ru_maxrss)
    return Run(code, *texts, time.monotonic() - begun, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


# The system counts to a process what its parent held when it was made; its own peak is told by itself, at its end.
_PROGRAM = """
import atexit, pathlib, re, resource
def peak():
    own = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
    pathlib.Path({told!r}).write_text(str(max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)))
atexit.register(peak)
{limit}
from pourparler.cli import main
main()
"""


def _ended(child: subprocess.Popen[bytes], until: float) -> tuple[int, resource.struct_rusage]:
    """Wait for a child; return its exit code and what it took. It is killed when its time is over."""
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, usage
        if time.monotonic() > until:
            child.kill()
        time.sleep(0.02)


def parts(piece: bytes, size: int) -> Iterator[bytes]:
    """Yield a piece again and again until ``size`` bytes are full."""
    block = piece * max(1, _PART // len(piece))
    for _ in range(size // len(block)):
        yield block
    yield block[: size % len(block)]


def filled(path: Path, *, start: bytes = b"", piece: bytes, size: int, end: bytes = b"") -> Path:
    """Write a file of ``size`` bytes of a piece, with a start and an end."""
    with path.open("wb") as stream:
        stream.write(start)
        stream.writelines(parts(piece, size))
        stream.write(end)
    return path


def packed(path: Path, *, start: bytes = b"", piece: bytes, size: int) -> Path:
    """Write a gzip or bzip2 file that holds ``size`` bytes; a gigabyte of one byte takes a megabyte."""
    opened = bz2.open if path.suffix == ".bz2" else gzip.open
    with opened(path, "wb") as stream:
        stream.write(start)
        for part in parts(piece, size):
            stream.write(part)
    return path


def fast_bomb(path: Path, *, start: bytes, piece: bytes, size: int) -> Path:
    """Write a gzip file that unpacks to about ``size`` bytes: many members of 16 MB, made quickly."""
    member = min(size, _MEMBER)
    with path.open("wb") as stream:
        stream.write(gzip.compress(start))
        for _ in range(size // member):
            stream.write(_member(piece, member))
    return path


@functools.cache
def _member(piece: bytes, size: int) -> bytes:
    return gzip.compress(piece * (size // len(piece)))


def pdf_of(stream: bytes, *, filters: bytes = b"/FlateDecode", pages: int = 1) -> bytes:
    """Return a PDF with a page, named so many times, whose content is a stream packed by some filters."""
    kids = b"5 0 R " * pages
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d /Filter %s >>\nstream\n" % (len(stream), filters) + stream + b"\nendstream",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /Font << /F 3 0 R >> >> /Contents 4 0 R >>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + end
