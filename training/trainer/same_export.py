"""The encoder of what tells the same event as one ONNX file whose weights take 4 bits each.

Activations are rounded by blocks of 64, not by one scale a matrix: MPNet has a few directions that are many times
larger than the rest. Average precision of the trigger cosine, one fold of ECB+'s training topics: float 0.416, 4 bits
by blocks 0.410 (62 MB), 8 bits with one scale a matrix 0.391 (107 MB).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from torch import Tensor, nn

from trainer.wide import MOST, Wide, bucket

BLOCK = 64
_INT8 = 4  # arithmetic of matrices, by onnxruntime's numbers


class Vectors(nn.Module):
    """pieces, case [t], triggers [k, t] (the share of pieces in triggers) -> vectors [k, 2 x WIDE] of a text.

    Fewer directions would cost: by the 128 that vary most the float's 0.435 is 0.406, by 256 0.423.
    """

    def __init__(self, net: Wide) -> None:
        super().__init__()
        self.net = net
        distances = torch.arange(-MOST, MOST + 1)
        self.looks = nn.Parameter(net.distance(bucket(distances)).detach().clone())

    def forward(self, pieces: Tensor, case: Tensor, triggers: Tensor) -> Tensor:
        whole = self._encoded(pieces, case)
        # Products and sums, not matrices multiplied: those would be rounded, triggers together. Over the last axis:
        # over another one onnxruntime adds in another order where there is one trigger only.
        trigger = (triggers.unsqueeze(1) * whole.t()).sum(-1)
        text = whole.t().mean(-1).expand(trigger.shape[0], -1)
        return torch.cat([F.normalize(trigger, dim=-1), F.normalize(text, dim=-1)], -1)

    def _encoded(self, pieces: Tensor, case: Tensor) -> Tensor:
        """Return the pieces [t, WIDE] of one text without padding."""
        net, at = self.net, torch.arange(pieces.shape[0])
        x = net.word(pieces) + net.position.weight[: pieces.shape[0]] + net.case(case)
        bias = self.looks[at[None, :] - at[:, None] + MOST].permute(2, 0, 1).unsqueeze(0)
        x = net.norm(x).unsqueeze(0)
        for layer in net.layers:
            x = layer(x, bias)
        return x[0]


def export(net: Wide, out: Path, *, version: str) -> None:
    """Write same.onnx and same.json."""
    target = out / "same.onnx"
    torch.onnx.export(
        Vectors(net).eval(),
        (torch.tensor([101, 2000, 2001, 102]), torch.tensor([0, 1, 2, 0]), torch.eye(4)[1:3]),
        str(target),
        input_names=["pieces", "case", "triggers"],
        output_names=["vectors"],
        dynamic_axes={"pieces": {0: "t"}, "case": {0: "t"}, "triggers": {0: "k", 1: "t"}, "vectors": {0: "k"}},
        opset_version=20,
        dynamo=False,
    )
    _narrow(target, rows=net.word.num_embeddings)
    files = [one for one in (target, out / "same.npz") if one.exists()]
    digest = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}
    (out / "same.json").write_text(json.dumps({"version": version, "sha256": digest}, indent=1) + "\n")


def _narrow(path: Path, *, rows: int) -> None:
    """Put the weights of matrices and the ``rows`` of word pieces into 4 bits; small tables stay as they are."""
    model = onnx.load(path)
    sizes = {one.name: list(one.dims) for one in model.graph.initializer}
    kept = [
        node.name
        for node in model.graph.node
        if node.op_type == "Gather" and sizes.get(node.input[0], [0])[0] != rows
    ]
    narrowed = MatMulNBitsQuantizer(
        model,
        block_size=BLOCK,
        is_symmetric=False,
        accuracy_level=_INT8,
        nodes_to_exclude=kept,
        bits=4,
        op_types_to_quantize=("MatMul", "Gather"),
    )
    narrowed.process()
    onnx.save(narrowed.model.model, path)
