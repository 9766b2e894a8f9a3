"""Losses of the heads, summed over what a batch has labels for."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from pourparler.model.labels import ROLES
from trainer.batch import Batch
from trainer.net import Net

# One event in nine has words that date it: after 400 steps F1 of times was 12, that of sides 73.
RARE = 2.0
_TIME = (ROLES.inside["time"], ROLES.begin["time"])


def loss_of(net: Net, batch: Batch) -> Tensor:
    h, x = (values.float() for values in net.encode(batch.pieces, batch.case, batch.marks, batch.first))
    total = h.new_zeros(())
    for name, weight in (("trigger", 12.0), ("names", 6.0), ("cue", 10.0)):
        labels = batch.word_labels(name)
        if (labels >= 0).any():
            logits = getattr(net, name)(h)
            total = total + weight * F.cross_entropy(logits.flatten(0, 1), labels.flatten())
    total = total + _tree(net, h, batch) + _frames(net, h, batch) + _relation(net, x, batch)
    return total + _status(net, h, batch) + _sector(net, h, batch) + _roles(net, h, batch)


def _relation(net: Net, x: Tensor, batch: Batch) -> Tensor:
    labels = torch.tensor([-100 if w.relation is None else w.relation for w in batch.windows], device=x.device)
    if not (labels >= 0).any():
        return x.new_zeros(())
    return 3.0 * F.cross_entropy(net.related(x, batch.pieces, batch.marks), labels, label_smoothing=0.1)


def _frames(net: Net, h: Tensor, batch: Batch) -> Tensor:
    """What each word is to each of the predicates, averaged over the words of windows that have frames."""
    most = max(len(x.frames) for x in batch.windows)
    if not most:
        return h.new_zeros(())
    rows = torch.zeros(len(batch.windows), most, dtype=torch.long)
    gold = torch.full((len(batch.windows), most, h.shape[1]), -100)
    for b, x in enumerate(batch.windows):
        for n, (word, labels) in enumerate(x.frames):
            rows[b, n] = word
            gold[b, n, : len(labels)] = torch.tensor(labels)
    rows, gold = rows.to(h.device), gold.to(h.device)
    real = gold >= 0
    scores = net.frames(h, rows)[real]
    # Most words are outside: a sum over the arguments' words keeps their weight when windows are long.
    return 0.25 * F.cross_entropy(scores, gold[real], reduction="sum") / len(real.any(-1).nonzero())


def _tree(net: Net, h: Tensor, batch: Batch) -> Tensor:
    """Treebank windows: part of speech, sentence start, lemma, head and relation of every word."""
    total = h.new_zeros(())
    for name, weight in (("upos", 3.0), ("starts", 3.0), ("lemmas", 2.0)):
        labels = batch.word_labels(name)
        if (labels >= 0).any():
            total = total + weight * F.cross_entropy(getattr(net, name)(h).flatten(0, 1), labels.flatten())
    heads = batch.word_labels("heads")
    if not (heads >= 0).any():
        return total
    real = heads >= 0
    sizes = torch.tensor([len(x.words) for x in batch.windows], device=h.device)
    padding = torch.arange(h.shape[1], device=h.device)[None, :] >= sizes[:, None]
    arcs = net.arcs(h)
    arcs[..., 1:] = arcs[..., 1:].masked_fill(padding[:, None, :], -1e4)
    total = total + 5.0 * F.cross_entropy(arcs[real], heads[real])
    relations = net.relations(h, heads.clamp(min=0))
    return total + 3.0 * F.cross_entropy(relations[real], batch.word_labels("relations")[real])


def _status(net: Net, h: Tensor, batch: Batch) -> Tensor:
    at = [(b, w, s) for b, x in enumerate(batch.windows) for w, s in x.predicates if s is not None]
    if not at:
        return h.new_zeros(())
    b, w, s = map(list, zip(*at, strict=True))
    return F.cross_entropy(net.status(h[b, w]), torch.tensor(s, device=h.device))


def _sector(net: Net, h: Tensor, batch: Batch) -> Tensor:
    at = [(b, w, s) for b, x in enumerate(batch.windows) for w, s in x.sector]
    if not at:
        return h.new_zeros(())
    b, w, s = map(list, zip(*at, strict=True))
    return F.cross_entropy(net.sector(h[b, w]), torch.tensor(s, device=h.device))


def _roles(net: Net, h: Tensor, batch: Batch) -> Tensor:
    most = max(len(x.predicates) for x in batch.windows)
    if not most:
        return h.new_zeros(())
    rows = torch.zeros(len(batch.windows), most, dtype=torch.long)
    mask = torch.zeros(len(batch.windows), net.pair.shape[0], most, h.shape[1])
    gold = torch.zeros_like(mask)
    for b, x in enumerate(batch.windows):
        for n, (word, _) in enumerate(x.predicates):
            rows[b, n] = word
        if x.predicates:
            for channel in x.role_group:
                mask[b, channel, : len(x.predicates), : len(x.words)] = RARE if channel in _TIME else 1.0
        for n, channel in x.unknown:
            mask[b, channel, n] = 0
        for n, channel, word in x.roles:
            gold[b, channel, n, word] = 1
    scores = net.pairs(h, rows.to(h.device))
    losses = F.binary_cross_entropy_with_logits(scores, gold.to(h.device), reduction="none") * mask.to(h.device)
    return 0.15 * losses.sum() / sum(len(x.predicates) for x in batch.windows)
