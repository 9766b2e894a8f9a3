"""Imports point downward; web and batch never import each other; ``import pourparler`` is light."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "pourparler"
# A room may import those to its left. Rooms of one step do not know each other.
STEPS = (
    {"errors"},
    {"record"},
    {"codebook", "knowledge", "model"},
    {"intake", "reading"},
    {"archive"},
    {"export"},
    {"web", "batch"},
    {"cli"},
)
LEVEL = {room: step for step, rooms in enumerate(STEPS) for room in rooms}


def room_of(path: Path) -> str:
    part = path.relative_to(SOURCE).parts[0]
    return part.removesuffix(".py")


def imports(path: Path) -> set[str]:
    out: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import"
        out |= {name.split(".")[1] for name in names if name.startswith("pourparler.")}
    return out & set(LEVEL)


FILES = sorted(p for p in SOURCE.rglob("*.py") if p.name != "__init__.py" or p.parent != SOURCE)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_downward(path: Path) -> None:
    room = room_of(path)
    for other in imports(path) - {room}:
        assert LEVEL[other] < LEVEL[room], f"{room} imports {other}"


def test_every_room_has_a_place() -> None:
    rooms = {room_of(p) for p in FILES}
    assert rooms == set(LEVEL)


def test_the_check_finds_an_upward_import(tmp_path: Path) -> None:
    wrong = tmp_path / "x.py"
    wrong.write_text("from pourparler.cli.read import read\n")
    assert imports(wrong) == {"cli"}
    assert LEVEL["cli"] > LEVEL["record"]


def test_training_is_not_imported() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert "import trainer" not in text and "import torch" not in text, path


def test_import_is_light_and_fast() -> None:
    code = (
        "import sys, time; t = time.perf_counter(); import pourparler; d = time.perf_counter() - t;"
        "heavy = {'numpy', 'onnxruntime', 'tokenizers', 'trafilatura', 'httpx', 'rich', 'jinja2', 'click'};"
        "print(d, *sorted(heavy & set(sys.modules)))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)
    ]
    seconds = min(float(run.stdout.split()[0]) for run in runs)
    assert runs[0].stdout.split()[1:] == []
    assert seconds < 0.15


def test_reading_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    # onnxruntime keeps a device id and a queue of telemetry there unless it is told not to (seen with 1.32).
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    code = "import pourparler; assert pourparler.read('Armenia met Azerbaijan.').events"
    environment = kept | {"HOME": str(tmp_path), "XDG_CACHE_HOME": "", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert list(tmp_path.rglob("*")) == []


def test_files_are_short() -> None:
    long = {p.name: n for p in FILES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long
