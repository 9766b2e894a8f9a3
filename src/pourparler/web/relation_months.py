"""Relations by month: which events of cooperation and conflict, and which only claimed, from whom to whom, when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.views import changes, relations
from pourparler.archive.views.common import today_of
from pourparler.web.kept_views import kept
from pourparler.web.months import between

# Of a hundred years. One report of the year 1 would make 24,000 months of each direction.
_MONTHS = 1200
SERIES = ("cooperation", "conflict", "claims")


@dataclass(frozen=True, slots=True)
class Counted:
    """The events of a month, by key; one that is directed at several counts once among all."""

    month: str
    cooperation: tuple[str, ...]
    conflict: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Direction:
    """What one does to another; of all together where ``source`` and ``target`` are "".

    ``months`` has a row for each month from the first to the last of any direction, of more than 1,200 for those with
    events; ``changes`` are months in which a rate changed, with words.
    """

    source: str
    target: str
    months: tuple[Counted, ...]
    changes: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The direction in words."""
        return f"{self.source} → {self.target}" if self.source else "All"


def directions(chronicle: Chronicle) -> tuple[Direction, ...]:
    """Return all together (also where there is nothing), then each direction, the busiest first; made once."""
    return kept(chronicle, _directions, last=False)


def _directions(chronicle: Chronicle) -> tuple[Direction, ...]:
    acts = tuple(relations.acts(chronicle, today_of(chronicle, None)))
    by_pair: defaultdict[tuple[str, str], list[relations.Act]] = defaultdict(list)
    for act in acts:
        by_pair[act.source, act.target].append(act)
    every = _every_month([act.month for act in acts])
    found = kept(chronicle, changes.changes)
    pairs = sorted(by_pair, key=lambda pair: (-len(by_pair[pair]), pair))
    return (
        _direction(("", ""), acts, every, found),
        *(_direction(pair, by_pair[pair], every, found) for pair in pairs),
    )


def _direction(
    pair: tuple[str, str], acts: Sequence[relations.Act], every: Sequence[str], found: Sequence[changes.Change]
) -> Direction:
    events: dict[str, defaultdict[str, dict[str, None]]] = {name: defaultdict(dict) for name in SERIES}
    for act in acts:
        sign = "cooperation" if act.event.score > 0 else "conflict" if act.event.score < 0 else None
        series = sign if act.fact else "claims"
        if series:
            events[series][act.month][act.event.key] = None
    own = sorted({(one.month, one.series) for one in found if pair in (("", ""), (one.source, one.target))})
    return Direction(
        *pair,
        tuple(Counted(month, *(tuple(events[name].get(month, ())) for name in SERIES)) for month in every),
        tuple((month, f"{series} changes") for month, series in own if month in every),
    )


def _every_month(found: Sequence[str]) -> list[str]:
    """Return the months from the first to the last; where a wrong year makes these too many, those with events."""
    if not found:
        return []
    every = between(min(found), max(found), most=_MONTHS)
    return every if len(every) <= _MONTHS else sorted(set(found))


def href(process: Process, direction: Direction, month: str = "", series: str = "") -> str:
    """Return the address of the table of a direction; with a month and a series, that of the events counted there."""
    asked = {"process": process.name, "source": direction.source, "target": direction.target}
    asked |= {"month": month, "series": series}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/relations?{query}{'#found' if series else ''}"
