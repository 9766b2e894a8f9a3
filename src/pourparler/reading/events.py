"""Events: triggers with their actors, mode, score and first status; statements change it where only a word stands
behind the act."""

from __future__ import annotations

import itertools
from dataclasses import replace

from pourparler import codebook
from pourparler.model.labels import STATUSES
from pourparler.reading import lexicon
from pourparler.reading.draft import Argument, Attribution, Draft, Range, Trigger
from pourparler.reading.overlaps import Overlaps
from pourparler.reading.settings import settings
from pourparler.reading.spans import whom
from pourparler.record import Event, EventType, Status

_SPOKEN = (1, 3)  # the quads of acts done in words
_LONGEST = 20  # words of whom talks are with


class Events:
    name = "reading.events.v2"
    needs = frozenset({"layers", "triggers", "attributions", "actors", "actor_of", "plurals", "sentences"})
    gives = frozenset({"events", "event_words"})

    def __call__(self, draft: Draft) -> None:
        out: list[Event] = []
        cues = Overlaps((*attribution.cue, attribution) for attribution in draft.attributions)
        places = frozenset(actor.id for actor in draft.actors if actor.kind == "place")
        for trigger in draft.triggers:
            event = self._event(draft, _filled(draft, trigger, cues, places), f"e{len(out) + 1}")
            if event is not None:
                draft.event_words[event.id] = trigger.words
                out.append(event)
        draft.events = tuple(out)

    def _event(self, draft: Draft, trigger: Trigger, id: str) -> Event | None:
        kind: EventType = trigger.type  # type: ignore[assignment]
        entry = codebook.load().types[kind]
        sources, targets = _sides(draft, trigger, symmetric=entry.symmetric)
        if not sources and not targets and trigger.score < 0.6:
            draft.set_aside("no_actor", trigger.words, f"{kind} without anybody who did it or had it done to them")
            return None
        around = draft.lowered(_around(draft, trigger.words))
        mode = codebook.load().mode_of(kind, around)
        flags = (
            ("ceasefire_violation",)
            if codebook.load().is_ceasefire_violation(around) and kind in ("ASSAULT", "COERCE", "ACCUSE")
            else ()
        )
        evidence = [draft.quote(trigger.words)]
        evidence += [draft.quote(a.words) for a in trigger.arguments if a.role != "place"]
        return Event(
            id,
            kind,
            mode,
            sources,
            targets,
            _status(draft, trigger.words),
            None,
            None,
            None,
            codebook.load().score(kind, mode),
            tuple(evidence),
            round(trigger.score, 3),
            flags,
        )


def _filled(draft: Draft, trigger: Trigger, cues: Overlaps[Attribution], places: frozenset[str]) -> Trigger:
    """Return an act with a side that the network leaves empty filled from the words: who accuses is who speaks where
    the act's word is a cue, and "talks with" somebody are with them."""
    entry = codebook.load().types[trigger.type]
    if entry.quad in _SPOKEN and not entry.symmetric and not trigger.role("source"):
        trigger = _spoken(trigger, cues)
    if entry.symmetric and not trigger.role("target") and (partner := _partner(draft, trigger.words, places)):
        return replace(trigger, arguments=(*trigger.arguments, Argument("target", partner, trigger.score)))
    return trigger


def _spoken(trigger: Trigger, cues: Overlaps[Attribution]) -> Trigger:
    """Return an act with those who speak as its sources. Not in place of others: that cost 0.4 points of strict F1 on
    the exam's development part."""
    speakers = [s for a in cues.touching(*trigger.words) for s in a.speakers]
    return replace(trigger, arguments=(*trigger.arguments, *(replace(s, role="source") for s in speakers)))


def _partner(draft: Draft, words: Range, places: frozenset[str]) -> Range | None:
    """Return the words of the person, body or state, no place, that a "with" behind an act names."""
    if draft.lowered((words[1], words[1] + 1)) != ["with"]:
        return None
    first = words[1] + 1
    if not lexicon.determiners().isdisjoint(draft.lowered((first, first + 1))):
        first += 1
    longest = ((first, last) for last in range(first + _LONGEST, first, -1))
    return next((at for at in longest if at in draft.actor_of and places.isdisjoint(draft.actor_of[at])), None)


def _sides(draft: Draft, trigger: Trigger, *, symmetric: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who did it and who had it done to them; a plural beside the act fills a side that is empty."""
    sources, targets = whom(draft, trigger.role("source")), whom(draft, trigger.role("target"))
    # "The two leaders promised", "called on both sides": what stands beside the act beats what the network points at
    # from afar.
    if not _here(draft, trigger, "source"):
        sources = _beside(draft, trigger.words, before=True) or sources
    if not _here(draft, trigger, "target"):
        targets = _beside(draft, trigger.words, before=False) or targets
    if _reciprocal(draft, trigger.words):
        both = tuple(dict.fromkeys(sources + targets))
        return (both, ()) if symmetric else (both, both)
    if symmetric:
        # One that both sides name took part: it stands once.
        return sources, tuple(t for t in targets if t not in sources)
    return sources, tuple(t for t in targets if t not in sources)


def _here(draft: Draft, trigger: Trigger, role: str) -> bool:
    """True where words of the act's own sentence fill a role."""
    first, last = draft.sentence_of(trigger.words[0])
    return any(first <= a.words[0] < last for a in trigger.role(role))


def _beside(draft: Draft, words: Range, *, before: bool) -> tuple[str, ...]:
    """Return the two that "both countries" stands for, where that is the nearest thing before or after the act."""
    here = draft.sentence_of(words[0])
    for plural in draft.plurals:
        gap = words[0] - plural[1] if before else plural[0] - words[1]
        if here[0] <= plural[0] < here[1] and 0 <= gap <= (3 if before else 2):
            return draft.actor_of.get(plural, ())
    return ()


def _reciprocal(draft: Draft, words: Range) -> bool:
    """True where "each other" or "one another" follows the act within three words."""
    after = draft.lowered((words[1], min(words[1] + 4, len(draft.words))))
    return any(pair in lexicon.reciprocals() for pair in itertools.pairwise(after))


def _around(draft: Draft, words: Range) -> Range:
    """Return the trigger and its near words: the mode is told by what stands beside it."""
    sentence = draft.sentence_of(words[0])
    return max(sentence[0], words[0] - 8), min(sentence[1], words[1] + 12)


def _status(draft: Draft, words: Range) -> Status:
    assert draft.layers is not None
    likely = draft.layers.status[words[0]]
    best: Status = STATUSES[int(likely.argmax())]  # type: ignore[assignment]
    if best == "happened" and likely[STATUSES.index("planned")] >= settings().planned and _scheduled(draft, words):
        return "planned"
    return best


def _scheduled(draft: Draft, words: Range) -> bool:
    """True where the sentence goes on with a word that says the act is ahead: "the meeting ... is scheduled"."""
    behind = draft.lowered((words[1], draft.sentence_of(words[0])[1]))
    return not lexicon.scheduled().isdisjoint(behind)
