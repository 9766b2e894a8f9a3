"""Which acts declare a truce, which of them are one, and by what and when each truce ended."""

from __future__ import annotations

import datetime
import functools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views.common import (
    DONE,
    Cast,
    Phrases,
    Seen,
    is_attack,
    is_between_others,
    rules,
    shifted,
    told_in,
)

DECLARING = frozenset(("AGREE", "RETREAT", "CONCEDE", "SUPPORT"))
# Declarations so few days apart are one truce; a truce told so few days after an attack is a new one.
_ONE, _LATELY = 2, 7


@dataclass(frozen=True, slots=True)
class Terms:
    """Words of a truce, of its breach, of its end, and of who only offers one."""

    truce: Phrases
    breach: Phrases
    collapse: Phrases
    offer: Phrases


@functools.cache
def terms() -> Terms:
    """Return them, of data/views1.toml."""
    data = rules()["ceasefire"]
    offers = rules()["commitments"]
    offer = Phrases([*offers["offered"], *offers["ready"]])
    return Terms(Phrases(data["terms"]), Phrases(data["violation"]), Phrases(data["collapse"]), offer)


@dataclass(slots=True)
class Force:
    """A truce in the making; ``lanes`` are the members that any of its events names."""

    members: list[Seen]
    since: datetime.date
    lanes: frozenset[str]
    until: datetime.date | None = None
    end: str = ""
    ended_by: tuple[str, ...] = ()

    def take(self, one: Seen) -> None:
        """Add an event that is this truce too."""
        self.members.append(one)
        self.lanes |= one.lanes

    def holds(self, day: datetime.date) -> bool:
        """True on the days from its first to its last."""
        return self.since <= day and (self.until is None or day <= self.until)


def made(chronicle: Chronicle, cast: Cast, every: Sequence[Seen]) -> list[Force]:
    """Return the truces declared, by first day, each with its end.

    That is: acts told as fact, or announced with a day, whose own words or sentence are those of a truce. Where one
    holds and no fighting is told since, another told without a day of its own is that one, recalled. Truces of other
    pairs of sides are others, however near, but for pairs of which no fight was ever told (``_is_misread``).
    """
    attacks = [one for one in every if one.first and one.event.status in DONE and is_attack(chronicle, cast, one)]
    days = [one.first for one in attacks if one.first]
    out: list[Force] = []
    for one in every:
        if not one.first or one.event.type not in DECLARING or not _declares(chronicle, cast, one):
            continue
        known = [truce for truce in out if _may_be_one(cast, truce.lanes, one.lanes)]
        near = [truce for truce in known if (one.first - truce.since).days <= _ONE]
        lately = attacks[bisect_left(days, shifted(one.first, -_LATELY)) : bisect_left(days, one.first)]
        fresh = not all(is_between_others(cast, attack, one.lanes) for attack in lately)
        if near:
            max(near, key=lambda truce: (len(truce.lanes & one.lanes & cast.sides), truce.since)).take(one)
        elif not known and _is_misread(cast, one, out, attacks[: bisect_left(days, shifted(one.first, 1))]):
            continue
        elif not known or fresh or (one.dated and _in_its_words(chronicle, one) and _fresh(chronicle, one)):
            out.append(Force([one], one.first, one.lanes))
    collapses = [one for one in every if one.event.status in DONE and _collapses(chronicle, one)]
    for n, truce in enumerate(out):
        fights, ends = (
            [one for one in found if not is_between_others(cast, one, truce.lanes)] for found in (attacks, collapses)
        )
        later = (other for other in out[n + 1 :] if _may_be_one(cast, truce.lanes, other.lanes))
        _end(truce, fights, ends, next(later, None))
    return out


def _may_be_one(cast: Cast, some: frozenset[str], others: frozenset[str]) -> bool:
    """True where truces of some members and of others may be of one pair of sides; one alone has it with any."""
    ours, theirs = some & cast.sides, others & cast.sides
    if not ours or not theirs or (len(ours) < 2 and len(theirs) < 2):
        return True
    return len(ours & theirs) >= min(2, len(ours), len(theirs))


def _is_misread(cast: Cast, one: Seen, truces: Sequence[Force], attacks: Sequence[Seen]) -> bool:
    """True for a truce without a day of its own, between sides never told to have fought each other, just after one
    of a side of theirs with another: rather that one told again, and its parties misread."""
    if one.dated or not one.first:
        return False
    sides = one.lanes & cast.sides
    late = [truce for truce in truces if truce.lanes & sides and (one.first - truce.since).days <= _LATELY]
    return bool(late) and not any(len(attack.lanes & sides) > 1 for attack in attacks)


def _in_its_words(chronicle: Chronicle, one: Seen) -> bool:
    """True unless only its sentence speaks of a truce: one that holds may be what the act is a part of."""
    named = any(telling.words in terms().truce for telling in chronicle.told(one.event))
    return named or one.event.type != "RETREAT" or one.event.mode == "ceasefire"


def _declares(chronicle: Chronicle, cast: Cast, one: Seen) -> bool:
    """True where an event is a truce: its trigger, mode or sentence says so, and not its end."""
    if one.lanes and not one.lanes & cast.sides:
        return False
    event, told = one.event, chronicle.told(one.event)
    named = any(telling.words in terms().truce for telling in told)
    if event.status == "planned":
        return named and one.dated and bool(one.lanes)
    # An agreement under way is none yet, nor is one that is offered.
    if event.status not in DONE or (event.type == "AGREE" and event.status == "ongoing"):
        return False
    if all(telling.words in terms().offer for telling in told):
        return False
    if named or event.mode == "ceasefire":
        return True
    text = told_in(chronicle, event)
    over = text in terms().breach or text in terms().collapse
    # Who resigns or releases somebody over a truce declares none.
    of_itself = event.type == "AGREE" or (event.type == "RETREAT" and not event.mode)
    return text in terms().truce and not over and of_itself


def _fresh(chronicle: Chronicle, one: Seen) -> bool:
    """True unless a truce is told so long after its day that it is only recalled, with that day as its own."""
    first = date_of(chronicle.told(one.event)[0].published)
    return first is None or one.first is None or (first - one.first).days <= 31


def _collapses(chronicle: Chronicle, one: Seen) -> bool:
    text = told_in(chronicle, one.event)
    return text in terms().collapse and text in terms().truce


def _end(truce: Force, attacks: Sequence[Seen], collapses: Sequence[Seen], following: Force | None) -> None:
    """Set by what and when a truce ended: its collapse as told, fighting on several days, or the next truce."""
    wanted, within = (int(rules()["ceasefire"][name]) for name in ("resumed_days", "resumed_within"))
    limit = following.since if following else datetime.date.max
    for one in collapses:
        if one.first and truce.since <= one.first <= limit:
            _close(truce, one.first, "collapsed", [one])
            break
    days: dict[datetime.date, list[Seen]] = {}
    for one in attacks:
        if one.first and truce.since < one.first < limit and (truce.until is None or one.first <= truce.until):
            days.setdefault(one.first, []).append(one)
    order = sorted(days)
    for start, end in zip(order, order[wanted - 1 :], strict=False):
        if (end - start).days < within:
            _close(
                truce, start, "fighting resumed", [one for day in order if start <= day <= end for one in days[day]]
            )
            return
    if truce.until is None and following:
        _close(truce, following.since, "another truce", following.members)


def _close(truce: Force, day: datetime.date, end: str, by: Sequence[Seen]) -> None:
    truce.until, truce.end = day, end
    truce.ended_by = tuple(dict.fromkeys(key for one in by for key in one.event.tellings))
