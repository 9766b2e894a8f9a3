"""One act told twice in a report is one event with two pieces of evidence."""

from __future__ import annotations

import dataclasses

from pourparler import codebook
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
    """True where two tellings are of one act: same type, status and noun or verb, and

    the same stated day with an actor in common; or, for meetings and the like, one's participants among the other's
    (two at least) and no two different stated days.
    """
    heads = [draft.word(draft.event_words[e.id][1] - 1).lower().rstrip("s") for e in (one, other)]
    if one.type != other.type or heads[0] != heads[1] or _plain(one) != _plain(other):
        return False
    stated = [e.time.start if e.time and e.time.basis == "stated" else None for e in (one, other)]
    who, others = set(one.sources + one.targets), set(other.sources + other.targets)
    if None not in stated:
        return stated[0] == stated[1] and bool(who & others)
    symmetric = codebook.load().types[one.type].symmetric
    return symmetric and len(who & others) >= 2 and (who <= others or others <= who)


def _plain(event: Event) -> str:
    return "happened" if event.status == "ongoing" else event.status


def _days_known(event: Event) -> int:
    return 0 if event.time is None else 1 if event.time.basis == "publication" else 2


def _joined(one: Event, other: Event) -> Event:
    sources = tuple(dict.fromkeys(one.sources + other.sources))
    # "accused each other": the same two rightly stand on both sides.
    mutual = {t for e in (one, other) for t in e.targets if t in e.sources}
    return dataclasses.replace(
        one,
        sources=sources,
        targets=tuple(t for t in dict.fromkeys(one.targets + other.targets) if t not in sources or t in mutual),
        time=other.time if _days_known(other) > _days_known(one) else one.time,
        place=one.place or other.place,
        evidence=one.evidence + other.evidence,
        confidence=max(one.confidence, other.confidence),
    )
