"""Windows to padded tensors, batched by length."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from pourparler.model.words import case_of
from trainer.data import Window

LIMIT = 510


@dataclass
class Encoded:
    window: Window
    pieces: list[int]
    case: list[int]
    marks: list[int]
    first: list[int]


def encode(tokenizer: Tokenizer, windows: list[Window]) -> list[Encoded]:
    out = []
    for window, row in zip(
        windows, tokenizer.encode_batch([w.words for w in windows], is_pretokenized=True), strict=True
    ):
        pieces, ids = row.ids[: LIMIT + 1], row.word_ids[: LIMIT + 1]
        case = [0 if i is None else case_of(window.words[i]) for i in ids]
        marks = [0 if i is None or window.marks is None else window.marks[i] for i in ids]
        first: dict[int, int] = {}
        for n, i in enumerate(ids):
            if i is not None:
                first.setdefault(i, n)
        # A word without a piece (control characters) or beyond the limit points at [CLS].
        out.append(Encoded(window, pieces, case, marks, [first.get(i, 0) for i in range(len(window.words))]))
    return out


@dataclass
class Batch:
    pieces: Tensor
    case: Tensor
    marks: Tensor
    first: Tensor
    windows: list[Window]

    def to(self, device: torch.device) -> Batch:
        return Batch(*(x.to(device) for x in (self.pieces, self.case, self.marks, self.first)), self.windows)

    def word_labels(self, name: str) -> Tensor:
        out = torch.full(self.first.shape, -100)
        for b, window in enumerate(self.windows):
            labels = getattr(window, name)
            if labels is not None:
                out[b, : len(labels)] = torch.tensor(labels)
        return out.to(self.first.device)


def collate(items: list[Encoded]) -> Batch:
    t, w = max(len(x.pieces) for x in items), max(len(x.first) for x in items)
    pieces, case, marks, first = (torch.zeros(len(items), n, dtype=torch.long) for n in (t, t, t, w))
    for b, x in enumerate(items):
        pieces[b, : len(x.pieces)] = torch.tensor(x.pieces)
        case[b, : len(x.case)] = torch.tensor(x.case)
        marks[b, : len(x.marks)] = torch.tensor(x.marks)
        first[b, : len(x.first)] = torch.tensor(x.first)
    return Batch(pieces, case, marks, first, [x.window for x in items])


def batches(items: list[Encoded], *, pieces: int, rng: random.Random) -> Iterator[list[Encoded]]:
    """Yield shuffled batches of similar length holding at most ``pieces`` padded pieces."""
    order = sorted(items, key=lambda x: len(x.pieces) + rng.random() * 12)
    groups: list[list[Encoded]] = []
    for item in order:
        if groups and (len(groups[-1]) + 1) * len(item.pieces) <= pieces:
            groups[-1].append(item)
        else:
            groups.append([item])
    rng.shuffle(groups)
    yield from groups
