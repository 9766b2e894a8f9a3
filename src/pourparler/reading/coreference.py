"""Coreference: which words of a document stand for the same person or thing.

Each mention is linked to the earlier one that its signs speak for most, or to none. What each sign weighs stands in
data/coreference.tsv: a log-linear model of what a mention goes back to, fitted on the mentions that our own trees
give in the training part of GUM, the entities before each being gold's. On GUM's part for development the CoNLL F1 is
52.1, and 64.2 where the mentions are given.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pourparler.reading.mentions import PRONOUNS, Mention, Parsed, Range, lists, mentions

_NEAR = 3  # sentences back in which a pronoun or a description looks for what it stands for
_FAR = 15  # sentences back in which a pronoun looks for its own like
_KEPT = 2  # sentences back in which a description may go back to words that share none of its own


@dataclass(slots=True)
class Entity:
    """What is known of one thing while a document is read: its mentions so far, its gender and number."""

    mentions: list[Mention] = field(default_factory=list)
    gender: str = ""
    number: str = ""

    def add(self, mention: Mention) -> None:
        self.mentions.append(mention)
        self.number = self.number or mention.number
        if mention.gender in ("he", "she") or not self.gender:
            self.gender = mention.gender


def clusters(text: Parsed, *, given: Sequence[Range] | None = None) -> tuple[tuple[Range, ...], ...]:
    """Return the sets of words (half-open ranges, in their order) that stand for one thing each, two or more a set.

    ``given``: the mentions, where they are known; they are found in the trees otherwise.
    """
    entities: list[Entity] = []
    owner: dict[Range, Entity] = {}
    for mention, candidates in ranked(mentions(text, given=given)):
        found, best = None, score(alone(mention, candidates))
        for rank, old in enumerate(candidates):
            value = score(pair(old, mention, owner[old.words], rank))
            if value > best:
                found, best = owner[old.words], value
        if found is None:
            found = Entity()
            entities.append(found)
        found.add(mention)
        owner[mention.words] = found
    return tuple(tuple(m.words for m in e.mentions) for e in entities if len(e.mentions) > 1)


def score(signs: Iterable[str]) -> float:
    """Return what signs weigh together; unknown ones weigh nothing."""
    weights = _weights()
    return sum(weights.get(sign, 0.0) for sign in signs)


@functools.cache
def _weights() -> dict[str, float]:
    path = importlib.resources.files("pourparler.reading") / "data" / "coreference.tsv"
    rows = [row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row[0] != "#"]
    return {sign: float(weight) for sign, weight in rows}


def ranked(found: Sequence[Mention]) -> Iterator[tuple[Mention, list[Mention]]]:
    """Yield each mention with the earlier ones that it may go back to, the nearest first."""
    for at, new in enumerate(found):
        yield new, [old for old in reversed(found[:at]) if _possible(old, new)]


def _possible(old: Mention, new: Mention) -> bool:
    back = new.sentence - old.sentence
    if new.sort in PRONOUNS:
        return back <= _NEAR or (back <= _FAR and old.sort == new.sort)
    if old.sort in PRONOUNS:
        return False
    if not old.core.isdisjoint(new.core) or old.key == new.key or _short(old, new) or _short(new, old):
        return True
    described = new.article in ("definite", "pointing") or new.role == "appos"
    return back <= _KEPT and described and not _inside(new, old)


def _short(long: Mention, short: Mention) -> bool:
    """True where the short one is the other's first letters: "UN" of "United Nations"."""
    letters = short.key[0].replace(".", "") if len(short.key) == 1 else ""
    return len(letters) > 1 and letters == "".join(
        w[0] for w in long.key if w not in lists()["letters"]["none"] and w[0].isalnum()
    )


def alone(new: Mention, candidates: Sequence[Mention]) -> list[str]:
    """Return the signs that a mention goes back to none."""
    out = [f"{new.sort}", f"{new.role}", f"{new.gender}", f"{new.article}", f"{new.number}"]
    if new.sort not in PRONOUNS:
        alike = sum(old.key == new.key for old in candidates)
        headed = sum(old.lemma == new.lemma for old in candidates)
        seen = f"key{min(alike, 3)}" if alike else f"head{min(headed, 3)}" if headed else "new"
        out += [seen, f"{seen}:{new.article}", f"{seen}:{new.role}", f"{new.article}:{new.role}"]
        out += [
            f"{seen}:{new.kind}",
            f"words{min(new.words[1] - new.words[0], 4)}",
            f"tail{bool(new.tail)}:{new.article}",
        ]
    else:
        out += [f"left{min(len(candidates), 3)}"]
    return ["none", *(f"{new.sort}/{sign}" for sign in out)]


