"""A scorer for tests of what joining does with scores, whatever they are."""

from __future__ import annotations

from collections.abc import Sequence

from pourparler.archive.candidates import Candidate


class Alike:
    """Same words in the text, same event: enough to test what joining does with scores."""

    method = "test.v1"
    floor = 0.2

    def __init__(self, *, threshold: float = 0.3) -> None:
        self.threshold = threshold

    def scores(self, found: Sequence[Candidate], pairs: Sequence[tuple[int, int]]) -> Sequence[float]:
        def share(a: Candidate, b: Candidate) -> float:
            one, two = set(a.text.lower().split()), set(b.text.lower().split())
            return len(one & two) / len(one | two)

        return [share(found[a], found[b]) for a, b in pairs]

    def groups(self, size: int, pairs: Sequence[tuple[int, int]], scores: Sequence[float]) -> list[list[int]]:
        of = {n: [n] for n in range(size)}
        for (a, b), score in zip(pairs, scores, strict=True):
            if score >= self.threshold and of[a] is not of[b]:
                of[a] += of[b]
                of.update(dict.fromkeys(of[b], of[a]))
        return [list(group) for group in {id(group): group for group in of.values()}.values()]
