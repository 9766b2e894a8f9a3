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
from trainer.net import Net
from trainer.train import base_folder

OUTPUTS = (
    "trigger",
    "names",
    "cue",
    "status",
    "sector",
    "pairs",
    "upos",
    "starts",
    "lemmas",
    "arcs",
    "relations",
    "frames",
    "related",
)


def export_float(net: Net, path: Path) -> None:
    net.eval()
    pieces = torch.randint(5, 1000, (1, 9))
    example = (pieces, torch.ones_like(pieces), torch.zeros_like(pieces), torch.tensor([[1, 2, 4, 5, 7]]))
    axes = {name: {0: "b", 1: "t"} for name in ("pieces", "case", "marks")} | {"first": {0: "b", 1: "w"}}
    axes |= {name: {0: "b", 1: "w"} for name in OUTPUTS}
    axes |= {"frames": {0: "b", 1: "w", 2: "w2"}, "related": {0: "b"}}
    axes |= {"pairs": {0: "b", 2: "w", 3: "w2"}, "arcs": {0: "b", 1: "w", 2: "w2"}}
    torch.onnx.export(
        net,
        example,
        str(path),
        input_names=["pieces", "case", "marks", "first"],
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


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
    target, full = options.out / "reader.onnx", options.out / "reader.float.onnx"
    export_float(net, full)
    if options.kind == "float":
        full.replace(target)
    elif options.kind == "half":
        halve(full, target)
        full.unlink()
    else:
        quantize_dynamic(
            full,
            target,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=True,
        )
        full.unlink()
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
