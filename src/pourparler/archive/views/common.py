"""What views share: whose actors take part, on which days, how near in place, which words, and tables of data."""

from __future__ import annotations

import datetime
import functools
import importlib.resources
import math
import re
import threading
import tomllib
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.deadlines import SENTENCE_END
from pourparler.archive.process import Process, first_of
from pourparler.archive.search import fold
from pourparler.archive.told import Joined, Party, Saying, Telling

Standing = Literal["fact", "ahead", "claim"]
_STANDINGS: Mapping[str, Standing] = {
    "happened": "fact",
    "ongoing": "fact",
    "did_not_happen": "fact",
    "planned": "ahead",
    "possible": "ahead",
    "called_for": "ahead",
    "alleged": "claim",
    "denied": "claim",
}
DONE = frozenset(("happened", "ongoing"))
_WORD = re.compile(r"[^\W_]+")
_EARTH = 6371.0
# No phrase that leads to a day ("before the end of the") has more letters.
_LED = 25


class Placed(Protocol):
    """An event or telling, as far as its place goes."""

    @property
    def place(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


def standing(status: str) -> Standing:
    """Return whether a status tells a fact (also that something did not happen), what lies ahead, or a claim."""
    return _STANDINGS[status]


@functools.cache
def rules() -> Mapping[str, Any]:
    """Return data/views1.toml."""
    path = importlib.resources.files("pourparler.archive") / "data" / "views1.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def today_of(chronicle: Chronicle, today: datetime.date | None) -> datetime.date:
    """Return the given day, else the last day of publication in the chronicle (date.min in an empty one)."""
    if today is not None:
        return today
    days = [(one.published or "")[:10] for one in chronicle.tellings.values()]
    days += [(one.published or "")[:10] for one in chronicle.sayings.values()]
    return date_of(max(days, default=None)) or datetime.date.min


def shifted(day: datetime.date, days: int) -> datetime.date:
    """Return the day so many days later, at most the last (or first) day there is."""
    number = min(max(day.toordinal() + days, datetime.date.min.toordinal()), datetime.date.max.toordinal())
    return datetime.date.fromordinal(number)


def days_of(start: datetime.date, end: datetime.date) -> Iterator[datetime.date]:
    """Yield each day from a first to a last one; of more than 400, the first 400 ("since the 5th century")."""
    for number in range(start.toordinal(), min(end.toordinal(), start.toordinal() + 399) + 1):
        yield datetime.date.fromordinal(number)


class Cast:
    """Who acts for which side or mediator of a process.

    As ``Process.member`` says, each actor looked at once.
    """

    def __init__(self, process: Process) -> None:
        everybody = (*process.sides, *process.mediators)
        self.order = tuple(one.name for one in everybody)
        self.sides = frozenset(one.name for one in process.sides)
        self.mediators = frozenset(one.name for one in process.mediators)

        @functools.cache
        def member(name: str, country: str | None, holder: str | None) -> str | None:
            words = fold(f"{name} {holder or ''}")
            return first_of(process.sides, country, words) or first_of(process.mediators, country, words)

        self._member = member

    def member(self, party: Party) -> str | None:
        """Return the side or mediator that a party acts for, or None."""
        return self._member(party.name, party.country, party.holder)

    def lanes(self, parties: Iterable[Party]) -> tuple[str, ...]:
        """Return the sides, then mediators, that parties act for, in the order of the process."""
        found = {self.member(party) for party in parties}
        return tuple(name for name in self.order if name in found)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event with what is asked of it over and over: its days, the members on either side of it, its reports.

    ``first`` is the day stated or inferred, else that of publication (None for what has none); ``dated`` tells which.
    """

    event: Joined
    first: datetime.date | None
    last: datetime.date | None
    dated: bool
    sources: frozenset[str]
    targets: frozenset[str]
    lanes: frozenset[str]
    reports: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all views of one chronicle stand on: who acts for whom, its events as seen, and their sentences by key."""

    of: weakref.ref[Chronicle]
    cast: Cast
    every: tuple[Seen, ...]
    texts: dict[str, str]


# Made once for each of the last chronicles: half of what a view costs.
_GROUNDS = 8
_grounds: OrderedDict[int, _Ground] = OrderedDict()
_lock = threading.Lock()


def _ground(chronicle: Chronicle) -> _Ground:
    with _lock:
        kept = _grounds.get(id(chronicle))
        if kept is not None and kept.of() is chronicle:
            return kept
    cast = Cast(chronicle.process)
    every = tuple(_seen(chronicle, cast, event) for event in chronicle.events)
    made = _Ground(weakref.ref(chronicle), cast, every, {})
    with _lock:
        _grounds[id(chronicle)] = made
        while len(_grounds) > _GROUNDS:
            _grounds.popitem(last=False)
    return made


def cast_of(chronicle: Chronicle) -> Cast:
    """Return who acts for which side or mediator in a chronicle."""
    return _ground(chronicle).cast


def seen(chronicle: Chronicle, *, types: frozenset[str] | None = None) -> Sequence[Seen]:
    """Return the events of the types (all, where none are given) with their days and members, by day and key."""
    every = _ground(chronicle).every
    return every if types is None else [one for one in every if one.event.type in types]


def told_in(chronicle: Chronicle, event: Joined) -> str:
    """Return the sentences of all tellings of an event, one a line."""
    texts = _ground(chronicle).texts
    found = texts.get(event.key)
    if found is None:
        found = "\n".join(dict.fromkeys(sentence(chronicle, one) for one in chronicle.told(event)))
        texts[event.key] = found
    return found


def _seen(chronicle: Chronicle, cast: Cast, event: Joined) -> Seen:
    sources, targets = set[str](), set[str]()
    for party in event.parties:
        member = cast.member(party)
        if member is not None:
            (sources if party.role == "source" else targets).add(member)
    told = [chronicle.tellings[key] for key in event.tellings]
    first = date_of(event.first)
    day = first or date_of(event.day)
    last = date_of(event.last) or day
    return Seen(
        event,
        day,
        max(last, day) if last and day else day,
        first is not None and any(one.first == event.first and one.basis in _TOLD_DAY for one in told),
        frozenset(sources),
        frozenset(targets),
        frozenset(sources | targets),
        frozenset(one.report for one in told),
    )


_TOLD_DAY = ("stated", "inferred")


@functools.cache
def _whole() -> Phrases:
    return Phrases(rules()["ceasefire"]["whole"])


def is_attack(chronicle: Chronicle, cast: Cast, one: Seen) -> bool:
    """True for an attack between sides: two take part, or one attacks in the country of another.

    A war as a whole is none: what a report names by such a word without a day ("since the war"), or puts over more
    than a week.
    """
    if one.event.type != "ASSAULT" or not one.first or not one.last or (one.last - one.first).days > 7:
        return False
    if not one.dated and trigger(chronicle, one.event) in _whole():
        return False
    sides = one.lanes & cast.sides
    there = {side.name for side in chronicle.process.sides if one.event.country in side.countries}
    return len(sides) > 1 or bool(one.sources & cast.sides and there - one.sources)


def is_between_others(cast: Cast, one: Seen, lanes: frozenset[str]) -> bool:
    """True where two sides take part in an event, and none of those among ``lanes``: their truce is not at stake."""
    sides = one.lanes & cast.sides
    return len(sides) > 1 and sides.isdisjoint(lanes) and not lanes.isdisjoint(cast.sides)


def names(parties: Iterable[Party]) -> tuple[str, ...]:
    """Return who the parties are, each once, as reports name them."""
    return tuple(dict.fromkeys(party.who for party in parties))


def titled(party: Party) -> str:
    """Return who a party is with the title that the report gives: "Jane Doe (foreign minister of X)"."""
    return f"{party.who} ({party.title})" if party.title and party.title not in party.who else party.who


def listed(words: Sequence[str]) -> str:
    """Return "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


@functools.lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """Return a text as ``fold`` does, with a blank before and behind; quick for plain English."""
    folded = " ".join(_WORD.findall(text.lower())) if text.isascii() else fold(text)
    return f" {folded} "


def led_by(words: str, at: int, phrases: Iterable[str]) -> bool:
    """True where one of the phrases stands right before a place of a text, a "the" aside."""
    before = plain(words[max(0, at - _LED) : at]).removesuffix("the ")
    return any(before.endswith(plain(one)) for one in phrases)


class Phrases:
    """Words and phrases to look for in texts; each stands whole, case, accents and hyphens aside."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._padded = tuple(f" {fold(one)} " for one in phrases)

    def find(self, text: str) -> str | None:
        """Return the first of the phrases, in their order, that stands in a text, or None."""
        padded = plain(text)
        return next((one.strip() for one in self._padded if one in padded), None)

    def __contains__(self, text: str) -> bool:
        padded = plain(text)
        return any(one in padded for one in self._padded)


def sentence(chronicle: Chronicle, telling: Telling) -> str:
    """Return the sentence of a telling's trigger, cut from its passage; the passage where it lies elsewhere."""
    passage = chronicle.passages.get(telling.key, telling.words)
    at = telling.start - telling.passage_start
    if not 0 <= at < len(passage):
        return passage
    start, end = 0, len(passage)
    for found in SENTENCE_END.finditer(passage):
        if found.end() <= at:
            start = found.end()
        elif found.start() >= at:
            end = found.start() + 1
            break
    return passage[start:end].strip()


@functools.lru_cache(maxsize=16_384)
def days_named(text: str, published: datetime.date) -> tuple[tuple[datetime.date, datetime.date], ...]:
    """Return first and last day of each time that a text names; a bare weekday or month is taken as the next one."""
    from pourparler.reading.timex import find_times, put_ahead

    found = find_times(text, published=published)
    return tuple(put_ahead(one, published) or (one.first, one.last) for one in found if one.first and one.last)


def apart(one: Placed, other: Placed) -> float | None:
    """Return how many kilometres two places lie apart: 0 for one name, inf unknown but named otherwise.

    None where one of them has no place.
    """
    if not one.place or not other.place:
        return None
    if plain(one.place) == plain(other.place):
        return 0.0
    if one.latitude is None or other.latitude is None or one.longitude is None or other.longitude is None:
        return math.inf
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(one.longitude - other.longitude)
    square = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(east / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(square)))


def speakers(sayings: Iterable[Saying]) -> tuple[str, ...]:
    """Return who says the statements, each once."""
    return tuple(dict.fromkeys(party.who for one in sayings for party in one.speakers))


def trigger(chronicle: Chronicle, event: Joined) -> str:
    """Return the words that evoke an event, as its earliest telling of its type has them."""
    told = chronicle.told(event)
    return next((one.words for one in told if one.type == event.type), told[0].words)


def iso(day: datetime.date | None) -> str | None:
    """Return a day as ISO 8601, or None."""
    return day.isoformat() if day else None
