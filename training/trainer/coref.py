"""Fits what signs of coreference weigh: PYTHONPATH=.. python -m trainer.coref --data SHARED --out coreference.tsv

A log-linear model of what a mention goes back to, "none" being one choice, on the mentions that the shipped weights'
own trees give in GUM's training part, the entities before each being gold's (pourparler.reading.coreference).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from benchmarks.coref import Told, documents, parsed
from torch import Tensor

from pourparler.reading.coreference import Entity, alone, pair, ranked
from pourparler.reading.mentions import Range, mentions

LEAST = 10  # how often a sign must be seen
SMALL = 0.06  # weights below it are left out: a third of the file, and no change of the figures
PENALTY = 2.0
# Choosing "none" as often as training does links too seldom wrong and too often not: on a fifth of the training part
# CoNLL F1 is 46.6 without an offset (fewer documents), 53.2, 54.3 and 53.9 with -1, -1.5 and -2.
OFFSET = -1.5
HEAD = "# What each sign of coreference weighs (reading/coreference.py): fitted on the training part of GUM.\n"


@dataclass(frozen=True)
class Choice:
    """What a mention may go back to, each choice as its signs ("none" first), and which choices are right."""

    signs: list[list[str]]
    right: list[bool]


def choices(told: Told) -> Iterator[Choice]:
    """Yield the choice of each mention that has earlier ones to go back to."""
    cluster = {span: n for n, spans in enumerate(told.clusters) for span in spans}
    entities: dict[object, Entity] = {}
    owner: dict[Range, Entity] = {}
    for mention, earlier in ranked(mentions(parsed(told))):
        own = cluster.get(mention.words)
        if earlier:
            signs = [alone(mention, earlier)]
            signs += [pair(old, mention, owner[old.words], rank) for rank, old in enumerate(earlier)]
            back = [own is not None and cluster.get(old.words) == own for old in earlier]
            yield Choice(signs, [not any(back), *back])
        entity = entities.setdefault(mention.words if own is None else own, Entity())
        entity.add(mention)
        owner[mention.words] = entity


def fit(found: list[Choice], *, steps: int = 40) -> dict[str, float]:
    """Return the weights of the signs that are seen often enough."""
    seen = Counter(sign for choice in found for signs in choice.signs for sign in signs)
    index = {sign: n for n, (sign, count) in enumerate(sorted(seen.items())) if count >= LEAST}
    index = {sign: n for n, sign in enumerate(index)}
    rows, signs, group, right = [], [], [], []
    for n, choice in enumerate(found):
        for one, true in zip(choice.signs, choice.right, strict=True):
            known = [index[sign] for sign in one if sign in index]
            rows += [len(group)] * len(known)
            signs += known
            group.append(n)
            right.append(true)
    weights = torch.zeros(len(index), dtype=torch.float64, requires_grad=True)
    loss = _Loss(*map(torch.tensor, (rows, signs, group, right)), len(found))
    search = torch.optim.LBFGS([weights], max_iter=steps, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        search.zero_grad()
        value = loss(weights)
        value.backward()
        return value

    search.step(closure)
    values = weights.detach().tolist()
    return {sign: values[n] for sign, n in index.items()}


@dataclass(frozen=True)
class _Loss:
    """Minus the logarithm of the chance of a right choice, summed, with squared weights penalised."""

    rows: Tensor
    signs: Tensor
    group: Tensor
    right: Tensor
    groups: int

    def __call__(self, weights: Tensor) -> Tensor:
        score = torch.zeros(len(self.group), dtype=weights.dtype).index_add(0, self.rows, weights[self.signs])
        # Signs are few and weights small: the scores stay far from what exp cannot hold.
        chance = score.exp()
        whole = torch.zeros(self.groups, dtype=weights.dtype).index_add(0, self.group, chance)
        part = torch.zeros(self.groups, dtype=weights.dtype).index_add(0, self.group, chance * self.right)
        return (whole.log() - part.log()).sum() + PENALTY * (weights @ weights) / 2


def write(weights: dict[str, float], path: Path) -> None:
    moved = {**weights, "none": weights["none"] + OFFSET}
    kept = sorted((sign, round(value, 2)) for sign, value in moved.items() if abs(value) >= SMALL)
    path.write_text(HEAD + "".join(f"{sign}\t{value:g}\n" for sign, value in kept), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found = [choice for told in documents(options.data / "data/gum/gum.train.conllu.gz") for choice in choices(told)]
    weights = fit(found)
    write(weights, options.out)
    print(len(found), "choices,", len(weights), "signs")


if __name__ == "__main__":
    main()
