"""The network as one ONNX graph: the encoder, and the heads in four groups that run only where they are asked for.

onnxruntime runs every node of a graph, fetched or not (1.32 prunes none for ``only_execute_path_to_fetches``): each
group stands in an ``If`` of its own, whose condition is an input.
One window at a time: a batch's make-up would change the scales of int8 activations, and with them the results.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from pourparler.model.labels import KEPT, OUTPUTS
from trainer.net import HEADS, HIDDEN, Net

Outputs = tuple[Tensor, ...]
WINDOW = {"pieces": ("t",), "case": ("t",), "marks": ("t",), "first": ("w",)}
ENCODED = {"words": ("w", HIDDEN), "whole": ("t", HIDDEN)}


class _Attention(torch.autograd.Function):
    """onnxruntime's fused attention: queries, keys, values and their mixing in one operator."""

    @staticmethod
    def symbolic(g: torch.Graph, x: torch.Value, weight: torch.Value, bias: torch.Value) -> torch.Value:
        return g.op("com.microsoft::Attention", x, weight, bias, num_heads_i=HEADS)

    @staticmethod
    def forward(ctx: object, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        b, t, _ = x.shape
        q, k, v = (x @ weight + bias).view(b, t, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, t, HIDDEN)


class Encoder(nn.Module):
    """pieces, case, marks [t], first [w] -> the words [w, H] and the pieces [t, H] of one window without padding."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net
        self.mixers = nn.ParameterList([nn.Parameter(x.qkv.weight.t().contiguous()) for x in net.layers])

    def forward(self, pieces: Tensor, case: Tensor, marks: Tensor, first: Tensor) -> Outputs:
        net = self.net
        x = net.word(pieces) + net.position.weight[: pieces.shape[0]] + net.case(case) + net.mark(marks)
        x = net.norm(x).unsqueeze(0)
        for layer, mixer in zip(net.layers, self.mixers, strict=True):
            x = layer.norm1(x + layer.out(_Attention.apply(x, mixer, layer.qkv.bias)))
            x = layer.norm2(x + layer.down(F.gelu(layer.up(x))))
        whole = x[0]
        return whole[first], whole


class Reading(nn.Module):
    """Words -> the labels of each, the numbers [k] of likely predicates, and their roles' probabilities [R, k, w]."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: Tensor) -> Outputs:
        net = self.net
        heads = (net.trigger, net.names, net.cue, net.status, net.sector, net.starts)
        trigger, names, cue, status, sector, starts = (head(words).softmax(-1) for head in heads)
        rows = torch.nonzero((trigger[:, 0] < 1 - KEPT) | (cue[:, 0] < 1 - KEPT)).squeeze(1)
        return (
            trigger,
            names,
            cue,
            status,
            sector,
            starts,
            rows,
            net.pairs(words.unsqueeze(0), rows.unsqueeze(0))[0].sigmoid(),
        )


class Grammar(nn.Module):
    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: Tensor) -> Outputs:
        net, h = self.net, words.unsqueeze(0)
        arcs = net.arcs(h)
        relations = net.relations(h, arcs.argmax(-1))
        return net.upos(words), net.lemmas(words), arcs[0], relations[0]


class Frames(nn.Module):
    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: Tensor, predicates: Tensor) -> Outputs:
        return (self.net.frames(words.unsqueeze(0), predicates.unsqueeze(0))[0],)


class Related(nn.Module):
    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, whole: Tensor, marks: Tensor) -> Outputs:
        # A window has no padding: any piece that is not 0 will do.
        return (self.net.related(whole.unsqueeze(0), torch.ones_like(marks)[None], marks[None])[0].softmax(-1),)


# Of each group: its module, and what it takes besides the graph's own inputs.
GROUPS: dict[str, tuple[type[nn.Module], tuple[str, ...]]] = {
    "reading": (Reading, ("words",)),
    "grammar": (Grammar, ("words",)),
    "frames": (Frames, ("words", "predicates")),
    "related": (Related, ("whole", "marks")),
}
_EXAMPLES = {
    "pieces": torch.tensor([101, 2000, 2001, 2002, 2003, 102]),
    "case": torch.tensor([0, 1, 1, 2, 1, 0]),
    "marks": torch.tensor([0, 1, 0, 2, 0, 0]),
    "first": torch.tensor([1, 2, 4]),
    "words": torch.randn(3, HIDDEN),
    "whole": torch.randn(6, HIDDEN),
    "predicates": torch.tensor([0, 2]),
}
_AXES = {
    **{name: {0: "t"} for name in ("pieces", "case", "marks", "whole")},
    **{name: {0: "w"} for name in ("first", "words")},
    "predicates": {0: "p"},
}


