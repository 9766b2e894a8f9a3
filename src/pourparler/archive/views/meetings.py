"""Meetings: rounds of talks, who sat there, in which format, what came of it, and when they meet next."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Party
from pourparler.archive.views.common import (
    DONE,
    Cast,
    Phrases,
    Seen,
    cast_of,
    days_of,
    iso,
    names,
    plain,
    rules,
    seen,
    shifted,
    titled,
    today_of,
    told_in,
    trigger,
)
from pourparler.archive.views.lines import line
from pourparler.archive.views.rounds import Draft, rounds
from pourparler.knowledge import country_name

Status = Literal["held", "claimed", "planned", "no news", "postponed", "cancelled", "refused"]
_OUTCOMES = frozenset(("AGREE", "REJECT", "SUPPORT", "COOPERATE", "CONCEDE", "RETREAT", "AID"))


@dataclass(frozen=True, slots=True)
class Seat:
    """Who of a side or mediator took part, with titles; the country or body alone where nobody is named."""

    member: str
    names: tuple[str, ...]
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a round: something agreed, refused, conceded or promised at it."""

    event: str
    type: str
    status: str
    words: str
    line: str
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """A later meeting that the reports of a round announce, with its first and last possible day."""

    event: str
    day: str | None
    last: str | None
    place: str | None
    line: str
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """A round of talks.

    ``first`` to ``last`` are the days it took, or those in which it is due (None where it was announced without a
    day). ``status``: held; claimed (only somebody says so); planned; no news (its day passed, or more than a year
    since it was announced without one); postponed, cancelled, refused. ``format``: bilateral, trilateral,
    multilateral, by phone, separate, with a mediator. ``others`` are people who took part for no side or mediator.
    ``host`` is the country of the place where that is no side's.
    """

    first: str | None
    last: str | None
    place: str | None
    country: str | None
    status: Status
    format: str
    who: tuple[Seat, ...]
    others: tuple[str, ...]
    mediators: tuple[str, ...]
    host: str | None
    outcome: tuple[Outcome, ...]
    next: tuple[Next, ...]
    outlets: int
    events: tuple[str, ...]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Round, ...]:
    """Return the rounds of talks with a side and another member at the table, by first day.

    Those announced without a day come first, by the day on which that was told. With
    ``today``, only what reports told by that day counts.
    """
    chronicle = seen_from(chronicle, today)
    cast = cast_of(chronicle)
    desk = _Desk(chronicle, cast, today_of(chronicle, today))
    rows = [(_announced(draft), desk.row(draft)) for draft in rounds(chronicle, cast)]
    rows.sort(
        key=lambda one: (one[1].first or "", one[1].first or one[0].isoformat(), one[1].last or "", one[1].events)
    )
    return tuple(row for _, row in rows)


def _announced(draft: Draft) -> datetime.date:
    """Return the last day of what a round's events tell; of those without a day, that is when they were told."""
    return max((day for one in draft.every if (day := one.last or one.first)), default=datetime.date.min)


