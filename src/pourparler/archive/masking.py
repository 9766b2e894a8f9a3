"""A report and its records with a person's name masked: as long as before, so that every offset still holds.

The full name and the further spellings are masked wherever they stand. The surname alone is masked in reports that
name the person, but where the reader took it for somebody else's ("Ilham Aliyev" where Heydar Aliyev is masked).
Other words of the name are masked where the reader took them for the person. Actors, events and statements stay, with
the mask for a name; what a record knows from elsewhere, who held the office, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pourparler.archive.naming import Name, Range, masked, words_of
from pourparler.record import Actor, Document, Event, Quote, Record, Statement


@dataclass(frozen=True, slots=True)
class Masked:
    """A report with a name masked, and its records by run; ``left`` are surnames left to others, as they stand."""

    document: Document
    records: dict[str, Record]
    left: tuple[str, ...]


def names(name: Name, document: Document, records: Iterable[Record]) -> bool:
    """True where a report names a person, or a record of it does."""
    fields = (document.text, document.title, document.url, document.id, document.publisher)
    if any(name.full(field) for field in fields if field):
        return True
    return any(_is(name, actor) for record in records for actor in record.actors) or any(
        name.full(words) for record in records for words in _words(record)
    )


def _is(name: Name, actor: Actor) -> bool:
    return bool(name.full(actor.name) or (actor.holder and name.full(actor.holder)))


def _words(record: Record) -> Iterable[str]:
    """Yield the words in a record that are no quotes of the report."""
    for actor in record.actors:
        yield from filter(None, (actor.name, actor.role, actor.holder))
    for event in record.events:
        if event.time and event.time.text:
            yield event.time.text
        if event.place:
            yield event.place.name
    for one in record.rejected:
        yield one.detail


def masked_report(name: Name, document: Document, records: Mapping[str, Record]) -> Masked:
    """Return a report that names a person, with the name masked in it and in its records."""
    text = document.text
    own, others = _mentions(name, records.values())
    alone = [span for span in name.surname(text) if not _inside(span, others)]
    ranges = [*name.full(text), *alone, *_cores(name, text, own)]
    hidden = masked(text, ranges)
    shared = bool(others)
    bare = replace(
        document,
        text=hidden,
        id=words_masked(name, document.id, full=shared),
        title=document.title and words_masked(name, document.title, full=shared),
        publisher=document.publisher and words_masked(name, document.publisher, full=shared),
        url=document.url and words_masked(name, document.url, full=shared),
    )
    left = tuple(text[start:end] for start, end in others if name.surname(text[start:end]))
    return Masked(bare, {run: _record(name, one, bare) for run, one in records.items()}, left)


def words_masked(name: Name, words: str, *, full: bool = False) -> str:
    """Return words with the name masked; with ``full`` a surname that stands alone stays."""
    ranges = name.full(words)
    return masked(words, ranges if full else [*ranges, *name.surname(words)])


def _mentions(name: Name, records: Iterable[Record]) -> tuple[list[Range], list[Range]]:
    """Return where the reader saw the person, and where somebody else of the surname."""
    own: list[Range] = []
    others: list[Range] = []
    for record in records:
        for actor in record.actors:
            if _is(name, actor) or words_of(actor.name) == (name.last,):
                own += [(quote.start, quote.end) for quote in actor.mentions]
            elif _namesake(name, actor):
                others += [(quote.start, quote.end) for quote in actor.mentions]
    return own, others


def _namesake(name: Name, actor: Actor) -> bool:
    return any(len(words) > 1 and words[-1] == name.last for words in _called(actor))


def _called(actor: Actor) -> Iterable[tuple[str, ...]]:
    yield words_of(actor.name)
    yield words_of(actor.holder or "")


def _inside(span: Range, ranges: Iterable[Range]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in ranges)


def _cores(name: Name, text: str, mentions: Iterable[Range]) -> Iterable[Range]:
    """Yield of each mention what lies from the first to the last word of the name: "Nikol V. Pashinyan"."""
    for start, end in set(mentions):
        found = name.parts(text[start:end])
        if found:
            yield start + min(a for a, _ in found), start + max(b for _, b in found)


def _record(name: Name, record: Record, document: Document) -> Record:
    return replace(
        record,
        document=document,
        actors=tuple(_actor(name, one, document.text) for one in record.actors),
        events=tuple(_event(name, one, document.text) for one in record.events),
        statements=tuple(_statement(one, document.text) for one in record.statements),
        rejected=tuple(replace(one, detail=words_masked(name, one.detail)) for one in record.rejected),
    )


def _quotes(quotes: Iterable[Quote], text: str) -> tuple[Quote, ...]:
    return tuple(Quote(one.start, one.end, text[one.start : one.end]) for one in quotes)


def _actor(name: Name, actor: Actor, text: str) -> Actor:
    own, other = _is(name, actor), _namesake(name, actor)
    full = other and not own
    called = actor.name
    if own and name.full(called):
        core = name.parts(called)
        called = masked(called, [(min(a for a, _ in core), max(b for _, b in core))] if core else [])
    return replace(
        actor,
        name=words_masked(name, called, full=full),
        role=actor.role and words_masked(name, actor.role, full=full),
        holder=None if own else actor.holder,
        mentions=_quotes(actor.mentions, text),
    )


def _event(name: Name, event: Event, text: str) -> Event:
    time, place = event.time, event.place
    if time is not None and time.text is not None:
        said = text[time.span.start : time.span.end] if time.span else words_masked(name, time.text)
        time = replace(time, text=said)
    if place is not None:
        place = replace(place, name=words_masked(name, place.name))
    return replace(event, time=time, place=place, evidence=_quotes(event.evidence, text))


def _statement(statement: Statement, text: str) -> Statement:
    cue = statement.cue
    return replace(
        statement, cue=replace(cue, text=text[cue.start : cue.end]), content=_quotes(statement.content, text)
    )


def json_masked(name: Name, value: Any, *, full: bool) -> Any:
    """Return a JSON value of a verdict with the name masked in its words: names, titles, places; codes stay."""
    if isinstance(value, list):
        return [json_masked(name, one, full=full) for one in value]
    if isinstance(value, dict):
        return {
            key: words_masked(name, one, full=full)
            if key in _SAID and isinstance(one, str)
            else json_masked(name, one, full=full)
            for key, one in value.items()
        }
    return value


_SAID = frozenset(("name", "title", "holder", "place", "words"))
