"""Events as CSV: one event a row, with the words and their place in the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from pourparler.export.delimited import line
from pourparler.export.flat import encodable, plain
from pourparler.export.view import events
from pourparler.record import Actor, Record

COLUMNS = (
    "document",
    "published",
    "publisher",
    "event",
    "type",
    "mode",
    "status",
    "sources",
    "source_countries",
    "targets",
    "target_countries",
    "start",
    "end",
    "precision",
    "basis",
    "place",
    "place_country",
    "latitude",
    "longitude",
    "says",
    "score",
    "words",
    "words_start",
    "words_end",
    "confidence",
    "flags",
)


def write(records: Iterable[Record], stream: TextIO) -> None:
    """Write a header and one row an event."""
    stream.write(line(COLUMNS))
    for record in records:
        for row in _rows(record):
            stream.write(line(_safe(value) for value in row))


def _rows(record: Record) -> Iterable[tuple[object, ...]]:
    actors = {actor.id: actor for actor in record.actors}
    for view in events(record):
        e, at, place = view.event, view.event.time, view.event.place
        words = e.evidence[0]
        yield (
            *(record.document.id, record.document.published, record.document.publisher),
            *(e.id, e.type, e.mode, e.status),
            *(_names(actors, e.sources), _countries(actors, e.sources)),
            *(_names(actors, e.targets), _countries(actors, e.targets)),
            *((at.start, at.end, at.precision, at.basis) if at else ("", "", "", "")),
            *((place.name, place.country, place.latitude, place.longitude) if place else ("", "", "", "")),
            *(view.says, e.score, words.text, words.start, words.end, e.confidence, " ".join(e.flags)),
        )


def _names(actors: dict[str, Actor], ids: Iterable[str]) -> str:
    return "; ".join(actors[i].name for i in ids if i in actors)


def _countries(actors: dict[str, Actor], ids: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(actors[i].country or "" for i in ids if i in actors)).strip()


def _safe(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; what is not text stays as it is."""
    if isinstance(value, str):
        return plain(encodable(value))
    return "" if value is None else value
