"""The exported encoder of tellings: a trigger's vector depends on its text and itself alone, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from trainer import same_export
from trainer.wide import WIDE, Wide


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
