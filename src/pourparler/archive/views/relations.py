"""Relations: who does how much to whom, month by month, cooperation and conflict, with how sure that is.

Only what reports tell as fact is counted; what somebody claims stands beside it in fields of its own. What is
planned, possible, called for, denied or did not happen is left out. A fight or talks of several sides count from each
to each.
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Joined
from pourparler.archive.views.common import DONE, Cast, today_of
from pourparler.archive.views.sides import settings, sides_of

_LOWEST, _HIGHEST = -10.0, 10.0
# So many degrees of freedom at least, or the chronicle's own spread says too little.
_ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Month:
    """What one side or mediator did to another in one month ("2023-09"); months without events have no row.

    ``cooperation`` and ``conflict`` count events of positive and negative intensity, ``events`` all (an appeal has
    intensity 0). ``intensity`` is their mean, -10 to +10, weighted by confidence. Each ``_low`` and ``_high`` bound
    95 of 100: of counts as Poisson numbers, of the mean by the spread of intensities within months of the chronicle.
    ``claimed_`` count events that only somebody's word stands behind; ``claims`` are their tellings.
    """

    source: str
    target: str
    month: str
    events: int
    cooperation: int
    cooperation_low: float
    cooperation_high: float
    conflict: int
    conflict_low: float
    conflict_high: float
    intensity: float | None
    intensity_low: float | None
    intensity_high: float | None
    claimed_cooperation: int
    claimed_conflict: int
    claims: tuple[str, ...]
    tellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """An event from one member to another: a fact, or a claim."""

    source: str
    target: str
    month: str
    fact: bool
    event: Joined


def view(chronicle: Chronicle, *, today: datetime.date | None = None) -> tuple[Month, ...]:
    """Return the months of every pair with a side in it, as of a day, by source, target and month."""
    chronicle = seen_from(chronicle, today)
    groups: defaultdict[tuple[str, str, str], list[Act]] = defaultdict(list)
    for act in acts(chronicle, today_of(chronicle, today)):
        groups[act.source, act.target, act.month].append(act)
    spread = _spread(groups.values())
    return tuple(_month(key, groups[key], spread) for key in sorted(groups))


def acts(chronicle: Chronicle, today: datetime.date) -> Iterator[Act]:
    """Yield the facts and claims between sides, or between a side and a mediator, up to a day."""
    cast, last = sides_of(chronicle.process), today.isoformat()
    for event in chronicle.events:
        if event.day and event.day <= last and (event.status in DONE or event.status == "alleged"):
            for source, target in _pairs(event, cast):
                yield Act(source, target, event.day[:7], event.status in DONE, event)


def _pairs(event: Joined, cast: Cast) -> Iterator[tuple[str, str]]:
    """Yield who acts on whom: sources on targets; without targets, those who take part on each other.

    What they do together against another country is no conflict between them.
    """
    sources, targets = cast.lanes(event.sources), cast.lanes(event.targets)
    apart = [(a, b) for a in sources for b in targets if a != b]
    outside = event.score < 0 and any(party.country and not cast.member(party) for party in event.targets)
    if not apart and not outside and len(sources) > 1 and not set(targets) - set(sources):
        apart = [(a, b) for a in sources for b in sources if a != b]
    yield from ((a, b) for a, b in apart if a in cast.sides or b in cast.sides)


def _spread(groups: Iterable[Sequence[Act]]) -> float:
    """Return the standard deviation of facts' intensities within a pair's month."""
    squares, free = 0.0, 0
    for group in groups:
        scores = [act.event.score for act in group if act.fact]
        if scores:
            mean = math.fsum(scores) / len(scores)
            squares += math.fsum((score - mean) ** 2 for score in scores)
            free += len(scores) - 1
    return math.sqrt(squares / free) if free >= _ENOUGH else float(settings("relations")["spread"])


def _month(key: tuple[str, str, str], group: Sequence[Act], spread: float) -> Month:
    facts = [act.event for act in group if act.fact]
    claims = [act.event for act in group if not act.fact]
    cooperation, conflict = signs(facts)
    intensity = _mean(facts, spread)
    return Month(
        *key, len(facts), cooperation, *poisson(cooperation), conflict, *poisson(conflict), *intensity,
        *signs(claims), told(claims), told(facts),
    )  # fmt: skip


def signs(events: Iterable[Joined]) -> tuple[int, int]:
    """Return how many events are cooperation and how many conflict."""
    scores = [event.score for event in events]
    return sum(score > 0 for score in scores), sum(score < 0 for score in scores)


def told(events: Iterable[Joined]) -> tuple[str, ...]:
    """Return the keys of all tellings of events, sorted."""
    return tuple(sorted({key for event in events for key in event.tellings}))


def poisson(count: int, *, over: int = 1) -> tuple[float, float]:
    """Return the bounds, 95 of 100, of the mean of a Poisson number that was ``count`` over so many months.

    By Byar's approximation, within 0.04 of the exact bounds for any count.
    """
    z: float = settings("relations")["z"]

    def root(n: int, sign: int) -> float:
        return n * (1 - 1 / (9 * n) + sign * z / (3 * math.sqrt(n))) ** 3

    low = root(count, -1) if count else 0.0
    return round(max(low, 0.0) / over, 2), round(root(count + 1, 1) / over, 2)


def _mean(facts: Sequence[Joined], spread: float) -> tuple[float | None, float | None, float | None]:
    """Return the mean intensity, weighted by confidence, with its bounds; None three times without facts."""
    weights = [max(event.confidence, 0.01) for event in facts]
    if not facts:
        return None, None, None
    total = math.fsum(weights)
    mean = math.fsum(weight * event.score for weight, event in zip(weights, facts, strict=True)) / total
    number = total**2 / math.fsum(weight**2 for weight in weights)
    wide = settings("relations")["z"] * spread / math.sqrt(number)
    bounds = (max(_LOWEST, mean - wide), min(_HIGHEST, mean + wide))
    return round(mean, 2), round(bounds[0], 2), round(bounds[1], 2)


Series = Mapping[tuple[str, str, str], Mapping[str, Sequence[Joined]]]


def series(chronicle: Chronicle, today: datetime.date) -> Series:
    """Return facts by (source, target, "cooperation" or "conflict") and month."""
    out: defaultdict[tuple[str, str, str], defaultdict[str, list[Joined]]] = defaultdict(lambda: defaultdict(list))
    for act in acts(chronicle, today):
        if act.fact and act.event.score:
            kind = "cooperation" if act.event.score > 0 else "conflict"
            out[act.source, act.target, kind][act.month].append(act.event)
    return {key: dict(months) for key, months in sorted(out.items())}
