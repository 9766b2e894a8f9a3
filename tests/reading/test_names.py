"""Names are whole words: a hyphen inside one does not end it, and its "in" is no preposition."""

from __future__ import annotations

import numpy as np

from pourparler.model.labels import NAMES
from pourparler.model.layers import Layers
from pourparler.model.windows import Window
from pourparler.model.words import words
from pourparler.reading.draft import Draft
from pourparler.reading.names import tagged
from pourparler.record import Document


def names(text: str, **tags: str) -> list[str]:
    """What the names are where the network gives these tags to these words, and to no others."""
    draft = Draft(Document("d", text))
    draft.words = words(text)
    n = len(draft.words)
    labels = np.zeros((n, NAMES.size), np.float32)
    labels[:, 0] = 0.5
    for i in range(n):
        prefix, _, kind = tags.get(draft.word(i), "").partition("_")
        if kind:
            labels[i, NAMES.label(kind, prefix)] = 1
    empty = np.zeros((n, 1), np.float32)
    draft.layers = Layers(empty, labels, empty, empty, empty, empty, (Window(0, n, 0, n),), ())
    return [draft.text(name.words) for name in tagged(draft)]


def test_a_name_takes_the_whole_of_its_hyphenated_words() -> None:
    assert names("Moon Jae-in met Kim Jong-un.", Moon="B_PER", Jae="I_PER", Kim="B_PER", Jong="I_PER") == [
        "Moon Jae-in",
        "Kim Jong-un",
    ]
    assert names("Bashar al-Assad left.", Bashar="B_PER", al="I_PER") == ["Bashar al-Assad"]
    assert names("They blame al-Qaeda.", Qaeda="B_ORG") == ["al-Qaeda"]


def test_a_place_does_not() -> None:
    assert names("Armenia-Azerbaijan talks", Armenia="B_LOC", Azerbaijan="B_LOC") == ["Armenia", "Azerbaijan"]
    assert names("US-led forces", US="B_LOC") == ["US"]


def test_a_hyphen_with_blanks_ends_a_name() -> None:
    assert names("Lavrov - Minister", Lavrov="B_PER") == ["Lavrov"]
    assert names("Lavrov- Minister", Lavrov="B_PER") == ["Lavrov"]