class _Desk:
    """Makes rows of rounds; knows the events of each report and day."""

    def __init__(self, chronicle: Chronicle, cast: Cast, today: datetime.date) -> None:
        self._chronicle, self._cast, self._today = chronicle, cast, today
        self._window = int(rules()["meetings"]["outcome_days"])
        self._horizon = int(rules()["commitments"]["horizon_days"])
        self._phone, self._separate = (Phrases(rules()["meetings"][name]) for name in ("phone", "separate"))
        by_report: defaultdict[str, list[Seen]] = defaultdict(list)
        by_day: defaultdict[datetime.date, list[Seen]] = defaultdict(list)
        for one in seen(chronicle, types=_OUTCOMES | {"CONSULT"}):
            for report in one.reports:
                by_report[report].append(one)
            if one.first:
                by_day[one.first].append(one)
        self._by_report: Mapping[str, list[Seen]] = by_report
        self._by_day: Mapping[datetime.date, list[Seen]] = by_day

    def row(self, draft: Draft) -> Round:
        """Return the row of a round."""
        events = [one.event for one in draft.every]
        where = draft.where
        country = where.country if where else None
        seats = self._seats(draft)
        told = tuple(dict.fromkeys(key for event in events for key in event.tellings))
        says = [one for event in events for one in self._chronicle.about(event)]
        return Round(
            iso(draft.first),
            iso(draft.last),
            where.place if where else None,
            country,
            self._status(draft),
            self._format(draft),
            seats,
            names(p for event in events for p in event.parties if not self._cast.member(p) and p.kind == "person"),
            tuple(seat.member for seat in seats if seat.member in self._cast.mediators),
            self._host(country),
            self._outcome(draft),
            self._next(draft),
            len({name for event in events for name in event.outlets}),
            tuple(event.key for event in events),
            told,
            tuple(dict.fromkeys(one.key for one in says)),
        )

    def _seats(self, draft: Draft) -> tuple[Seat, ...]:
        """Return who took part, as those events tell that took place, where any did."""
        held = [one for one in draft.members if one.event.status in DONE] or draft.every
        rows = []
        for member in self._cast.order:
            parties = [
                (party, one.event)
                for one in held
                for party in one.event.parties
                if self._cast.member(party) == member
            ]
            if not parties:
                continue
            people = [(party, event) for party, event in parties if party.kind == "person" or party.holder]
            told = dict.fromkeys(key for _, event in parties for key in event.tellings)
            rows.append(Seat(member, _forms([party for party, _ in people or parties]), tuple(told)))
        return tuple(rows)

    def _status(self, draft: Draft) -> Status:
        statuses = {one.event.status for one in draft.members}
        if draft.ending:
            return draft.ending.ending
        if statuses & DONE:
            return "held"
        if "alleged" in statuses or "denied" in statuses:
            return "claimed"
        return "no news" if (draft.last or shifted(_announced(draft), self._horizon)) < self._today else "planned"

    def _format(self, draft: Draft) -> str:
        texts = [told_in(self._chronicle, one.event) for one in draft.members]
        if any(one.event.mode == "phone" for one in draft.members) or any(text in self._phone for text in texts):
            return "by phone"
        if any(text in self._separate for text in texts):
            return "separate"
        lanes = draft.lanes
        sides, mediators = len(lanes & self._cast.sides), len(lanes & self._cast.mediators)
        others = {
            party.country for one in draft.members for party in one.event.parties if not self._cast.member(party)
        }
        if sides < 2:
            return "with a mediator"
        mediators += len(others - {None})
        if sides + mediators > 3 or any(one.event.mode == "multilateral" for one in draft.members):
            return "multilateral"
        return "trilateral" if sides + mediators == 3 else "bilateral"

    def _host(self, country: str | None) -> str | None:
        """Return the country where they met, unless it is a side's own."""
        own = {code for side in self._chronicle.process.sides for code in side.countries}
        return country_name(country) if country and country not in own else None

    def _outcome(self, draft: Draft) -> tuple[Outcome, ...]:
        """Return what the reports of a round, or others of the same days and parties, tell as its outcome."""
        held = [one for one in draft.members if one.event.status in (*DONE, "alleged")]
        if draft.first is None or draft.last is None or not held or draft.ending:
            return ()
        own = {one.event.key for one in draft.every}
        end = shifted(draft.last, self._window)
        same_report = [one for report in _reports(held) for one in self._by_report.get(report, ())]
        days = days_of(draft.first, end)
        same_days = [one for day in days for one in self._by_day.get(day, ()) if len(one.lanes & draft.lanes) > 1]
        found = {
            one.event.key: one
            for one in (*same_report, *same_days)
            if one.event.type in _OUTCOMES
            and one.event.key not in own
            and one.lanes & draft.lanes
            and one.first
            and (draft.first <= one.first <= end or not one.dated)
        }
        chosen = sorted(found.values(), key=lambda one: (one.first or datetime.date.min, one.event.key))
        return tuple(
            Outcome(
                one.event.key,
                one.event.type,
                one.event.status,
                trigger(self._chronicle, one.event),
                line(one.event, trigger(self._chronicle, one.event)),
                one.event.tellings,
            )
            for one in chosen
        )

    def _next(self, draft: Draft) -> tuple[Next, ...]:
        """Return the meetings due later that the reports of a round announce."""
        reports = _reports(one for one in draft.members if one.event.status in DONE)
        found = {
            one.event.key: one
            for report in reports
            for one in self._by_report.get(report, ())
            if one.event.type == "CONSULT"
            and one.event.status == "planned"
            and one.dated
            and draft.last
            and one.last
            and one.last > draft.last
        }
        chosen = sorted(found.values(), key=lambda one: (one.first or datetime.date.min, one.event.key))
        return tuple(
            Next(one.event.key, iso(one.first), iso(one.last), one.event.place, line(one.event), one.event.tellings)
            for one in chosen
        )


def _reports(found: Iterable[Seen]) -> list[str]:
    return sorted({report for one in found for report in one.reports})


def _forms(parties: Sequence[Party]) -> tuple[str, ...]:
    """Return each of the parties once, under its longest name and the title that is told most often."""
    titles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for party in parties:
        titles[party.who][titled(party)] += 1
    longest = sorted(titles, key=lambda who: (-len(who), who))
    own = [who for n, who in enumerate(longest) if not any(plain(who) in plain(other) for other in longest[:n])]
    best = (min(titles[who].items(), key=lambda item: (-item[1], -len(item[0]), item[0]))[0] for who in own)
    return tuple(sorted(best))
