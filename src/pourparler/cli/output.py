"""Where a command writes to: standard output, or a file that appears under its name only when it is complete."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TextIO

import click

from pourparler.errors import ExportError
from pourparler.export.view import printable


def on_terminal() -> bool:
    """True where standard output is a terminal."""
    return sys.stdout.isatty()


def tell(words: str) -> None:
    """Say something on standard error: a path or a row's id is outside text, and drives no terminal."""
    click.echo(printable(words), err=True)


@contextlib.contextmanager
def output(out: Path | None, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Yield the stream to write to; raises ExportError where it cannot be written.

    A file is whole or not there at all. Bytes go to a terminal never.
    """
    if out is None:
        if binary and on_terminal():
            raise ExportError("this format is no text for a terminal. Give --out FILE, or send it on (| or >)")
        yield sys.stdout.buffer if binary else utf8(sys.stdout)
        sys.stdout.flush()
        return
    with _told(out):
        handle, name = tempfile.mkstemp(prefix=f".{out.name}."[:60], dir=out.parent)
    try:
        mode: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", "encoding": "utf-8", "newline": ""}
        with _told(out), os.fdopen(handle, **mode) as stream:
            yield stream
        with _told(out):
            _settle(Path(name), out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportError(f"{out}: it cannot be written ({error.strerror}); give another --out") from error


def _settle(made: Path, out: Path) -> None:
    mode = out.stat().st_mode & 0o777 if out.exists() else 0o666 & ~_umask()
    made.chmod(mode)
    made.replace(out)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def utf8(stream: IO[str]) -> TextIO:
    """Return the stream set to UTF-8: what is written is UTF-8 whatever the locale says."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    return stream  # type: ignore[return-value]
