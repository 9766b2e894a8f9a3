"""From a record to rows: tellings, sayings and who takes part in them."""

from __future__ import annotations

import bisect
import json
import re
from dataclasses import dataclass
from typing import Any

from pourparler.archive import keys
from pourparler.archive.search import fold
from pourparler.record import Actor, Document, Event, Quote, Record, Statement

Row = dict[str, Any]
# A sentence ends here; good enough for showing and searching, where the reader's own cutting is not kept.
_END = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|\n")
# Evidence further apart than this is not shown as one passage: then the trigger's sentence stands for it.
_WIDE = 500
# A sentence longer than this is cut around the trigger.
_LONG = 400


@dataclass(frozen=True, slots=True)
class Rows:
    """What one record adds to the derived tables; ``words`` are what each telling is found by."""

    tellings: list[Row]
    words: list[str]
    sides: list[Row]
    sayings: list[Row]
    speakers: list[Row]


def passage(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the sentences around ``text[start:end]``, at most 400 characters to each side."""
    low = max(0, start - _LONG)
    # Looked at two characters further: a sentence that begins at ``start`` is known by its first letter.
    begins = [found.end() for found in _END.finditer(text, low, start + 2) if found.end() <= start]
    begin = begins[-1] if begins else low
    high = min(len(text), end + _LONG)
    found = _END.search(text, max(begin, end - 1), high)
    stop = found.end() if found else high
    while stop > end and text[stop - 1].isspace():
        stop -= 1
    while begin < start and text[begin].isspace():
        begin += 1
    return begin, stop


def rows_of(report: str, run: str, record: Record) -> Rows:
    """Return the rows of a record of the report with that key."""
    actors = {actor.id: actor for actor in record.actors}
    named = {event.id: key for key, event in keys.telling_keys(report, record)}
    said = {statement.id: key for key, statement in keys.statement_keys(report, record)}
    out = Rows([], [], [], [], [])
    for key, event in keys.telling_keys(report, record):
        row = _telling(key, report, run, record.document, event, actors)
        row["saying"] = said.get(event.statement) if event.statement else None
        out.tellings.append(row)
        out.words.append(search_words(record.document, row))
        out.sides.extend(side_rows(key, json.loads(row["sides"])))
    for key, statement in keys.statement_keys(report, record):
        row = _saying(key, report, run, record.document, statement, actors)
        row["about"] = _list(named[about] for about in statement.about if about in named)
        row["answers"] = _list(said[other] for other in statement.answers if other in said)
        out.sayings.append(row)
        for role in ("speakers", "addressees"):
            out.speakers.extend(_people(key, "saying", role[:-1], json.loads(row[role])))
    return out


def search_words(document: Document, row: Row) -> str:
    """Return what a telling is found by: the report's title and the sentences around its evidence."""
    return f"{document.title or ''} {document.text[row['passage_start'] : row['passage_end']]}"


def _list(items: Any) -> str:
    return json.dumps(list(items))


def _telling(key: str, report: str, run: str, document: Document, event: Event, actors: dict[str, Actor]) -> Row:
    trigger = event.evidence[0]
    begin, stop = _passage_of(document.text, event)
    time, place = event.time, event.place
    return {
        "key": key,
        "report": report,
        "run": run,
        "local": event.id,
        "published": document.published,
        "publisher": document.publisher,
        "type": event.type,
        "mode": event.mode,
        "status": event.status,
        "first": time.start if time else None,
        "last": time.end if time else None,
        "precision": time.precision if time else None,
        "basis": time.basis if time else None,
        "day": day_of(time.start if time else None, document.published),
        "place": place.name if place else None,
        "spot": fold(place.name) if place else None,
        "country": place.country if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "geonames": place.geonames if place else None,
        "score": event.score,
        "confidence": event.confidence,
        "start": trigger.start,
        "end": trigger.end,
        "words": trigger.text,
        "passage_start": begin,
        "passage_end": stop,
        "saying": None,
        "sides": json.dumps(_sides(event, actors), ensure_ascii=True),
        "verdict": None,
    }


def day_of(first: str | None, published: str | None) -> str | None:
    """Return the day an event is listed under: its own first day, else the day of publication."""
    return (first or published or "")[:10] or None


def _passage_of(text: str, event: Event) -> tuple[int, int]:
    trigger = event.evidence[0]
    start = min(quote.start for quote in event.evidence)
    end = max(quote.end for quote in event.evidence)
    if end - start > _WIDE:
        start, end = trigger.start, trigger.end
    return passage(text, start, end)


def _sides(event: Event, actors: dict[str, Actor]) -> list[Row]:
    near = event.evidence[0].start
    sources = [_person("source", actors[actor], near) for actor in event.sources if actor in actors]
    return sources + [_person("target", actors[actor], near) for actor in event.targets if actor in actors]


def _person(role: str, actor: Actor, near: int) -> Row:
    mention = _nearest(actor.mentions, near)
    return {
        "role": role,
        "name": actor.name,
        "kind": actor.kind,
        "country": actor.country,
        "sector": actor.sector,
        "title": actor.role,
        "holder": actor.holder,
        "at": [mention.start, mention.end] if mention else None,
    }


def _nearest(mentions: tuple[Quote, ...], near: int) -> Quote | None:
    # Mentions stand in order; an actor may have thousands.
    at = bisect.bisect_left(mentions, near, key=lambda quote: quote.start)
    return min(
        mentions[max(0, at - 1) : at + 1], key=lambda quote: (abs(quote.start - near), quote.start), default=None
    )


def side_rows(key: str, sides: list[Row]) -> list[Row]:
    """Return the rows of table ``side`` for the sides of a telling."""
    return [row for role in ("source", "target") for row in _people(key, "telling", role, sides)]


def _people(key: str, column: str, role: str, people: list[Row]) -> list[Row]:
    return [
        {
            column: key,
            "role": role,
            "n": n,
            "name": one["name"],
            "folded": fold(f"{one['name']} {one['holder'] or ''}"),
            "kind": one["kind"],
            "country": one["country"],
            "sector": one["sector"],
        }
        for n, one in enumerate(one for one in people if one["role"] == role)
    ]


def _saying(
    key: str, report: str, run: str, document: Document, statement: Statement, actors: dict[str, Actor]
) -> Row:
    near = statement.cue.start
    content = statement.content
    speakers = [_person("speaker", actors[a], near) for a in statement.speakers if a in actors]
    addressees = [_person("addressee", actors[a], near) for a in statement.addressees if a in actors]
    return {
        "key": key,
        "report": report,
        "run": run,
        "local": statement.id,
        "published": document.published,
        "publisher": document.publisher,
        "act": statement.act,
        "start": statement.cue.start,
        "end": statement.cue.end,
        "cue": statement.cue.text,
        "content": " … ".join(quote.text for quote in content),
        "content_start": content[0].start if content else None,
        "content_end": content[-1].end if content else None,
        "quoted": statement.quoted,
        "speakers": json.dumps(speakers, ensure_ascii=True),
        "addressees": json.dumps(addressees, ensure_ascii=True),
        "confidence": statement.confidence,
    }
