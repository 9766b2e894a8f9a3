"""The words of a text that tell it apart from others, as stems."""

from __future__ import annotations

import functools
import re

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views.common import Cast, plain, rules
from pourparler.knowledge import country_of


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(rules()["common"]["words"])


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a lowered word without the commonest endings, so that "villages" and "village" are one."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 4 else word


@functools.lru_cache(maxsize=32_768)
def telling_words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of a text's capitalised words and of its others, those that tell nothing apart left out.

    Left out: words of under four letters, those of data/views1.toml, and names of countries and peoples, which nearly
    every report of a process has.
    """
    names, things = set[str](), set[str]()
    for found in re.finditer(r"[^\W\d_]{4,}", text):
        word = found[0]
        bare = plain(word).strip()
        if bare in _common() or _is_country(word):
            continue
        (names if word[0].isupper() else things).add(stem(bare))
    return frozenset(names), frozenset(things - names)


@functools.lru_cache(maxsize=32_768)
def _is_country(word: str) -> bool:
    return word[0].isupper() and country_of(word) is not None


def people(chronicle: Chronicle, cast: Cast) -> frozenset[str]:
    """Return the stems of the names of people and members: that one minister did both makes no two acts alike."""
    found = {party.name for event in chronicle.events for party in event.parties if party.kind == "person"}
    found |= {name for one in (*chronicle.process.sides, *chronicle.process.mediators) for name in one.names}
    words = {word for name in (*found, *cast.order) for word in name.split() if word[:1].isupper()}
    return frozenset(stem(plain(word).strip()) for word in words)
