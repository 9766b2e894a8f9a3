"""What reports tell of deadlines that were moved: "extended the truce by two months", "moved to 15 May"."""

from __future__ import annotations

import calendar
import datetime
import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.numbers import number_words
from pourparler.archive.told import Saying, Telling
from pourparler.archive.views.common import Cast, Phrases, led_by, plain, rules, shifted
from pourparler.codebook import load

_DAYS = {"D": 1, "W": 7}
# A span stands at most so many words after "by" or "for": "by at least a further two months".
_REACH = 6
# What is prolonged is named in so many words behind: "extended the fragile ceasefire".
_OBJECT = 4
# A larger number of units leads beyond all days there are, or is none.
_MOST = 9999


@dataclass(frozen=True, slots=True)
class Span:
    """So many hours (H), days (D), weeks (W), months (M) or years (Y); fewer than 0 are sooner."""

    count: int
    unit: str

    def after(self, day: datetime.date) -> datetime.date:
        """Return the day so much later: months and years by the calendar, hours by the days they fill."""
        if self.unit == "H":
            return shifted(day, int(self.count / 24))
        if self.unit in _DAYS:
            return shifted(day, self.count * _DAYS[self.unit])
        months = day.year * 12 + day.month - 1 + self.count * (12 if self.unit == "Y" else 1)
        year, month = divmod(months, 12)
        if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
            return datetime.date.max if self.count > 0 else datetime.date.min
        return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Extension:
    """That a report told on a day that something is due later (or sooner): by a span, or on another day.

    ``days`` are all days that the sentence ``words`` names, the new one aside. ``telling`` is one of its report,
    ``tellings`` are those whose trigger stands in the sentence, ``sayings`` the statements whose cue does.
    """

    told: datetime.date
    report: str
    lanes: frozenset[str]
    words: str
    by: Span | None
    to: datetime.date | None
    days: tuple[datetime.date, ...]
    telling: Telling
    tellings: tuple[str, ...]
    sayings: tuple[str, ...]

    def may_move(self, first: datetime.date, last: datetime.date) -> bool:
        """False where the sentence names another day as the one that was moved."""
        # A day of the week before is that on which it was agreed: "on Friday they extended the truce".
        week = shifted(self.told, -7)
        others = [day for day in self.days if not week <= day <= self.told]
        return not others or any(first <= day <= last for day in self.days)

    def moved(self, due: datetime.date | None) -> datetime.date:
        """Return the new day of what was due on a day; what had none is due so long after it was told."""
        if self.to is not None:
            return self.to
        assert self.by
        return self.by.after(due or self.told)


def extensions(chronicle: Chronicle, cast: Cast) -> list[Extension]:
    """Return what moves deadlines, in the order in which it was told."""
    told: defaultdict[str, list[Telling]] = defaultdict(list)
    said: defaultdict[str, list[Saying]] = defaultdict(list)
    for telling in chronicle.tellings.values():
        if telling.report in chronicle.moving:
            told[telling.report].append(telling)
    for saying in chronicle.sayings.values():
        if saying.report in chronicle.moving:
            said[saying.report].append(saying)
    out = []
    for report, sentences in chronicle.moving.items():
        for start, words in sentences:
            found = _of(words, told[report][0].published) if told[report] else None
            if found:
                out.append(_extension(found, told[report], said[report], start, cast))
    return sorted(out, key=lambda one: (one.told, one.report, one.words))


@dataclass(frozen=True, slots=True)
class _Found:
    words: str
    told: datetime.date
    by: Span | None
    to: datetime.date | None
    days: tuple[datetime.date, ...]


def _of(words: str, published: str | None) -> _Found | None:
    """Return by how much or to which day a sentence moves something; None where it says neither, or of fighting."""
    told = date_of(published)
    if told is None or _is_fighting(words):
        return None
    to, named = _days_of(words, told)
    by = None if to else _by(words)
    if to is None and by is None:
        return None
    return _Found(words, told, by, to, named)


def _days_of(words: str, told: datetime.date) -> tuple[datetime.date | None, tuple[datetime.date, ...]]:
    """Return the new day that a sentence names, if it does, and the other days: "from 15 to 25 November" has both."""
    from pourparler.reading.timex import find_times, put_ahead

    to, named = None, []
    for time in find_times(words, published=told):
        if time.first is None or time.last is None:
            continue
        since = time.text.lower().startswith("from ") or led_by(words, time.start, ("from",))
        span = time.first < time.last and since
        if to is None and (span or led_by(words, time.start, rules()["commitments"]["extended_to"])):
            ahead = put_ahead(time, told)
            to = ahead[1] if ahead else time.last
            named += [time.first] if span else []
        elif time.last != told:
            named.append(time.last)
    return to, tuple(named)


@functools.cache
def _truce() -> Phrases:
    return Phrases(rules()["ceasefire"]["terms"])


def _is_fighting(words: str) -> bool:
    """True where the words behind one for prolonging name fighting: "renewed clashes for a second day"."""
    tokens = plain(words).split()
    evokers, prolonged = load().evokers, rules()["commitments"]["prolonged"]
    for at, token in enumerate(tokens):
        behind = tokens[at + 1 : at + 1 + _OBJECT] if token in prolonged else []
        if any(one[0] == "ASSAULT" for word in behind for one in evokers.get(word, ())):
            return " ".join(behind) not in _truce()
    return False


@functools.cache
def _sooner() -> Phrases:
    return Phrases(rules()["commitments"]["sooner"])


def _by(words: str) -> Span | None:
    data = rules()["commitments"]
    units: Mapping[str, str] = data["units"]
    tokens = plain(words).split()
    for at, token in enumerate(tokens):
        if token not in data["extended_by"]:
            continue
        for end in range(at + 1, min(at + 1 + _REACH, len(tokens))):
            if tokens[end] in units and (count := _count(tokens[at + 1 : end], data["one_more"])):
                return Span(-count if words in _sooner() else count, units[tokens[end]])
    return None


def _count(tokens: Sequence[str], one_more: Sequence[str]) -> int:
    """Return the number that some words before a unit say: "a further forty five" is 45, "another" 1, "the" none."""
    words, count = number_words(), 0
    for token in tokens:
        if token.isdecimal():
            return min(int(token[:6]), _MOST)
        if token in words and token not in one_more:
            count = max(count, 1) * words[token] if words[token] >= 100 else count + words[token]
        elif count:
            break
    return min(count, _MOST) or int(any(token in one_more for token in tokens))


def _extension(found: _Found, told: Sequence[Telling], said: Sequence[Saying], start: int, cast: Cast) -> Extension:
    """Return what a sentence moves, by those who act or speak in it, else by all in the acts of its report."""
    end = start + len(found.words)
    inside = [one for one in told if start <= one.start < end]
    sayings = [one for one in said if start <= one.start < end]
    speakers = [party for one in sayings for party in one.speakers]
    parties = [party for one in inside for party in one.parties] or [party for one in told for party in one.parties]
    return Extension(
        found.told, told[0].report, frozenset(cast.lanes((*parties, *speakers))), found.words, found.by, found.to,
        found.days, (inside or told)[0], tuple(sorted(one.key for one in inside)),
        tuple(sorted(one.key for one in sayings)),
    )  # fmt: skip
