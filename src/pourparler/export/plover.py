"""Events as PLOVER describes them (the JSON of its dataset specification), one a line.

What PLOVER has no field for stands under ``pourparler``: the row as ``jsonl`` gives it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import IO, Any

from pourparler.codebook import load as codebook
from pourparler.export.flat import json_text
from pourparler.export.rows import EventRow, PartyRow, TellingRow, ToldRow

# PLOVER's auxiliary modes say what did not take place, or not yet; whose word an event is stands in the comment.
_AUXILIARY = {
    "planned": "future",
    "possible": "hypothetical",
    "called_for": "hypothetical",
    "did_not_happen": "negation",
}


def write(rows: Iterable[EventRow | TellingRow], stream: IO[str]) -> int:
    """Write one record a row; return how many rows have no day, which PLOVER requires, and were left out."""
    left_out = 0
    for row in rows:
        if row.day is None:
            left_out += 1
            continue
        stream.write(json_text(_record(row, row.day)) + "\n")
    return left_out


def _record(row: EventRow | TellingRow, day: str) -> dict[str, Any]:
    told: tuple[ToldRow | TellingRow, ...] = row.told if isinstance(row, EventRow) else (row,)
    first = told[0]
    auxiliary = [_AUXILIARY[row.status]] if row.status in _AUXILIARY else []
    return {
        "id": row.event if isinstance(row, EventRow) else row.telling,
        "date": day,
        "enddate": (row.last or day)[:10],
        "has_event": True,
        "actor": [_entity(party) for party in row.sources],
        "event": [row.type],
        "recipient": [_entity(party) for party in row.targets],
        "event_loc": _location(row),
        "event_text": [one.words for one in told],
        "quad_code": codebook().types[row.type].quad,
        "event_scale": row.score,
        "mode": ([row.mode] if row.mode else []) + auxiliary,
        "context": [],
        "link": first.url,
        "text": first.passage,
        "text_info": {
            "sequence": 1,
            "start": first.passage_start,
            "end": first.passage_end,
            "event_start": first.start,
            "event_end": first.end,
        },
        "cite_info": _citation(first),
        "coder": "pourparler",
        "comment": _comment(row),
        "pourparler": asdict(row),
    }


def _entity(party: PartyRow) -> dict[str, str | None]:
    return {"code": party.country, "sector": party.sector, "entity_text": party.name}


def _location(row: EventRow | TellingRow) -> list[dict[str, Any]]:
    if row.place is None:
        return []
    return [
        {
            "extracted_place": row.place,
            "lat": row.latitude,
            "lon": row.longitude,
            "country_code": row.country,
        }
    ]


def _citation(one: ToldRow | TellingRow) -> dict[str, str | None]:
    return {
        "citation": one.report_id,
        "url": one.url,
        "title": one.title,
        "language": one.language,
        "publication": one.publisher,
        "published": one.published,
    }


def _comment(row: EventRow | TellingRow) -> str:
    words = row.status.replace("_", " ")
    return f"{words}: the word of {', '.join(row.says)}" if row.says else words
