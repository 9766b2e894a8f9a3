"""What the user named: files, folders, addresses, standard input, and how each is read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from pourparler.errors import IntakeError
from pourparler.intake.feed import is_feed
from pourparler.intake.streams import PACKED_SUFFIXES, head

Kind = Literal["text", "markdown", "html", "pdf", "jsonl", "csv", "parquet", "warc", "mbox", "feed", "url", "stdin"]
_KIND_OF: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
    ".mbox": "mbox",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
}
# How a line of JSON begins, and JSON that goes over several lines or is a list.
_JSON_LINE = re.compile(rb'\{[ \t]*"')
_JSON = re.compile(rb'\{\s*"|\[\s*\{')


@dataclass(frozen=True, slots=True)
class Source:
    """One file, address or stream: ``name`` as the user wrote it, ``kind`` how it is read."""

    name: str
    kind: Kind
    path: Path | None = None


def find_sources(names: Iterable[str], *, on_error: Callable[[IntakeError], None]) -> list[Source]:
    """Return the sources that names stand for, folders walked in order of path; bad names go to ``on_error``."""
    out: list[Source] = []
    for name in names:
        try:
            out += _found(name, on_error)
        except IntakeError as error:
            on_error(error)
        except OSError as error:
            on_error(unreadable(name, error))
    return out


def _found(name: str, on_error: Callable[[IntakeError], None]) -> list[Source]:
    if name == "-":
        return [Source("standard input", "stdin")]
    if name.startswith(("http://", "https://")):
        return [Source(name, "url")]
    if "://" in name[:12]:
        raise IntakeError(name, "only http and https addresses are read", "Save the report and give the file")
    if "\0" in name:
        raise IntakeError(name.replace("\0", "\\0"), "a path cannot hold a NUL character", "Give another path")
    path = Path(name)
    if path.is_dir():
        return _folder(name, path, on_error)
    if not path.exists():
        raise IntakeError(name, "there is no such file", "Check the path")
    return [Source(name, _by_suffix(path) or kind_by_content(head(path), name), path)]


def _folder(name: str, path: Path, on_error: Callable[[IntakeError], None]) -> list[Source]:
    # A listing that fails says so; rglob would pass over it in silence.
    next(path.iterdir(), None)
    files = sorted(p for p in path.rglob("*") if p.is_file() and kind_in_folder(p.relative_to(path)))
    inside = [p for p in files if not _leads_out(p, path, on_error)]
    out = [Source(str(p), kind, p) for p in inside if (kind := _by_suffix(p)) and not _other_xml(p)]
    if not out:
        raise no_report(name)
    return out


def kind_in_folder(inside: PurePath) -> Kind | None:
    """Return how a file that lies so within a folder is read; None where it is left out: hidden, or of no known name.

    What the folder itself is called, or lies in, hides nothing.
    """
    return None if any(part.startswith(".") for part in inside.parts) else _by_suffix(inside)


def no_report(folder: str) -> IntakeError:
    """Return what to tell of a folder that holds nothing to read."""
    return IntakeError(folder, f"no report in this folder ({', '.join(_KIND_OF)})", "Give another folder, or a file")


def _leads_out(file: Path, folder: Path, on_error: Callable[[IntakeError], None]) -> bool:
    """Return whether a file found in a folder is a link to one elsewhere, and tell of it.

    Who packed the folder would else choose which of the reader's own files come into the archive.
    """
    if not file.is_symlink() or not _by_suffix(file) or file.resolve().is_relative_to(folder.resolve()):
        return False
    on_error(IntakeError(str(file), "it is a link to a file outside of the folder", "Give that file itself"))
    return True


def _by_suffix(path: PurePath) -> Kind | None:
    """Return the kind that a name's ending says; ".jsonl.gz" is as ".jsonl"."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes and suffixes[-1] in PACKED_SUFFIXES:
        suffixes.pop()
    return _KIND_OF.get(suffixes[-1]) if suffixes else None


def _other_xml(path: Path) -> bool:
    """Return whether a file found in a folder is XML of another kind: most of it is no news."""
    if ".xml" not in path.suffixes[-2:]:
        return False
    try:
        return not is_feed(head(path))
    except OSError:
        return False


def kind_by_content(start: bytes, name: str) -> Kind:
    """Return how a source without a known ending is read, by its first bytes.

    Raises IntakeError for JSON in one piece: as text its marks would be read as words of a report.
    """
    start = start.removeprefix(codecs.BOM_UTF8).lstrip()
    low = start[:512].lower()
    if low.startswith(b"%pdf"):
        return "pdf"
    if low.startswith((b"<!doctype html", b"<html")):
        return "html"
    if start.startswith(b"WARC/"):
        return "warc"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"From ") and b"\nSubject:" in start:
        return "mbox"
    if is_feed(start):
        return "feed"
    if _JSON_LINE.match(start):
        return "jsonl"
    if _JSON.match(start):
        raise IntakeError(name, "JSON in one piece is not read", "Write one object a line into a .jsonl file")
    return "text"


def unreadable(name: str, error: OSError) -> IntakeError:
    """Return what to tell of a file that the system does not give."""
    return IntakeError(name, f"it cannot be read ({error.strerror or error})", "Check the path and its permissions")
