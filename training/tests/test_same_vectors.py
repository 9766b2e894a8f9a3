"""The exported encoder of tellings: a trigger's vector depends on its text and itself alone, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from trainer import same_export
from trainer.wide import WIDE, Wide, bucket


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("same")
    net = Wide(vocabulary=3000, layers=2)
    same_export.export(net, folder, version="test")
    return folder


def test_a_trigger_alone_is_as_among_others(folder: Path) -> None:
    session = onnxruntime.InferenceSession(str(folder / "same.onnx"))
    pieces = np.arange(2000, 2040)
    inside = np.zeros((6, 40), np.float32)
    for row in range(6):
        inside[row, 5 * row : 5 * row + 1 + row] = 1 / (1 + row)

    def run(rows: np.ndarray) -> np.ndarray:
        return session.run(["vectors"], {"pieces": pieces, "case": pieces % 4, "triggers": rows})[0]

    together = run(inside)
    assert together.shape == (6, 2 * WIDE) and len(np.unique(together[:, 0])) == 6
    assert all(np.array_equal(run(inside[n : n + 1])[0], together[n]) for n in range(6))


def test_the_graph_gives_what_training_saw() -> None:
    torch.manual_seed(5)
    net = Wide(vocabulary=3000, layers=2).eval()
    pieces, case = torch.arange(2000, 2040), torch.arange(40) % 5
    inside = torch.zeros(2, 40)
    inside[0, 3], inside[1, 7:9] = 1, 0.5
    with torch.no_grad():
        padded = torch.nn.functional.pad(torch.stack([pieces, pieces]), (0, 6))
        whole = net(padded, torch.nn.functional.pad(torch.stack([case, case]), (0, 6)))[1, :40]
        made = same_export.Vectors(net)(pieces, case, inside)
    wanted = torch.stack([whole[3], whole[7:9].mean(0)]), whole.mean(0).expand(2, -1)
    for ours, seen in zip(made.split(WIDE, 1), wanted, strict=True):
        assert torch.allclose(ours, torch.nn.functional.normalize(seen, dim=-1), atol=1e-5)


def test_near_distances_have_a_bucket_each_and_far_ones_share() -> None:
    near, far = bucket(torch.arange(-7, 8)).tolist(), bucket(torch.tensor([-300, -128, 128, 300])).tolist()
    assert len(set(near)) == 15 and near[7] == 0
    assert far == [15, 15, 31, 31] and not set(far) & set(near)
