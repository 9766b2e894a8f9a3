"""Agenda: what is due and when, how often it was moved, and whether it took place."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Joined, Telling
from pourparler.archive.views.common import (
    DONE,
    Cast,
    Seen,
    apart,
    cast_of,
    days_of,
    iso,
    names,
    rules,
    seen,
    shifted,
    today_of,
    told_in,
)
from pourparler.archive.views.dropped import LATE, Dropped, announced, dropped, standing_end, undone
from pourparler.archive.views.extending import Extension, extensions
from pourparler.archive.views.lines import line
from pourparler.archive.views.moving import kinds_of
from pourparler.archive.views.stems import telling_words

# So many days after the day due it may still be told that it was moved.
_PASSED = 7
State = Literal["due", "took place", "passed without news", "postponed", "cancelled"]
# What was announced as one of these types may be told as another of them when it is done.
_KIN: Mapping[str, frozenset[str]] = {
    name: frozenset(group)
    for group in (("CONSULT",), ("AGREE", "SUPPORT"), ("RETREAT", "CONCEDE", "COOPERATE", "AID"))
    for name in group
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """That a report gave a day: on which day it told so, and the first and last day it gave."""

    told: str
    day: str
    last: str
    publisher: str | None
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing due.

    ``day`` to ``last`` are the days given last; ``announced`` are all announcements, the first one first; ``moved``
    tells each change ("2023-07-21 -> 2023-07-15"). ``settled_by`` are the tellings that say that it took place or was
    dropped: those that give the state first, then the others, also where it was set again since. ``took_place`` is
    its day. ``state`` is as of ``today``.
    """

    day: str
    last: str
    type: str
    what: str
    who: tuple[str, ...]
    sides: tuple[str, ...]
    place: str | None
    state: State
    took_place: str | None
    moved: tuple[str, ...]
    announced: tuple[Announcement, ...]
    settled_by: tuple[str, ...]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Call:
    """One report's announcement of an act with its days."""

    seen: Seen
    telling: Telling
    told: datetime.date
    first: datetime.date
    last: datetime.date


@dataclass(slots=True)
class _Thing:
    """What is announced, in the making: its calls, the first one first; its members; the event that says where.

    ``movers`` are the reports that moved it without announcing it anew.
    """

    calls: list[_Call]
    lanes: frozenset[str] = frozenset()
    where: Joined | None = None
    movers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, call: _Call) -> _Thing:
        """Return the thing that one call announces."""
        thing = cls([])
        thing.take(call)
        return thing

    def take(self, call: _Call) -> None:
        """Add a later call."""
        self.calls.append(call)
        self.lanes |= call.seen.lanes
        if call.seen.event.place:
            self.where = call.seen.event

    @property
    def latest(self) -> _Call:
        """The call that counts: the one told last."""
        return self.calls[-1]


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Item, ...]:
    """Return what was announced for a day that lay ahead of the report, by the day given last.

    Only what reports told by ``today`` counts, so that an earlier day shows the agenda as it then was.
    """
    chronicle = seen_from(chronicle, today)
    cast = cast_of(chronicle)
    now = today_of(chronicle, today)
    things = _things(_calls(chronicle, cast), cast)
    for extension in extensions(chronicle, cast):
        _move(chronicle, cast, things, extension)
    court = _Court(chronicle, cast, now)
    rows = [court.row(thing) for thing in things]
    return tuple(sorted(rows, key=lambda row: (row.day, row.last, row.type, row.tellings)))


def _calls(chronicle: Chronicle, cast: Cast) -> list[_Call]:
    """Return the tellings of planned acts that name days ahead, in the order of publication."""
    out = []
    for one in seen(chronicle):
        if not one.lanes & cast.sides:
            continue
        for telling in chronicle.told(one.event):
            if days := announced(telling):
                out.append(_Call(one, telling, *days))
    return sorted(out, key=lambda call: (call.told, call.first, call.telling.key))


def _things(calls: Sequence[_Call], cast: Cast) -> list[_Thing]:
    """Return the calls gathered by what they announce; a call with another day than the last one moves the thing."""
    out: list[_Thing] = []
    by_type: defaultdict[str, list[_Thing]] = defaultdict(list)
    longest = int(rules()["agenda"]["moved_days"])
    for call in calls:
        open_things = [
            thing
            for thing in reversed(by_type[call.seen.event.type][-60:])
            if _same_thing(thing, call, cast, longest=longest)
        ]
        if open_things:
            min(open_things, key=lambda thing: abs((thing.latest.first - call.first).days)).take(call)
        else:
            thing = _Thing.of(call)
            out.append(thing)
            by_type[call.seen.event.type].append(thing)
    return out


def _move(chronicle: Chronicle, cast: Cast, things: Sequence[_Thing], one: Extension) -> None:
    """Put the one thing due that an extension must mean on its new day; where two may be meant, none is moved."""
    scores = [(_likeness(chronicle, cast, thing, one), n) for n, thing in enumerate(things)]
    best = sorted((pair for pair in scores if pair[0]), reverse=True)
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return
    thing = things[best[0][1]]
    latest = thing.latest
    last = one.moved(latest.last)
    first = shifted(last, (latest.first - latest.last).days)
    thing.calls.append(_Call(latest.seen, one.telling, one.told, first, last))
    thing.movers |= {one.report}


