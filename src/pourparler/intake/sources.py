"""What the user named, turned into documents one by one; a bad one is reported and the rest goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pourparler.errors import IntakeError
from pourparler.intake import formats, rows, web
from pourparler.intake.text import MOST_BYTES, Note, clean, language_note
from pourparler.record import Document, document_id

Kind = Literal["text", "markdown", "html", "pdf", "jsonl", "csv", "url", "stdin"]
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
}
_PARSERS: dict[str, Callable[[bytes, str, Note], formats.Parsed]] = {
    "text": formats.parse_text,
    "markdown": formats.parse_markdown,
    "html": formats.parse_html,
    "pdf": formats.parse_pdf,
}


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
            out += _found(name)
        except IntakeError as error:
            on_error(error)
        except OSError as error:
            on_error(_unreadable(name, error))
    return out


def _found(name: str) -> list[Source]:
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
        return _folder(name, path)
    if not path.exists():
        raise IntakeError(name, "there is no such file", "Check the path")
    return [Source(name, _kind(path), path)]


def _folder(name: str, path: Path) -> list[Source]:
    # A listing that fails says so; rglob would pass over it in silence.
    next(path.iterdir(), None)
    files = sorted(p for p in path.rglob("*") if p.is_file() and not any(x.startswith(".") for x in p.parts[-3:]))
    out = [Source(str(p), _KIND_OF[p.suffix.lower()], p) for p in files if p.suffix.lower() in _KIND_OF]
    if not out:
        raise IntakeError(name, f"no report in this folder ({', '.join(_KIND_OF)})", "Give another folder, or a file")
    return out


def _kind(path: Path) -> Kind:
    known = _KIND_OF.get(path.suffix.lower())
    if known:
        return known
    with path.open("rb") as stream:
        head = stream.read(512).lstrip().lower()
    if head.startswith(b"%pdf"):
        return "pdf"
    if head.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "jsonl" if head.startswith(b'{"') else "text"


def _unreadable(name: str, error: OSError) -> IntakeError:
    return IntakeError(name, f"it cannot be read ({error.strerror or error})", "Check the path and its permissions")


class Intake:
    """Yields documents of sources.

    Args:
        published: day of publication for reports that do not carry one in a column of their own.
        on_error: called with what could not be read; the rest goes on.
        on_note: called with what was read, but not quite as it stood.
    """

    def __init__(
        self,
        *,
        published: str | None = None,
        on_error: Callable[[IntakeError], None],
        on_note: Note = lambda _: None,
    ) -> None:
        self._published = published
        self._on_error = on_error
        self._on_note = on_note

    def count(self, sources: Iterable[Source]) -> int:
        """Return how many documents sources hold, for a progress bar: lines of JSONL, about so many rows of CSV."""
        return sum(self._count(source) for source in sources)

    @staticmethod
    def _count(source: Source) -> int:
        if source.path is None or source.kind not in ("jsonl", "csv"):
            return 1
        try:
            with source.path.open("rb") as stream:
                lines = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
        except OSError:
            return 1
        return max(1, lines - (source.kind == "csv"))

    def documents(self, sources: Iterable[Source]) -> Iterator[Document]:
        """Yield the documents of sources in order."""
        for source in sources:
            try:
                yield from self._documents(source)
            except IntakeError as error:
                self._on_error(error)
            except OSError as error:
                self._on_error(_unreadable(source.name, error))
            except MemoryError:
                self._on_error(IntakeError(source.name, "it does not fit into memory", "Split it into smaller files"))

    def _documents(self, source: Source) -> Iterator[Document]:
        if source.kind == "jsonl" and source.path:
            if source.path.stat().st_size == 0:
                raise IntakeError(source.name, "the file is empty", "Give a file that holds a report")
            yield from self._rows(rows.json_lines(source.path, source.name))
        elif source.kind == "csv" and source.path:
            yield from self._rows(rows.csv_rows(source.path, source.name, self._on_note))
        elif source.kind == "url":
            page = web.fetch(source.name)
            kind = "pdf" if page.kind == "application/pdf" else "text" if page.kind == "text/plain" else "html"
            yield self._document(_PARSERS[kind](page.data, source.name, self._on_note), source.name, url=page.url)
        elif source.kind == "stdin":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
            _check_size(source.name, len(data))
            kind = "html" if data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")) else "text"
            yield self._document(_PARSERS[kind](data, source.name, self._on_note), source.name)
        else:
            assert source.path is not None
            data = _bytes(source)
            yield self._document(_PARSERS[source.kind](data, source.name, self._on_note), source.name)

    def _document(self, parsed: formats.Parsed, name: str, *, url: str | None = None) -> Document:
        text = clean(parsed.text, name, self._on_note)
        self._tell_language(text, name)
        published = self._published or parsed.published
        address = url or parsed.url
        known = document_id(text, published=published, url=address)
        return Document(known, text, parsed.title, published, parsed.publisher, address)

    def _rows(self, found: Iterator[tuple[str, Mapping[str, Any] | IntakeError]]) -> Iterator[Document]:
        seen: set[str] = set()
        for where, row in found:
            try:
                if isinstance(row, IntakeError):
                    raise row
                document = self._row(row, where)
                if document.id in seen:
                    raise IntakeError(
                        where, f"the id {document.id} stood in an earlier row", "Give each report its own id"
                    )
            except IntakeError as error:
                self._on_error(error)
                continue
            seen.add(document.id)
            yield document

    def _row(self, row: Mapping[str, Any], where: str) -> Document:
        at = rows.fields_of(row, where)
        # The text of a row stays as given, so that offsets hold in the caller's own copy; only its size is checked.
        text = at["text"] or ""
        clean(text, where, lambda _: None)
        self._tell_language(text, where)
        published = at["published"] or self._published
        known = at["id"] or document_id(text, published=published, url=at["url"])
        return Document(known, text, at["title"], published, at["publisher"], at["url"], at["language"] or "en")

    def _tell_language(self, text: str, name: str) -> None:
        if told := language_note(text):
            self._on_note(f"{name}: {told}")


def _bytes(source: Source) -> bytes:
    assert source.path is not None
    if not source.path.is_file():
        raise IntakeError(source.name, "it is no file", "Give a file, a folder, an address, or - for standard input")
    _check_size(source.name, source.path.stat().st_size)
    return source.path.read_bytes()


def _check_size(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise IntakeError(name, f"more than {MOST_BYTES:,} bytes in one report", "Split it into single reports")
