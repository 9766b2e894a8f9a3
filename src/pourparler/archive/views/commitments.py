"""Commitments: who promised what to whom by when, and whether it was kept, broken, is overdue or still open.

What is only offered stands among them as such, until the other side accepts it or it is done.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pourparler.archive.asof import seen_from
from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views.common import (
    DONE,
    Cast,
    Phrases,
    Seen,
    cast_of,
    days_of,
    is_attack,
    is_between_others,
    iso,
    names,
    plain,
    rules,
    seen,
    shifted,
    today_of,
    told_in,
)
from pourparler.archive.views.extending import extensions
from pourparler.archive.views.moving import moved, taken_up
from pourparler.archive.views.promises import Promise, promises
from pourparler.archive.views.stems import people, telling_words

State = Literal["kept", "broken", "overdue", "open", "offered"]


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise and what became of it.

    ``due`` is the last day on which it is due (None where no report names one), as it was moved last; ``moved`` tells
    each change with its words ("2023-05-01 -> 2023-07-01: extended the truce by two months"), ``moved_by`` are the
    tellings and statements that say so. ``days_late`` is how long after ``due`` it was kept. ``why`` says which rule
    gave the state: ``offered`` is what nobody promised yet, neither taken up nor done; ``accepted_by`` are the
    tellings by which another side took it up. ``kept_by``, ``broken_by`` and ``doubted_by`` are the tellings that say
    so; the last are claims, which change no state, and ``broken_by`` has a refusal too that later news undid.
    """

    day: str
    who: tuple[str, ...]
    sides: tuple[str, ...]
    whom: tuple[str, ...]
    words: str
    kinds: tuple[str, ...]
    due: str | None
    moved: tuple[str, ...]
    state: State
    why: str
    days_late: int
    kept_by: tuple[str, ...]
    broken_by: tuple[str, ...]
    doubted_by: tuple[str, ...]
    moved_by: tuple[str, ...]
    accepted_by: tuple[str, ...]
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: State
    why: str
    kept: tuple[Seen, ...] = ()
    broken: tuple[Seen, ...] = ()
    doubted: tuple[Seen, ...] = ()
    late: int = 0


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Commitment, ...]:
    """Return the promises of sides and mediators by day.

    With ``today``, only what reports told by that day counts, so that an earlier day shows them as they then stood.
    """
    chronicle = seen_from(chronicle, today)
    cast = cast_of(chronicle)
    judge = _Judge(chronicle, cast, today_of(chronicle, today))
    found = moved(chronicle, cast, promises(chronicle, cast), extensions(chronicle, cast))
    rows = [_row(cast, one, judge.verdict(one)) for one in taken_up(chronicle, cast, found)]
    return tuple(sorted(rows, key=lambda row: (row.day, row.due or "", row.tellings, row.sayings, row.words)))


def _row(cast: Cast, one: Promise, found: _Verdict) -> Commitment:
    return Commitment(
        one.day.isoformat(),
        names(one.who),
        tuple(name for name in cast.order if name in one.lanes),
        names(one.whom),
        one.words,
        tuple(kind.name for kind in one.kinds),
        iso(one.due),
        tuple(f"{iso(move.was) or 'no day'} -> {iso(move.due)}: {move.words}" for move in one.moves),
        found.state,
        found.why,
        found.late,
        _keys(found.kept),
        _keys(found.broken),
        _keys(found.doubted),
        tuple(dict.fromkeys(key for move in one.moves for key in (*move.tellings, *move.sayings))),
        one.accepted,
        one.tellings,
        one.sayings,
    )


def _keys(found: Iterable[Seen]) -> tuple[str, ...]:
    return tuple(key for one in found for key in one.event.tellings)


@dataclass(frozen=True, slots=True)
class _Act:
    """An event that may keep or break promises, with the words of its sentences and place, as stems."""

    seen: Seen
    day: datetime.date
    names: frozenset[str]
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    """What an act has in common with a promise, said in words; more is surer."""

    act: _Act
    strength: int
    why: str


