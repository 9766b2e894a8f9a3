"""Files of every kind that is read, and the text in them."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from fuzz.targets import One, Target, scratch, text_of

if TYPE_CHECKING:
    from pourparler.record import Document

ROW = {"id": "r1", "text": "Armenia met Azerbaijan in Brussels.", "published": "2023-05-14", "title": "Talks"}


def _through(ending: str) -> Callable[[ExitStack], One]:
    """Return what puts bytes into a file of this ending, and takes the file in."""

    def make(held: ExitStack) -> One:
        from pourparler.intake import Intake, find_sources

        path = scratch(held) / f"input{ending}"

        def one(data: bytes) -> None:
            path.write_bytes(data)
            told: list[object] = []
            sources = find_sources([str(path)], on_error=told.append)
            intake = Intake(on_error=told.append, on_note=told.append)
            intake.count(sources)
            _check([document for document, _ in intake.placed(sources)], told)

        return one

    return make


def _check(documents: Sequence[Document], told: Sequence[object]) -> None:
    assert documents or told, "nothing came of it, and nobody was told"
    for document in documents:
        _check_one(document)


def _check_one(document: Document) -> None:
    from pourparler.intake.text import MOST_CHARACTERS
    from pourparler.record import published_form

    assert document.text.strip() and len(document.text) <= MOST_CHARACTERS
    for value in (document.id, document.text, document.title, document.publisher, document.url, document.language):
        assert value is None or not any("\ud800" <= c <= "\udfff" or c == "\0" for c in value)
    for line in (document.title, document.publisher, document.url):
        assert line is None or (line and line == " ".join(line.split()))
    assert document.id.strip() and document.language
    assert document.published is None or published_form(document.published) == document.published


def _packed(held: ExitStack) -> One:
    """The first byte says how the rest is packed, the next three which byte of the result is changed, and to what."""
    files = {ending: _through(f".jsonl{ending}")(held) for ending in (".gz", ".bz2", ".zst")}

    def one(data: bytes) -> None:
        ending = (".gz", ".bz2", ".zst")[data[0] % 3] if data else ".gz"
        packed = bytearray(_pack(data[4:], ending))
        if len(data) > 3 and packed:
            packed[int.from_bytes(data[1:3], "big") % len(packed)] ^= data[3]
        files[ending](bytes(packed))

    return one


def _pack(data: bytes, ending: str) -> bytes:
    if ending == ".zst":
        import pyarrow

        return bytes(pyarrow.compress(data, codec="zstd", asbytes=True))
    return bz2.compress(data) if ending == ".bz2" else gzip.compress(data, mtime=0)


def _packed_seeds() -> Iterator[bytes]:
    line = json.dumps(ROW).encode() + b"\n"
    for number in range(3):
        yield bytes([number, 0, 0, 0]) + line * 3
        yield bytes([number, 0, 12, 3]) + line * 3


def _parquet_seeds() -> Iterator[bytes]:
    import pyarrow
    import pyarrow.parquet

    rows = [ROW, {**ROW, "id": "r2", "title": None}]
    for codec in ("none", "snappy", "zstd"):
        file = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), file, compression=codec)
        yield file.getvalue()


def _parquet(held: ExitStack) -> One:
    """Rows of Parquet as they come in, parsed in this process: in one of its own no branch would be seen."""
    from pourparler.errors import IntakeError
    from pourparler.intake import Intake
    from pourparler.intake.parquet import from_parts, parts_here

    path = scratch(held) / "input.parquet"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        told: list[object] = []
        intake = Intake(on_error=told.append, on_note=told.append)
        documents: list[Document] = []
        try:
            parts = (json.loads(json.dumps(part)) for part in parts_here("input", path=str(path)))
            documents += (document for document, _ in intake._items(from_parts(parts, "input")))
        except IntakeError as error:
            told.append(error)
        _check(documents, told)

    return one


def _pdf(_: ExitStack) -> One:
    """A PDF in this process: what it takes is bounded by the one of its own in which it is usually read."""
    from pourparler.errors import IntakeError
    from pourparler.intake.formats import pdf_here

    def one(data: bytes) -> None:
        with contextlib.suppress(IntakeError):
            assert pdf_here(data, "input", lambda _: None).text.strip()

    return one


def _charset(_: ExitStack) -> One:
    from pourparler.errors import IntakeError
    from pourparler.intake.formats import html_words
    from pourparler.intake.language import language_note, language_of
    from pourparler.intake.text import LineDecoder, clean, decode, tidy

    def one(data: bytes) -> None:
        notes: list[str] = []
        with contextlib.suppress(IntakeError):
            text = clean(decode(data, "input", notes.append), "input", notes.append)
            language_note(text, language_of(text))
            assert tidy(text) == text
        html_words(text_of(data))
        decoder = LineDecoder("input", notes.append)
        with contextlib.suppress(IntakeError):
            for line in data.splitlines(keepends=True):
                decoder.line(line)
            decoder.line(b"")

    return one


TARGETS = (
    Target("html", _through(".html"), longest=8192, seconds=4.0),
    Target("feed", _through(".rss"), longest=8192),
    Target("warc", _through(".warc"), longest=8192, seconds=4.0),
    Target("csv", _through(".csv")),
    Target("jsonl", _through(".jsonl")),
    Target("parquet", _parquet, _parquet_seeds, longest=8192),
    Target("mbox", _through(".mbox"), longest=8192),
    Target("markdown", _through(".md")),
    Target("pdf", _pdf, longest=8192, seconds=60.0),
    Target("unnamed", _through(""), longest=8192, seconds=4.0),
    Target("packed", _packed, _packed_seeds),
    Target("charset", _charset),
)
