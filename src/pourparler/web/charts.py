"""The data of charts: what front/src draws, made from views of a chronicle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views import actors, changes, claims, relations, timeline

# More dots than this only hide each other.
_MOST_DOTS = 4000
_MOST_NODES = 60
Chart = dict[str, Any]


def make(kind: str, chronicle: Chronicle) -> Chart:
    """Return the data of a chart; raises 404 for a kind there is none of."""
    if kind not in KINDS:
        raise HTTPException(404, f"There is no chart {kind!r}. Charts are {', '.join(KINDS)}.")
    return KINDS[kind](chronicle)


def lanes(chronicle: Chronicle) -> Chart:
    """Events in lanes of sides and mediators, the weightiest first kept."""
    process = chronicle.process
    names = [one.name for one in (*process.sides, *process.mediators)] + ["others"]
    moments = sorted(timeline.view(chronicle), key=lambda one: -one.weight)[:_MOST_DOTS]
    most = max((one.weight for one in moments), default=1.0) or 1.0
    return {
        "lanes": names,
        "events": [
            {
                "day": one.day, "lane": lane, "type": one.type, "kind": one.standing, "label": one.line,
                "weight": round(one.weight / most, 3), "href": f"/event/{one.event}?process={quote(process.name)}",
            }
            for one in moments
            for lane in (one.lanes or ("others",))
            if one.day
        ],
    }  # fmt: skip


def months(chronicle: Chronicle) -> Chart:
    """Cooperation, conflict and claims between all members, by month, with the months in which a series changed."""
    rows = relations.view(chronicle)
    every = _every_month([row.month for row in rows])
    summed: dict[str, Mapping[str, int]] = {}
    for month in every:
        here = [row for row in rows if row.month == month]
        summed[month] = {
            "cooperation": sum(row.cooperation for row in here),
            "conflict": sum(row.conflict for row in here),
            "claims": sum(row.claimed_cooperation + row.claimed_conflict for row in here),
        }
    found = changes.changes(chronicle)
    return {
        "months": every,
        **{name: [summed[month][name] for month in every] for name in ("cooperation", "conflict", "claims")},
        "changes": [{"month": month, "label": ""} for month in sorted({one.month for one in found})],
    }


def _every_month(found: list[str]) -> list[str]:
    if not found:
        return []
    year, month = (int(part) for part in min(found).split("-"))
    out = [min(found)]
    while out[-1] < max(found):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        out.append(f"{year:04}-{month:02}")
    return out


def matrix(chronicle: Chronicle) -> Chart:
    """Who accuses whom, how often."""
    found = [one for one in claims.view(chronicle) if one.accuser and one.accused]
    accusers = sorted({one.accuser for one in found})
    accused = sorted({one.accused for one in found})
    name = quote(chronicle.process.name)
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        counts[one.accuser, one.accused] = counts.get((one.accuser, one.accused), 0) + 1
    return {
        "accusers": accusers,
        "accused": accused,
        "cells": [
            {
                "accuser": accusers.index(a), "accused": accused.index(b), "count": count,
                "href": f"/claims?process={name}&accuser={quote(a)}&accused={quote(b)}",
            }
            for (a, b), count in sorted(counts.items())
        ],
    }  # fmt: skip


def network(chronicle: Chronicle) -> Chart:
    """Who deals with whom: the actors with most events, and what passes between them."""
    people = sorted(actors.view(chronicle), key=lambda one: (-one.events, one.name))[:_MOST_NODES]
    names = {one.name for one in people}
    process = quote(chronicle.process.name)
    return {
        "nodes": [
            {
                "id": name, "name": name, "side": one.side or "others", "value": one.events,
                "href": f"/actors/{quote(name, safe='')}?process={process}",
            }
            for name, one in {one.name: one for one in people}.items()
        ],
        "edges": [
            {"source": one.source, "target": one.target, "value": one.weight, "mean": one.score}
            for one in actors.edges(chronicle)
            if one.source in names and one.target in names and one.source != one.target
        ],
    }  # fmt: skip


def places(chronicle: Chronicle) -> Chart:
    """Where events took place, as far as it is known to the town."""
    spots: dict[tuple[float, float], list[str]] = {}
    for one in chronicle.events:
        if one.latitude is not None and one.longitude is not None and one.place:
            spots.setdefault((round(one.latitude, 3), round(one.longitude, 3)), []).append(one.place)
    name = quote(chronicle.process.name)
    return {
        "points": [
            {
                "lat": lat, "lon": lon, "name": max(set(found), key=lambda word: (found.count(word), word)),
                "count": len(found), "href": f"/events?process={name}&near={quote(found[0])}",
            }
            for (lat, lon), found in sorted(spots.items())
        ]
    }  # fmt: skip


KINDS: Mapping[str, Callable[[Chronicle], Chart]] = {
    "lanes": lanes,
    "months": months,
    "matrix": matrix,
    "network": network,
    "map": places,
}
