"""Toponyms: which names of the report are places, and which places they are.

The network's tags and the gazetteer's names both propose; what speaks for each proposal (tags of people and bodies
speak against it) is weighed by data/toponyms.toml. The places are then resolved together, each with the others as
context.
"""

from __future__ import annotations

import functools
import importlib.resources
import math
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pourparler import knowledge
from pourparler.model.labels import NAMES
from pourparler.reading.draft import Draft, Range, Toponym

_LONGEST = 6  # words of the longest name looked up: "W. Va." is four of them
_KINDS = NAMES.types
_SHARED = ("LOC", "PER", "ORG", "in", "comma_behind")


class Toponyms:
    name = "reading.toponyms.v1"
    needs = frozenset({"layers", "sentences", "names"})
    gives = frozenset({"toponyms"})

    def __call__(self, draft: Draft) -> None:
        if draft.layers is None:
            return
        found = chosen(draft)
        spans = [draft.span(words) for words in found]
        places = knowledge.resolve_all(draft.document.text, [(span.start, span.end) for span in spans])
        draft.toponyms = tuple(
            Toponym(words, place, knowledge.is_demonym(draft.text(words)))
            for words, place in zip(found, places, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Lists:
    before: frozenset[str]
    kinds: frozenset[str]
    roads: frozenset[str]
    numbered: frozenset[str]
    towns: frozenset[str]
    houses: frozenset[str]
    weights: dict[str, float]


@functools.cache
def lists() -> _Lists:
    path = importlib.resources.files("pourparler.reading") / "data" / "toponyms.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return _Lists(**{k: frozenset(v) for k, v in data.items() if k != "weights"}, weights=data["weights"])


def chosen(draft: Draft) -> list[Range]:
    """Return the proposals that are places, the likeliest first where two overlap, in the order of the text."""
    weights = lists().weights
    scored = [
        (sum(weights.get(name, 0) * value for name, value in features.items()), words)
        for words, features in proposals(draft).items()
    ]
    out: list[Range] = []
    taken: set[int] = set()
    for score, words in sorted(scored, reverse=True):
        if score <= 0:
            break
        if taken.isdisjoint(range(*words)):
            taken.update(range(*words))
            out.append(words)
    return sorted(out)


def proposals(draft: Draft) -> dict[Range, dict[str, float]]:
    """Return what may be a place, with what speaks for and against each."""
    assert draft.layers is not None
    tags = _tags(draft.layers.names)
    ranges = set(_of_the_network(draft)) | set(_of_the_gazetteer(draft))
    ranges |= {grown for words in ranges if (grown := _with_kind(draft, words))}
    ranges |= set(_roads(draft))
    out = {words: _features(draft, words, tags) for words in sorted(ranges)}
    _share(draft, out)
    return out


def _tags(names: Any) -> dict[str, list[float]]:
    """Return each word's probability of each kind of name."""
    return {kind: (names[:, 2 * k + 1] + names[:, 2 * k + 2]).tolist() for k, kind in enumerate(_KINDS)}


def _of_the_network(draft: Draft) -> Iterator[Range]:
    for name in draft.names:
        if name.kind == "LOC":
            first, last = name.words
            if last - first > 1 and draft.word(first).lower() == "the":
                first += 1
            if last - first > 1 and draft.word(last - 1).lower() in ("'s", "’s", "'", "’"):
                last -= 1
            yield first, last


def _of_the_gazetteer(draft: Draft) -> Iterator[Range]:
    """Yield the longest name of the gazetteer at each word with a capital, none inside another."""
    i = 0
    while i < len(draft.words):
        if not draft.word(i)[0].isupper():
            i += 1
            continue
        for j in range(min(i + _LONGEST, len(draft.words)), i, -1):
            if _may_end(draft, j - 1) and "\n" not in (text := draft.text((i, j))) and knowledge.is_place(text):
                yield i, j
                i = j
                break
        else:
            i += 1


def _may_end(draft: Draft, i: int) -> bool:
    word = draft.word(i)
    return word[0].isupper() or (word == "." and i > 0 and draft.words[i - 1][1] == draft.words[i][0])


def _with_kind(draft: Draft, words: Range) -> Range | None:
    """Return a name with the word behind it that says what it is: "Hamilton" + "Township"."""
    last = words[1]
    if last < len(draft.words) and draft.word(last)[0].isupper() and draft.word(last).lower() in lists().kinds:
        return words[0], _with_point(draft, last + 1)
    return None


def _with_point(draft: Draft, last: int) -> int:
    """Return the end of a short form: "Twp" + "." and "St" + "."."""
    short = last < len(draft.words) and draft.word(last) == "." and len(draft.word(last - 1)) <= 4
    return last + 1 if short and draft.words[last - 1][1] == draft.words[last][0] else last


def _roads(draft: Draft) -> Iterator[Range]:
    """Yield streets and roads: up to three words with capitals before "Street", or "Highway" before a number."""
    for i in range(len(draft.words)):
        word = draft.word(i)
        if not word[0].isupper():
            continue
        if word.lower() in lists().roads:
            first = i
            while first > max(0, i - 3) and (
                draft.word(first - 1)[0].isupper() or draft.word(first - 1)[-2:] == "th"
            ):
                first -= 1
            if first < i:
                yield first, _with_point(draft, i + 1)
        if word.lower() in lists().numbered and i + 1 < len(draft.words) and draft.word(i + 1).isdigit():
            yield i - (i > 0 and draft.word(i - 1) in ("County", "State", "U.S.", "US")), i + 2


def _features(draft: Draft, words: Range, tags: dict[str, list[float]]) -> dict[str, float]:
    first, last = words
    out = {"bias": 1.0, **_tagged(words, tags), **_form(draft, words), **_around(draft, words)}
    out |= knowledge.kinds_of_place(draft.text(words))
    for kind in ("PER", "ORG", "LOC"):
        out[f"{kind}_behind"] = out["name_behind"] * _at(tags[kind], last)
    out["PER_before"] = out["name_before"] * _at(tags["PER"], first - 1)
    out["unknown"] = float("people" not in out and "short" not in out)
    out["unknown_LOC"] = out["unknown"] * out["LOC"]
    out["people_LOC"] = out.get("people", 0.0) * out["LOC"]
    out["first_LOC"] = out["first"] * out["LOC"]
    return out


def _tagged(words: Range, tags: dict[str, list[float]]) -> dict[str, float]:
    """Return what the network says of the words and of those beside them."""
    first, last = words
    out: dict[str, float] = {}
    for kind in _KINDS:
        inside = tags[kind][first:last]
        out[kind], out[f"most_{kind}"] = sum(inside) / len(inside), max(inside)
    for kind in ("PER", "ORG", "LOC"):
        out[f"outside_{kind}"] = max(_at(tags[kind], first - 1), _at(tags[kind], last))
    return out


def _form(draft: Draft, words: Range) -> dict[str, float]:
    """Return what the words themselves tell."""
    first, last = words
    text, end = draft.text(words), draft.word(last - 1)
    actor = knowledge.known_actor(text)
    return {
        "words": float(last - first > 1),
        "capitals": float(text.isupper() and len(text) > 3),
        "road": float(not lists().roads.isdisjoint(draft.lowered((max(first, last - 2), last)))),
        "numbered": float(end.isdigit()),
        "kind": float(last - first > 1 and end.lower() in lists().kinds),
        "actor": float(actor is not None and actor.kind != "state"),
        "demonym": float(knowledge.is_demonym(text)),
    }


def _at(values: list[float], i: int) -> float:
    return values[i] if 0 <= i < len(values) else 0.0


def _around(draft: Draft, words: Range) -> dict[str, float]:
    """Return what the words before and behind a name tell."""
    first, last = words
    sentence = draft.sentence_of(first)
    before = draft.word(first - 1) if first > sentence[0] else ""
    behind = draft.word(last) if last < sentence[1] else ""
    return {
        "first": float(not before),
        "in": float(before.lower() in lists().before),
        "of": float(before.lower() == "of"),
        "the": float(before.lower() == "the"),
        "comma": float(before == "," and first - 2 >= sentence[0] and draft.word(first - 2)[0].isupper()),
        "name_before": float(before[:1].isupper()),
        "name_behind": float(behind[:1].isupper()),
        "comma_behind": float(behind == "," and last + 1 < sentence[1] and draft.word(last + 1)[0].isupper()),
        "hyphen": float("-" in (before, behind)),
        "number_behind": float(behind.isdigit()),
        "road_behind": float(behind.lower() in lists().roads),
        "town_behind": float(behind.lower() in lists().towns),
        "house_behind": float(behind.lower() in lists().houses),
        "number_before": float(before.isdigit()),
        "kind_behind": float(behind.lower() in lists().kinds and behind[:1].isupper()),
        "genitive": float(behind in ("'s", "’s")),
    }


def _share(draft: Draft, found: dict[Range, dict[str, float]]) -> None:
    """Tell each proposal what the same words look like elsewhere in the report."""
    same: dict[str, list[dict[str, float]]] = defaultdict(list)
    for words, features in found.items():
        same[draft.text(words).lower()].append(features)
    for group in same.values():
        shared = {f"mean_{key}": sum(f[key] for f in group) / len(group) for key in _SHARED}
        shared["more"] = math.log(len(group))
        for features in group:
            features |= shared
