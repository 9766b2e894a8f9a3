"""Ceasefire: week by week, truces declared and in force, and violations alleged, told as fact, and denied."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Saying
from pourparler.archive.views.common import (
    DONE,
    Cast,
    Seen,
    cast_of,
    is_attack,
    is_between_others,
    iso,
    names,
    seen,
    shifted,
    speakers,
    today_of,
    told_in,
)
from pourparler.archive.views.lines import line
from pourparler.archive.views.truces import DECLARING, Force, made, terms

Way = Literal["alleged", "fact", "denied"]
_BREAKING = frozenset(("ASSAULT", "COERCE", "ACCUSE", "MOBILIZE"))


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


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Week, ...]:
    """Return the weeks, up to ``today``, in which a truce was declared or a violation told, in order.

    With ``today``, only what reports told by that day counts.
    """
    chronicle = seen_from(chronicle, today)
    cast = cast_of(chronicle)
    now = today_of(chronicle, today)
    every = [one for one in seen(chronicle, types=DECLARING | _BREAKING) if one.first and one.first <= now]
    truces = made(chronicle, cast, every)
    rows = {id(one): _truce(chronicle, cast, one) for one in truces}
    found = _violations(chronicle, cast, every, truces)
    by_week: defaultdict[datetime.date, list[Violation]] = defaultdict(list)
    for day, violation in found:
        by_week[_monday(day)].append(violation)
    declared: defaultdict[datetime.date, list[Force]] = defaultdict(list)
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


def _truce(chronicle: Chronicle, cast: Cast, one: Force) -> Truce:
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
        next((telling.words for telling in told if telling.words in terms().truce), told[0].words),
        one.ended_by,
        tuple(dict.fromkeys(key for event in events for key in event.tellings)),
    )


def _violations(
    chronicle: Chronicle, cast: Cast, every: Sequence[Seen], truces: Sequence[Force]
) -> list[tuple[datetime.date, Violation]]:
    """Return what breaks a truce or is said to: during one, or in a sentence about one's breach."""
    denials = _denials(chronicle)
    out = []
    for one in every:
        if one.event.type not in _BREAKING or not one.first or not one.lanes & cast.sides:
            continue
        text = told_in(chronicle, one.event)
        about = text in terms().truce and text in terms().breach
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
