"""The data of charts: what front/src draws, made from views of a chronicle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views import actors, claims, timeline
from pourparler.web.actor_lists import Choice, both_ways
from pourparler.web.actor_lists import href as actor_href
from pourparler.web.claim_matrix import matrix as matrix_of
from pourparler.web.kept_views import kept
from pourparler.web.relation_months import SERIES, Direction, directions
from pourparler.web.spots import spots

# More dots than this only hide each other; so many are half a megabyte.
_MOST_DOTS = 2000
# More nodes than this cannot be told apart; the table beneath the network has all.
_MOST_NODES = 36
_OTHERS = "others"
Chart = dict[str, Any]


def make(kind: str, chronicle: Chronicle) -> Chart:
    """Return the data of a chart; raises 404 for a kind there is none of."""
    if kind not in KINDS:
        raise HTTPException(404, f"There is no chart {kind!r}. Charts are {', '.join(KINDS)}.")
    # Made once for a chronicle: of 5,000 events the timeline takes half a second.
    return kept(chronicle, KINDS[kind], last=False)


def lanes(chronicle: Chronicle) -> Chart:
    """Events in lanes of sides and mediators, the weightiest first kept; ``left`` counts those that are not drawn."""
    process = chronicle.process
    every = [one for one in kept(chronicle, timeline.view) if one.day]
    moments = sorted(every, key=lambda one: -one.weight)[:_MOST_DOTS]
    most = max((one.weight for one in moments), default=1.0) or 1.0
    names = [one.name for one in (*process.sides, *process.mediators)]
    used = {lane for one in moments for lane in one.lanes or (_OTHERS,)}
    return {
        "lanes": [name for name in (*names, _OTHERS) if name in used or name in names[: len(process.sides)]],
        "left": len(every) - len(moments),
        "events": [
            {
                "day": one.day, "lane": lane, "type": one.type, "kind": one.standing, "label": one.line,
                "says": ", ".join(one.says), "weight": round(one.weight / most, 3),
                "href": f"/event/{one.event}?process={quote(process.name, safe='')}",
            }
            for one in moments
            for lane in (one.lanes or (_OTHERS,))
        ],
    }  # fmt: skip


def months(chronicle: Chronicle) -> Chart:
    """Events of cooperation and conflict and those only claimed, by month: of all together, and from each to each.

    Among all, an event counts once, however many it is directed at. ``changes`` are months in which a rate changed.
    """
    every = directions(chronicle)
    return {
        "process": chronicle.process.name,
        "months": [one.month for one in every[0].months],
        "directions": [_direction(one) for one in every],
    }


def _direction(one: Direction) -> Chart:
    return {
        "name": one.name,
        "source": one.source or None,
        "target": one.target or None,
        **{name: [len(getattr(month, name)) for month in one.months] for name in SERIES},
        "changes": [{"month": month, "label": label} for month, label in one.changes],
    }


def matrix(chronicle: Chronicle) -> Chart:
    """Who accuses whom, how often."""
    made = matrix_of(kept(chronicle, claims.view), chronicle.process)
    return {
        "accusers": [line.label for line in made.accusers],
        "accused": [line.label for line in made.accused],
        "cells": [
            {"accuser": one.accuser, "accused": one.accused, "count": one.count, "href": one.href}
            for row in made.cells
            for one in row
            if one.count
        ],
    }


def network(chronicle: Chronicle) -> Chart:
    """Who deals with whom: the actors with most events, and what passes between them."""
    process = chronicle.process
    shown: dict[str, actors.Actor] = {}
    for one in kept(chronicle, actors.view):
        if one.events and len(shown) < _MOST_NODES:
            shown.setdefault(one.name, one)
    names = [one.name for one in (*process.sides, *process.mediators)]
    return {
        "groups": [*names, _OTHERS],
        "nodes": [
            {
                "id": name, "name": name, "side": one.side or _OTHERS, "value": one.events,
                "href": actor_href(process, name),
            }
            for name, one in shown.items()
        ],
        "edges": list(_edges(chronicle, shown)),
    }  # fmt: skip


def _edges(chronicle: Chronicle, shown: Mapping[str, actors.Actor]) -> Iterator[Chart]:
    """Yield an edge for each pair of actors, both directions together, heaviest first."""
    both: defaultdict[tuple[str, str], list[actors.Edge]] = defaultdict(list)
    for one in kept(chronicle, actors.edges):
        if one.source in shown and one.target in shown and one.source != one.target:
            both[min(one.source, one.target), max(one.source, one.target)].append(one)
    for (a, b), found in both.items():
        told = sum(one.cooperation + one.conflict for one in found)
        balance = sum(one.cooperation - one.conflict for one in found)
        # The events that the address lists: of those that each does to the other some are the same.
        events = len(both_ways(chronicle, a, b))
        href = actor_href(chronicle.process, a, Choice(beside=b))
        mean = round(balance / told, 2) if told else 0.0
        yield {"source": a, "target": b, "value": events, "mean": mean, "href": href}


def places(chronicle: Chronicle) -> Chart:
    """Where events took place, as far as the place has coordinates; ``region`` is west, south, east, north."""
    found = kept(chronicle, spots, last=False)
    return {
        "region": found.region,
        "points": [
            {
                "lat": one.latitude, "lon": one.longitude, "name": one.name, "count": len(one.events),
                "claims": one.claims, "href": one.href,
            }
            for one in found.placed
        ],
    }  # fmt: skip


KINDS: Mapping[str, Callable[[Chronicle], Chart]] = {
    "lanes": lanes,
    "months": months,
    "matrix": matrix,
    "network": network,
    "map": places,
}
