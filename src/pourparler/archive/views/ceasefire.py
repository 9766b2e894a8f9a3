"""Ceasefire: week by week, truces declared and in force, and violations alleged, told as fact, and denied."""

from __future__ import annotations

import datetime
import functools
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pourparler.archive.asof import seen_from
from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Saying
from pourparler.archive.views.common import (
    DONE,
    Cast,
    Phrases,
    Seen,
    cast_of,
    is_attack,
    is_between_others,
    iso,
    names,
    rules,
    seen,
    shifted,
    speakers,
    today_of,
    told_in,
)
from pourparler.archive.views.lines import line

Way = Literal["alleged", "fact", "denied"]
_DECLARING = frozenset(("AGREE", "RETREAT", "CONCEDE", "SUPPORT"))
_BREAKING = frozenset(("ASSAULT", "COERCE", "ACCUSE", "MOBILIZE"))
# Declarations so few days apart are one truce; a truce told so few days after an attack is a new one.
_ONE, _LATELY = 2, 7


@dataclass(frozen=True, slots=True)
class Truce:
    """A truce: between whom, through whom, in force from a day to another (None as long as nothing ended it).

    ``end`` says by what it ended: a collapse that is told, fighting, another truce.
    """

    since: str
    until: str | None
    end: str
    sides: tuple[str, ...]
    mediators: tuple[str, ...]
    place: str | None
    words: str
    ended_by: tuple[str, ...]
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """An attack or constraint during a truce, or an accusation of breaking it.

    ``who`` is said to have done it to ``whom``, by ``says`` (empty where reports tell it as fact); ``by`` and
    ``against`` are the sides and mediators that these act for. ``way``: alleged, fact, denied (also what was alleged
    and then denied).
    """

    day: str
    way: Way
    type: str
    who: tuple[str, ...]
    whom: tuple[str, ...]
    by: tuple[str, ...]
    against: tuple[str, ...]
    says: tuple[str, ...]
    denied_by: tuple[str, ...]
    place: str | None
    line: str
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """One week (ISO 8601, Monday to Sunday) in which something is told of a truce.

    ``by_side`` counts the violations that each side is blamed for: "Name: 2 alleged, 1 fact, 0 denied".
    """

    week: str
    monday: str
    declared: tuple[Truce, ...]
    in_force: tuple[Truce, ...]
    violations: tuple[Violation, ...]
    alleged: int
    facts: int
    denied: int
    by_side: tuple[str, ...]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Terms:
    truce: Phrases
    breach: Phrases
    collapse: Phrases


@functools.cache
def _terms() -> _Terms:
    data = rules()["ceasefire"]
    return _Terms(Phrases(data["terms"]), Phrases(data["violation"]), Phrases(data["collapse"]))


@dataclass(slots=True)
class _Force:
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
        return self.since <= day and (self.until is None or day <= self.until)


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Week, ...]:
    """Return the weeks, up to ``today``, in which a truce was declared or a violation told, in order.

    With ``today``, only what reports told by that day counts.
    """
    chronicle = seen_from(chronicle, today)
    cast = cast_of(chronicle)
    now = today_of(chronicle, today)
    every = [one for one in seen(chronicle, types=_DECLARING | _BREAKING) if one.first and one.first <= now]
    truces = _truces(chronicle, cast, every)
    rows = {id(one): _truce(chronicle, cast, one) for one in truces}
    found = _violations(chronicle, cast, every, truces)
    by_week: defaultdict[datetime.date, list[Violation]] = defaultdict(list)
    for day, violation in found:
        by_week[_monday(day)].append(violation)
    declared: defaultdict[datetime.date, list[_Force]] = defaultdict(list)
    for one in truces:
        declared[_monday(one.since)].append(one)
    out = []
    for monday in sorted(by_week.keys() | declared.keys()):
        sunday = shifted(monday, 6)
        force = [one for one in truces if one.since <= sunday and (one.until is None or one.until >= monday)]
        out.append(
            _week(cast, monday, [rows[id(one)] for one in declared[monday]], [rows[id(one)] for one in force],
                  by_week[monday])
        )  # fmt: skip
    return tuple(out)


