"""One act told twice in a report is one event with two pieces of evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TypeAlias

from pourparler import codebook
from pourparler.reading.draft import Draft
from pourparler.record import Event

# What, who, and when events are looked up by: type, head, status, actor, day.
Key: TypeAlias = tuple[str, str, str, str, str | None]
ANY = "any"


class Merging:
    name = "reading.merging.v1"
    needs = frozenset({"events", "statements"})
    gives = frozenset({"events", "statements"})

    def __call__(self, draft: Draft) -> None:
        kept: list[Event] = []
        moved: dict[str, str] = {}
        places: dict[Key, set[int]] = {}
        for event in draft.events:
            near = {at for key in _sought(draft, event) for at in places.get(key, ())}
            at = next((n for n in sorted(near) if _same(draft, kept[n], event)), None)
            if at is None:
                at = len(kept)
                kept.append(event)
            else:
                moved[event.id] = kept[at].id
                kept[at] = _joined(kept[at], event)
            for key in _held(draft, kept[at]):
                places.setdefault(key, set()).add(at)
        draft.events = tuple(kept)
        draft.statements = tuple(
            dataclasses.replace(s, about=tuple(dict.fromkeys(moved.get(e, e) for e in s.about)))
            for s in draft.statements
        )


def _held(draft: Draft, event: Event) -> Iterator[Key]:
    """Yield what an event is found by: what it is, who takes part, its stated day (None: none), and ANY day."""
    for actor in {*event.sources, *event.targets}:
        for day in (_stated(event), ANY):
            yield (*_what(draft, event), actor, day)


def _sought(draft: Draft, event: Event) -> Iterator[Key]:
    """Yield what an event's twins are found by. That must leave none out; whether they are twins, ``_same`` says."""
    day = _stated(event)
    if codebook.load().types[event.type].symmetric:
        days: tuple[str | None, ...] = (ANY,) if day is None else (day, None)
    else:
        days = () if day is None else (day,)
    for actor in {*event.sources, *event.targets}:
        for one in days:
            yield (*_what(draft, event), actor, one)


def _what(draft: Draft, event: Event) -> tuple[str, str, str]:
    return event.type, _head(draft, event), _plain(event)


def _head(draft: Draft, event: Event) -> str:
    return draft.word(draft.event_words[event.id][1] - 1).lower().rstrip("s")


def _stated(event: Event) -> str | None:
    return event.time.start if event.time and event.time.basis == "stated" else None


def _same(draft: Draft, one: Event, other: Event) -> bool:
    """True where two tellings are of one act: same type, status and noun or verb, and

    the same stated day with an actor in common; or, for meetings and the like, one's participants among the other's
    (two at least) and no two different stated days.
    """
    if _what(draft, one) != _what(draft, other):
        return False
    stated = [_stated(e) for e in (one, other)]
    who, others = set(one.sources + one.targets), set(other.sources + other.targets)
    if None not in stated:
        return stated[0] == stated[1] and bool(who & others)
    symmetric = codebook.load().types[one.type].symmetric
    return symmetric and len(who & others) >= 2 and (who <= others or others <= who)


def _plain(event: Event) -> str:
    return "happened" if event.status == "ongoing" else event.status


def _days_known(event: Event) -> int:
    return 0 if event.time is None else {"publication": 1, "inferred": 2, "stated": 3}[event.time.basis]


def _joined(one: Event, other: Event) -> Event:
    mode = one.mode or other.mode
    sources = tuple(dict.fromkeys(one.sources + other.sources))
    # "accused each other": the same two rightly stand on both sides.
    mutual = {t for e in (one, other) for t in e.targets if t in e.sources}
    return dataclasses.replace(
        one,
        mode=mode,
        score=codebook.load().score(one.type, mode),
        sources=sources,
        targets=tuple(t for t in dict.fromkeys(one.targets + other.targets) if t not in sources or t in mutual),
        time=other.time if _days_known(other) > _days_known(one) else one.time,
        place=one.place or other.place,
        evidence=one.evidence + other.evidence,
        confidence=max(one.confidence, other.confidence),
        flags=tuple(dict.fromkeys(one.flags + other.flags)),
    )
