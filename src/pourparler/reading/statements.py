"""Statements: attributions and verbal acts as who says what, and the acts that rest on a word alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pourparler import codebook
from pourparler.model.labels import STATUSES
from pourparler.reading import lexicon
from pourparler.reading.draft import Attribution, Draft
from pourparler.reading.overlaps import Overlaps
from pourparler.reading.settings import settings
from pourparler.reading.spans import whom
from pourparler.record import Act, Event, Statement, Status

# The act a verbal event performs where its cue words name no finer one.
_ACT_OF: dict[str, Act] = {
    "ACCUSE": "accuse",
    "REQUEST": "request",
    "REJECT": "reject",
    "THREATEN": "threaten",
    "AGREE": "promise",
    "SUPPORT": "welcome",
    "CONCEDE": "announce",
}

# What is asked for, promised or held out is not told as done, whatever the words alone look like.
_NOT_YET: dict[Act, Status] = {
    "promise": "planned",
    "demand": "called_for",
    "request": "called_for",
    "call_for": "called_for",
    "threaten": "possible",
    "warn": "possible",
    "reaffirm": "alleged",
}


class Statements:
    name = "reading.statements.v3"
    needs = frozenset(
        {"attributions", "actors", "actor_of", "plurals", "events", "event_words", "triggers", "layers"}
    )
    gives = frozenset({"statements"})

    def __call__(self, draft: Draft) -> None:
        acts = Overlaps((*draft.event_words[event.id], event) for event in draft.events)
        draft.statements = tuple(
            self._statement(draft, attribution, acts, f"s{n}") for n, attribution in enumerate(draft.attributions, 1)
        )
        behind: dict[str, list[Statement]] = {}
        for statement in draft.statements:
            for about in statement.about:
                behind.setdefault(about, []).append(statement)
        cues = Overlaps((s.cue.start, s.cue.end, s) for s in draft.statements)
        draft.events = tuple(_grounded(draft, event, behind.get(event.id, []), cues) for event in draft.events)

    def _statement(self, draft: Draft, a: Attribution, acts: Overlaps[Event], id: str) -> Statement:
        inside = acts.beginning(*(piece.words for piece in a.content))
        same = acts.touching(*a.cue)
        speakers = whom(draft, a.speakers)
        if not speakers and same:
            speakers = same[0].sources
        act = _act(draft.lowered(a.cue), same, behind=draft.lowered((a.cue[1], a.cue[1] + 1)))
        content = tuple(draft.quote(c.words) for c in a.content)
        quoted = any(mark in q.text for q in content for mark in lexicon.quotation_marks())
        addressees = same[0].targets if same and same[0].type in ("REQUEST", "THREATEN") else ()
        return Statement(
            id,
            speakers,
            addressees,
            act,
            draft.quote(a.cue),
            content,
            quoted,
            tuple(e.id for e in inside),
            round(a.score, 3),
        )


def _act(cue: list[str], same: list[Event], *, behind: Sequence[str] = ()) -> Act:
    """Return the act that cue words perform, else the verbal event on them; what they say was not said is neither:
    "did not condemn" condemns nobody. ``behind`` is the word behind the cue: to call something good asks nothing.
    """
    book, done = codebook.load(), same[0].type if same else ""
    if cue[-1:] and book.act_of(cue[-1:]) == "call_for" and done != "REQUEST" and _names(cue[-1], behind):
        cue = cue[:-1]
    affirmed = next((i for i, word in enumerate(cue) if word in lexicon.negations()), len(cue))
    if act := book.act_of(cue[:affirmed]):
        return act  # type: ignore[return-value]
    return "assert" if book.act_of(cue) and done != "REJECT" else _ACT_OF.get(done, "assert")


def _names(word: str, behind: Sequence[str]) -> bool:
    """True for "called" before what is called something, not before "for", "on" or "to"."""
    return word.startswith("call") and lexicon.callers().isdisjoint(behind)


def _is_cue(event: Event, behind: list[Statement]) -> bool:
    """True where the event's own words are a cue: "he said he warned them" is done when it is said."""
    trigger = event.evidence[0]
    return any(s.cue.start < trigger.end and trigger.start < s.cue.end for s in behind)


def _own_words(event: Event, behind: Statement, cues: Overlaps[Statement]) -> bool:
    """True where the event is a saying of its own by the same mouth: "voiced concern over ... and called on both"; or
    the very accusation: "calling the government a dictatorship"."""
    mouths = set(behind.speakers) & set(event.sources)
    if mouths and (event.type, behind.act) == ("ACCUSE", "accuse"):
        return True
    trigger = event.evidence[0]
    return bool(mouths) and any(mouths & set(s.speakers) for s in cues.touching(trigger.start, trigger.end))


def _grounded(draft: Draft, event: Event, behind: list[Statement], cues: Overlaps[Statement]) -> Event:
    """Return an event with its status set by what stands behind it: the reporter, or only somebody's word."""
    assert draft.layers is not None
    words = draft.event_words[event.id]
    if not behind:
        return event
    nearest = min(behind, key=lambda s: sum(c.end - c.start for c in s.content))
    status = event.status
    alleged, plain = (float(draft.layers.status[words[0], STATUSES.index(s)]) for s in ("alleged", "happened"))
    if _own_words(event, nearest, cues):
        return event
    if status in ("happened", "ongoing") and (nearest.act in ("accuse", "deny") or alleged > settings().alleged):
        status = "denied" if nearest.act == "deny" else "alleged"
    elif plain < settings().plain and nearest.act in _NOT_YET and status == "happened" and not _is_cue(event, behind):
        status = _NOT_YET[nearest.act]
    ground = nearest.id if status in ("alleged", "denied", "called_for", "possible", "planned") else None
    return dataclasses.replace(event, status=status, statement=ground)