def truces(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Truce, ...]:
    """Return the truces that ``view`` counts by, by first day."""
    return tuple(dict.fromkeys(truce for week in view(chronicle, today=today) for truce in week.declared))


def _monday(day: datetime.date) -> datetime.date:
    return shifted(day, -day.weekday())


def _truces(chronicle: Chronicle, cast: Cast, every: Sequence[Seen]) -> list[_Force]:
    """Return the truces declared, by first day, each with its end.

    That is: acts told as fact, or announced with a day, whose own words or sentence are those of a truce. Where one
    holds and no fighting is told since, another told without a day of its own is that one, recalled. Truces of other
    pairs of sides are others, however near.
    """
    attacks = [one for one in every if one.first and one.event.status in DONE and is_attack(chronicle, cast, one)]
    days = [one.first for one in attacks if one.first]
    out: list[_Force] = []
    for one in every:
        if not one.first or one.event.type not in _DECLARING or not _declares(chronicle, cast, one):
            continue
        known = [truce for truce in out if _may_be_one(cast, truce.lanes, one.lanes)]
        near = [truce for truce in known if (one.first - truce.since).days <= _ONE]
        lately = attacks[bisect_left(days, shifted(one.first, -_LATELY)) : bisect_left(days, one.first)]
        fresh = not all(is_between_others(cast, attack, one.lanes) for attack in lately)
        if near:
            max(near, key=lambda truce: (len(truce.lanes & one.lanes & cast.sides), truce.since)).take(one)
        elif not known or fresh or (one.dated and _fresh(chronicle, one)):
            out.append(_Force([one], one.first, one.lanes))
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


def _declares(chronicle: Chronicle, cast: Cast, one: Seen) -> bool:
    """True where an event is a truce: its trigger, mode or sentence says so, and not its end."""
    if one.lanes and not one.lanes & cast.sides:
        return False
    told = chronicle.told(one.event)
    named = any(telling.words in _terms().truce for telling in told)
    if one.event.status == "planned":
        return named and one.dated and bool(one.lanes)
    if one.event.status not in DONE:
        return False
    if named or one.event.mode == "ceasefire":
        return True
    text = told_in(chronicle, one.event)
    over = text in _terms().breach or text in _terms().collapse
    return text in _terms().truce and not over and one.event.type in ("AGREE", "RETREAT")


def _fresh(chronicle: Chronicle, one: Seen) -> bool:
    """True unless a truce is told so long after its day that it is only recalled, with that day as its own."""
    first = date_of(chronicle.told(one.event)[0].published)
    return first is None or one.first is None or (first - one.first).days <= 31


def _collapses(chronicle: Chronicle, one: Seen) -> bool:
    text = told_in(chronicle, one.event)
    return text in _terms().collapse and text in _terms().truce


def _end(truce: _Force, attacks: Sequence[Seen], collapses: Sequence[Seen], following: _Force | None) -> None:
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


def _close(truce: _Force, day: datetime.date, end: str, by: Sequence[Seen]) -> None:
    truce.until, truce.end = day, end
    truce.ended_by = tuple(dict.fromkeys(key for one in by for key in one.event.tellings))


def _truce(chronicle: Chronicle, cast: Cast, one: _Force) -> Truce:
    lanes = one.lanes
    events = [member.event for member in one.members]
    told = [telling for event in events for telling in chronicle.told(event)]
    return Truce(
        one.since.isoformat(),
        iso(one.until),
        one.end,
        tuple(name for name in cast.order if name in lanes & cast.sides),
        tuple(name for name in cast.order if name in lanes & cast.mediators),
        next((event.place for event in events if event.place), None),
        next((telling.words for telling in told if telling.words in _terms().truce), told[0].words),
        one.ended_by,
        tuple(dict.fromkeys(key for event in events for key in event.tellings)),
    )


