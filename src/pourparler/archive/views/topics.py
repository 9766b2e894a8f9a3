"""Topics of many short texts: texts that share a telling word are of one topic, labelled by its words.

A word names a topic when at least two texts have it and not too many do. Words are taken greedily: the one that most
texts without a topic share, rarer words first among equals, gives all those texts their topic; and so on. Whoever
reads a topic's words knows why its texts stand together.
"""

from __future__ import annotations

import functools
import heapq
import importlib.resources
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pourparler.archive.search import fold
from pourparler.archive.views.sides import settings
from pourparler.knowledge import country_of

# The topic of texts without any word that may name one.
OTHER = "other"


@functools.cache
def _empty() -> frozenset[str]:
    path = importlib.resources.files("pourparler.archive") / "data" / "views2_words.toml"
    return frozenset(tomllib.loads(path.read_text(encoding="utf-8"))["empty"].split())


@functools.lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    """Return a noun without its plural ending: "prisoners" is "prisoner", "clashes" is "clash", "access" stays."""
    if word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 4 else word


@functools.lru_cache(maxsize=1 << 14)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text that may name a topic, each once, in the text's order."""
    shortest = settings("positions")["shortest"]
    found = (word for word in fold(text).split() if len(word) >= shortest and not word.isdecimal())
    return tuple(dict.fromkeys(_stem(word) for word in found if word not in _empty()))


@functools.lru_cache(maxsize=1 << 14)
def _country(word: str) -> str | None:
    """Return the country that a stem names as name, demonym or capital."""
    return country_of(word.capitalize()) or country_of(f"{word}s".capitalize())


def matters(text: str) -> list[str]:
    """Return the words of a text as ``words_of`` does, without countries, their people and capitals."""
    return [word for word in words_of(text) if _country(word) is None]


def topics(texts: Mapping[str, str], *, without: frozenset[str]) -> dict[str, str]:
    """Return the topic, named by its words, of each text by key; words of ``without`` (stems) name none."""
    said = {key: [word for word in matters(texts[key]) if word not in without] for key in sorted(texts)}
    having: defaultdict[str, list[str]] = defaultdict(list)
    for key, found in said.items():
        for word in found:
            having[word].append(key)
    most = max(settings("positions")["common_from"], settings("positions")["common"] * len(said))
    naming = {word: keys for word, keys in having.items() if 2 <= len(keys) <= most}
    out: dict[str, str] = {}
    for word, members in _cover(naming, said):
        label = _label(word, [said[key] for key in members])
        out.update((key, label) for key in members)
    for key, found in said.items():
        rare = sorted(found, key=lambda word: (len(having[word]), found.index(word)))
        out.setdefault(key, ", ".join(rare[: settings("positions")["label"]]) or OTHER)
    return out


def _cover(naming: Mapping[str, Sequence[str]], said: Mapping[str, Sequence[str]]) -> list[tuple[str, list[str]]]:
    """Return words with the texts whose topic they name; each text once. Counts sink as texts are taken."""
    left = {word: len(keys) for word, keys in naming.items()}
    heap = [(-count, count, word) for word, count in left.items()]
    heapq.heapify(heap)
    taken: set[str] = set()
    out: list[tuple[str, list[str]]] = []
    while heap:
        count, rarity, word = heapq.heappop(heap)
        if -count != left[word]:
            if left[word] >= 2:
                heapq.heappush(heap, (-left[word], rarity, word))
            continue
        members = [key for key in naming[word] if key not in taken]
        out.append((word, members))
        taken.update(members)
        for other in (other for key in members for other in said[key]):
            if other in left:
                left[other] -= 1
    return out


def _label(word: str, members: Sequence[Sequence[str]]) -> str:
    """Return the word and those that most of its texts share."""
    shared = Counter(other for found in members for other in found if other != word)
    others = sorted((other for other, n in shared.items() if n > 1), key=lambda other: (-shared[other], other))
    return ", ".join([word, *others[: settings("positions")["label"] - 1]])
