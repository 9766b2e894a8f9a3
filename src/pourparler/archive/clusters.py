"""Which tellings are one event, from the probabilities of pairs: agglomeration by average link.

Two clusters are put together while the mean probability over all pairs between them is at least a threshold, the
likeliest first. A pair that was not scored counts as 0: one wrong pair cannot chain two groups of reports together,
as it does when everything connected is joined.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def clusters(n: int, pairs: Ints, probabilities: Floats, *, threshold: float) -> list[list[int]]:
    """Return clusters of 0..n-1, those of one member included, each sorted, in the order of their first members.

    ``pairs`` [m, 2] are scored pairs, in any order and with either member first, each once; ``probabilities`` [m]
    their chances to be one. The order of pairs changes nothing; of equal chances the pair of lower numbers goes
    first, so number the members by something of their own (a key) where their order may vary. Raises ValueError for
    pairs outside 0..n-1, of a member with itself or given twice, and for a threshold that is not above 0.
    """
    if not threshold > 0:
        raise ValueError(f"threshold {threshold}: take one above 0, or every cluster is joined with every other")
    ordered, chances = _ordered(n, pairs, probabilities)
    group = _groups(n, ordered[chances >= threshold])
    # Two clusters need a pair at the threshold to reach it in the mean: other pairs never count and are dropped.
    inside = group[ordered[:, 0]] == group[ordered[:, 1]] if len(ordered) else np.zeros(0, bool)
    joined = _Agglomeration(threshold)
    for (a, b), chance in zip(ordered[inside].tolist(), chances[inside].tolist(), strict=True):
        joined.add(a, b, chance)
    merged = joined.run()
    alone = ({i: [i] for i in range(n)} | merged.members).items()
    return [sorted(members) for first, members in sorted(alone) if first not in merged.gone]


def _ordered(n: int, pairs: Ints, probabilities: Floats) -> tuple[Ints, Doubles]:
    """Return pairs with the lower member first, sorted, with their probabilities."""
    pairs = np.sort(np.asarray(pairs, np.int64).reshape(-1, 2), axis=1)
    if len(pairs) != len(probabilities):
        raise ValueError(f"{len(pairs)} pairs but {len(probabilities)} probabilities")
    if len(pairs) and (pairs[:, 0].min() < 0 or pairs[:, 1].max() >= n):
        raise ValueError(f"a pair names a member that is not among 0..{n - 1}")
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs = pairs[order]
    if (pairs[:, 0] == pairs[:, 1]).any() or (pairs[1:] == pairs[:-1]).all(axis=1).any():
        raise ValueError("a pair is given twice, or of a member with itself")
    return pairs, np.asarray(probabilities, np.float64)[order]


def _groups(n: int, pairs: Ints) -> Ints:
    """Return for each of n members the lowest member that it is connected with."""
    lowest = np.arange(n)
    while True:
        before = lowest.copy()
        ends = np.minimum(lowest[pairs[:, 0]], lowest[pairs[:, 1]])
        np.minimum.at(lowest, lowest[pairs[:, 0]], ends)
        np.minimum.at(lowest, lowest[pairs[:, 1]], ends)
        lowest = lowest[lowest]
        if (lowest == before).all():
            return lowest


@dataclass(frozen=True, slots=True)
class _Merged:
    members: dict[int, list[int]]
    gone: set[int]


@dataclass(slots=True)
class _Agglomeration:
    """Clusters by the lowest of their members, with the summed probability between each two."""

    threshold: float
    sums: dict[int, dict[int, float]] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    heap: list[tuple[float, int, int, int]] = field(default_factory=list)

    def add(self, a: int, b: int, chance: float) -> None:
        for one, other in ((a, b), (b, a)):
            self.sums.setdefault(one, {})[other] = chance
            self.members.setdefault(one, [one])
        self._offer(a, b)

    def run(self) -> _Merged:
        gone: set[int] = set()
        while self.heap:
            _, a, b, size = heapq.heappop(self.heap)
            # An entry of before one of both grew is stale: a newer one stands in the heap.
            if a in gone or b in gone or size != len(self.members[a]) + len(self.members[b]):
                continue
            gone.add(b)
            self._merge(a, b)
        return _Merged(self.members, gone)

    def _merge(self, a: int, b: int) -> None:
        """Put b into a, the lower of both."""
        self.members[a] += self.members[b]
        own, given = self.sums[a], self.sums[b]
        del own[b], given[a]
        for other, chance in given.items():
            both = own.get(other, 0.0) + chance
            own[other] = self.sums[other][a] = both
            del self.sums[other][b]
        for other in own:
            self._offer(min(a, other), max(a, other))

    def _offer(self, a: int, b: int) -> None:
        size = len(self.members[a]), len(self.members[b])
        mean = self.sums[a][b] / (size[0] * size[1])
        if mean >= self.threshold:
            heapq.heappush(self.heap, (-mean, a, b, sum(size)))
