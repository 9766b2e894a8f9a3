"""The exported graph says what the net says, group by group, and computes only what is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from pourparler.model.labels import OUTPUTS
from trainer.export import quantize
from trainer.graph import ENCODED, GROUPS, WINDOW, Encoder, assemble, export_part, groups_of, name_weights
from trainer.net import Net
from trainer.thaw import thaw
from trainer.train import fitted

FEEDS = {
    "pieces": np.array([101, 2000, 2001, 2002, 2003, 2004, 102]),
    "case": np.array([0, 1, 2, 1, 3, 1, 0]),
    "marks": np.array([0, 1, 0, 0, 2, 0, 0]),
    "first": np.array([1, 2, 4, 5]),
    "predicates": np.array([2, 0]),
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Net, onnxruntime.InferenceSession]:
    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("graph")
    net = Net(layers=1).eval()
    # Untrained, every word looks like a trigger: one that is kept out tells whether rows are chosen at all.
    torch.nn.init.normal_(net.trigger.weight, std=0.5)
    torch.nn.init.normal_(net.mark.weight)
    return net, onnxruntime.InferenceSession(str(write(net, folder, int8=False)))


def shaken(net: Net) -> Net:
    """No two weights alike: the file keeps equal ones once, under one name."""
    for weight in net.parameters():
        torch.nn.init.normal_(weight, std=0.05)
    return net


def write(net: Net, folder: Path, *, int8: bool) -> Path:
    encoder = folder / "encoder.onnx"
    export_part(Encoder(net), tuple(WINDOW), tuple(ENCODED), encoder)
    onnx.save(name_weights(onnx.load(encoder), net), encoder)
    if int8:
        quantize(encoder)
    onnx.save(assemble(onnx.load(encoder), groups_of(net, folder)), folder / "reader.onnx")
    return folder / "reader.onnx"


@pytest.mark.parametrize(("int8", "tolerance"), [(False, 0.0), (True, 0.01)])
def test_a_run_can_go_on_from_an_exported_file(tmp_path: Path, int8: bool, tolerance: float) -> None:
    net = shaken(Net(layers=2))
    thawed = thaw(write(net, tmp_path, int8=int8), layers=2).state_dict()
    for name, value in net.state_dict().items():
        assert torch.allclose(thawed[name], value, atol=tolerance), name


def test_a_file_of_another_net_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"lacks layers\.1"):
        thaw(write(shaken(Net(layers=1)), tmp_path, int8=False), layers=2)


def fetch(session: onnxruntime.InferenceSession, *groups: str) -> dict[str, np.ndarray]:
    wanted = np.array([name in groups for name in GROUPS])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {**FEEDS, "wanted": wanted}), strict=True))


def test_the_groups_are_those_that_the_reader_asks_for(both: tuple[Net, onnxruntime.InferenceSession]) -> None:
    assert tuple(GROUPS) == tuple(OUTPUTS)
    assert [o.name for o in both[1].get_outputs()] == [name for names in OUTPUTS.values() for name in names]


@torch.no_grad()
def test_every_output_is_that_of_the_net(both: tuple[Net, onnxruntime.InferenceSession]) -> None:
    net, session = both
    found = fetch(session, *GROUPS)
    pieces, case, marks, first, predicates = (torch.from_numpy(FEEDS[name])[None] for name in FEEDS)
    h, x = net.encode(pieces, case, marks, first)
    arcs = net.arcs(h)
    true = {
        **{
            name: getattr(net, name)(h)[0].softmax(-1)
            for name in ("trigger", "names", "cue", "status", "sector", "starts")
        },
        **{name: getattr(net, name)(h)[0] for name in ("upos", "lemmas")},
        "pairs": net.pairs(h)[0][:, found["rows"]].sigmoid(),
        "arcs": arcs[0],
        "relations": net.relations(h, arcs.argmax(-1))[0],
        "frames": net.frames(h, predicates)[0],
        "related": net.related(x, pieces, marks)[0].softmax(-1),
    }
    for name, values in true.items():
        assert np.allclose(found[name], values.numpy(), atol=1e-4), name
    assert set(found) == {*true, "rows"}


def test_what_is_not_asked_for_is_empty(both: tuple[Net, onnxruntime.InferenceSession]) -> None:
    found = fetch(both[1], "frames")
    assert {name for name, values in found.items() if values.size} == {"frames"}
    assert fetch(both[1])["trigger"].size == 0


def test_a_run_with_fewer_roles_can_be_gone_on_from(tmp_path: Path) -> None:
    old, new = Net(layers=1), Net(layers=1)
    state = old.state_dict()
    state["pair"], state["pair_bias"] = state["pair"][:4], state["pair_bias"][:4]
    state["distance.weight"] = state["distance.weight"][:, :4]
    whole = fitted(state, new)
    new.load_state_dict(whole)
    assert torch.equal(new.pair[:4], old.pair[:4]) and new.pair.shape == old.pair.shape
    assert torch.equal(whole["distance.weight"][:, :4], old.distance.weight[:, :4])
