"""A tiny run: one layer, made-up reports, a minute or two. It must learn, go on from its checkpoint, and export."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from made import write

FOLDER = Path(__file__).resolve().parent.parent


def train(data: Path, out: Path) -> list[dict[str, float]]:
    command = ["trainer.train", "exam=6", "--data", data, "--out", out, "--layers", "1", "--pieces", "800"]
    subprocess.run([sys.executable, "-m", *map(str, command)], check=True, cwd=FOLDER, timeout=300)
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    write(folder / "data", count=600)
    train(folder / "data", folder / "run")
    return folder


def test_a_tiny_run_learns(run: Path) -> None:
    # 70 of 100 sentences tell an act, of five types: guessing types at known places would get 20, always one type 20.
    last = json.loads((run / "run/log.jsonl").read_text().splitlines()[-1])
    assert last["trigger_f1"] > 60
    assert last["role_f1"] > 40


def test_a_finished_run_is_not_run_again(run: Path) -> None:
    before = (run / "run/log.jsonl").read_text()
    train(run / "data", run / "run")
    assert (run / "run/log.jsonl").read_text() == before


def test_the_relation_head_sees_the_marks() -> None:
    import torch

    from trainer.net import Net

    net = Net(layers=1).eval()
    torch.nn.init.normal_(net.mark.weight)
    pieces = torch.tensor([[101, 2000, 2001, 2002, 102]])
    case, first = torch.ones_like(pieces), torch.tensor([[1, 2, 3]])
    scores = [net(pieces, case, torch.tensor([marks]), first)[-1] for marks in ([0, 1, 0, 2, 0], [0, 2, 0, 1, 0])]
    assert not torch.allclose(scores[0], scores[1])
