"""Units of work: a few hundred documents of one source, named by their content and by what reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pourparler.archive.keys import report_key
from pourparler.errors import IntakeError
from pourparler.intake import Spot
from pourparler.record import Document

if TYPE_CHECKING:
    import pyarrow

# What a unit holds at most: it is what a break costs each core, about 10 seconds' reading.
DOCUMENTS = 512
CHARACTERS = 400_000
# Units' worth of documents that are put in order of months before they are cut, so that a source in no order leaves
# fewer and larger files.
_AHEAD = 4
# Errors, and notes, kept between two reports: a source may hold nothing else, and memory is bounded.
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A document as it was taken in: its key and where it stood (``number`` rises within its source)."""

    key: str
    document: Document
    place: str
    number: int


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be taken in: its place in the source, and why."""

    place: str
    reason: str
    number: int


@dataclass(frozen=True, slots=True)
class Unit:
    """Documents of one source to be read together, what was refused among them, and notes."""

    name: str
    source: str
    documents: tuple[Taken, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]

    @property
    def characters(self) -> int:
        return sum(len(one.document.text) for one in self.documents)


def unit_of(
    run: str, source: str, documents: tuple[Taken, ...], refused: tuple[Refused, ...], notes: tuple[str, ...]
) -> Unit:
    """Return the unit of these documents, named by all that is in it and by the key of the run that reads it."""
    digest = hashlib.sha256()
    rows: list[Any] = [run, source]
    rows += [[one.key, one.document.id, one.document.language, one.place] for one in documents]
    rows += [[one.place, one.reason] for one in refused]
    for row in (*rows, list(notes)):
        digest.update(json.dumps(row, ensure_ascii=True).encode("ascii"))
    return Unit(digest.hexdigest()[:24], source, documents, refused, notes)


class Cutter:
    """Cuts what comes out of a source into units; the same source gives the same units each time."""

    def __init__(self, run: str, source: str, *, size: int = DOCUMENTS) -> None:
        self._run = run
        self._size = size
        self._source = plain(source)
        self._documents: list[Taken] = []
        self._refused: list[Refused] = []
        self._notes: list[str] = []
        self._characters = 0
        self._number = 0
        self._unkept = 0

    def note(self, words: str) -> None:
        """Keep a note for the unit that is being filled."""
        if len(self._notes) < _MOST:
            self._notes.append(plain(words))
        else:
            self._unkept += 1

    def refuse(self, error: IntakeError) -> None:
        """Keep what could not be taken in."""
        self._number += 1
        if len(self._refused) >= _MOST:
            self._unkept += 1
            return
        place = plain(error.source).removeprefix(self._source).removeprefix(", ")
        self._refused.append(Refused(place, plain(f"{error.problem}. {error.advice}"), self._number))

    def take(self, document: Document, spot: Spot) -> Iterator[Unit]:
        """Keep a document; yield units where there is enough for them."""
        self._number += 1
        self._documents.append(Taken(report_key(document), document, spot.place, self._number))
        self._characters += len(document.text)
        if len(self._documents) >= _AHEAD * self._size or self._characters >= _AHEAD * CHARACTERS:
            yield from self.rest()

    def rest(self) -> Iterator[Unit]:
        """Yield units of all that is kept."""
        if self._unkept:
            reason = f"{self._unkept:,} more errors and notes followed before the next report and are only counted"
            self._refused.append(Refused("", reason, self._number))
            self._unkept = 0
        ordered = sorted(self._documents, key=lambda one: (month_of(one.document), one.number))
        portions = list(_portions(ordered, self._size))
        for n, portion in enumerate(portions or [()]):
            refused, notes = (tuple(self._refused), tuple(self._notes)) if n == 0 else ((), ())
            if portion or refused or notes:
                yield unit_of(self._run, self._source, portion, refused, notes)
        self._documents, self._refused, self._notes, self._characters = [], [], [], 0


def _portions(documents: list[Taken], size: int) -> Iterator[tuple[Taken, ...]]:
    portion: list[Taken] = []
    characters = 0
    for one in documents:
        length = len(one.document.text)
        if portion and (len(portion) >= size or characters + length > CHARACTERS):
            yield tuple(portion)
            portion, characters = [], 0
        portion.append(one)
        characters += length
    if portion:
        yield tuple(portion)


def month_of(document: Document) -> str:
    """Return the month of publication, YYYY-MM; empty where none is known."""
    month = (document.published or "")[:7]
    return month if len(month) == 7 and month[:4].isdigit() and month[5:].isdigit() else ""


def plain(text: str) -> str:
    """Return text that any file takes: a path may hold bytes that are no characters."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


_FIELDS = ("id", "text", "title", "published", "publisher", "url", "language")


def packed(unit: Unit) -> bytes:
    """Return a unit as bytes (an Arrow stream), to go from one process to another."""
    import pyarrow

    about = {
        "name": unit.name,
        "source": unit.source,
        "refused": [[one.place, one.reason, one.number] for one in unit.refused],
        "notes": unit.notes,
    }
    columns: dict[str, Any] = {name: [getattr(one.document, name) for one in unit.documents] for name in _FIELDS}
    columns |= {name: [getattr(one, name) for one in unit.documents] for name in ("key", "place", "number")}
    schema = pyarrow.schema([(name, pyarrow.string()) for name in (*_FIELDS, "key", "place")])
    schema = schema.append(pyarrow.field("number", pyarrow.int64())).with_metadata({"unit": json.dumps(about)})
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, schema) as stream:
        stream.write_table(pyarrow.table(columns, schema=schema))
    return bytes(sink.getvalue())


def unpacked(data: bytes) -> Unit:
    """Return the unit that bytes hold."""
    import pyarrow

    with pyarrow.ipc.open_stream(data) as stream:
        table: pyarrow.Table = stream.read_all()
    about = json.loads(table.schema.metadata[b"unit"])
    documents = tuple(
        Taken(row["key"], Document(**{name: row[name] for name in _FIELDS}), row["place"], row["number"])
        for row in table.to_pylist()
    )
    refused = tuple(Refused(*row) for row in about["refused"])
    return Unit(about["name"], about["source"], documents, refused, tuple(about["notes"]))
