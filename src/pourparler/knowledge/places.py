"""Places by name, one at a time or all of a text together."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pourparler.knowledge.countries import country_of
from pourparler.knowledge.gazetteer import Entry, Level
from pourparler.knowledge.toponyms import candidates, choose, prior


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """A place on the map: alpha-3 country (None for a sea or a continent), its region's name, WGS 84 degrees,
    GeoNames number (None where we have none); ``level`` says how fine it is."""

    name: str
    country: str | None
    region: str | None
    latitude: float
    longitude: float
    geonames: int | None
    level: Level


@functools.lru_cache(maxsize=1 << 12)
def _place(entry: Entry) -> ResolvedPlace:
    return ResolvedPlace(
        entry.name,
        entry.country or None,
        entry.region or None,
        entry.latitude,
        entry.longitude,
        entry.geonames,
        entry.level,
    )


def resolve_all(text: str, spans: Sequence[tuple[int, int]]) -> list[ResolvedPlace | None]:
    """Return the place that each span of a text names, each with the others as context.

    None where the gazetteer has no such name, or none of its places is likely in this text.
    """
    return [_place(entry) if entry else None for entry in choose(text, spans)]


def resolve_place(name: str, *, context_countries: Collection[str] = ()) -> ResolvedPlace | None:
    """Return the place that a name stands for by itself, or None where the gazetteer has none.

    A country's own name is the country; of other places those in a country that the report speaks of come first.
    """
    bare = name.strip()
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    found = candidates(bare)
    if not found:
        return None
    states = [entry for entry in found if entry.level == "country" and entry.main]
    if states and country_of(bare):
        return _place(states[0])
    inside = country_of(bare.rsplit(",", 1)[1].strip()) if "," in bare else None

    def rank(entry: Entry) -> tuple[bool, bool, float]:
        return entry.country == (inside or "-"), entry.country in context_countries, prior(entry, found)

    return _place(max(found, key=rank))
