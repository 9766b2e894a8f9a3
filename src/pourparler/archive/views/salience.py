"""How much events of a chronicle stand out: what they are, what came with them, and what else stands beside them."""

from __future__ import annotations

import datetime
import functools
import math
import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.numbers import numbers
from pourparler.archive.told import Telling
from pourparler.archive.views.common import (
    DONE,
    Cast,
    Phrases,
    Seen,
    plain,
    rules,
    standing,
    told_in,
    trigger,
)
from pourparler.archive.views.rates import Covered, Series

# Twice as many reports as usual are a quarter of what attention can be, 16 times as many all of it; a whole turn is
# the surest change that a chronicle has of a family, but at least 4 standard scores; 950 killed are the whole toll.
_DOUBLINGS, _SURE, _WHOLE_TOLL = 4.0, 4.0, 2.5
_YEAR = 365
# Letters before and behind a trigger that tell what it is about, within its sentence.
_AROUND = 50, 60
_END = re.compile(r"[.;:!?]\s")


@functools.lru_cache(maxsize=16_384)
def _killed(passage: str) -> int:
    """Return how many were killed, as a passage says. Kept: a fifth of the time of a timeline of 4,000 rows."""
    return numbers(passage).get("killed", 0)


@dataclass(frozen=True, slots=True)
class _Rules:
    """[weight] of data/views1.toml."""

    by: Mapping[str, float]
    types: Mapping[str, float]
    family: Mapping[str, str]
    words: Mapping[str, float]
    peace: Phrases
    war: Phrases
    closing: Phrases
    offered: Phrases

    def days(self, name: str) -> int:
        return int(self.by[f"{name}_days"])


@functools.cache
def _rules() -> _Rules:
    data = rules()["weight"]
    words = data["words"]
    return _Rules(
        {name: float(value) for name, value in data.items() if not isinstance(value, dict)},
        data["types"],
        {type: name for name, types in data["families"].items() for type in types},
        {name: float(value) for name, value in words.items() if not isinstance(value, list)},
        Phrases(words["peace"]),
        Phrases(words["war"]),
        Phrases(words["closing"]),
        Phrases([*rules()["commitments"]["offered"], *rules()["commitments"]["ready"], *words["hedged"]]),
    )


def weights(chronicle: Chronicle, cast: Cast, found: Sequence[Seen]) -> dict[str, float]:
    """Return the weight of each event, by its key; it compares within one chronicle only."""
    act, course = _Act(chronicle, cast), _Course(chronicle, cast, found)
    return _spread([(act.gravity(one) * course.stir(one), one) for one in found])


def is_conflict(type: str) -> bool:
    """True for the types of the families of force and constraint, False for talks, peace and words."""
    return _rules().family[type] in ("force", "constraint")


class _Act:
    """Weighs what an act is by itself."""

    def __init__(self, chronicle: Chronicle, cast: Cast) -> None:
        self._chronicle, self._cast, self._rules = chronicle, cast, _rules()
        self._places = tuple(plain(place) for place in chronicle.process.places)

    def gravity(self, one: Seen) -> float:
        """Return what an act weighs by its type, words and toll, who takes part, and how far it is a fact."""
        event, by = one.event, self._rules.by
        sides = self._sides(one)
        out = (self._kind(one) + by["toll"] * self._toll(one)) * self._factor(one)
        out *= 1.0 if sides > 1 else by["one_side"] if sides else by["no_side"]
        if one.lanes & self._cast.sides and not one.lanes.isdisjoint(self._cast.mediators):
            out *= 1 + by["mediators"]
        return out * (1 - by["confidence"] + by["confidence"] * event.confidence)

    def _kind(self, one: Seen) -> float:
        event, rules = one.event, self._rules
        family, words = rules.family[event.type], trigger(self._chronicle, event)
        out = rules.types.get(f"{event.type}/{event.mode}", rules.types[event.type])
        if family in ("peace", "talks") and words in rules.offered:
            return rules.words["offer_is"]
        if family in ("peace", "talks") and event.status != "did_not_happen" and self._is_peace(one):
            out = max(out, rules.words["peace_is" if family == "peace" else "talks_of_peace_are"])
        if is_conflict(event.type) and words in rules.war:
            out += rules.words["war_adds"]
        if family == "constraint" and words in rules.closing:
            out = max(out, rules.words["closing_is"])
        return out

    def _is_peace(self, one: Seen) -> bool:
        return any(around(self._chronicle, told) in self._rules.peace for told in self._chronicle.told(one.event))

    def _toll(self, one: Seen) -> float:
        """Return how many were killed, 0 to 1 by the number's magnitude; 0 for what is only claimed or ahead."""
        if one.event.type != "ASSAULT" or standing(one.event.status) != "fact":
            return 0.0
        killed = _killed(told_in(self._chronicle, one.event))
        return _share(math.log10(max(killed / 3, 1.0)) / _WHOLE_TOLL)

    def _factor(self, one: Seen) -> float:
        event, by = one.event, self._rules.by
        out = by.get(standing(event.status), 1.0)
        if event.status == "did_not_happen":
            out *= by["undone"]
        if event.status == "ongoing" and not one.dated:
            out *= by["background"]
        if one.first and one.last and (one.last - one.first).days > 2:
            out *= by["very_vague" if (one.last - one.first).days > 7 else "vague"]
        return out

    def _sides(self, one: Seen) -> int:
        """Return how many sides an act touches: in a place that the process is about, one more."""
        sides = len(one.lanes & self._cast.sides)
        here = bool(one.event.place) and any(place in plain(one.event.place or "") for place in self._places)
        return sides + (here and (not sides or is_conflict(one.event.type)))


