"""Events: triggers with their actors, mode, score and status; statements come first."""

from __future__ import annotations

from pourparler import codebook
from pourparler.model.labels import STATUSES
from pourparler.reading.draft import Argument, Draft, Range, Trigger
from pourparler.record import Event, EventType, Quote, Status


class Events:
    name = "reading.events.v1"
    needs = frozenset({"layers", "triggers", "actors", "actor_of", "sentences"})
    gives = frozenset({"events", "event_words"})

    def __call__(self, draft: Draft) -> None:
        out: list[Event] = []
        for trigger in draft.triggers:
            event = self._event(draft, trigger, f"e{len(out) + 1}")
            if event is not None:
                draft.event_words[event.id] = trigger.words
                out.append(event)
        draft.events = tuple(out)

    def _event(self, draft: Draft, trigger: Trigger, id: str) -> Event | None:
        kind: EventType = trigger.type  # type: ignore[assignment]
        entry = codebook.load().types[kind]
        sources, targets = _ids(draft, trigger.role("source")), _ids(draft, trigger.role("target"))
        targets = tuple(t for t in targets if t not in sources) or (
            # "accused each other": the same two stand on both sides.
            targets if len(targets) > 1 and not entry.symmetric else ()
        )
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
        span = draft.span(trigger.words)
        evidence = [Quote(span.start, span.end, draft.text(trigger.words))]
        evidence += [_quote(draft, a.words) for a in trigger.arguments if a.role != "place"]
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


def _quote(draft: Draft, words: Range) -> Quote:
    span = draft.span(words)
    return Quote(span.start, span.end, draft.text(words))


def _ids(draft: Draft, arguments: list[Argument]) -> tuple[str, ...]:
    out: list[str] = []
    for argument in arguments:
        out += [a for a in draft.actor_of.get(argument.words, ()) if a not in out]
    return tuple(out)


def _around(draft: Draft, words: Range) -> Range:
    """Return the trigger and its near words: the mode is told by what stands beside it."""
    sentence = draft.sentence_of(words[0])
    return max(sentence[0], words[0] - 8), min(sentence[1], words[1] + 12)


def _status(draft: Draft, words: Range) -> Status:
    assert draft.layers is not None
    best: Status = STATUSES[int(draft.layers.status[words[0]].argmax())]  # type: ignore[assignment]
    return best
