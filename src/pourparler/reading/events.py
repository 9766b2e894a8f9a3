"""Events: triggers with their actors, mode, score and first status; statements change it where only a word stands
behind the act."""

from __future__ import annotations

import bisect
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
_CUES = 3  # cues behind an act that may tell of it
_LONGEST = 20  # words of whom talks are with


class Events:
    name = "reading.events.v3"
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
            _status(draft, trigger.words, kind),
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
    if symmetric:
        sources = _without_speaker(draft, trigger, sources)
    # "The two leaders promised", "called on both sides": what stands beside the act beats what the network points at
    # from afar.
    if not _here(draft, trigger, "source") or _only_behind(draft, trigger):
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


def _without_speaker(draft: Draft, trigger: Trigger, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Return who took part without who only tells of it behind: "The committee met, the ministry said"."""
    first, last = draft.sentence_of(trigger.words[0])
    low, high = (bisect.bisect_left(draft.attributions, i, key=lambda a: a.cue[0]) for i in (trigger.words[1], last))
    told = [
        a
        for a in draft.attributions[low : min(high, low + _CUES)]
        if any(_inside(trigger.words, c.words) for c in a.content)
    ]
    tells = whom(draft, [s for a in told for s in a.speakers if trigger.words[1] < s.words[0] < last])
    before = whom(draft, [a for a in trigger.role("source") if first <= a.words[0] < trigger.words[0]])
    return tuple(s for s in sources if s not in tells or s in before) if before else sources


def _inside(words: Range, whole: Range) -> bool:
    return whole[0] <= words[0] and words[1] <= whole[1]


def _here(draft: Draft, trigger: Trigger, role: str) -> bool:
    """True where words of the act's own sentence fill a role."""
    first, last = draft.sentence_of(trigger.words[0])
    return any(first <= a.words[0] < last for a in trigger.role(role))


def _only_behind(draft: Draft, trigger: Trigger) -> bool:
    """True where whoever the network takes for the source stands behind the act, and no "by" before him: "both
    countries will withdraw weapons and Thailand is to release soldiers"."""
    first, last = draft.sentence_of(trigger.words[0])
    here = (a.words[0] for a in trigger.role("source") if first <= a.words[0] < last)
    return all(i >= trigger.words[1] and not _by(draft, i) for i in here)


def _by(draft: Draft, i: int) -> bool:
    return "by" in draft.lowered((max(0, i - 2), i))


def _beside(draft: Draft, words: Range, *, before: bool) -> tuple[str, ...]:
    """Return the two that "both countries" stands for, where that is the nearest thing before or after the act."""
    here = draft.sentence_of(words[0])
    for plural in draft.plurals:
        if not here[0] <= plural[0] < here[1]:
            continue
        gap = words[0] - _clause_end(draft, plural[1]) if before else plural[0] - words[1]
        if 0 <= gap <= (3 if before else 2):
            return draft.actor_of.get(plural, ())
    return ()


def _clause_end(draft: Draft, i: int) -> int:
    """Return where the words behind a plural go on past a clause between commas: "the two leaders, who shook hands,
    agreed"."""
    behind = draft.lowered((i, i + 2))
    if behind[:1] != [","] or lexicon.relatives().isdisjoint(behind):
        return i
    comma = (k for k in range(i + 2, draft.sentence_of(i)[1]) if draft.word(k) == ",")
    return next(comma, i - 1) + 1


def _reciprocal(draft: Draft, words: Range) -> bool:
    """True where "each other" or "one another" follows the act within three words."""
    after = draft.lowered((words[1], min(words[1] + 4, len(draft.words))))
    return any(pair in lexicon.reciprocals() for pair in itertools.pairwise(after))


def _around(draft: Draft, words: Range) -> Range:
    """Return the trigger and its near words: the mode is told by what stands beside it."""
    sentence = draft.sentence_of(words[0])
    return max(sentence[0], words[0] - 8), min(sentence[1], words[1] + 12)


def _status(draft: Draft, words: Range, kind: EventType) -> Status:
    assert draft.layers is not None
    likely = draft.layers.status[words[0]]
    best: Status = STATUSES[int(likely.argmax())]  # type: ignore[assignment]
    if best == "happened" and likely[STATUSES.index("planned")] >= settings().planned and _scheduled(draft, words):
        return "planned"
    return "planned" if best == "happened" and _to_come(draft, words, kind) else best


def _to_come(draft: Draft, words: Range, kind: EventType) -> bool:
    """True where "will" or "would" stands before what is not done by saying it: "he would resign"; who "would not
    accept" refuses now."""
    if codebook.load().types[kind].quad in _SPOKEN and kind != "CONSULT":
        return False
    before = draft.lowered((max(words[0] - 2, draft.sentence_of(words[0])[0]), words[1]))
    at = max((i for i, word in enumerate(before) if word in lexicon.futures()), default=-1)
    behind = before[at + 1 :]
    return at >= 0 and bool(behind) and behind[0] != "have" and lexicon.negations().isdisjoint(behind)


def _scheduled(draft: Draft, words: Range) -> bool:
    """True where the sentence goes on with a word that says the act is ahead: "the meeting ... is scheduled"."""
    behind = draft.lowered((words[1], draft.sentence_of(words[0])[1]))
    return not lexicon.scheduled().isdisjoint(behind)