class _Judge:
    """Finds what kept or broke a promise: acts by word, place and day, so that none is compared with all."""

    def __init__(self, chronicle: Chronicle, cast: Cast, today: datetime.date) -> None:
        self._chronicle, self._cast, self._today = chronicle, cast, today
        self._people = people(chronicle, cast)
        data = rules()["commitments"]
        self._horizon, self._late, self._truce = (data[k] for k in ("horizon_days", "late_days", "truce_days"))
        self._terms = Phrases(rules()["ceasefire"]["terms"])
        self._collapse = Phrases(rules()["ceasefire"]["collapse"])
        self._breach = Phrases([*rules()["ceasefire"]["violation"], *rules()["ceasefire"]["collapse"]])
        self._recalled = Phrases(data["recalled"])
        words: defaultdict[str, list[_Act]] = defaultdict(list)
        days: defaultdict[datetime.date, list[_Act]] = defaultdict(list)
        self._attacks: list[_Act] = []
        wanted = frozenset(name for kind in data["kind"] for name in (*kind["kept"], *kind["broken"])) | {"REJECT"}
        for one in seen(chronicle, types=wanted):
            if one.first is None or not one.lanes or one.event.status not in (*DONE, "did_not_happen", "alleged"):
                continue
            act = _act(chronicle, one, one.first)
            days[act.day].append(act)
            for word in act.names | act.things:
                words[word].append(act)
            if is_attack(chronicle, cast, one) or self._is_collapse(act):
                self._attacks.append(act)
        for acts in words.values():
            acts.sort(key=_day)
        self._attacks.sort(key=_day)
        self._words: Mapping[str, list[_Act]] = words
        self._days: Mapping[datetime.date, list[_Act]] = days
        self._attack_days = [act.day for act in self._attacks]

    def verdict(self, one: Promise) -> _Verdict:
        """Return the state of a promise and what says so; an offer that nobody took up can only have been done."""
        found = self._verdict(one)
        if not one.offered or found.state == "kept":
            return found
        if one.accepted:
            return replace(found, why=f"offered and accepted; {found.why}")
        due = f" for {one.due.isoformat()}" if one.due else ""
        return _Verdict("offered", f"only offered{due}, and no other side is told to have accepted it")

    def _verdict(self, one: Promise) -> _Verdict:
        if any(kind.name == "truce" for kind in one.kinds):
            return self._of_truce(one)
        matches = list(self._matches(one))
        kept = _earliest(match for match in matches if self._keeps(one, match.act))
        breaking = [match for match in matches if self._breaks(one, match.act)]
        doubted = [match for match in matches if self._doubts(one, match.act)]
        return self._weighed(one, kept, breaking, tuple(match.act.seen for match in doubted))

    def _weighed(
        self, one: Promise, kept: _Match | None, breaking: Sequence[_Match], doubted: tuple[Seen, ...]
    ) -> _Verdict:
        """Return the state that the later news gives; what broke it before stays visible.

        A refusal only says what somebody means to do: what is done after it counts, and a new day told since.
        """
        first = _earliest(breaking)
        told = (first.act.seen,) if first else ()
        deed = _earliest(match for match in breaking if not _is_refusal(match.act))
        if kept and (deed is None or kept.act.day <= deed.act.day):
            late = max(0, (kept.act.day - one.due).days) if one.due else 0
            why = f"{kept.why}" + (f"; {late} days after the day due" if late else "")
            return _Verdict("kept", why, (kept.act.seen,), told, doubted, late)
        if broken := _earliest(match for match in breaking if not self._is_set_again(one, match.act)):
            return _Verdict("broken", broken.why, (kept.act.seen,) if kept else (), (broken.act.seen,), doubted)
        if one.due and one.due < self._today:
            why = f"due by {one.due.isoformat()}, and nothing is told of it"
            return _Verdict("overdue", why, broken=told, doubted=doubted)
        due = f"due by {one.due.isoformat()}" if one.due else "no day named"
        claimed = ", broken only by what somebody says" if doubted else ""
        return _Verdict("open", due + claimed, broken=told, doubted=doubted)

    def _is_set_again(self, one: Promise, act: _Act) -> bool:
        """True for a refusal since whose last telling, or in whose words, a new day was given."""
        days = (date_of(telling.published) for telling in self._chronicle.told(act.seen.event))
        told = max((day for day in days if day), default=act.day)
        return _is_refusal(act) and any(move.told >= told for move in one.moves)

    def _keeps(self, one: Promise, act: _Act) -> bool:
        types = frozenset[str]().union(*(kind.kept for kind in one.kinds), one.types)
        event = act.seen.event
        if event.status not in DONE or event.type not in types or not act.seen.sources & one.lanes:
            return False
        # On the day itself the same agreement is told in other words; and a promise recalled is not one kept.
        later = act.day > one.day or bool(one.due_from and one.due and act.day >= one.due_from and act.seen.dated)
        return later and not (event.type == "AGREE" and told_in(self._chronicle, event) in self._recalled)

    def _breaks(self, one: Promise, act: _Act) -> bool:
        event = act.seen.event
        if not act.seen.sources & one.lanes:
            return False
        if event.status == "did_not_happen":
            # Without a day due it only says: not yet.
            types = frozenset[str]().union(*(kind.kept for kind in one.kinds), one.types)
            return event.type in types and one.due is not None and act.day >= (one.due_from or one.due)
        if event.status not in DONE or act.day <= one.day:
            return False
        if event.type == "REJECT":
            text = told_in(self._chronicle, event)
            return any(text in kind.words for kind in one.kinds)
        return any(event.type in kind.broken for kind in one.kinds)

    def _doubts(self, one: Promise, act: _Act) -> bool:
        contrary = frozenset[str]().union(*(kind.broken for kind in one.kinds))
        event = act.seen.event
        return event.status == "alleged" and event.type in contrary and bool(act.seen.sources & one.lanes)

    def _matches(self, one: Promise) -> Iterator[_Match]:
        """Yield the acts that have enough in common with a promise, each once."""
        kept = frozenset[str]().union(*(kind.kept | kind.broken for kind in one.kinds))
        types = kept | one.types | {"REJECT"}
        end = shifted(one.due, self._late) if one.due else shifted(one.day, self._horizon)
        seen_before = set[str]()
        lists = (self._words.get(word, ()) for word in (one.names | one.things) - self._people)
        nearby = [act for acts in lists for act in acts[bisect_left(acts, one.day, key=_day) :] if act.day <= end]
        if one.due_from and one.due:
            first, last = max(one.day, shifted(one.due_from, -_SLACK)), shifted(one.due, _SLACK)
            nearby += [act for day in days_of(first, last) for act in self._days.get(day, ())]
        for act in nearby:
            key = act.seen.event.key
            if act.seen.event.type not in types or act.seen.sources.isdisjoint(one.lanes):
                continue
            if key in seen_before or self._same_telling(one, act):
                continue
            seen_before.add(key)
            if match := self._match(one, act):
                yield match

    def _same_telling(self, one: Promise, act: _Act) -> bool:
        """True where the act is told by the very words of the promise, or on its day by its report."""
        if act.seen.reports.isdisjoint(one.reports):
            return False
        return act.day <= one.day or any(key in one.tellings for key in act.seen.event.tellings)

    def _match(self, one: Promise, act: _Act) -> _Match | None:
        """Return what a promise and an act share, if it is enough: words, or the place, or the very day due."""
        named = (one.names & (act.names | act.things)) - self._people
        shared = (one.things & (act.things | act.names)) - self._people
        weight = 2 * len(named) + len(shared)
        # Two acts of a kind at two places ("Kalbajar by May, Agdam by June") share all but the name.
        enough = 2 if named or not one.names - self._people else 3
        event = act.seen.event
        told = f"{event.type} by {' and '.join(sorted(act.seen.sources)) or 'nobody named'} on {act.day.isoformat()}"
        on_day = bool(one.due_from and one.due) and _within(one, act.day)
        same_place = bool(one.place and event.place and plain(one.place) == plain(event.place))
        both = len(one.lanes) < 2 or len(act.seen.lanes & one.lanes) > 1
        if weight >= enough:
            return _Match(act, weight, f"{told}, words shared: {', '.join(sorted(named | shared))}")
        if same_place and both and (weight or on_day):
            return _Match(act, 2, f"{told}, at the same place ({event.place})")
        if on_day and both and event.type in one.types:
            return _Match(act, 1, f"{told}, of the type and on the day due")
        return None

    def _of_truce(self, one: Promise) -> _Verdict:
        """Return the state of a promise not to fight: broken by an attack told as fact in the first days."""
        # A truce for a time holds for that time; for a short one, or one without, its first days tell.
        end = max(shifted(one.day, self._truce), one.due or one.day)
        days = (end - one.day).days
        begin = bisect_left(self._attack_days, one.day)
        broken, doubted = list[_Act](), list[_Act]()
        for act in self._attacks[begin:]:
            if act.day > end:
                break
            if (act.day == one.day and not self._after(act)) or is_between_others(self._cast, act.seen, one.lanes):
                continue
            (broken if act.seen.event.status in DONE else doubted).append(act)
        claims = tuple(act.seen for act in doubted)
        if broken:
            first = broken[0]
            why = f"{first.seen.event.type} told as fact on {first.day.isoformat()}"
            return _Verdict("broken", why, broken=(first.seen,), doubted=claims)
        if claims:
            return _Verdict("open", f"attacks in the {days} days after are only alleged", doubted=claims)
        if end <= self._today:
            return _Verdict("kept", f"no attack between the sides is told in the {days} days after")
        return _Verdict("open", f"less than {days} days old")

    def _is_collapse(self, act: _Act) -> bool:
        """True where the sentence of an event told as fact says that a truce broke down."""
        text = told_in(self._chronicle, act.seen.event)
        return act.seen.event.status in DONE and text in self._collapse and text in self._terms

    def _after(self, act: _Act) -> bool:
        """True where an attack on the day of a truce is told as its breach."""
        texts = (self._chronicle.passages.get(key, "") for key in act.seen.event.tellings)
        return any(text in self._terms and text in self._breach for text in texts)


_SLACK = 3  # days beside the day due on which an act of the type is taken for it


def _within(one: Promise, day: datetime.date) -> bool:
    assert one.due_from and one.due
    return shifted(one.due_from, -_SLACK) <= day <= shifted(one.due, _SLACK)


def _day(act: _Act) -> datetime.date:
    return act.day


def _act(chronicle: Chronicle, one: Seen, day: datetime.date) -> _Act:
    found, things = telling_words(f"{told_in(chronicle, one.event)} {one.event.place or ''}")
    return _Act(one, day, found, things)


def _is_refusal(act: _Act) -> bool:
    """True for what is said or told not to be done, and no deed against the promise."""
    return act.seen.event.type == "REJECT" or act.seen.event.status == "did_not_happen"


def _earliest(matches: Iterable[_Match]) -> _Match | None:
    """Return the first match in time; on one day the surest."""
    return min(matches, key=lambda one: (one.act.day, -one.strength, one.act.seen.event.key), default=None)