def around(chronicle: Chronicle, told: Telling) -> str:
    """Return the trigger of a telling with some words before and behind it, within its sentence."""
    passage = chronicle.passages.get(told.key, told.words)
    start, end = told.start - told.passage_start, told.end - told.passage_start
    if not 0 <= start < end <= len(passage):
        return told.words
    before, behind = passage[max(0, start - _AROUND[0]) : start], passage[end : end + _AROUND[1]]
    return _END.split(before)[-1] + passage[start:end] + _END.split(behind)[0]


class _Course:
    """Weighs what came with an act: how much was told then, what changed, how long it had been quiet."""

    def __init__(self, chronicle: Chronicle, cast: Cast, found: Sequence[Seen]) -> None:
        self._copies, self._rules, self._sides = chronicle.copies, _rules(), cast.sides
        published = {one.report: date_of(one.published) for one in chronicle.tellings.values()}
        days = [day.toordinal() for report, day in published.items() if day and report not in chronicle.copies]
        self._covered = Covered(chronicle.covered, min(days, default=1), max(days, default=1))
        self._reports = Series(days, self._covered)
        self._families = self._told_of(found)
        self._kin = _kin(found, self._rules, cast)
        self._recalled = _recalled(chronicle, self._rules.days("late"))
        self._changes: dict[tuple[str, int], float] = {}
        self._largests: dict[str, float] = {}

    def _told_of(self, found: Sequence[Seen]) -> dict[str, Series]:
        """Return, for each family, the days of its acts, each once for each report that tells one."""
        told: dict[str, set[tuple[int, str]]] = {name: set() for name in set(self._rules.family.values())}
        burst = self._rules.days("burst")
        for one in found:
            short = one.first and one.last and (one.last - one.first).days <= burst
            if one.first and short and one.lanes & self._sides and one.event.status in (*DONE, "alleged"):
                family = told[self._rules.family[one.event.type]]
                family.update((one.first.toordinal(), report) for report in one.reports - self._copies)
        return {name: Series((day for day, _ in entries), self._covered) for name, entries in told.items()}

    def stir(self, one: Seen) -> float:
        """Return by how much what came with an act multiplies its weight."""
        by = self._rules.by
        tellers = len(one.reports - self._copies), len(one.event.outlets)
        told = _share(math.log2(max(tellers[0], 1)) / 3 + math.log2(max(tellers[1], 1)) / 6)
        out = 1 + by["told"] * told
        if one.first is None:
            return out
        day = one.first.toordinal()
        out += by["attention"] * self._attention(day) + by["rise"] * self._rise(day)
        out += by["turn"] * self._turn(self._rules.family[one.event.type], day) + by["quiet"] * self._quiet(one, day)
        late = len(self._recalled.get(one.first, frozenset()) - self._copies)
        return out + by["recall"] * _share(math.log2(1 + late) / _DOUBLINGS)

    def _attention(self, day: int) -> float:
        days = self._rules.days("burst")
        usual = self._reports.usual(day - _YEAR, day + _YEAR + 1, days=days)
        return _share(math.log2((self._reports.count(day, day + days) + 1) / (usual + 1)) / _DOUBLINGS)

    def _rise(self, day: int) -> float:
        days = self._rules.days("burst")
        now, before = self._reports.count(day, day + days), self._reports.count(day - days, day)
        return _share(math.log2((now + 1) / (before + 1)) / _DOUBLINGS)

    def _turn(self, family: str, day: int) -> float:
        """Return how surely things changed with a day, 0 to 1; less where they changed more surely some days off."""
        change = self._change(family, day)
        if change <= 0 or family == "words":
            return 0.0
        near, days = self._rules.days("peak"), self._families[family].days
        others = set(days[bisect_left(days, day - near) : bisect_right(days, day + near)])
        peak = max((self._change(family, other) for other in others), default=change)
        if change < peak:
            change *= max(0.0, 1 - 2 * (peak - change) / max(peak, 1.0))
        # What is only ahead may lie on a day of which nothing of its family is told, and which changed more.
        return _share(change / self._largest(family))

    def _largest(self, family: str) -> float:
        """Return the surest change of a family in the chronicle, in standard scores, at least 4."""
        if family not in self._largests:
            days = set(self._families[family].days)
            self._largests[family] = max((self._change(family, day) for day in days), default=0.0)
        return max(_SURE, self._largests[family])

    def _change(self, family: str, day: int) -> float:
        found = self._changes.get((family, day))
        if found is None:
            before, after = self._rules.days("before"), self._rules.days("after")
            if family == "peace":
                # Days on which a truce is only about to hold count for neither; the spans are of one length, so that
                # the end of the fighting is the turn, and not its height.
                found = -self._families["force"].change((day - after, day + 1), (day + 3, day + 3 + after))
            else:
                found = self._families[family].change((day - before, day), (day, day + after))
            self._changes[family, day] = found
        return found

    def _quiet(self, one: Seen, day: int) -> float:
        days = self._kin.get((self._rules.family[one.event.type], len(one.lanes & self._sides) > 1), [])
        at = bisect_left(days, day)
        # Of what was before the first one nothing is known: half a year is taken for it.
        gap = self._covered.days(days[at - 1], day) if at else _YEAR // 2
        return _share(math.log(1 + gap) / math.log(1 + _YEAR))


