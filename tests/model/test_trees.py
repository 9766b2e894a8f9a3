"""Lemmas as edits; the grammar of a sentence."""

from __future__ import annotations

import pytest

from pourparler.model import trees
from pourparler.model.reader import network


@pytest.mark.parametrize(
    ("word", "edit", "lemma"),
    [("Talks", (0, ""), "talks"), ("met", (2, "eet"), "meet"), ("parties", (3, "y"), "party"), ("a", (3, "y"), "a")],
)
def test_a_lemma_is_an_edit_of_the_word(word: str, edit: tuple[int, str], lemma: str) -> None:
    assert trees.lemma_of(word, edit) == lemma


def test_the_grammar_of_a_sentence() -> None:
    tree = trees.parse(network(), "The ministers met in Brussels .".split(), [(0, 6)])
    assert tree.upos == ("DET", "NOUN", "VERB", "ADP", "PROPN", "PUNCT")
    assert tree.heads == (2, 3, 0, 5, 3, 3)
    assert tree.relations == ("det", "nsubj", "root", "case", "obl", "punct")
    assert tree.lemmas[1] == "minister" and tree.lemmas[4] == "brussels"


def test_heads_of_the_second_of_two_sentences_count_from_the_first_word() -> None:
    tree = trees.parse(network(), "They met . They left .".split(), [(0, 3), (3, 6)])
    assert tree.heads[3] == 5 and tree.heads[4] == 0
