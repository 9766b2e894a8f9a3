"""What is said against what was said: denials, rejections and counter-accusations, tied to what they answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from pourparler import codebook
from pourparler.reading.draft import Draft
from pourparler.record import Actor, Statement

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
        said = {s.id: _said(draft, s) for s in ordered}
        found = {s.id: _answered(s, ordered[:n], said) for n, s in enumerate(ordered) if s.act in _ANSWERED}
        draft.statements = tuple(dataclasses.replace(s, answers=found.get(s.id, ())) for s in draft.statements)


def _answered(statement: Statement, before: list[Statement], said: dict[str, _Said]) -> tuple[str, ...]:
    """Return the nearest earlier statement by somebody else that concerns the speakers of this one."""
    own = said[statement.id]
    for other in reversed(before):
        theirs = said[other.id]
        if not theirs.speakers or own.speakers & theirs.speakers:
            continue
        concerned = theirs.others if other.act in _ANSWERED[statement.act] else theirs.blamed
        # A counter-accusation must strike back at who accused; a denial need not say whom it answers.
        back = bool(own.others & theirs.speakers) or statement.act != "accuse"
        if own.speakers & concerned and back:
            return (other.id,)
    return ()


def _said(draft: Draft, statement: Statement) -> _Said:
    actors = {actor.id: actor for actor in draft.actors}
    sides, blamed = set(statement.addressees), set[str]()
    for event in draft.events:
        cue = event.evidence[0]
        if event.id in statement.about:
            sides |= {*event.sources, *event.targets}
            blamed |= set(event.sources) if codebook.load().types[event.type].quad == 4 else set()
        elif cue.start < statement.cue.end and statement.cue.start < cue.end:
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
