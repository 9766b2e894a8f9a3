"""What is said against what was said: denials, rejections and counter-accusations, tied to what they answer."""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from pourparler import codebook
from pourparler.reading.draft import Draft
from pourparler.reading.overlaps import Overlaps
from pourparler.record import Actor, Event, Statement

_CHARGES = frozenset({"accuse", "condemn", "warn", "threaten"})
_WISHES = frozenset({"demand", "request", "call_for"})
# What each kind of answer may answer: a denial a charge, a rejection a charge or a wish, an accusation an accusation.
_ANSWERED = {
    "deny": _CHARGES,
    "reject": _CHARGES | _WISHES | {"announce", "promise"},
    "accuse": frozenset({"accuse"}),
}
_OFFICIAL = frozenset({None, "GOV", "MIL", "LEG"})  # sectors that speak for their country


@dataclass(frozen=True, slots=True)
class _Said:
    """Who says a thing, and of or to whom; as actors, and as the countries that their officials stand for."""

    speakers: frozenset[str]
    others: frozenset[str]
    blamed: frozenset[str]  # who is said to have done harm, whatever the words it is said with


class Answers:
    name = "reading.answers.v1"
    needs = frozenset({"statements", "events", "event_words", "actors"})
    gives = frozenset({"statements"})

    def __call__(self, draft: Draft) -> None:
        ordered = sorted(draft.statements, key=lambda s: s.cue.start)
        if not any(s.act in _ANSWERED for s in ordered):
            return
        actors = {actor.id: actor for actor in draft.actors}
        events = {event.id: event for event in draft.events}
        acts = Overlaps((e.evidence[0].start, e.evidence[0].end, e) for e in draft.events)
        said = {s.id: _said(s, actors, events, acts) for s in ordered}
        found = _answers(ordered, said)
        draft.statements = tuple(dataclasses.replace(s, answers=found.get(s.id, ())) for s in draft.statements)


def _answers(ordered: list[Statement], said: dict[str, _Said]) -> dict[str, tuple[str, ...]]:
    """Return what each statement that may answer answers. Only earlier ones that concern its speakers are tried."""
    concerning: dict[str, list[int]] = {}
    out: dict[str, tuple[str, ...]] = {}
    for n, statement in enumerate(ordered):
        own = said[statement.id]
        if statement.act in _ANSWERED:
            lists = (reversed(concerning[key]) for key in own.speakers if key in concerning)
            before = (ordered[at] for at in heapq.merge(*lists, reverse=True))
            out[statement.id] = _answered(statement, before, said)
        for key in own.others | own.blamed:
            concerning.setdefault(key, []).append(n)
    return out


def _answered(statement: Statement, before: Iterable[Statement], said: dict[str, _Said]) -> tuple[str, ...]:
    """Return the nearest earlier statement by somebody else that concerns the speakers of this one."""
    own = said[statement.id]
    for other in before:
        theirs = said[other.id]
        if not theirs.speakers or own.speakers & theirs.speakers:
            continue
        concerned = theirs.others if other.act in _ANSWERED[statement.act] else theirs.blamed
        # A counter-accusation must strike back at who accused; a denial need not say whom it answers.
        back = bool(own.others & theirs.speakers) or statement.act != "accuse"
        if own.speakers & concerned and back:
            return (other.id,)
    return ()


def _said(statement: Statement, actors: dict[str, Actor], events: dict[str, Event], acts: Overlaps[Event]) -> _Said:
    sides, blamed = set(statement.addressees), set[str]()
    for event in (events[about] for about in statement.about if about in events):
        sides |= {*event.sources, *event.targets}
        blamed |= set(event.sources) if codebook.load().types[event.type].quad == 4 else set()
    for event in acts.touching(statement.cue.start, statement.cue.end):
        if event.id not in statement.about:
            sides |= set(event.targets)
    own = set(statement.speakers)
    return _Said(_keys(actors, own), _keys(actors, sides - own), _keys(actors, blamed - own))


def _keys(actors: dict[str, Actor], ids: Iterable[str]) -> frozenset[str]:
    """Return the actors' ids, with the countries of those who speak for one."""
    out: set[str] = set()
    for id in ids:
        actor = actors[id]
        out.add(id)
        if actor.country and actor.sector in _OFFICIAL:
            out.add(actor.country)
    return frozenset(out)
