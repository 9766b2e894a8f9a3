"""Makes a trigger's vector depend on its text and trigger alone: python -m trainer.exact FOLDER --version VERSION

Files that ``trainer.same export`` wrote before it did so by itself quantize the pooled triggers of a text by one
scale for all of them: vectors differed in the third digit with which triggers share a text. What the weights are
stays as int8 made it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

_TURN = "turns.0"


def exact(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the graph with products and sums of floats from pieces to triggers' vectors.

    Sums go over the last axis: over another one onnxruntime adds in another order where there is one trigger only.
    """
    graph = model.graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    (product,) = [node for node in graph.node if node.op_type == "MatMulInteger" and _TURN in node.input[1]]
    quantized = made_by[product.input[0]]
    pooled = made_by[quantized.input[0]]
    marked = made_by[pooled.input[0]]
    triggers, pieces = (made_by[name].input[0] for name in marked.input)
    scales = _user(graph, quantized.output[1], "Mul")
    cast = _user(graph, product.output[0], "Cast")
    scaled = _user(graph, cast.output[0], "Mul")
    weight = (held[product.input[1]].astype(np.float32) - held[product.input[3]]) * held[scales.input[1]]
    axes = {f"{_TURN}.one": np.array([1]), f"{_TURN}.last": np.array([2])}
    new = [
        helper.make_node("Transpose", [pieces], [f"{_TURN}.pieces"], perm=[1, 0]),
        *_products(triggers, f"{_TURN}.pieces", f"{_TURN}.pooled"),
        *_products(f"{_TURN}.pooled", _TURN, scaled.output[0]),
    ]
    old = [*map(made_by.get, marked.input), marked, pooled, quantized, scales, product, cast, scaled]
    nodes = [node for node in graph.node if node not in old]
    at = next(n for n, node in enumerate(nodes) if scaled.output[0] in node.input)
    nodes[at:at] = new
    unused = {product.input[1], product.input[3], scales.input[1]}
    kept = [one for one in graph.initializer if one.name not in unused]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    added = {_TURN: weight.T.astype(np.float32).copy(), **axes}
    graph.initializer.extend([*kept, *(numpy_helper.from_array(value, name) for name, value in added.items())])
    onnx.checker.check_model(model)
    return model


def _user(graph: onnx.GraphProto, name: str, kind: str) -> onnx.NodeProto:
    return next(node for node in graph.node if node.op_type == kind and name in node.input)


def _products(rows: str, others: str, out: str) -> list[onnx.NodeProto]:
    """Return what multiplies each of rows [k, n] with each of others [m, n] and sums up: [k, m]."""
    return [
        helper.make_node("Unsqueeze", [rows, f"{_TURN}.one"], [f"{out}.wide"]),
        helper.make_node("Mul", [f"{out}.wide", others], [f"{out}.each"]),
        helper.make_node("ReduceSum", [f"{out}.each", f"{_TURN}.last"], [out], keepdims=0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of same.onnx and same.json")
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    path, card = options.folder / "same.onnx", options.folder / "same.json"
    onnx.save(exact(onnx.load(path)), path)
    told = json.loads(card.read_text())
    told["version"] = options.version
    told["sha256"]["same.onnx"] = hashlib.sha256(path.read_bytes()).hexdigest()
    card.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
