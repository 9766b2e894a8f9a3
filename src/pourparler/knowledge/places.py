"""Places by name: cities (GeoNames, CC BY 4.0) and countries."""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pourparler.knowledge.countries import country_of
from pourparler.knowledge.tables import folded, lines


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """A place on the map: alpha-3 country, WGS 84 degrees, GeoNames number; ``level`` says how fine it is."""

    name: str
    country: str
    latitude: float | None
    longitude: float | None
    geonames: int | None
    level: Literal["city", "country"]


@dataclass(frozen=True, slots=True)
class _City:
    place: ResolvedPlace
    population: int
    main: bool


class _Cities:
    """The gazetteer: lines stay text until a name asks for one, so that a run without places pays nothing."""

    def __init__(self) -> None:
        self._lines = lines("cities.tsv.gz")
        self._index: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines):
            for key in line[: line.index("\t")].split("|"):
                self._index.setdefault(key, []).append(number)

    def named(self, name: str) -> list[_City]:
        """Return the cities of a name, however it is spelled there."""
        key = folded(name)
        return [self._city(number, key) for number in self._index.get(key, ())]

    def _city(self, number: int, key: str) -> _City:
        keys, name, country, latitude, longitude, geonames, population = self._lines[number].split("\t")
        place = ResolvedPlace(name, country, float(latitude), float(longitude), int(geonames), "city")
        return _City(place, int(population), keys.split("|", 1)[0] == key)


@functools.cache
def _cities() -> _Cities:
    return _Cities()


def resolve_place(name: str, *, context_countries: Collection[str] = ()) -> ResolvedPlace | None:
    """Return the place that a name stands for, or None where the gazetteer has none.

    A country's own name is the country. Among cities of one name those in a country that the report speaks
    of come first, then a place's main name before its other names, then the more populous.
    """
    bare = name.strip()
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    found = _cities().named(bare) or _cities().named(bare.split(",")[0])
    country = country_of(bare)
    if country and not any(c.place.country == country and c.main for c in found):
        return ResolvedPlace(bare, country, None, None, None, "country")
    if not found:
        return None
    inside = "," in bare and country_of(bare.rsplit(",", 1)[1].strip())
    best = max(
        found, key=lambda c: (c.place.country == inside, c.place.country in context_countries, c.main, c.population)
    )
    return best.place
