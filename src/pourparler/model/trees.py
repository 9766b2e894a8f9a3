"""What the network says of grammar: part of speech, head and relation of every word, lemmas."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.errors import ModelFileError
from pourparler.model.labels import RELATIONS, UPOS
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
    for window in network.grammar(words, sentences):
        shift = window.first
        for i in range(window.core_first - shift, window.core_last - shift):
            head = int(window.arcs[i].argmax())
            upos.append(UPOS[int(window.upos[i].argmax())])
            heads.append(head + shift if head else 0)
            relations.append(RELATIONS[int(window.relations[i].argmax())])
            lemmas.append(lemma_of(words[i + shift], int(window.lemmas[i].argmax())))
    return Tree(tuple(upos), tuple(heads), tuple(relations), tuple(lemmas))


def lemma_of(word: str, edit: int) -> str:
    """Return the lemma that an edit makes of a word: so many letters cut at its end, others added."""
    cut, added = _edits()[edit]
    low = word.lower()
    return low[: len(low) - cut] + added if cut <= len(low) else low


@functools.cache
def _edits() -> list[tuple[int, str]]:
    path = importlib.resources.files("pourparler.model") / "data" / "edits.json"
    try:
        return [(cut, added) for cut, added in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path} cannot be read ({error}). Install pourparler again.") from error