def _likeness(chronicle: Chronicle, cast: Cast, thing: _Thing, one: Extension) -> int:
    """Return how much a thing due shares with what moves a day: 0 where it cannot be meant."""
    latest, event = thing.latest, thing.latest.seen.event
    if not thing.calls[0].told <= one.told <= shifted(latest.last, _PASSED) or one.moved(latest.last) == latest.last:
        return 0
    if one.told < latest.told:
        return 0  # it moved a day given before; what was told after it gives the day as it then stood
    shared = thing.lanes & one.lanes
    # Where nobody acts in the sentence itself, its report tells only of some who may be meant.
    wanted = min(2, len(thing.lanes), len(one.lanes)) if one.tellings else 1
    if not shared & cast.sides or len(shared) < wanted:
        return 0
    if any(call.telling.report == one.report for call in thing.calls):
        return 0
    names, things = telling_words(f"{told_in(chronicle, event)} {event.place or ''}")
    other_names, other_things = telling_words(one.words)
    alike = 2 * len(names & other_names) + len(things & other_things)
    alike += 2 * len(kinds_of(told_in(chronicle, event)) & kinds_of(one.words))
    named = any(latest.first <= day <= latest.last for day in one.days)
    if not one.may_move(latest.first, latest.last):
        return 0
    return alike + 4 * named if alike else 0


def _same_thing(thing: _Thing, call: _Call, cast: Cast, *, longest: int) -> bool:
    """True where a call is about the thing: same parties and place, and days that overlap, or that may have moved.

    Moved: told while the old day lay ahead or a week after at most, at a place both name, not by the same report.
    """
    latest = thing.latest
    if latest.seen.event.key == call.seen.event.key:
        return True
    same_days = latest.first <= call.last and call.first <= latest.last
    near = abs((latest.first - call.first).days) <= longest
    later = latest.told < call.told <= shifted(latest.last, 7) and latest.telling.report != call.telling.report
    if not same_days and not (near and later):
        return False
    shared = thing.lanes & call.seen.lanes
    smaller = min(len(thing.lanes), len(call.seen.lanes))
    if not shared & cast.sides or len(shared) < min(2, smaller):
        return False
    where = thing.where
    distance = apart(where, call.seen.event) if where else None
    if distance is not None and distance > float(rules()["meetings"]["kilometres"]):
        return False
    return same_days or distance is not None


