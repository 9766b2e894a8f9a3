"""The reader, on text made of pieces of news and of any characters between them."""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from fuzz.targets import One, Target, text_of

_PIECES = Path(__file__).parent / "pieces.txt"


@functools.cache
def pieces() -> tuple[str, ...]:
    """Return the pieces that a text is made of; an escape in the file (``\\u202e``) stands for its character."""
    lines = _PIECES.read_text(encoding="utf-8").splitlines()
    return tuple(
        line.encode("ascii", "backslashreplace")
        .decode("unicode_escape")
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "surrogatepass")
        for line in lines
        if line and not line.startswith("#")
    )


def story(data: bytes) -> str:
    """Return the text that bytes stand for: each below 192 is a piece, each other one a count of literal bytes."""
    out: list[str] = []
    at = 0
    while at < len(data):
        code = data[at]
        at += 1
        if code < 192:
            out.append(pieces()[code % len(pieces())])
        else:
            out.append(text_of(data[at : at + code - 191]))
            at += code - 191
    return "".join(out)


def _read(_: ExitStack) -> One:
    import pourparler
    from pourparler.errors import ReadingError
    from pourparler.record import dumps, loads

    def one(data: bytes) -> None:
        text = story(data)
        try:
            record = pourparler.read(text, published="2023-05-12")
        except ReadingError as error:
            assert error.component == "text", error
            return
        assert record.document.text == text
        sound(record)
        assert loads(dumps(record)) == record

    return one


def sound(record: Any) -> None:
    """Raise where an offset or a reference of a record is wrong."""
    from pourparler.record import to_dict

    text = record.document.text
    for span in _spans(to_dict(record)):
        assert 0 <= span["start"] < span["end"] <= len(text), span
        assert span.get("text") is None or text[span["start"] : span["end"]] == span["text"], span
    actors, statements, events = (
        {one.id for one in many} for many in (record.actors, record.statements, record.events)
    )
    assert len(actors) == len(record.actors) and len(events) == len(record.events)
    for event in record.events:
        assert event.evidence and set(event.sources + event.targets) <= actors
        assert event.statement is None or event.statement in statements
        assert 0 <= event.confidence <= 1
    for statement in record.statements:
        assert set(statement.about) <= events and set(statement.speakers + statement.addressees) <= actors
        assert set(statement.answers) <= statements


def _spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("start"), int):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _spans(inner)


def _words(_: ExitStack) -> One:
    """What needs no network: times, words, places, search words, the wording by which copies are found."""
    from pourparler.archive import numbers, search, wording
    from pourparler.archive.rows import passage
    from pourparler.knowledge import countries_in, known_actor, resolve_place
    from pourparler.model.words import words
    from pourparler.reading import timex
    from pourparler.web.marking import hits

    day = datetime.date(2023, 5, 12)

    def one(data: bytes) -> None:
        text = story(data)
        spans = words(text)
        assert all(a < b for a, b in spans) and all(x[1] <= y[0] for x, y in itertools.pairwise(spans))
        for found in timex.find_times(text, published=day):
            assert text[found.start : found.end] == found.text
            assert found.first is None or found.last is None or found.first <= found.last
        normal = search.normal(text)
        assert search.normal(normal) == normal
        wording.digest(wording.body(text))
        numbers.numbers(text)
        middle = len(text) // 2
        begin, stop = passage(text, middle, min(len(text), middle + 3))
        assert begin <= middle <= max(stop, middle)
        countries_in(text[:300])
        for name in text.split("\n")[:3]:
            known_actor(name[:200])
            resolve_place(name[:200])
        phrases = (search.Phrase(("talks",)), search.Phrase(tuple(normal.split()[:2]) or ("x",), True))
        assert all(text[hit.start : hit.end] for hit in hits(text, phrases, most=50))

    return one


def _stories() -> Iterator[bytes]:
    count = len(pieces())
    yield from (bytes(range(start, min(start + 6, count))) for start in range(0, count, 4))
    yield b"\x00\xc5hello\x01\xc8\xf0\x9f\x87\xa6\xf0\x9f\x87\xb2!\x02"


TARGETS = (
    Target("words", _words, _stories, longest=512),
    Target("reader", _read, _stories, longest=160, seconds=6.0),
)