def export_part(module: nn.Module, inputs: tuple[str, ...], outputs: tuple[str, ...], path: Path) -> None:
    torch.onnx.export(
        module.eval(),
        tuple(_EXAMPLES[name] for name in inputs),
        str(path),
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes={name: _AXES[name] for name in inputs} | {name: {0: "n"} for name in outputs},
        opset_version=17,
        dynamo=False,
        custom_opsets={"com.microsoft": 1},
    )


TURNED = ":T"  # behind the name of a weight that stands transposed in the graph


def name_weights(model: onnx.ModelProto, net: Net) -> onnx.ModelProto:
    """Name every weight after the net's parameter it is, so that a run can go on from an exported file."""
    known: dict[int, list[tuple[str, np.ndarray]]] = {}
    for name, value in net.state_dict().items():
        known.setdefault(value.numel(), []).append((name, value.cpu().numpy()))
    names = {}
    for weight in model.graph.initializer:
        array = numpy_helper.to_array(weight)
        for name, value in known.get(array.size, ()):
            if np.array_equal(array.reshape(-1), value.reshape(-1)):
                names[weight.name] = name
            elif value.ndim == 2 and array.shape == value.T.shape and np.array_equal(array, value.T):
                names[weight.name] = name + TURNED
    for weight in model.graph.initializer:
        weight.name = names.get(weight.name, weight.name)
    for node in model.graph.node:
        node.input[:] = [names.get(x, x) for x in node.input]
    return model


def assemble(encoder: onnx.ModelProto, groups: dict[str, onnx.ModelProto]) -> onnx.ModelProto:
    """Return the encoder with each group behind an If; what is not asked for comes back empty."""
    graph = encoder.graph
    del graph.output[:]
    graph.input.append(helper.make_tensor_value_info("predicates", TensorProto.INT64, ["p"]))
    graph.input.append(helper.make_tensor_value_info("wanted", TensorProto.BOOL, [len(groups)]))
    for number, (name, model) in enumerate(groups.items()):
        part = _prefixed(model.graph, f"{name}/", {"words", "whole", "marks", "predicates"})
        graph.initializer.extend(part.initializer)
        index = helper.make_tensor(f"{name}/number", TensorProto.INT64, [], [number])
        graph.initializer.append(index)
        graph.node.append(helper.make_node("Gather", ["wanted", index.name], [f"{name}/wanted"], axis=0))
        then = helper.make_graph(list(part.node), f"{name}/then", [], list(part.output))
        empty = helper.make_graph(_empties(part, name), f"{name}/else", [], _like(part, f"{name}/else/"))
        outputs = [value.name.removeprefix(f"{name}/") for value in part.output]
        graph.node.append(
            helper.make_node("If", [f"{name}/wanted"], outputs, then_branch=then, else_branch=empty, name=name)
        )
        graph.output.extend(helper.make_empty_tensor_value_info(output) for output in outputs)
        for value, output in zip(part.output, graph.output[-len(outputs) :], strict=True):
            output.type.CopyFrom(_anything(value).type)
    return encoder


def _prefixed(graph: onnx.GraphProto, prefix: str, outer: set[str]) -> onnx.GraphProto:
    """Return a copy whose names begin with the prefix, but for those of the graph around it."""
    out = onnx.GraphProto()
    out.CopyFrom(graph)
    name = lambda x: x if not x or x in outer else prefix + x  # noqa: E731
    for node in out.node:
        node.name = prefix + node.name
        node.input[:] = [name(x) for x in node.input]
        node.output[:] = [name(x) for x in node.output]
    for value in [*out.initializer, *out.output]:
        value.name = prefix + value.name
    return out


def _anything(value: onnx.ValueInfoProto) -> onnx.ValueInfoProto:
    """The same value with no extent known: an empty and a full one share a type."""
    rank = len(value.type.tensor_type.shape.dim)
    return helper.make_tensor_value_info(value.name, value.type.tensor_type.elem_type, [None] * rank)


def _like(part: onnx.GraphProto, prefix: str) -> list[onnx.ValueInfoProto]:
    out = [_anything(value) for value in part.output]
    for value in out:
        value.name = prefix + value.name
    return out


def _empties(part: onnx.GraphProto, name: str) -> list[onnx.NodeProto]:
    out = []
    for value in part.output:
        rank, kind = len(value.type.tensor_type.shape.dim), value.type.tensor_type.elem_type
        empty = helper.make_tensor(f"{name}/{value.name}/empty", kind, [0] * rank, [])
        out.append(helper.make_node("Constant", [], [f"{name}/else/{value.name}"], value=empty))
    return out


def groups_of(net: Net, folder: Path) -> dict[str, onnx.ModelProto]:
    out = {}
    for name, (kind, inputs) in GROUPS.items():
        path = folder / f"{name}.onnx"
        export_part(kind(net), inputs, OUTPUTS[name], path)
        out[name] = name_weights(onnx.load(str(path)), net)
        path.unlink()
    return out