class _Court:
    """Says what became of things announced; knows what took place by type and day."""

    def __init__(self, chronicle: Chronicle, cast: Cast, now: datetime.date) -> None:
        self._chronicle, self._cast, self._now = chronicle, cast, now
        self._slack = int(rules()["agenda"]["slack_days"])
        self._longest = int(rules()["agenda"]["moved_days"])
        self._near = float(rules()["meetings"]["kilometres"])
        self._dropped = [one for one in dropped(chronicle, cast) if one.published]
        unheld = {(report, one.seen.first) for one in self._dropped for report in one.seen.reports}
        done: defaultdict[tuple[str, datetime.date], list[Seen]] = defaultdict(list)
        off: defaultdict[str, list[Dropped]] = defaultdict(list)
        for one in seen(chronicle):
            if one.first is None:
                continue
            if one.event.status in DONE and not self._in_one_breath(one, unheld):
                done[one.event.type, one.first].append(one)
            elif one.event.status == "did_not_happen":
                off[one.event.type] += undone(chronicle, one)
        self._done: Mapping[tuple[str, datetime.date], list[Seen]] = done
        self._off: Mapping[str, list[Dropped]] = {kind: sorted(found, key=_told) for kind, found in off.items()}

    def row(self, thing: _Thing) -> Item:
        """Return the row of a thing."""
        latest = thing.latest
        done = self._took_place(thing)
        off, ends = self._called_off(thing)
        event, where = latest.seen.event, thing.where
        state: State = "due" if latest.last >= self._now else "passed without news"
        if done:
            state = "took place"
        elif off:
            state = "postponed" if off.ending == "postponed" else "cancelled"
        elif event.status == "did_not_happen":  # and announced again since
            event = replace(event, status="planned")
        return Item(
            latest.first.isoformat(),
            latest.last.isoformat(),
            event.type,
            line(event),
            names(party for party in (*event.sources, *event.targets)),
            tuple(name for name in self._cast.order if name in thing.lanes),
            where.place if where else None,
            state,
            iso(done.first) if done else None,
            _moves(thing, done),
            tuple(_announcement(call) for call in thing.calls),
            tuple(dict.fromkeys(key for one in (*((done,) if done else ()), *ends) for key in one.event.tellings)),
            tuple(
                dict.fromkeys(key for call in thing.calls for key in (*call.seen.event.tellings, call.telling.key))
            ),
            tuple(dict.fromkeys(call.telling.saying for call in thing.calls if call.telling.saying)),
        )

    def _in_one_breath(self, one: Seen, unheld: set[tuple[str, datetime.date | None]]) -> bool:
        """True for talks told only by reports that tell of their end: "May passed without the meeting"."""
        return one.event.type == "CONSULT" and all((report, one.first) in unheld for report in one.reports)

    def _took_place(self, thing: _Thing) -> Seen | None:
        """Return what shows that it took place: of like type and parties, on a day given or put off to."""
        latest = thing.latest
        start, end = shifted(latest.first, -self._slack), shifted(latest.last, self._slack)
        found = [one for one in self._between(thing, start, end) if self._fits(thing, one, at_place=False)]
        if not found and any(one.ending == "postponed" for one in self._endings(thing)):
            end = shifted(latest.last, self._longest)
            found = [one for one in self._between(thing, start, end) if self._fits(thing, one, at_place=True)]
        return min(found, key=lambda one: (abs((_day(one) - latest.last).days), one.event.key), default=None)

    def _between(self, thing: _Thing, start: datetime.date, end: datetime.date) -> list[Seen]:
        types = _KIN.get(thing.latest.seen.event.type, frozenset((thing.latest.seen.event.type,)))
        days = days_of(start, end)
        return [one for day in days for kind in types for one in self._done.get((kind, day), ())]

    def _fits(self, thing: _Thing, one: Seen, *, at_place: bool) -> bool:
        shared = thing.lanes & one.lanes
        if not shared & self._cast.sides or len(shared) < min(2, len(thing.lanes)):
            return False
        # What was told before the day was given is something else.
        if _day(one) < thing.latest.told and _day(one) < thing.latest.first:
            return False
        where = thing.where
        distance = apart(where, one.event) if where else None
        return not at_place if distance is None else distance <= self._near

    def _endings(self, thing: _Thing) -> list[Dropped]:
        """Return what tells that talks were dropped, in the order told."""
        if thing.latest.seen.event.type != "CONSULT":
            return []
        latest, where = thing.latest, thing.where
        start = bisect_left(self._dropped, thing.calls[0].told, key=_told)
        stop = bisect_right(self._dropped, shifted(latest.last, LATE), key=_told)
        out: list[Dropped] = []
        for one in self._dropped[start:stop]:
            # What names the new day puts it off to that day, and not for good.
            reports = one.seen.reports if one.ending == "postponed" else {one.report}
            if (
                not reports & thing.movers
                and one.seen.lanes & thing.lanes & self._cast.sides
                and one.concerns(latest.first, latest.last, where.place if where else None, out)
            ):
                out.append(one)
        return out

    def _called_off(self, thing: _Thing) -> tuple[Dropped | None, tuple[Seen, ...]]:
        """Return what shows that it was dropped (None where it was set again), and all that tell of its end."""
        endings = self._endings(thing) or self._not_done(thing)
        ended, copies = frozenset[str]().union(*(one.enders for one in endings)), self._chronicle.copies
        calls = ((call.told, call.telling.report) for call in thing.calls)
        renewed = (told for told, report in calls if report not in ended and report not in copies)
        end = standing_end(endings, max(renewed, default=None))
        return end, tuple(one.seen for one in sorted(endings, key=lambda one: one is not end))

    def _not_done(self, thing: _Thing) -> list[Dropped]:
        """Return what tells that an act of its type and parties did not take place around its day."""
        latest = thing.latest
        start, end = shifted(latest.first, -self._slack), shifted(latest.last, self._slack)
        return [
            one
            for one in self._off.get(latest.seen.event.type, ())
            if not one.seen.reports & thing.movers
            and start <= _day(one.seen) <= end
            and len(one.seen.lanes & thing.lanes) >= min(2, len(thing.lanes))
        ]


def _told(one: Dropped) -> datetime.date:
    return one.told


def _day(one: Seen) -> datetime.date:
    assert one.first
    return one.first


def _announcement(call: _Call) -> Announcement:
    return Announcement(
        call.told.isoformat(),
        call.first.isoformat(),
        call.last.isoformat(),
        call.telling.publisher,
        (call.telling.key,),
    )


def _moves(thing: _Thing, done: Seen | None) -> tuple[str, ...]:
    """Return each change of the days given, and that to the day on which it took place where that is another."""
    out, before = [], thing.calls[0]
    for call in thing.calls[1:]:
        narrower = before.first <= call.first and call.last <= before.last
        wider = call.first <= before.first and before.last <= call.last
        if not narrower and not wider:
            out.append(f"{_span(before)} -> {_span(call)}")
        if not wider:
            before = call
    if done and done.first and not before.first <= done.first <= shifted(before.last, 1):
        out.append(f"{_span(before)} -> {done.first.isoformat()}")
    return tuple(dict.fromkeys(out))


def _span(call: _Call) -> str:
    first, last = call.first.isoformat(), call.last.isoformat()
    return first if first == last else f"{first}..{last}"
