"""The network: MiniLM encoder with a letter-case feature, word heads and a pair head."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pourparler.model.labels import (
    CUE,
    FRAMES,
    NAMES,
    RELATED,
    RELATIONS,
    ROLES,
    SECTORS,
    STATUSES,
    TRIGGERS,
    UPOS,
)

HIDDEN, LAYERS, HEADS, INNER, PAIR, REACH = 384, 6, 12, 1536, 128, 80
ARC, LABEL, EDITS, FRAME = 192, 64, 152, 64


class Dropout(nn.Module):
    """Dropout with a byte of chance an element: torch's own drew 15 % of a step's time on two cores, this 3 %."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.least = round(256 * share)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.least:
            return x
        chance = torch.empty(x.numel() // 8 + 1, dtype=torch.int64, device=x.device).random_(-(2**63), None)
        kept = (chance.view(torch.uint8)[: x.numel()] >= self.least).view(x.shape)
        return x * kept * (256 / (256 - self.least))


class Layer(nn.Module):
    def __init__(self, dropout: float, *, hidden: int = HIDDEN, inner: int = INNER, eps: float = 1e-12) -> None:
        super().__init__()
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.norm1 = nn.LayerNorm(hidden, eps=eps)
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.norm2 = nn.LayerNorm(hidden, eps=eps)
        self.drop = Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, t, hidden = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, HEADS, hidden // HEADS).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / (hidden // HEADS) ** 0.5 + bias
        mixed = (self.drop(scores.softmax(-1)) @ v).transpose(1, 2).reshape(b, t, hidden)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


def copy_into(module: nn.Linear | nn.LayerNorm, name: str, get: Callable[[str], Tensor]) -> None:
    """Set a module's weight and bias to those that ``get`` gives by name."""
    module.weight.copy_(get(name + ".weight"))
    module.bias.copy_(get(name + ".bias"))


class Net(nn.Module):
    """pieces, case, marks [B, T]; first_piece [B, W] -> word logits, pair logits [B, R, W, W], and those of the tree.

    ``marks`` is 0, or 1 and 2 on the pieces of a source and a target whose relation is asked for.
    """

    def __init__(self, vocabulary: int = 30522, dropout: float = 0.1, layers: int = LAYERS) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, HIDDEN, padding_idx=0)
        self.position = nn.Embedding(512, HIDDEN)
        self.case = nn.Embedding(5, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList([Layer(dropout) for _ in range(layers)])
        self.drop = Dropout(dropout)
        self.trigger = nn.Linear(HIDDEN, TRIGGERS.size)
        self.names = nn.Linear(HIDDEN, NAMES.size)
        self.cue = nn.Linear(HIDDEN, CUE.size)
        self.status = nn.Linear(HIDDEN, len(STATUSES))
        self.sector = nn.Linear(HIDDEN, len(SECTORS))
        self.predicate = nn.Linear(HIDDEN, PAIR)
        self.argument = nn.Linear(HIDDEN, PAIR)
        self.pair = nn.Parameter(torch.randn(ROLES.size, PAIR + 1, PAIR + 1) * 0.02)
        self.pair_bias = nn.Parameter(torch.full((ROLES.size,), -3.0))
        self.distance = nn.Embedding(2 * REACH + 1, ROLES.size)
        self.upos = nn.Linear(HIDDEN, len(UPOS))
        self.starts = nn.Linear(HIDDEN, 2)
        self.lemmas = nn.Linear(HIDDEN, EDITS)
        self.arc_child, self.arc_head = nn.Linear(HIDDEN, ARC), nn.Linear(HIDDEN, ARC)
        self.label_child, self.label_head = nn.Linear(HIDDEN, LABEL), nn.Linear(HIDDEN, LABEL)
        self.root = nn.Parameter(torch.randn(HIDDEN) * 0.02)
        self.arc = nn.Parameter(torch.randn(ARC + 1, ARC) * 0.02)
        self.label = nn.Parameter(torch.randn(len(RELATIONS), LABEL + 1, LABEL + 1) * 0.02)
        self.frame_predicate, self.frame_argument = nn.Linear(HIDDEN, FRAME), nn.Linear(HIDDEN, FRAME)
        self.frame = nn.Parameter(torch.randn(FRAMES.size, FRAME + 1, FRAME + 1) * 0.02)
        self.mark = nn.Embedding(3, HIDDEN)
        self.relation_mix, self.relation = nn.Linear(4 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, len(RELATED))
        nn.init.zeros_(self.case.weight)
        nn.init.zeros_(self.mark.weight)
        nn.init.zeros_(self.distance.weight)

    def load_base(self, tensors: dict[str, Tensor]) -> None:
        """Take the weights of the base encoder (its token-type row is folded into the positions)."""
        get: Callable[[str], Tensor] = lambda name: tensors[name].float()  # noqa: E731
        with torch.no_grad():
            self.word.weight.copy_(get("embeddings.word_embeddings.weight"))
            kind = get("embeddings.token_type_embeddings.weight")[0]
            self.position.weight.copy_(get("embeddings.position_embeddings.weight") + kind)
            copy_into(self.norm, "embeddings.LayerNorm", get)
            for i, layer in enumerate(self.layers):
                at = f"encoder.layer.{i}."
                for part in ("weight", "bias"):
                    rows = [get(f"{at}attention.self.{n}.{part}") for n in ("query", "key", "value")]
                    getattr(layer.qkv, part).copy_(torch.cat(rows))
                copy_into(layer.out, at + "attention.output.dense", get)
                copy_into(layer.norm1, at + "attention.output.LayerNorm", get)
                copy_into(layer.up, at + "intermediate.dense", get)
                copy_into(layer.down, at + "output.dense", get)
                copy_into(layer.norm2, at + "output.LayerNorm", get)

    def encode(self, pieces: Tensor, case: Tensor, marks: Tensor, first_piece: Tensor) -> tuple[Tensor, Tensor]:
        """Return the words [B, W, H] and the pieces [B, T, H]."""
        t = pieces.shape[1]
        x = self.word(pieces) + self.position.weight[:t] + self.case(case) + self.mark(marks)
        x = self.drop(self.norm(x))
        bias = (pieces == 0).to(x.dtype)[:, None, None, :] * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        index = first_piece.unsqueeze(-1).expand(-1, -1, HIDDEN)
        return self.drop(x.gather(1, index)), x

    def related(self, x: Tensor, pieces: Tensor, marks: Tensor) -> Tensor:
        """Scores [B, 15] of what the marked source does to the marked target, from pieces [B, T, H]."""
        inside = torch.stack([marks == 1, marks == 2, pieces != 0], 1).to(x.dtype)
        means = (inside @ x) / inside.sum(-1, keepdim=True).clamp(min=1.0)
        mixed = torch.cat([x[:, 0], means.flatten(1)], -1)
        return self.relation(self.drop(F.gelu(self.relation_mix(self.drop(mixed)))))

    def frames(self, h: Tensor, rows: Tensor | None = None) -> Tensor:
        """Scores [B, P, W, F] of each word's place in the frame of each predicate (all words, or ``rows`` [B, P])."""
        p = F.gelu(
            self.frame_predicate(h if rows is None else h.gather(1, rows.unsqueeze(-1).expand(-1, -1, HIDDEN)))
        )
        a = F.gelu(self.frame_argument(h))
        p = torch.cat([p, torch.ones_like(p[..., :1])], -1)
        a = torch.cat([a, torch.ones_like(a[..., :1])], -1)
        left = torch.einsum("bpd,lde->bple", p, self.frame)
        return torch.einsum("bple,bwe->bpwl", left, a)

    def pairs(self, h: Tensor, rows: Tensor | None = None) -> Tensor:
        """Scores [B, R, P, W]; ``rows`` [B, P] picks predicate words (all of them when absent)."""
        p = F.gelu(self.predicate(h if rows is None else h.gather(1, rows.unsqueeze(-1).expand(-1, -1, HIDDEN))))
        a = F.gelu(self.argument(h))
        p = torch.cat([p, torch.ones_like(p[..., :1])], -1)
        a = torch.cat([a, torch.ones_like(a[..., :1])], -1)
        left = torch.einsum("bpd,rde->brpe", p, self.pair)
        scores = left @ a.transpose(1, 2).unsqueeze(1) + self.pair_bias[None, :, None, None]
        # Arguments stand near: a learned bias by the distance in words, cut at REACH on both sides.
        at = torch.arange(h.shape[1], device=h.device)
        here = at.unsqueeze(0) if rows is None else rows
        gap = (at[None, None, :] - here[:, :, None]).clamp(-REACH, REACH) + REACH
        return scores + self.distance(gap).permute(0, 3, 1, 2)

    def with_root(self, h: Tensor) -> Tensor:
        """Put the root before the words: [B, W, H] -> [B, W + 1, H]."""
        return torch.cat([self.root.expand(h.shape[0], 1, -1), h], 1)

    def arcs(self, h: Tensor) -> Tensor:
        """Scores [B, W, W + 1] of each head (0 the root, n the n-th word) for each word; no word heads itself."""
        child, head = F.gelu(self.arc_child(h)), F.gelu(self.arc_head(self.with_root(h)))
        child = torch.cat([child, torch.ones_like(child[..., :1])], -1)
        scores = (child @ self.arc) @ head.transpose(1, 2)
        w = h.shape[1]
        own = torch.arange(w, device=h.device)[:, None] + 1 == torch.arange(w + 1, device=h.device)[None, :]
        return scores - 1e4 * own.to(scores.dtype)

    def relations(self, h: Tensor, heads: Tensor) -> Tensor:
        """Scores [B, W, L] of the relation of each word to its given head [B, W]."""
        child = F.gelu(self.label_child(h))
        picked = self.with_root(h).gather(1, heads.unsqueeze(-1).expand(-1, -1, HIDDEN))
        head = F.gelu(self.label_head(picked))
        child = torch.cat([child, torch.ones_like(child[..., :1])], -1)
        head = torch.cat([head, torch.ones_like(head[..., :1])], -1)
        return torch.einsum("bwd,lde,bwe->bwl", child, self.label, head)

    def forward(self, pieces: Tensor, case: Tensor, marks: Tensor, first_piece: Tensor) -> tuple[Tensor, ...]:
        h, x = self.encode(pieces, case, marks, first_piece)
        arcs = self.arcs(h)
        reading = (self.trigger(h), self.names(h), self.cue(h), self.status(h), self.sector(h), self.pairs(h))
        grammar = (self.upos(h), self.starts(h), self.lemmas(h), arcs, self.relations(h, arcs.argmax(-1)))
        return (*reading, *grammar, self.frames(h), self.related(x, pieces, marks))
