"""Which tellings are worth comparing: of different reports, near in time, of kindred types, with a name in common."""

from __future__ import annotations

import bisect
import datetime
import functools
import hashlib
import importlib.resources
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from pourparler.archive import schema
from pourparler.archive.search import fold
from pourparler.archive.sql import pairs as values_of
from pourparler.archive.sql import portions
from pourparler.archive.told import Party, parties_of

# How much of a report a comparison may look at beyond the telling's own sentences, in characters.
CONTEXT = 1000
# Reports whose texts are held at a time while candidates are cut from them.
_REPORTS = 200
# A report with more tellings of one day than this has them passed over at once.
_MANY = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """A telling as joining looks at it; ``tokens`` are names of which two must share one, ``basis`` is a digest."""

    key: str
    report: str
    text: str
    start: int
    end: int
    context: str
    type: str
    actors: frozenset[str]
    places: frozenset[str]
    first: datetime.date | None
    last: datetime.date | None
    published: datetime.date | None
    day: datetime.date | None
    basis: str

    @property
    def tokens(self) -> frozenset[str]:
        return self.actors | self.places


@dataclass(frozen=True, slots=True)
class Outline:
    """What settling needs of a telling, without its words: some 300 bytes."""

    key: str
    report: str
    day: datetime.date | None
    basis: str


@dataclass(frozen=True, slots=True)
class Rules:
    """See data/joining.toml."""

    days: int
    kin: dict[str, frozenset[str]]


@functools.cache
def rules() -> Rules:
    """Return the rules of what is compared, from data/joining.toml."""
    path = importlib.resources.files("pourparler.archive") / "data" / "joining.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    kin: dict[str, set[str]] = defaultdict(set)
    for group in data["kin"]:
        for one in group:
            kin[one].update(group)
    return Rules(data["days"], {one: frozenset(group) for one, group in kin.items()})


def load(connection: Connection, days: Iterable[str]) -> list[Candidate]:
    """Return the tellings of days (ISO 8601) as candidates, sorted by key."""
    telling, report = schema.telling, schema.report
    by_report: dict[str, list[Row[Any]]] = defaultdict(list)
    for portion in portions(days):
        for row in connection.execute(select(telling).where(telling.c.day.in_(portion))):
            by_report[row.report].append(row)
    reports, found = sorted(by_report), list[Candidate]()
    for start in range(0, len(reports), _REPORTS):
        for key, text in values_of(connection, report, "key", reports[start : start + _REPORTS], "text"):
            found += _candidates(text, by_report.pop(key))
    return sorted(found, key=lambda one: one.key)


def _candidates(text: str, rows: Sequence[Row[Any]]) -> Iterator[Candidate]:
    """Yield the tellings of one report; what they share of its text is kept once."""
    context = text[:CONTEXT]
    passages: dict[tuple[int, int], str] = {}
    for at in rows:
        begin, stop = at.passage_start, at.passage_end
        exact = _exact(at)
        yield Candidate(
            at.key,
            at.report,
            passages.setdefault((begin, stop), text[begin:stop]),
            at.start - begin,
            at.end - begin,
            context,
            at.type,
            frozenset(token for party in parties_of(at.sides) for token in _names(party)),
            frozenset(fold(word) for word in (at.place,) if word),
            date_of(at.first) if exact else None,
            date_of(at.last) if exact else None,
            date_of(at.published),
            date_of(at.day),
            _basis(at),
        )


def outlines(connection: Connection, column: str, wanted: Iterable[str]) -> Iterator[Outline]:
    """Yield the outlines of tellings whose column (of table ``telling``) holds one of the values."""
    at = schema.telling.c
    looked_at = (at.type, at.sides, at.place, at.first, at.last, at.precision, at.basis, at.status)
    query = select(at.key, at.report, at.day, *looked_at)
    for portion in portions(wanted):
        for row in connection.execute(query.where(at[column].in_(portion))):
            yield Outline(row.key, row.report, date_of(row.day), _basis(row))


def _basis(row: Any) -> str:
    """Return a digest of what of a telling may be corrected, and is looked at."""
    exact = _exact(row)
    looked_at = [row.type, row.sides, row.place, row.first if exact else None, row.status]
    looked_at += [row.last] if exact and row.last != row.first else []
    return hashlib.sha256(json.dumps(looked_at).encode()).hexdigest()[:8]


def _exact(row: Any) -> bool:
    """Whether the report gives the very days of the act."""
    return row.basis in ("stated", "inferred") and row.precision == "day"


def _names(party: Party) -> tuple[str, ...]:
    country = (party.country,) if party.country else ()
    return (*country, fold(party.who))


def date_of(day: str | None) -> datetime.date | None:
    """Return the day of an ISO date, or None where there is none or it is no full day."""
    try:
        return datetime.date.fromisoformat(day[:10]) if day else None
    except ValueError:
        return None


def pairs(
    found: Sequence[Candidate], *, fresh: frozenset[str], days: Collection[datetime.date]
) -> Iterator[tuple[int, int]]:
    """Yield the numbers of two candidates worth comparing, the smaller key first, one of them at least fresh.

    The day of the earlier of both is one of ``days``.
    """
    by_day: dict[datetime.date, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        if one.day:
            by_day[one.day].append(number)
    wide, kin = rules().days, rules().kin
    for day in sorted(by_day.keys() & set(days)):
        later = [
            day + datetime.timedelta(days=n) for n in range(1, wide + 1) if day <= _LAST - datetime.timedelta(days=n)
        ]
        others = [number for near in later for number in by_day.get(near, ())]
        here = by_day[day]
        both = [*here, *others]
        counts = Counter(found[a].report for a in here)
        # A report may tell ten thousand events of one day: they are never compared with each other.
        elsewhere = {
            report: [place for place, b in enumerate(both) if found[b].report != report]
            for report, count in counts.items()
            if count > _MANY
        }
        for at, a in enumerate(here):
            one = found[a]
            rest = elsewhere.get(one.report, range(len(both)))
            for place in rest[bisect.bisect_right(rest, at) :]:
                b = both[place]
                two = found[b]
                if one.key not in fresh and two.key not in fresh:
                    continue
                if one.report == two.report or two.type not in kin.get(one.type, (one.type,)):
                    continue
                if not one.tokens.isdisjoint(two.tokens):
                    yield (a, b) if one.key < two.key else (b, a)


_LAST = datetime.date.max
