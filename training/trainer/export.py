"""Export a trained net to one ONNX file, with its tokenizer and a card that carries the hash."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from trainer import treebank
from trainer.graph import ENCODED, WINDOW, Encoder, assemble, export_part, groups_of, name_weights
from trainer.net import Net
from trainer.train import base_folder


def halve(source: Path, target: Path) -> None:
    """Store large weights as float16 and cast them back when loaded: half the file, the arithmetic stays float32."""
    model = onnx.load(str(source))
    graph = model.graph
    casts = []
    for at, weight in enumerate(graph.initializer):
        array = numpy_helper.to_array(weight)
        if weight.data_type == TensorProto.FLOAT and array.size > 1000:
            name = weight.name
            graph.initializer[at].CopyFrom(numpy_helper.from_array(array.astype("float16"), name + "_half"))
            casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    for number, node in enumerate(casts):
        graph.node.insert(number, node)
    onnx.save(model, str(target))


def quantize(path: Path) -> None:
    """Weights and arithmetic of the encoder to int8. Seven bits: AVX2 without VNNI adds two products in 16 bits."""
    quantize_dynamic(
        path,
        path,
        op_types_to_quantize=["MatMul", "Attention", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        reduce_range=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("net", type=Path, help="net.pt of a training run")
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--data", type=Path, required=True, help="the shared data: lemma edits are counted from it")
    parser.add_argument("--weights", dest="kind", choices=("half", "int8", "float"), default="int8")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    net = Net()
    net.load_state_dict(torch.load(options.net, weights_only=True))
    target, full = options.out / "reader.onnx", options.out / "encoder.onnx"
    export_part(Encoder(net), tuple(WINDOW), tuple(ENCODED), full)
    onnx.save(name_weights(onnx.load(str(full)), net), str(full))
    if options.kind == "int8":
        quantize(full)
    onnx.save(assemble(onnx.load(str(full)), groups_of(net, options.out)), str(target))
    full.unlink()
    if options.kind == "half":
        halve(target, target)
    known = treebank.edits(treebank.training_sentences(options.data))
    treebank.write_edits(options.out / "edits.json", known)
    shutil.copy(base_folder() / "tokenizer.json", options.out / "tokenizer.json")
    digest = {
        name: hashlib.sha256((options.out / name).read_bytes()).hexdigest()
        for name in ("reader.onnx", "tokenizer.json", "edits.json")
    }
    (options.out / "reader.json").write_text(
        json.dumps({"version": options.version, "sha256": digest}, indent=1) + "\n"
    )
    print(target.stat().st_size, digest)


if __name__ == "__main__":
    main()