def pair(old: Mention, new: Mention, entity: Entity, rank: int) -> list[str]:
    """Return the signs that a mention goes back to an earlier one, of an entity as it is known so far; ``rank``
    counts the candidates between the two."""
    back = new.sentence - old.sentence
    nested = "in" if _inside(new, old) else "holds" if _inside(old, new) else ""
    signs = [f"back{_step(back)}", f"size{_step(len(entity.mentions))}"]
    signs += [f"nested{nested}"] if nested else []
    signs += [f"tree:{near}" for near in _near_in_the_tree(old, new)]
    signs += ["first"] if old.sentence == 0 else []
    signs += _of_pronoun(old, new, entity, rank, back) if new.sort in PRONOUNS else _of_noun(old, new, entity, back)
    return [f"{new.sort}>{sign}" for sign in signs]


def _near_in_the_tree(old: Mention, new: Mention) -> Iterator[str]:
    """Yield how two mentions of one sentence hang together: as an apposition, what a subject is, in one clause."""
    if old.sentence == new.sentence:
        if new.role == "appos" and new.above == old.head:
            yield f"appos:{old.sort}:{new.article}"
        if old.role == "nsubj" and old.above == new.head:
            yield f"is:{new.article}:{old.sort}"
        if old.above == new.above:
            yield f"side:{old.role}:{new.role}"
        elif old.clause == new.clause:
            yield f"clause:{old.role}:{new.role}"
    if new.quoted and not old.quoted and old.role == "nsubj" and old.verb in lists()["speech"]["verbs"]:
        yield "speaker"


def _of_pronoun(old: Mention, new: Mention, entity: Entity, rank: int, back: int) -> list[str]:
    sort = old.sort if old.sort in PRONOUNS else f"{old.sort}:{old.kind}"
    near = min(back, 2)
    signs = [f"is:{sort}", f"is:{sort}:{near}", f"gender:{entity.gender}", f"number:{entity.number}"]
    signs += [f"gender:{entity.gender}:{entity.number}", f"rank{_step(rank)}", f"role:{old.role}:{near}"]
    signs += [f"roles:{old.role}:{new.role}:{near}", f"article:{old.article}", f"quoted:{old.quoted}:{new.quoted}"]
    if back == 0:
        signs += [f"gap{_step(max(new.words[0] - old.words[1], 0))}"]
    return signs


def _of_noun(old: Mention, new: Mention, entity: Entity, back: int) -> list[str]:
    match, more, tails = _match(old, new), _modifiers(old, new), _tails(old, new)
    agree = "number=" if entity.number == new.number else f"number:{entity.number}:{new.number}"
    kinds = f"kinds:{old.kind}:{new.kind}"
    far = _step(back)
    signs = [match, f"{match}:{more}:{tails}", f"{match}:{new.article}", f"{match}:{new.article}:{more}"]
    signs += [f"{match}:{far}", f"{match}:{old.article}:{new.article}", agree, f"{match}:{agree}"]
    signs += [kinds, f"{match}:{kinds}", f"{match}:{old.sort}", f"gender:{entity.gender}:{new.gender}"]
    signs += [f"{match}:roles:{old.role}:{new.role}" if back < 2 else f"{match}:role:{new.role}"]
    if back == 0:
        signs += [f"{match}:gap{_step(max(new.words[0] - old.words[1], 0))}", f"gap:{new.role}"]
    return signs


def _match(old: Mention, new: Mention) -> str:
    """Return how far the words of two mentions are the same."""
    if old.key == new.key:
        return "key"
    if old.lemma == new.lemma:
        return "head"
    if _short(old, new) or _short(new, old):
        return "short"
    if new.lemma in old.core or old.lemma in new.core:
        return "part"
    return "none" if old.core.isdisjoint(new.core) else "word"


def _modifiers(old: Mention, new: Mention) -> str:
    if old.core == new.core:
        return "same"
    return "less" if new.core < old.core else "more" if old.core < new.core else "other"


def _tails(old: Mention, new: Mention) -> str:
    if old.tail == new.tail:
        return "same" if old.tail else ""
    return "less" if not new.tail else "more" if not old.tail else "other"


def _inside(inner: Mention, outer: Mention) -> bool:
    return outer.words[0] <= inner.words[0] and inner.words[1] <= outer.words[1]


def _step(count: int) -> int:
    """Return a count in steps that grow: 0, 1, 2, 3 to 4, 5 to 8 and so on, up to 6."""
    return min(max(count - 1, 0).bit_length() + (count > 0), 6)