def _kin(found: Iterable[Seen], rules: _Rules, cast: Cast) -> Mapping[tuple[str, bool], list[int]]:
    """Return the days of the acts told as fact, by family: of all, and of those in which two sides take part."""
    out: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for one in found:
        if one.first and one.event.status in DONE:
            family, day = rules.family[one.event.type], one.first.toordinal()
            out[family, False].append(day)
            if len(one.lanes & cast.sides) > 1:
                out[family, True].append(day)
    for days in out.values():
        days.sort()
    return out


def _recalled(chronicle: Chronicle, late: int) -> Mapping[datetime.date, set[str]]:
    """Return, by day, the reports of so many days later and more that date something at it."""
    out: defaultdict[datetime.date, set[str]] = defaultdict(set)
    for one in chronicle.tellings.values():
        if one.precision == "day" and one.basis in ("stated", "inferred"):
            first, published = date_of(one.first), date_of(one.published)
            if first and published and (published - first).days >= late:
                out[first].add(one.report)
    return out


def _spread(weighed: Iterable[tuple[float, Seen]]) -> dict[str, float]:
    """Return the weights by key, each divided by what stands near it and is heavier: see data/views1.toml."""
    by, near = _rules().by, _rules().days("near")
    told = set[tuple[str, datetime.date | None]]()
    days: dict[bool, list[int]] = {True: [], False: []}
    out = {}
    for weight, one in sorted(weighed, key=lambda item: (-item[0], item[1].event.key)):
        again = any((report, one.first) in told for report in one.reports)
        told.update((report, one.first) for report in one.reports)
        weight *= by["same_report"] if again else 1.0
        if one.first:
            day = one.first.toordinal()
            conflict = is_conflict(one.event.type)
            counts = {
                kind: bisect_right(those, day + near) - bisect_left(those, day - near) for kind, those in days.items()
            }
            weight /= 1 + by["near_same"] * counts[conflict] + by["near_other"] * counts[not conflict]
            if not again:
                insort(days[conflict], day)
        out[one.event.key] = round(weight, 3)
    return out


def _share(value: float) -> float:
    return max(0.0, min(1.0, value))
