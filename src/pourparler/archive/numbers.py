"""What a passage counts: the killed, the wounded, the freed. Two reports of one event often differ in just this."""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from pourparler.reading.timewords import time_words

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]+(?:-[^\W\d_]+)*|[.;:!?]")
# A number binds to a word at most so many words further on: "12 Armenian soldiers were killed".
_REACH = 5


@dataclass(frozen=True, slots=True)
class _Words:
    words: Mapping[str, int]
    hedges: frozenset[str]
    after: Mapping[str, str]
    before: Mapping[str, str]


@functools.cache
def _table() -> _Words:
    path = importlib.resources.files("pourparler.archive") / "data" / "numbers.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    units = data["units"].items()
    return _Words(
        {**time_words().numbers, **data["words"]},
        frozenset(data["hedges"]),
        {word: unit for unit, one in units for word in one["after"]},
        {word: unit for unit, one in units for word in one["before"]},
    )


def number_words() -> Mapping[str, int]:
    """Return the words for numbers with what they count."""
    return _table().words


def counting_words() -> frozenset[str]:
    """Return the words for numbers, and those that may stand before one ("at least")."""
    return frozenset(_table().words) | _table().hedges


def numbers(passage: str) -> dict[str, int]:
    """Return the first number that a passage gives for each unit of data/numbers.toml."""
    tokens = [found[0].lower() for found in _TOKEN.finditer(passage)]
    out: dict[str, int] = {}
    at = 0
    while at < len(tokens):
        number, after = _number(tokens, at)
        if number is None:
            at += 1
            continue
        unit = _unit_before(tokens, at) or _unit_after(tokens, after)
        if unit:
            out.setdefault(unit, number)
        at = after
    return out


def _number(tokens: list[str], at: int) -> tuple[int | None, int]:
    """Return the number that begins at a token and the token behind it: "two hundred", "1,200", "forty-five"."""
    words = _table().words
    if tokens[at][0].isdecimal():
        digits = tokens[at].replace(",", "").split(".")[0]
        value, after = int(digits[:15]), at + 1
    else:
        parts = tokens[at].split("-")
        if not all(part in words for part in parts):
            return None, at
        value, after = sum(words[part] for part in parts), at + 1
    while after < len(tokens) and words.get(tokens[after], 0) >= 100:
        value, after = value * words[tokens[after]], after + 1
    return value, after


def _unit_before(tokens: list[str], at: int) -> str | None:
    table = _table()
    for back in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if tokens[back] in table.before:
            return table.before[tokens[back]]
        if tokens[back] not in table.hedges:
            return None
    return None


def _unit_after(tokens: list[str], at: int) -> str | None:
    table = _table()
    for word in tokens[at : at + _REACH]:
        if word in table.after:
            return table.after[word]
        if word in ".;:!?" or word[0].isdecimal():
            return None
    return None
