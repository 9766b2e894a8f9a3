"""The gazetteer: places by name, read from one sorted table in which a name is found by halving.

Nothing is built at the start: the table is unpacked when the first name is asked for (0.13 s, 15 MB), and a name
costs some twenty comparisons.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import Literal

from pourparler.knowledge.tables import folded, packed

Level = Literal["city", "district", "region", "country", "area"]
_LEVELS: dict[str, Level] = {"c": "city", "k": "city", "d": "district", "r": "region", "n": "country", "a": "area"}
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "twp": "township", "co": "county"}
_NOT_A_LETTER = re.compile(r"[^\w ]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the gazetteer. ``main`` says that the name asked for is its main name, not one of its others."""

    name: str
    level: Level
    country: str  # alpha-3; empty where it has none (a sea) or many
    region: str
    district: str
    latitude: float
    longitude: float
    geonames: int | None
    population: int
    main: bool
    capital: bool = False


@functools.lru_cache(maxsize=1 << 14)
def place_key(name: str) -> str:
    """Return a place's name as it is compared: no accents, points or hyphens, "St." and "Mt." in full."""
    words = _NOT_A_LETTER.sub(" ", folded(name).replace("'", "").replace(".", "")).split()
    return " ".join(_SHORT.get(word, word) for word in words) if len(words) > 1 else "".join(words)


@functools.cache
def _table() -> bytes:
    return packed("places.tsv.gz")


def _lines(key: str) -> list[str]:
    """Return the lines of the table that begin with a key."""
    table, wanted = _table(), key.encode() + b"\t"
    low, high = 0, len(table)
    while low < high:
        middle = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = table.find(b"\n", middle) + 1
        if table[middle : middle + len(wanted)] < wanted:
            low = end
        else:
            high = middle
    out: list[str] = []
    while table.startswith(wanted, low):
        end = table.find(b"\n", low)
        out.append(table[low:end].decode())
        low = end + 1
    return out


@functools.lru_cache(maxsize=1 << 14)
def named(name: str) -> tuple[Entry, ...]:
    """Return every place of a name, however it is spelled there."""
    key = place_key(name)
    found: list[Entry] = []
    for line in _lines(key) if key else ():
        fields = line.split("\t")
        if fields[1].startswith("="):
            main = next(row for row in _lines(fields[1][1:]) if row.split("\t")[8:9] == [fields[2]])
            found.append(replace(_entry(main.split("\t")), main=False))
        else:
            entry = _entry(fields)
            # "California" is no way to write the "Califórnia" of Paraná where the other is at hand.
            accents = not entry.name.isascii() and name.isascii()
            found.append(replace(entry, main=False) if accents else entry)
    return tuple(found)


def _entry(fields: list[str]) -> Entry:
    key, name, level, country, region, district, latitude, longitude, number, people = fields
    return Entry(
        name or key.title(),
        _LEVELS[level.lower()],
        country,
        region,
        district,
        float(latitude),
        float(longitude),
        int(number) or None,
        int(people),
        level.islower(),
        level == "k",
    )
