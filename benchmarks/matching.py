"""When a predicted event is a gold event: the rules of the exam's guide, in this project's own words.

A test holds these figures equal to the exam's own scorer wherever that is at hand.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

POOLED = frozenset({"CONSULT", "AGREE", "COOPERATE"})  # participants of both sides count as one pool
# Words that do not tell two actors apart.
COMMON = frozenset(
    "the a an of and in for to its their his her on at with two three s least government president minister "
    "foreign prime defense defence state states forces officials official people leader leaders ministry secretary "
    "republic national former new several dozens hundreds thousands some other countries".split()
)
_SENTENCE = re.compile(r"[.!?][\"'”’)]*\s+(?=[A-Z\"“‘(])")

Json = Mapping[str, Any]


@functools.lru_cache(maxsize=1 << 15)
def name_words(text: str) -> frozenset[str]:
    """Return the lowered ASCII words of a name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return frozenset(re.findall(r"[a-z0-9]+", plain.casefold()))


def same_name(one: str, other: str) -> bool:
    """True where two names are equal, or the telling words of one are among those of the other."""
    a, b = name_words(one), name_words(other)
    if not a or not b or a == b:
        return bool(a) and a == b
    tell_a, tell_b = a - COMMON, b - COMMON
    shared = tell_a & tell_b
    if shared:
        return shared in (tell_a, tell_b)
    return not tell_a and not tell_b and (a <= b or b <= a)


def same_actor(gold: Json, actor: Json) -> bool:
    """True where one of the actor's names or mentions is the gold name, or country and sector both agree."""
    names = [actor.get("name") or "", *(mention.get("text", "") for mention in actor.get("mentions", ()))]
    if any(name and same_name(gold["text"], name) for name in names):
        return True
    keys = [(gold.get(key), actor.get(key)) for key in ("country", "sector")]
    return all(ours and ours == theirs for ours, theirs in keys)


def same_side(gold: Sequence[Json], ids: Sequence[str], actors: Mapping[str, Json]) -> bool:
    """True where both sides are empty, or at least one actor is on both."""
    if not gold or not ids:
        return not gold and not ids
    return any(same_actor(g, actors[i]) for g in gold for i in ids if i in actors)


def sides(gold: Json, event: Json, actors: Mapping[str, Json]) -> tuple[bool, bool]:
    """Return whether source and target match; symmetric acts match where two participants do."""
    sources, targets = event.get("sources", []), event.get("targets", [])
    plain = (same_side(gold["sources"], sources, actors), same_side(gold["targets"], targets, actors))
    pool, ids = [*gold["sources"], *gold["targets"]], [*sources, *targets]
    if gold["type"] not in POOLED or all(plain) or not pool:
        return plain
    found = sum(same_side([member], ids, actors) for member in pool)
    enough = found >= min(2, len(pool)) and (len(ids) > 1 or len(pool) == 1)
    return (True, True) if enough else plain


def nearness(text: str, gold: Json, event: Json) -> int:
    """Return 2 where evidence overlaps, 1 where the triggers stand in one sentence, else 0."""
    own, spans = gold["evidence"], event.get("evidence", [])
    if any(s["start"] < own["end"] and own["start"] < s["end"] for s in spans):
        return 2
    return int(bool(spans) and _sentence(text, spans[0]["start"]) == _sentence(text, own["start"]))


def _sentence(text: str, offset: int) -> int:
    return len(_SENTENCE.findall(text[:offset]))


def assign(rows: int, columns: int, weight: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Return pairs, the heaviest first, each row and column once."""
    ranked = sorted(((weight(i, j), i, j) for i in range(rows) for j in range(columns)), reverse=True)
    out: list[tuple[int, int]] = []
    for value, i, j in ranked:
        if value > 0 and all(i != a and j != b for a, b in out):
            out.append((i, j))
    return out
