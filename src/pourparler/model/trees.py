"""What the network says of grammar: part of speech, head and relation of every word, lemmas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.model.labels import RELATIONS, UPOS
from pourparler.model.layers import Floats
from pourparler.model.reader import Network


@dataclass(frozen=True, slots=True)
class Tree:
    """The grammar of n words. ``heads`` count words from 1, 0 is a root; relations are Universal Dependencies'."""

    upos: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]
    lemmas: tuple[str, ...]


def parse(network: Network, words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> Tree:
    """Return the tree of words whose sentences (half-open word ranges) are known; every sentence has its root."""
    upos: list[str] = []
    heads: list[int] = []
    relations: list[str] = []
    lemmas: list[str] = []
    own = [sentence for sentence in sentences for _ in range(*sentence)]
    for window in network.grammar(words, sentences):
        shift = window.first
        for i in range(window.core_first - shift, window.core_last - shift):
            head = _head(window.arcs[i], own[i + shift], shift)
            upos.append(UPOS[int(window.upos[i].argmax())])
            heads.append(head + shift if head else 0)
            relations.append(RELATIONS[int(window.relations[i].argmax())])
            lemmas.append(lemma_of(words[i + shift], network.edits[int(window.lemmas[i].argmax())]))
    return Tree(tuple(upos), tuple(heads), tuple(relations), tuple(lemmas))


def _head(scores: Floats, sentence: tuple[int, int], shift: int) -> int:
    """Return the likeliest head [0 the root, n the window's n-th word] that stands in the word's own sentence."""
    first = max(sentence[0] - shift, 0) + 1
    inside = scores[first : sentence[1] - shift + 1]
    best = int(inside.argmax())
    return first + best if inside[best] > scores[0] else 0


def lemma_of(word: str, edit: tuple[int, str]) -> str:
    """Return the lemma that an edit makes of a word: so many letters cut at its end, others added."""
    cut, added = edit
    low = word.lower()
    return low[: len(low) - cut] + added if cut <= len(low) else low
