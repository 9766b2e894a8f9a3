"""Where a process' events took place: points on the map, places by name alone, and what has no place."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.process import Process
from pourparler.archive.told import Joined
from pourparler.archive.views.common import plain, standing
from pourparler.knowledge import country_name

NONE = "none"
# Degrees around what lies farthest out, and how wide a region is at least.
_AROUND, _LEAST = 0.6, 3.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: ``key`` asks for it in an address; without coordinates it is known by its name alone.

    ``events`` are keys of all events there, of which ``facts`` are told as fact, ``claims`` only claimed and
    ``ahead`` planned or called for. ``near`` is the address of the search around it.
    """

    key: str
    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    facts: int
    claims: int
    ahead: int
    first: str | None
    last: str | None
    href: str
    near: str | None
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spots:
    """All places, most events first; ``nowhere`` are keys of events whose place no report names."""

    placed: tuple[Spot, ...]
    named: tuple[Spot, ...]
    nowhere: tuple[str, ...]
    region: tuple[float, float, float, float] | None


def spots(chronicle: Chronicle) -> Spots:
    """Return the places of a chronicle's events; every event is at one place, or nowhere."""
    placed: defaultdict[str, list[Joined]] = defaultdict(list)
    named: defaultdict[str, list[Joined]] = defaultdict(list)
    nowhere = []
    for event in chronicle.events:
        if event.latitude is not None and event.longitude is not None:
            placed[f"{event.latitude:.3f},{event.longitude:.3f}"].append(event)
        elif event.place:
            named[plain(event.place).strip() or event.place].append(event)
        else:
            nowhere.append(event.key)
    process = chronicle.process
    points = _sorted(_spot(key, found, process) for key, found in placed.items())
    words = _sorted(_spot(key, found, process) for key, found in named.items())
    return Spots(points, words, tuple(nowhere), region(points, process))


def _sorted(found: Iterable[Spot]) -> tuple[Spot, ...]:
    return tuple(sorted(found, key=lambda one: (-len(one.events), one.name, one.key)))


def _spot(key: str, found: Sequence[Joined], process: Process) -> Spot:
    called = Counter(one.place for one in found if one.place)
    name = min(called, key=lambda word: (-called[word], word)) if called else key
    where = found[0].latitude, found[0].longitude
    ways = Counter(standing(one.status) for one in found)
    days = sorted(one.day[:10] for one in found if one.day)
    country = found[0].country
    near = {"process": process.name, "near": name} if called else None
    return Spot(
        key, name, country_name(country) if country else None, *where, ways["fact"], ways["claim"], ways["ahead"],
        days[0] if days else None, days[-1] if days else None, href(process, key),
        f"/events?{urlencode(near)}" if near else None, tuple(one.key for one in found),
    )  # fmt: skip


def href(process: Process, key: str) -> str:
    """Return the address of the map page that lists the events of a place."""
    return f"/map?{urlencode({'process': process.name, 'place': key})}#there"


def region(points: Sequence[Spot], process: Process) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north around the points in the countries of the sides; None without any point.

    Talks are held half a world away; where the sides have no point, it is half of all events around the middle.
    """
    own = {country_name(code) for one in process.sides for code in one.countries}
    inside = [one for one in points if one.country in own] or _middle(points)
    if not inside:
        return None
    lons = [one.longitude for one in inside if one.longitude is not None]
    lats = [one.latitude for one in inside if one.latitude is not None]
    wide = max(_AROUND, (_LEAST - (max(lons) - min(lons))) / 2)
    high = max(_AROUND, (_LEAST - (max(lats) - min(lats))) / 2)
    return min(lons) - wide, max(-90.0, min(lats) - high), max(lons) + wide, min(90.0, max(lats) + high)


def _middle(points: Sequence[Spot]) -> list[Spot]:
    every = [(one.latitude or 0.0, one.longitude or 0.0, one) for one in points for _ in one.events]
    if not every:
        return []
    at = statistics.median(row[0] for row in every), statistics.median(row[1] for row in every)
    every.sort(key=lambda row: (row[0] - at[0]) ** 2 + (row[1] - at[1]) ** 2)
    return [row[2] for row in every[: max(1, len(every) // 2)]]