def _violations(
    chronicle: Chronicle, cast: Cast, every: Sequence[Seen], truces: Sequence[_Force]
) -> list[tuple[datetime.date, Violation]]:
    """Return what breaks a truce or is said to: during one, or in a sentence about one's breach."""
    denials = _denials(chronicle)
    out = []
    for one in every:
        if one.event.type not in _BREAKING or not one.first or not one.lanes & cast.sides:
            continue
        text = told_in(chronicle, one.event)
        about = text in _terms().truce and text in _terms().breach
        then = [truce for truce in truces if truce.since == one.first or truce.holds(one.first)]
        own = [truce for truce in then if not is_between_others(cast, one, truce.lanes)]
        during = bool(own) and all(truce.since != one.first for truce in own)
        if one.event.type == "ACCUSE":
            counts = about and one.event.status in (*DONE, "alleged")
        else:
            harms = one.event.type == "ASSAULT" or (one.event.type == "COERCE" and one.event.status == "alleged")
            counts = (during and harms and _by_side(chronicle, cast, one)) or (about and one.event.type != "MOBILIZE")
            counts = counts and one.event.status in (*DONE, "alleged", "denied")
        if counts:
            out.append((one.first, _violation(chronicle, cast, one, denials)))
    return out


def _by_side(chronicle: Chronicle, cast: Cast, one: Seen) -> bool:
    """True where one side acts on another, or a side is hit by somebody unnamed."""
    if is_attack(chronicle, cast, one):
        return True
    if one.event.type == "COERCE":
        return len(one.lanes & cast.sides) > 1
    short = one.first and one.last and (one.last - one.first).days <= 7
    return bool(short and one.targets & cast.sides) and not one.event.sources


def _denials(chronicle: Chronicle) -> dict[str, list[Saying]]:
    """Return denials and rejections by the statement that they answer and by the telling that they are about."""
    out: defaultdict[str, list[Saying]] = defaultdict(list)
    for saying in chronicle.sayings.values():
        if saying.act in ("deny", "reject"):
            for key in (*saying.answers, *saying.about):
                out[key].append(saying)
    return out


def _violation(chronicle: Chronicle, cast: Cast, one: Seen, denials: dict[str, list[Saying]]) -> Violation:
    event = one.event
    accusing = event.type == "ACCUSE"
    about = chronicle.about(event)
    answered = {
        saying.key: saying
        for key in (*event.tellings, *(one.key for one in about))
        for saying in denials.get(key, ())
    }
    says = names(event.sources) if accusing else speakers(about)
    way: Way = "alleged" if accusing or event.status == "alleged" else "fact"
    if event.status == "denied" or answered:
        way = "denied"
    # What a report states itself is not undone by a denial.
    if event.status in DONE and not accusing:
        way = "fact"
    # "Both accuse each other" names them once, as accusers.
    accused = event.targets or (event.sources if len(one.sources & cast.sides) > 1 else ())
    who, whom = (accused, ()) if accusing else (event.sources, event.targets)
    return Violation(
        one.first.isoformat() if one.first else "",
        way,
        event.type,
        names(who),
        names(whom),
        cast.lanes(who),
        cast.lanes(whom),
        says,
        speakers(answered.values()),
        event.place,
        line(event, says=says if not accusing else ()),
        event.tellings,
        tuple(dict.fromkeys((*(saying.key for saying in about), *answered))),
    )


def _week(
    cast: Cast,
    monday: datetime.date,
    declared: Sequence[Truce],
    force: Sequence[Truce],
    violations: Sequence[Violation],
) -> Week:
    year, number, _ = monday.isocalendar()
    order = sorted(violations, key=lambda one: (one.day, one.way, one.tellings))
    told = [key for truce in declared for key in truce.tellings] + [key for one in order for key in one.tellings]
    return Week(
        f"{year}-W{number:02d}",
        monday.isoformat(),
        tuple(declared),
        tuple(force),
        tuple(order),
        sum(one.way == "alleged" for one in order),
        sum(one.way == "fact" for one in order),
        sum(one.way == "denied" for one in order),
        tuple(_counted(name, order) for name in cast.order if any(name in one.by for one in order)),
        tuple(dict.fromkeys(told)),
        tuple(dict.fromkeys(key for one in order for key in one.sayings)),
    )


def _counted(name: str, violations: Sequence[Violation]) -> str:
    """Return how many violations a member is blamed for: "Name: 2 alleged, 1 fact, 0 denied"."""
    ways = Counter(one.way for one in violations if name in one.by)
    return f"{name}: {ways['alleged']} alleged, {ways['fact']} fact, {ways['denied']} denied"
