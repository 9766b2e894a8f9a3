"""Places by name: cities (GeoNames, CC BY 4.0) and countries."""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from pourparler.knowledge.countries import country_of
from pourparler.knowledge.tables import folded, rows


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


@functools.cache
def _cities() -> dict[str, list[_City]]:
    out: dict[str, list[_City]] = {}
    for row in rows("cities.csv.gz"):
        place = ResolvedPlace(
            row["name"],
            row["country"],
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["geonames"]),
            "city",
        )
        for n, name in enumerate([row["name"], *filter(None, row["other_names"].split("|"))]):
            out.setdefault(folded(name), []).append(_City(place, int(row["population"]), n == 0))
    return out


def resolve_place(name: str, *, context_countries: Collection[str] = ()) -> ResolvedPlace | None:
    """Return the place that a name stands for, or None where the gazetteer has none.

    A country's own name is the country. Among cities of one name those in a country that the report speaks
    of come first, then a place's main name before its other names, then the more populous.
    """
    bare = name.strip()
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    found = _cities().get(folded(bare)) or _cities().get(folded(bare.split(",")[0])) or []
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
