"""A run of kills that was interrupted goes on: what was counted is counted, what broke is not forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endure.endure_invariants import Broken
from tests.endure.endure_tally import Asked, Tally

_ASKED = Asked(kills=9, seed=1, reports=20, few=5)


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "tally.json"

    def interrupted() -> Iterator[str]:
        yield from ("intake", "reading")
        raise KeyboardInterrupt

    def broken() -> Iterator[str]:
        yield "joining"
        raise Broken("a report is gone")

    first = Tally.begun(path, _ASKED)
    first.take("add", iter(["intake"]))
    with pytest.raises(KeyboardInterrupt):
        first.take("watch", interrupted())
    second = Tally.begun(path, _ASKED)
    second.take("join", broken())
    told = json.loads(Tally.begun(path, _ASKED).line(["batch"]))
    assert (told["kills"], told["kills_asked"], told["sittings"]) == (4, 9, 3)
    assert told["by_stage"] == {"intake": 2, "joining": 1, "reading": 1}
    assert told["by_campaign"] == {"add": 1, "watch": 2, "join": 1}
    assert (told["broken"], told["left_out"]) == (["join: a report is gone"], ["batch"])


def test_another_run_is_not_gone_on_with(tmp_path: Path) -> None:
    Tally.begun(tmp_path / "tally.json", _ASKED)
    with pytest.raises(SystemExit, match="another run"):
        Tally.begun(tmp_path / "tally.json", Asked(kills=9, seed=2, reports=20, few=5))
