"""Arguments of a predicate: the best run of labels that is a run of labels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pourparler.model.frames import Argument, spans
from pourparler.model.labels import FRAMES


def scores(*labels: int) -> np.ndarray:
    out = np.zeros((len(labels), FRAMES.size), np.float32)
    for row, label in enumerate(labels):
        out[row, label] = 5
    return out


def test_runs_of_labels_are_arguments() -> None:
    a0, a1 = FRAMES.label("ARG0", "B"), FRAMES.label("ARG1", "B")
    found = spans(scores(a0, a0 + 1, 0, a1, a1 + 1, a1 + 1))
    assert found == [Argument("ARG0", 0, 2), Argument("ARG1", 3, 6)]


def test_an_inside_without_its_begin_is_mended() -> None:
    inside = FRAMES.label("ARG1", "I")
    begun = scores(inside, inside)
    begun[0, inside - 1] = 4
    assert spans(begun) == [Argument("ARG1", 0, 2)]


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_arguments_are_in_order_and_do_not_overlap(words: int, seed: int) -> None:
    found = spans(np.random.default_rng(seed).normal(size=(words, FRAMES.size)).astype(np.float32))
    ends = [0, *(argument.last for argument in found)]
    assert all(a.first >= end and a.last > a.first for a, end in zip(found, ends, strict=False))
    assert ends[-1] <= words
