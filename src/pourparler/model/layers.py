"""What the network says of a report, as arrays."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pourparler.model.labels import ROLES
from pourparler.model.windows import Window

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Role probabilities [R, k, w] of a window's k likely predicates; ``rows`` gives the row of a document's word."""

    rows: dict[int, int]
    scores: Floats


@dataclass(frozen=True, slots=True)
class Role:
    """Probabilities [w] of words ``first``.. to be inside, and to begin, a role."""

    first: int
    inside: Floats
    begin: Floats


@dataclass(frozen=True, slots=True)
class Layers:
    """What the network says of a document of n words.

    ``trigger`` [n, 33], ``names`` [n, 9], ``cue`` [n, 3], ``status`` [n, 8] and ``sector`` [n, 20] are
    probabilities (rows sum to 1), in the order of ``model.labels``; ``starts`` [n, 2] those of not beginning and of
    beginning a sentence.
    """

    trigger: Floats
    names: Floats
    cue: Floats
    status: Floats
    sector: Floats
    starts: Floats
    windows: tuple[Window, ...]
    pairs: tuple[Pairs, ...]

    def role(self, name: str, word: int) -> Role:
        """Return who fills a role of a predicate word, over the words of the window that decides it.

        Raises KeyError for a word that is no likely predicate: its scores are not kept.
        """
        at = bisect.bisect_right(self.windows, word, key=lambda w: w.core_first) - 1
        pairs = self.pairs[at]
        inside, begin = pairs.scores[[ROLES.inside[name], ROLES.begin[name]], pairs.rows[word]]
        return Role(self.windows[at].first, inside, begin)


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the network says of a window's grammar, for words first..; the core is decided by this window.

    ``upos`` [w, 17], ``arcs`` [w, w + 1] (0 the root), ``relations`` [w, 51] to the likeliest head, ``lemmas``
    [w, 152] are scores.
    """

    first: int
    core_first: int
    core_last: int
    upos: Floats
    arcs: Floats
    relations: Floats
    lemmas: Floats
