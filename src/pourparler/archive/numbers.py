"""What a passage counts: the killed, the wounded, the freed. Two reports of one event often differ in just this."""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pourparler.reading.timewords import time_words

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]+(?:-[^\W\d_]+)*|[.,;:!?]")
# A number binds to a word at most so many words further on: "12 Armenian soldiers were killed".
_REACH = 5
# They count one thing only where they follow on a verb at once: not in "wounded at a checkpoint".
_ARTICLES = ("a", "an")


@dataclass(frozen=True, slots=True)
class _Words:
    words: Mapping[str, int]
    factors: frozenset[str]
    years: frozenset[str]
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
        frozenset(data["factors"]),
        frozenset(data["years"]),
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
    tokens = list(_tokens(passage))
    out: dict[str, int] = {}
    at = 0
    while at < len(tokens):
        number, after = _number(tokens, at)
        if number is None:
            at += 1
            continue
        unit = _unit_before(tokens, at) or _unit_after(tokens, after)
        if unit and not _is_of_a_date(tokens, at, after):
            out.setdefault(unit, number)
        at = after
    return out


def _tokens(passage: str) -> Iterator[str]:
    """Yield words in small letters, "forty-five" as two; months keep their capital, which tells them from "may"."""
    months, known = time_words().months, _table().words
    for found in _TOKEN.finditer(passage):
        word = found[0].lower()
        if word in months:
            yield found[0]
        else:
            parts = word.split("-")
            yield from parts if all(part in known for part in parts) else (word,)


def _number(tokens: list[str], at: int) -> tuple[int | None, int]:
    """Return the number that begins at a token and the token behind it: "two hundred", "1.5 million", "12"."""
    words, first = _table().words, tokens[at]
    if first in words:
        return _spelt(tokens, at)
    if first[0].isdecimal():
        value, after = Decimal(first.replace(",", "")[:15]), at + 1
    elif first == "half":
        value, after = Decimal("0.5"), at + (2 if tokens[at + 1 : at + 2] == ["a"] else 1)
    else:
        return None, at
    begun = after
    while after < len(tokens) and tokens[after] in _table().factors:
        value, after = value * words[tokens[after]], after + 1
    return (None, at) if first == "half" and after == begun else (int(value), after)


def _spelt(tokens: list[str], at: int) -> tuple[int, int]:
    """Return a number in words and the token behind it: "two dozen", "three thousand five hundred and twenty"."""
    table, total, part, last, after = _table(), 0, 0, 0, at
    while after < len(tokens):
        place = after + 1 if tokens[after] == "and" and last >= 100 else after
        word = tokens[place] if place < len(tokens) else ""
        value = table.words.get(word, 0)
        if word in table.factors and place == after:
            part = (part or 1) * value
            total, part = (total + part, 0) if value >= 1000 else (total, part)
        elif value and word not in table.factors and (not last or _goes_on(last, word, value)):
            part += value
        else:
            break
        last, after = value, place + 1
    return total + part, after


def _goes_on(last: int, word: str, value: int) -> bool:
    """True where a word adds to a number that ``last`` ended so far: "hundred" and "five", "twenty" and "five"."""
    return word not in _ARTICLES and (last >= 100 or (20 <= last <= 90 and value < 10))


def _is_of_a_date(tokens: list[str], at: int, after: int) -> bool:
    """True for the day or year of a date: "27 September", "September 27, 2020", "in 2020"."""
    figures = tokens[at].rstrip(",")
    if after > at + 1 or not figures.isdecimal():
        return False
    before, behind = tokens[at - 1] if at else "", tokens[after] if after < len(tokens) else ""
    if len(figures) <= 2:
        return _is_month(before) or _is_month(behind)
    told = _is_month(before) or before in _table().years or (at > 1 and _is_month(tokens[at - 2]))
    return len(figures) == 4 and 1900 <= int(figures) < 2100 and told


def _is_month(token: str) -> bool:
    return token[:1].isupper()


def _unit_before(tokens: list[str], at: int) -> str | None:
    table = _table()
    reach = 1 if tokens[at] in _ARTICLES else _REACH
    for back in range(at - 1, max(-1, at - 1 - reach), -1):
        if tokens[back] in table.before:
            return table.before[tokens[back]]
        # Behind "and" something else is counted: "two were killed and five wounded".
        if tokens[back] not in table.hedges or tokens[back] == "and":
            return None
    return None


def _unit_after(tokens: list[str], at: int) -> str | None:
    table = _table()
    near = [place for place in range(at, min(at + 2 * _REACH, len(tokens))) if tokens[place] != ","]
    for place in near[:_REACH]:
        word = tokens[place]
        if word in table.after:
            return None if word in table.before and _has_its_own(tokens, place + 1) else table.after[word]
        # Another number counts what follows; "one" and "a" may be no number: "30 people in one village were killed".
        if word in ".;:!?" or word[0].isdecimal() or table.words.get(word, 0) > 1:
            return None
    return None


def _has_its_own(tokens: list[str], at: int) -> bool:
    """True where a number follows on a verb, so that it counts none before: "two strikes killed at least 13"."""
    table = _table()
    near = tokens[at : at + _REACH]
    word = next((word for word in near if word not in table.hedges or word == "and"), "")
    if word in _ARTICLES:
        return word == near[0]
    return word[:1].isdecimal() or word in table.words or word == "half"
