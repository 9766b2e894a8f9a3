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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from pourparler.archive import schema
from pourparler.archive.search import fold
from pourparler.archive.sql import portions
from pourparler.archive.told import Party, parties_of

# How much of a report a comparison may look at beyond the telling's own sentences, in characters.
CONTEXT = 1000
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


def load(connection: Connection, keys: Iterable[str] | None = None) -> list[Candidate]:
    """Return tellings as candidates, all of them or those with the given keys, sorted by key."""
    telling, report = schema.telling, schema.report
    joined = telling.join(report, report.c.key == telling.c.report)
    query = select(telling, report.c.text).select_from(joined)
    found: list[Candidate] = []
    for where in [None] if keys is None else [telling.c.key.in_(portion) for portion in portions(keys)]:
        rows = connection.execute(query if where is None else query.where(where))
        found += [_candidate(row) for row in rows]
    return sorted(found, key=lambda one: one.key)


def _candidate(row: object) -> Candidate:
    at = row._mapping  # type: ignore[attr-defined]
    parties = parties_of(at["sides"])
    begin, stop = at["passage_start"], at["passage_end"]
    actors = frozenset(token for party in parties for token in _names(party))
    places = frozenset(fold(word) for word in (at["place"],) if word)
    exact = at["basis"] in ("stated", "inferred") and at["precision"] == "day"
    digest = hashlib.sha256(
        json.dumps([at["type"], at["sides"], at["place"], at["first"] if exact else None, at["status"]]).encode()
    )
    return Candidate(
        at["key"],
        at["report"],
        at["text"][begin:stop],
        at["start"] - begin,
        at["end"] - begin,
        at["text"][:CONTEXT],
        at["type"],
        actors,
        places,
        date_of(at["first"]) if exact else None,
        date_of(at["last"]) if exact else None,
        date_of(at["published"]),
        date_of(at["day"]),
        digest.hexdigest()[:8],
    )


def _names(party: Party) -> tuple[str, ...]:
    country = (party.country,) if party.country else ()
    return (*country, fold(party.who))


def date_of(day: str | None) -> datetime.date | None:
    """Return the day of an ISO date, or None where there is none or it is no full day."""
    try:
        return datetime.date.fromisoformat(day[:10]) if day else None
    except ValueError:
        return None


def pairs(found: Sequence[Candidate], *, fresh: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of two candidates worth comparing, the smaller key first, one of them at least fresh."""
    by_day: dict[datetime.date, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        if one.day:
            by_day[one.day].append(number)
    wide, kin = rules().days, rules().kin
    for day in sorted(by_day):
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
