"""One act told twice in a report is one event with two pieces of evidence."""

from __future__ import annotations

import dataclasses

from pourparler.reading.draft import Draft
from pourparler.record import Event


class Merging:
    name = "reading.merging.v1"
    needs = frozenset({"events", "statements"})
    gives = frozenset({"events", "statements"})

    def __call__(self, draft: Draft) -> None:
        kept: list[Event] = []
        moved: dict[str, str] = {}
        for event in draft.events:
            twin = next((k for k in kept if _same(draft, k, event)), None)
            if twin is None:
                kept.append(event)
                continue
            moved[event.id] = twin.id
            kept[kept.index(twin)] = _joined(twin, event)
        draft.events = tuple(kept)
        draft.statements = tuple(
            dataclasses.replace(s, about=tuple(dict.fromkeys(moved.get(e, e) for e in s.about)))
            for s in draft.statements
        )


def _same(draft: Draft, one: Event, other: Event) -> bool:
    """Same type, status and trigger word, same stated day, and the same known actors: one act told twice."""
    words = [draft.word(draft.event_words[e.id][1] - 1).lower() for e in (one, other)]
    stated = [e.time.start if e.time and e.time.basis == "stated" else None for e in (one, other)]
    return (
        one.type == other.type
        and one.status == other.status
        and words[0] == words[1]
        and None not in stated
        and stated[0] == stated[1]
        and bool(set(one.sources + one.targets) & set(other.sources + other.targets))
    )


def _joined(one: Event, other: Event) -> Event:
    return dataclasses.replace(
        one,
        sources=tuple(dict.fromkeys(one.sources + other.sources)),
        targets=tuple(t for t in dict.fromkeys(one.targets + other.targets) if t not in one.sources + other.sources),
        place=one.place or other.place,
        evidence=one.evidence + other.evidence,
        confidence=max(one.confidence, other.confidence),
    )
