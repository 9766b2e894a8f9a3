"""Countries by name, demonym and capital."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from pourparler.knowledge.tables import folded, rows

NameKind = Literal["name", "demonym", "capital"]
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
# "Us", "Turkey", "Polish": short or common words count only in the case they are written in.
_CASED = 3
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class CountryMention:
    """A country named at ``text[start:end]``."""

    start: int
    end: int
    alpha3: str
    kind: NameKind


@functools.cache
def _index() -> dict[str, tuple[str, NameKind]]:
    out: dict[str, tuple[str, NameKind]] = {}
    table = rows("countries.csv")
    kinds: tuple[tuple[NameKind, str], ...] = (("name", "names"), ("demonym", "demonyms"), ("capital", "capital"))
    for kind, column in kinds:
        for row in table:
            for name in filter(None, row[column].split("|")):
                out.setdefault(_key(name), (row["alpha3"], kind))
    return out


def _key(name: str) -> str:
    return name.strip() if len(name.strip()) <= _CASED else folded(name.replace("-", " "))


@functools.cache
def _main_names() -> dict[str, str]:
    return {row["alpha3"]: row["names"].split("|")[0] for row in rows("countries.csv")}


def country_name(alpha3: str) -> str | None:
    """Return the English short name of a country, or None for a code that is none."""
    return _main_names().get(alpha3)


def country_of(text: str) -> str | None:
    """Return the alpha-3 code where the whole text is a country's name, demonym or capital; a leading "the"
    and a closing "'s" do not count."""
    found = _look_up(text)
    return found[0] if found else None


def is_demonym(text: str) -> bool:
    """True where the whole text says what country people or things are of ("Armenian")."""
    found = _look_up(text)
    return found is not None and found[1] == "demonym"


@functools.lru_cache(maxsize=1 << 15)  # the same few names and words are asked for again and again
def _look_up(text: str) -> tuple[str, NameKind] | None:
    bare = re.sub(r"['’]s?$", "", text.strip())
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    return _index().get(_key(bare)) if bare and bare[0].isupper() else None


def countries_in(text: str) -> tuple[CountryMention, ...]:
    """Return the countries that a text names, the longest name first at each place, none overlapping."""
    words = list(_WORD.finditer(text))
    out: list[CountryMention] = []
    i = 0
    while i < len(words):
        for j in range(min(len(words), i + _LONGEST), i, -1):
            start, end = words[i].start(), words[j - 1].end()
            found = _look_up(text[start:end])
            if found:
                bare = re.sub(r"['’]s?$", "", text[start:end])
                out.append(CountryMention(start, start + len(bare), *found))
                i = j
                break
        else:
            i += 1
    return tuple(out)
