"""Who does what in a predicate's frame: PropBank's arguments of given predicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pourparler.model.labels import FRAMES
from pourparler.model.layers import Floats
from pourparler.model.reader import Network


class Argument(NamedTuple):
    """A role of PropBank and the half-open range of words that fill it."""

    role: str
    first: int
    last: int


def arguments(network: Network, words: Sequence[str], predicates: Sequence[int]) -> list[list[Argument]]:
    """Return the arguments of each predicate word of one sentence."""
    if not predicates:
        return []
    return [spans(scores) for scores in network.frames(words, predicates)]


def spans(scores: Floats) -> list[Argument]:
    """Return the best run of labels [n, F] in which an inside follows its own begin or inside (Viterbi)."""
    allowed = _allowed()
    best = scores[0] - 1e9 * (np.arange(FRAMES.size) % 2 * -1 + 1) * (np.arange(FRAMES.size) > 0)
    back: list[np.ndarray[tuple[int], np.dtype[np.intp]]] = []
    for row in scores[1:]:
        through = best[:, None] + allowed
        back.append(through.argmax(0))
        best = through.max(0) + row
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return _runs(path[::-1])


def _allowed() -> Floats:
    """What it costs [from, to] that a label follows another: nothing, or too much (an inside without its begin)."""
    size = FRAMES.size
    cost = np.zeros((size, size), np.float32)
    for inside in range(2, size, 2):
        cost[:, inside] = -1e9
        cost[[inside - 1, inside], inside] = 0
    return cost


def _runs(labels: Sequence[int]) -> list[Argument]:
    out: list[Argument] = []
    for i, label in enumerate(labels):
        if label % 2:
            out.append(Argument(FRAMES.types[(label - 1) // 2], i, i + 1))
        elif label:
            out[-1] = out[-1]._replace(last=i + 1)
    return out
