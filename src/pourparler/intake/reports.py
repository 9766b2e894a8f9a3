"""Sources to documents, one by one; a bad one is reported and the rest goes on."""

from __future__ import annotations

import dataclasses
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from pourparler.errors import IntakeError
from pourparler.intake import formats, web
from pourparler.intake.columns import row_of
from pourparler.intake.counting import count
from pourparler.intake.dateline import dateline
from pourparler.intake.feed import feed_items, is_feed
from pourparler.intake.language import language_note, language_of
from pourparler.intake.limits import LIMITS
from pourparler.intake.mail import mbox_messages
from pourparler.intake.parquet import parquet_rows
from pourparler.intake.rows import csv_rows, json_lines
from pourparler.intake.sources import Source, kind_by_content, unreadable
from pourparler.intake.spots import Found, Items, Spot
from pourparler.intake.streams import Stream, whole
from pourparler.intake.text import MOST_BYTES, Note, check_size, clean, tidy, tidy_line
from pourparler.intake.warc import warc_records
from pourparler.record import Document, document_id

_PARSERS: dict[str, Callable[[bytes, str, Note], formats.Parsed]] = {
    "text": formats.parse_text,
    "markdown": formats.parse_markdown,
    "html": formats.parse_html,
    "pdf": formats.parse_pdf,
}
_WEB = ("http://", "https://")
_START = 4096  # bytes of standard input that say what it is
_LONGEST_TAG = 35  # a language's code with script and region (RFC 5646)
# Of these less is read than of others, for what is longer has too many characters at any rate.
_MOST = {"text": LIMITS.report_text, "markdown": LIMITS.report_text, "html": LIMITS.report_page}
_STREAMED: dict[str, Callable[[Stream, str, Note], Items]] = {
    "jsonl": lambda stream, name, _: json_lines(stream, name),
    "csv": csv_rows,
    "warc": warc_records,
    "mbox": mbox_messages,
}


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
        self._datelines = False

    def count(self, sources: Iterable[Source]) -> int:
        """Return how many documents sources hold, for a progress bar; a guess for large files (see ``counting``)."""
        return sum(count(source) for source in sources)

    def documents(self, sources: Iterable[Source]) -> Iterator[Document]:
        """Yield the documents of sources in order."""
        for document, _ in self.placed(sources):
            yield document

    def placed(self, sources: Iterable[Source]) -> Iterator[tuple[Document, Spot]]:
        """Yield the documents of sources in order, each with the place where it stands.

        The place of a report in a file that does not change is the same each time it is read.
        """
        for source in sources:
            try:
                yield from self._source(source)
            except IntakeError as error:
                self._on_error(error)
            except OSError as error:
                self._on_error(unreadable(source.name, error))
            except MemoryError:
                self._on_error(IntakeError(source.name, "it does not fit into memory", "Split it into smaller files"))

    def document(self, parsed: formats.Parsed, spot: Spot) -> Document:
        """Return the document of a parsed report; raises IntakeError where it has no text or too much."""
        name = str(spot)
        text = clean(parsed.text, name, self._on_note)
        language = self._language(text, parsed.language, name)
        published = self._published or parsed.published or self._dateline(text, name)
        url = parsed.url if (parsed.url or "").startswith(_WEB) else None
        known = _named(parsed.id) or document_id(text, published=published, url=url)
        document = Document(known, text, parsed.title, published, parsed.publisher, url, language)
        return self._fitting(_tidied(document), spot)

    def _dateline(self, text: str, name: str) -> str | None:
        """Return the day of a report's own dateline; the first is told of, so that nobody wonders."""
        found = dateline(text)
        if found and not self._datelines:
            self._datelines = True
            self._on_note(f"{name}: its dateline, {found}, is taken for the day of publication; so is every other's")
        return found

    def _source(self, source: Source) -> Iterator[tuple[Document, Spot]]:
        if source.path is not None and source.kind in _STREAMED:
            _check_file(source)
            with Stream(source.path, source.name) as stream:
                yield from self._items(_STREAMED[source.kind](stream, source.name, self._on_note))
        elif source.path is not None and source.kind == "parquet":
            _check_file(source)
            yield from self._items(parquet_rows(source.path, source.name))
        elif source.kind == "url":
            yield from self._page(source)
        else:
            yield from self._items(self._whole(source))

    def _whole(self, source: Source) -> Items:
        """Yield what a file or standard input holds: a report, or items of a feed; the latter also rows or mail."""
        name, kind = source.name, source.kind
        if source.path is None:
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
            check_size(name, len(data), most=MOST_BYTES)
            kind = kind_by_content(data[:_START], name)
            if kind in ("jsonl", "mbox"):
                # Both ask for nothing but lines and their places.
                yield from _STREAMED[kind](cast(Stream, io.BytesIO(data)), name, self._on_note)
                return
        else:
            data = whole(source.path, name, most=min(MOST_BYTES, _MOST.get(kind, MOST_BYTES)))
        if kind == "feed":
            yield from feed_items(data, name, self._on_note)
        elif kind not in _PARSERS:
            raise IntakeError(name, f"{kind.upper()} is not read from here", "Give the file itself")
        else:
            yield Spot(name), _PARSERS[kind](data, name, self._on_note)

    def _page(self, source: Source) -> Iterator[tuple[Document, Spot]]:
        page = web.fetch(source.name)
        if is_feed(page.data):
            yield from self._items(feed_items(page.data, source.name, self._on_note, base=page.url))
            return
        yield from self._items(iter([(Spot(source.name), parse_page(page, source.name, self._on_note))]))

    def _items(self, items: Items) -> Iterator[tuple[Document, Spot]]:
        seen: set[int] = set()
        for spot, found in items:
            try:
                document = self._from(found, spot, seen)
            except IntakeError as error:
                self._on_error(error)
                continue
            yield document, spot

    def _from(self, found: Found, spot: Spot, seen: set[int]) -> Document:
        if isinstance(found, IntakeError):
            raise found
        if isinstance(found, formats.Parsed):
            return self._once(self.document(found, spot), found, spot, seen)
        document = self._row(found, spot)
        if hash(document.id) in seen:
            raise spot.error(f"the id {document.id} stood in an earlier row", "Give each report its own id")
        seen.add(hash(document.id))
        return document

    def _once(self, document: Document, parsed: formats.Parsed, spot: Spot, seen: set[int]) -> Document:
        """Return the document; where its own id stood before (a message sent to two lists), under its content's."""
        if parsed.id is None or hash(parsed.id) not in seen:
            seen.add(hash(parsed.id))
            return document
        self._on_note(f"{spot}: the id {parsed.id} stood in an earlier one; it gets an id made of its content")
        known = document_id(document.text, published=document.published, url=document.url)
        return dataclasses.replace(document, id=known)

    def _row(self, row: Mapping[str, Any], spot: Spot) -> Document:
        at = row_of(row, spot)
        # The text of a row keeps its length, so that offsets hold in the caller's own copy; only its size is checked.
        clean(at.text, str(spot), lambda _: None)
        text = tidy(at.text)
        if text != at.text:
            self._on_note(f"{spot}: control characters and lone surrogates were replaced, one for one")
        language = self._language(text, at.language, str(spot))
        published = at.published or self._published
        known = _named(at.id) or document_id(text, published=published, url=at.url)
        document = Document(known, text, at.title, published, at.publisher, at.url, language)
        return self._fitting(_tidied(document), spot)

    def _fitting(self, document: Document, spot: Spot) -> Document:
        """Return a document whose short fields are short: what is longer is no title, but is shown in every table."""
        most = LIMITS.report_field
        if len(document.id) > most:
            raise spot.error(f"its id has {len(document.id):,} characters, more than {most:,}", "Give a shorter one")
        if document.url and (len(document.url) > most or not document.url.lower().startswith(_WEB)):
            why = f"has {len(document.url):,} characters" if len(document.url) > most else "is none of http or https"
            self._on_note(f"{spot}: its address {why} and was left out")
            document = dataclasses.replace(document, url=None)
        if document.language and len(document.language) > _LONGEST_TAG:
            raise spot.error(f"its language {document.language[:40]!r} is none", "Write a code such as en")
        for name in ("title", "publisher"):
            words: str | None = getattr(document, name)
            if words and len(words) > most:
                self._on_note(f"{spot}: its {name} has {len(words):,} characters; the first {most:,} are kept")
                document = dataclasses.replace(document, **{name: words[:most].rstrip()})
        return document

    def _language(self, text: str, given: str | None, name: str) -> str:
        language = given or language_of(text)
        if told := language_note(text, language):
            self._on_note(f"{name}: {told}")
        return language or "en"


def _named(given: str | None) -> str | None:
    """Return the id that a source gives; None for one of control characters, of which blanks would be left."""
    return given if given and tidy(given).strip() else None


def _tidied(document: Document) -> Document:
    """Return a document whose short fields are one line each, whatever stood in the source."""

    def line(value: str | None) -> str | None:
        return None if value is None else tidy_line(value) or None

    return dataclasses.replace(
        document,
        id=tidy(document.id),
        title=line(document.title),
        publisher=line(document.publisher),
        url=line(document.url),
        language=tidy(document.language),
    )


def parse_page(page: web.Page, name: str, note: Note) -> formats.Parsed:
    """Return the report of a page that was fetched."""
    if page.kind == "application/pdf":
        found = formats.parse_pdf(page.data, name, note)
    elif page.kind == "text/plain":
        found = formats.parse_text(page.data, name, note, charset=page.charset)
    else:
        found = formats.parse_html(page.data, name, note, charset=page.charset)
    return dataclasses.replace(found, url=page.url)


def _check_file(source: Source) -> None:
    if source.path is not None and not source.path.is_file():
        raise IntakeError(source.name, "it is no file", "Give a file, a folder, an address, or - for standard input")
