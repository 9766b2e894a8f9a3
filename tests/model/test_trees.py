"""Lemmas as edits; weights without grammar heads say so."""

from __future__ import annotations

import pytest

from pourparler.errors import ModelFileError
from pourparler.model import trees
from pourparler.model.reader import network


def test_a_lemma_is_an_edit_of_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "_edits", lambda: [(0, ""), (2, ""), (3, "y")])
    assert trees.lemma_of("Talks", 0) == "talks"
    assert trees.lemma_of("accused", 1) == "accus"
    assert trees.lemma_of("parties", 2) == "party"
    assert trees.lemma_of("a", 2) == "a"


def test_grammar_is_told_or_its_absence_is() -> None:
    words = ["Ministers", "met", "."]
    try:
        tree = trees.parse(network(), words, [(0, 3)])
    except ModelFileError as error:
        assert "--tree" in str(error)
    else:
        assert len(tree.upos) == len(tree.heads) == len(tree.relations) == len(tree.lemmas) == 3
        assert all(0 <= head <= 3 for head in tree.heads)
