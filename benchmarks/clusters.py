"""Scores of clusters of mentions: MUC, B-cubed and CEAF-e, as the CoNLL tasks of 2011 and 2012 define them.

Each gives counts that are added over documents before they are divided, as the field does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

M = TypeVar("M", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Count:
    """How much of ``gold`` and of ``ours`` is right; the two may be counted in different things."""

    gold_right: float = 0.0
    gold: float = 0.0
    ours_right: float = 0.0
    ours: float = 0.0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.gold_right + other.gold_right,
            self.gold + other.gold,
            self.ours_right + other.ours_right,
            self.ours + other.ours,
        )

    @property
    def recall(self) -> float:
        return self.gold_right / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        return self.ours_right / self.ours if self.ours else 0.0

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def muc(gold: Sequence[Collection[M]], ours: Sequence[Collection[M]]) -> Count:
    """Return the links kept: a cluster of n mentions has n - 1, less one for each further part it is cut into."""
    return Count(*_links(gold, ours), *_links(ours, gold))


def b_cubed(gold: Sequence[Collection[M]], ours: Sequence[Collection[M]]) -> Count:
    """Return for each mention, summed, the share of its cluster that the other side puts together with it."""
    return Count(*_shares(gold, ours), *_shares(ours, gold))


def ceaf_e(gold: Sequence[Collection[M]], ours: Sequence[Collection[M]]) -> Count:
    """Return the likeness (2 x shared / both sizes) of clusters set one to one so that its sum is the largest."""
    owner = _owners(ours)
    shared: dict[tuple[int, int], int] = {}
    for g, cluster in enumerate(gold):
        for mention in cluster:
            if mention in owner:
                shared[g, owner[mention]] = shared.get((g, owner[mention]), 0) + 1

    def likeness(g: int, o: int) -> float:
        return 2 * shared.get((g, o), 0) / (len(gold[g]) + len(ours[o]))

    total = sum(likeness(g, o) for g, o in best_pairs(len(gold), len(ours), likeness))
    return Count(total, len(gold), total, len(ours))


def found(gold: Sequence[Collection[M]], ours: Sequence[Collection[M]]) -> Count:
    """Return the mentions that both sides have."""
    true, told = _owners(gold), _owners(ours)
    right = len(true.keys() & told.keys())
    return Count(right, len(true), right, len(told))


def _owners(clusters: Sequence[Collection[M]]) -> dict[M, int]:
    return {mention: at for at, cluster in enumerate(clusters) for mention in cluster}


def _links(clusters: Sequence[Collection[M]], others: Sequence[Collection[M]]) -> tuple[float, float]:
    owner, right, all = _owners(others), 0, 0
    for cluster in clusters:
        parts = {owner[m] for m in cluster if m in owner}
        right += len(cluster) - len(parts) - sum(m not in owner for m in cluster)
        all += len(cluster) - 1
    return right, all


def _shares(clusters: Sequence[Collection[M]], others: Sequence[Collection[M]]) -> tuple[float, float]:
    owner, right = _owners(others), 0.0
    for cluster in clusters:
        sizes: dict[int, int] = {}
        for mention in cluster:
            if mention in owner:
                sizes[owner[mention]] = sizes.get(owner[mention], 0) + 1
        right += sum(size * size for size in sizes.values()) / len(cluster)
    return right, sum(map(len, clusters))


def best_pairs(rows: int, columns: int, weight: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Return pairs, each row and column at most once and as many as fit, whose weights sum to the most.

    The Hungarian way with potentials, exact, in rows x rows x columns steps (the fewer count as rows).
    """
    if rows > columns:
        return sorted((i, j) for j, i in best_pairs(columns, rows, lambda j, i: weight(i, j)))
    cost = [[-weight(i, j) for j in range(columns)] for i in range(rows)]
    of_row, of_column = [0.0] * rows, [0.0] * (columns + 1)
    owner = [-1] * (columns + 1)  # the row that holds a column; the last column is where a new row begins
    for row in range(rows):
        _augment(row, cost, of_row, of_column, owner)
    return sorted((i, j) for j, i in enumerate(owner[:columns]) if i >= 0)


def _augment(
    row: int, cost: list[list[float]], of_row: list[float], of_column: list[float], owner: list[int]
) -> None:
    """Give a row its column along the cheapest path that changes columns of other rows, and keep potentials right."""
    columns = len(owner) - 1
    least, before, seen = [float("inf")] * columns, [columns] * columns, [False] * (columns + 1)
    at, owner[columns] = columns, row
    while owner[at] >= 0:
        seen[at] = True
        for j in range(columns):
            reduced = cost[owner[at]][j] - of_row[owner[at]] - of_column[j]
            if not seen[j] and reduced < least[j]:
                least[j], before[j] = reduced, at
        nearest = min((j for j in range(columns) if not seen[j]), key=least.__getitem__)
        delta = least[nearest]
        for j in range(columns + 1):
            if seen[j]:
                of_row[owner[j]] += delta
                of_column[j] -= delta
            elif j < columns:
                least[j] -= delta
        at = nearest
    while at != columns:
        owner[at], at = owner[before[at]], before[at]
    owner[columns] = -1
