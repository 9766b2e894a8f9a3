"""Which events about talks are one round: near in days, at one place, of the same parties."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Joined, Party
from pourparler.archive.views.common import DONE, Cast, Seen, apart, days_of, plain, rules, seen, shifted
from pourparler.archive.views.dropped import EARLY, Dropped, announced, dropped, news, standing_end
from pourparler.knowledge import country_name

# A span of more days is no round but a time in which talks went on ("last year's talks").
_VAGUE = 10
# Talks announced without a day by reports at most so many days apart are one announcement.
_UNDATED = 7


@dataclass(slots=True)
class Draft:
    """A round in the making. ``first`` is None where it was announced without a day.

    ``lanes`` are the members that any of its events names, ``where`` is the event that says where it is. ``endings``
    tell that it was dropped, in the order told; ``ending`` is the one that counts: None too where it was set again.
    """

    members: list[Seen]
    first: datetime.date | None
    last: datetime.date | None
    lanes: frozenset[str]
    where: Joined | None = None
    endings: list[Dropped] = field(default_factory=list)
    ending: Dropped | None = None
    weeks: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, one: Seen, *, dated: bool = True) -> Draft:
        """Return a round of one event."""
        draft = cls([], one.first if dated else None, one.last if dated else None, frozenset())
        draft.take(one)
        return draft

    def take(self, one: Seen) -> None:
        """Add an event."""
        self.members.append(one)
        self.lanes |= one.lanes
        better = self.where is None or (self.where.status not in DONE and one.event.status in DONE)
        if one.event.place and better:
            self.where = one.event

    @property
    def held(self) -> bool:
        """True where some report tells that it took place."""
        return any(one.event.status in DONE for one in self.members)

    @property
    def every(self) -> list[Seen]:
        """Its events, with those that tell of its end, each once."""
        every = (*self.members, *(one.seen for one in self.endings))
        return list({one.event.key: one for one in every}.values())


def rounds(chronicle: Chronicle, cast: Cast) -> list[Draft]:
    """Return events grouped into rounds: what took place first, then what was announced, then what was dropped."""
    talks = [
        one
        for one in seen(chronicle, types=frozenset(("CONSULT",)))
        if len(one.lanes) > 1
        and one.lanes & cast.sides
        and (one.event.status not in _WISHES or _is_on_again(chronicle, one))
    ]
    told = [one for one in talks if one.event.status not in _AHEAD]
    ahead = [one for one in talks if one.event.status in _AHEAD]
    making = _Rounds(chronicle, cast)
    for one in told:
        if _days(one) <= _VAGUE:
            making.place(one, stretch=True)
    for one in (*(one for one in ahead if one.dated), *(one for one in told if _days(one) > _VAGUE)):
        making.place(one, stretch=False)
    for one in ahead:
        if not one.dated:
            making.undated(one)
    making.end(dropped(chronicle, cast))
    return making.drafts


_WISHES = ("possible", "called_for", "did_not_happen")
# What did not happen is among them where it was announced again.
_AHEAD = ("planned", "did_not_happen")


def _is_on_again(chronicle: Chronicle, one: Seen) -> bool:
    """True for talks told not to take place, and after that announced again for a day ahead."""
    if one.event.status != "did_not_happen":
        return False
    told = news(chronicle, one.event)
    off = max((telling.published or "" for telling in told if telling.status == "did_not_happen"), default="")
    return any(announced(telling) and (telling.published or "")[:10] > off[:10] for telling in told)


def _days(one: Seen) -> int:
    return (one.last - one.first).days if one.first and one.last else 0


class _Rounds:
    """Rounds in the making, found again by their weeks."""

    def __init__(self, chronicle: Chronicle, cast: Cast) -> None:
        self.drafts: list[Draft] = []
        self._chronicle = chronicle
        self._cast = cast
        self._by_week: defaultdict[int, list[Draft]] = defaultdict(list)
        self._slack = int(rules()["meetings"]["days"])
        self._near = float(rules()["meetings"]["kilometres"])

    def place(self, one: Seen, *, stretch: bool) -> None:
        """Add an event to the round that it fits, the nearest in days, or begin one; ``stretch`` adds its days."""
        fitting = [draft for draft in self._around(one) if self._fits(draft, one)]
        if not fitting:
            self._begin(Draft.of(one))
            return
        best = min(fitting, key=lambda draft: (_gap(draft, one), draft.first or datetime.date.max))
        best.take(one)
        if stretch and one.first and one.last:
            best.first, best.last = min(best.first or one.first, one.first), max(best.last or one.last, one.last)
            self._index(best)

    def undated(self, one: Seen) -> None:
        """Add talks announced without a day to others announced of the same parties at the time."""
        for draft in reversed(self.drafts):
            if draft.first is not None or one.first is None or draft.members[-1].first is None:
                break
            near = abs((one.first - draft.members[-1].first).days) <= _UNDATED
            if near and draft.lanes == one.lanes and self._same_place(draft, one) is not False:
                draft.take(one)
                return
        self.drafts.append(Draft.of(one, dated=False))

    def end(self, endings: Iterable[Dropped]) -> None:
        """Tie what was dropped to the rounds that it speaks of, or begin rounds that never were."""
        ahead = sorted((draft for draft in self.drafts if draft.first and not draft.held), key=_first)
        by_day: defaultdict[datetime.date | None, list[Draft]] = defaultdict(list)
        for draft in self.drafts:
            by_day[draft.first].append(draft)
        tied: dict[str, Draft] = {}
        for ending in endings:
            start = bisect_left(ahead, shifted(ending.told, -EARLY), key=_first)
            stop = bisect_right(ahead, shifted(ending.told, EARLY), key=_first)
            same_day = by_day[ending.seen.first] if ending.seen.first else []
            event = ending.seen.event.key
            found = self._ended(ending, same_day, ahead[start:stop]) or tied.get(event) or self._never_was(ending)
            named = ending.ahead()
            first, last = named[0] if named else (ending.seen.first, ending.seen.last)
            if not found and len(ending.seen.lanes) > 1 and first:
                found = Draft([], first, last, ending.seen.lanes)
                self._begin(found)
            if found:
                tied.setdefault(event, found)
                found.endings.append(ending)
        for draft in self.drafts:
            draft.ending = standing_end(draft.endings, self._renewed(draft))

    def _ended(self, ending: Dropped, same_day: Iterable[Draft], ahead: Iterable[Draft]) -> Draft | None:
        """Return the round that was dropped: told in one breath with its end, or due on a day or at a place named.

        Or one held after all on the very day for which it was announced, and called off in between.
        """
        for draft in same_day:
            if draft.lanes & ending.seen.lanes and self._one_breath(draft, ending):
                return draft
        for draft in ahead:
            place = draft.where.place if draft.where else None
            if not draft.first or not draft.last or draft.lanes.isdisjoint(ending.seen.lanes):
                continue
            if ending.concerns(draft.first, draft.last, place, draft.endings):
                return draft
        days = [first for first, last in ending.ahead() if first == last and ending.ending != "refused"]
        after = (draft for day in days for draft in self._by_week.get(day.toordinal() // 7, ()))
        return next((draft for draft in after if self._held_after(draft, ending)), None)

    def _held_after(self, draft: Draft, ending: Dropped) -> bool:
        """True for a round announced for a day that an ending names, and told since to have been held."""
        if not draft.held or not draft.first or not draft.last or draft.lanes.isdisjoint(ending.seen.lanes):
            return False
        told = (announced(telling) for one in draft.members for telling in self._chronicle.told(one.event))
        called = any(days and days[0] <= ending.told for days in told)
        since = self._renewed(draft)
        return called and ending.names(draft.first, draft.last) and since is not None and since > ending.told

    def _never_was(self, ending: Dropped) -> Draft | None:
        """Return the round of its parties and a day it names of which only endings tell so far."""
        days = (day for first, last in ending.ahead() for day in days_of(first, last))
        for week in sorted({day.toordinal() // 7 for day in days}):
            for draft in self._by_week.get(week, ()):
                shared = draft.lanes & ending.seen.lanes if not draft.members else ()
                if len(shared) > 1 and draft.first and draft.last and ending.names(draft.first, draft.last):
                    return draft
        return None

    def _renewed(self, draft: Draft) -> datetime.date | None:
        """Return the last day on which news that tell of no end announced a round, or told that it was held."""
        ended = frozenset[str]().union(*(one.enders for one in draft.endings))
        copies = self._chronicle.copies
        told = (
            date_of(telling.published)
            for one in draft.members
            for telling in self._chronicle.told(one.event)
            if telling.report not in ended
            and telling.report not in copies
            and (telling.status in DONE or announced(telling))
        )
        return max((day for day in told if day), default=None)

    def _one_breath(self, draft: Draft, ending: Dropped) -> bool:
        """True where only the report of its end tells that the round took place: "May passed without the meeting"."""
        held = frozenset[str]().union(*(one.reports for one in draft.members if one.event.status not in _AHEAD))
        return bool(held) and held <= ending.seen.reports

    def _begin(self, draft: Draft) -> None:
        self.drafts.append(draft)
        self._index(draft)

    def _index(self, draft: Draft) -> None:
        if draft.first and draft.last:
            weeks = {day.toordinal() // 7 for day in days_of(draft.first, draft.last)} - draft.weeks
            draft.weeks |= weeks
            for week in weeks:
                self._by_week[week].append(draft)

    def _around(self, one: Seen) -> list[Draft]:
        """Return the rounds of the event's weeks and those beside, each once."""
        if one.first is None or one.last is None:
            return []
        days = days_of(shifted(one.first, -self._slack), shifted(one.last, self._slack))
        weeks = sorted({day.toordinal() // 7 for day in days})
        return list({id(draft): draft for week in weeks for draft in self._by_week.get(week, ())}.values())

    def _fits(self, draft: Draft, one: Seen) -> bool:
        if _gap(draft, one) > self._slack:
            return False
        same_place = self._same_place(draft, one)
        if same_place is False:
            return False
        shared = draft.lanes & one.lanes
        if same_place and shared & self._cast.sides:
            return True
        return len(shared) > 1 and not self._other_people(draft, one)

    def _same_place(self, draft: Draft, one: Seen) -> bool | None:
        """Return whether both are at one place; a country fits every place in it. None where one has no place."""
        where = draft.where
        if where is None or not one.event.place or not where.place:
            return None
        distance = apart(where, one.event)
        if distance is not None and distance <= self._near:
            return True
        country = country_name(where.country) if where.country and where.country == one.event.country else None
        return country is not None and plain(country) in (plain(where.place), plain(one.event.place))

    def _other_people(self, draft: Draft, one: Seen) -> bool:
        """True where a member is there in other persons: two ministers at one table, two presidents at another."""
        here = self._people(one.event.parties)
        there = self._people(party for other in draft.members for party in other.event.parties)
        return any(here[name].isdisjoint(there[name]) for name in here.keys() & there.keys())

    def _people(self, parties: Iterable[Party]) -> dict[str, set[str]]:
        out: defaultdict[str, set[str]] = defaultdict(set)
        for party in parties:
            member = self._cast.member(party)
            if member and (party.kind == "person" or party.holder):
                out[member].add(party.who)
        return out


def _first(draft: Draft) -> datetime.date:
    return draft.first or datetime.date.min


def _gap(draft: Draft, one: Seen) -> int:
    """Return how many days lie between a round and an event, 0 where they overlap."""
    if draft.first is None or draft.last is None or one.first is None or one.last is None:
        return datetime.date.max.toordinal()
    return max(0, (one.first - draft.last).days, (draft.first - one.last).days)
