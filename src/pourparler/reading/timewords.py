"""The words of time expressions, from one data file."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

# Classes whose words may begin a time.
_OPENING = ("vague", "past", "future", "edges", "sets", "adverbs_of_set", "present", "vague_past")


@dataclass(frozen=True, slots=True)
class TimeWords:
    """See data/times.toml; ``units`` hold singular and plural, ``classes`` are named sets of lowered words.

    ``starters`` are all words a time can begin with, figures aside: the scanner looks at no others.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    units: Mapping[str, str]
    seasons: Mapping[str, tuple[str, int]]
    parts: Mapping[str, str]
    holidays: Mapping[str, tuple[int, int]]
    classes: Mapping[str, frozenset[str]]
    starters: frozenset[str]


@functools.cache
def time_words() -> TimeWords:
    path = importlib.resources.files("pourparler.reading") / "data" / "times.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    units = dict(data["units"])
    for name, letter in data["units"].items():
        units["centuries" if name == "century" else name + "s"] = letter
    classes = {name: frozenset(words) for name, words in data["classes"].items()}
    tables = ("months", "weekdays", "numbers", "ordinals", "units", "seasons", "parts", "openers")
    return TimeWords(
        data["months"],
        data["weekdays"],
        data["numbers"],
        data["ordinals"],
        units,
        {name: (code, month) for name, (code, month) in data["seasons"].items()},
        data["parts"],
        data["holidays"],
        classes,
        frozenset(name.split()[0] for name in data["holidays"]).union(
            units, *(data[name] for name in tables), *(classes[name] for name in _OPENING)
        ),
    )
