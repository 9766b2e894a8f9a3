"""What becomes of promises before they are due: their day is moved, or an offer is taken up."""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views.common import DONE, Cast, Phrases, Seen, rules, seen, sentence, shifted, told_in
from pourparler.archive.views.extending import Extension
from pourparler.archive.views.promises import Kind, Move, Promise, kinds
from pourparler.archive.views.stems import people, telling_words

# As much as one name or kind of act, or two other words, is enough to tell what is meant.
_ENOUGH = 2
_TAKING_UP = frozenset(("AGREE", "SUPPORT", "CONCEDE", "COOPERATE"))


def moved(
    chronicle: Chronicle, cast: Cast, found: Sequence[Promise], extensions: Sequence[Extension]
) -> list[Promise]:
    """Return promises with the days to which extensions moved them.

    Each extension moves the one promise that shares most with it, of several the latest; what its very words make
    ("agreed to extend the truce") is no promise of its own.
    """
    out: list[Promise | None] = list(found)
    aside = people(chronicle, cast) if extensions else frozenset[str]()
    for one in extensions:
        scores = [(_score(promise, one, aside), n) for n, promise in enumerate(out) if promise]
        best = max(scores, default=(0, 0))
        promise = out[best[1]] if best[0] else None
        if promise is None:
            continue
        out[best[1]] = _moved(promise, one)
        for n, other in enumerate(out):
            if other and n != best[1] and _is_told_by(other, one):
                out[n] = None
    return [one for one in out if one]


@functools.lru_cache(maxsize=4096)
def kinds_of(words: str) -> frozenset[str]:
    """Return the kinds of act (data/views1.toml) that words are about."""
    return frozenset(kind.name for kind in kinds() if words in kind.words)


def _names(found: Sequence[Kind]) -> frozenset[str]:
    return frozenset(kind.name for kind in found)


def _score(promise: Promise, one: Extension, aside: frozenset[str]) -> int:
    """Return how much a promise shares with what moves a deadline: 0 where it cannot be meant."""
    if promise.day > one.told or _is_told_by(promise, one):
        return 0
    if promise.due and not one.may_move(promise.due, promise.due):
        return 0
    about, own = kinds_of(one.words), _names(promise.kinds)
    data = rules()["commitments"]
    if promise.due is None:
        # Without a day there is nothing to move, but a truce of late may go on.
        goes_on = not promise.offered and "truce" in about & own and one.words in _prolonged()
        if not goes_on or one.told > shifted(promise.day, int(data["late_days"])):
            return 0
    elif one.told > shifted(promise.due, int(data["extended_late"])) or one.moved(promise.due) == promise.due:
        return 0
    names, things = telling_words(one.words)
    named = len((names & (promise.names | promise.things)) - aside)
    # To whom it was promised may grant more time: then the thing and its old day are named.
    if promise.lanes.isdisjoint(one.lanes) and not (named and promise.due in one.days):
        return 0
    if about and own and about.isdisjoint(own) and not named:
        return 0
    shared = 2 * named + len((things & (promise.things | promise.names)) - aside) + 2 * len(about & own)
    return shared + 4 * (promise.due in one.days) if shared >= _ENOUGH else 0


@functools.cache
def _prolonged() -> Phrases:
    return Phrases(rules()["commitments"]["prolonged"])


def _is_told_by(promise: Promise, one: Extension) -> bool:
    """True for a promise that the sentence of an extension makes itself."""
    if one.report not in promise.reports:
        return False
    return not set(one.tellings).isdisjoint(promise.tellings) or not set(one.sayings).isdisjoint(promise.sayings)


def _moved(promise: Promise, one: Extension) -> Promise:
    due = max(one.moved(promise.due), promise.day)
    move = Move(one.told, promise.due, due, one.words, one.tellings or (one.telling.key,), one.sayings)
    start = due if promise.due_from and promise.due_from == promise.due else promise.due_from or promise.day
    return replace(promise, due_from=min(start, due), due=due, moves=(*promise.moves, move))


@functools.cache
def _accepted() -> Phrases:
    return Phrases(rules()["commitments"]["accepted"])


def taken_up(chronicle: Chronicle, cast: Cast, found: Sequence[Promise]) -> list[Promise]:
    """Return promises, offers with the acts by which another side accepted them.

    What accepts an offer in its words is no promise of its own; what those who accept are to do themselves is.
    """
    acts = [
        one
        for one in seen(chronicle, types=_TAKING_UP)
        if one.first and one.event.status in DONE and told_in(chronicle, one.event) in _accepted()
    ]
    aside = people(chronicle, cast) if acts else frozenset[str]()
    out = [replace(one, accepted=_takers(chronicle, cast, one, acts, aside)) if one.offered else one for one in found]
    used: defaultdict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for one in out:
        for key in one.accepted:
            used[_place(chronicle, key)] |= one.lanes
    return [one for one in out if not _only_accepts(chronicle, cast, one, used)]


def _only_accepts(
    chronicle: Chronicle, cast: Cast, one: Promise, used: Mapping[tuple[str, str], frozenset[str]]
) -> bool:
    """True for a promise in a sentence that accepts an offer, unless others than who offers are to act in it."""
    offering = frozenset[str]().union(*(used.get(_place(chronicle, key), ()) for key in one.tellings))
    planned = [telling for key in one.tellings if (telling := chronicle.tellings[key]).status == "planned"]
    acting = frozenset(cast.lanes(party for telling in planned for party in telling.sources))
    return bool(offering) and not (acting and acting.isdisjoint(offering))


def _place(chronicle: Chronicle, key: str) -> tuple[str, str]:
    """Return the report and the sentence of a telling."""
    return chronicle.tellings[key].report, sentence(chronicle, chronicle.tellings[key])


def _takers(
    chronicle: Chronicle, cast: Cast, offer: Promise, acts: Sequence[Seen], aside: frozenset[str]
) -> tuple[str, ...]:
    end = shifted(offer.day, int(rules()["commitments"]["late_days"]))
    own = {_place(chronicle, key) for key in offer.tellings}
    for act in acts:
        others = (act.sources & cast.sides) - offer.lanes
        if not others or not _within(act.first, offer.day, end):
            continue
        if not own.isdisjoint(_place(chronicle, key) for key in act.event.tellings):
            continue
        text = told_in(chronicle, act.event)
        names, things = telling_words(text)
        shared = 2 * len((names & offer.names) - aside) + len((things & offer.things) - aside)
        if shared >= _ENOUGH and (text in _offers() or kinds_of(text) & _names(offer.kinds)):
            return act.event.tellings
    return ()


@functools.cache
def _offers() -> Phrases:
    return Phrases([*rules()["commitments"]["offered"], *rules()["commitments"]["offers"]])


def _within(day: datetime.date | None, start: datetime.date, end: datetime.date) -> bool:
    return day is not None and start <= day <= end
