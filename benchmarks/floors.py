"""Floors: figures that frozen results may not fall under. They are raised by hand, never lowered."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def check(folder: Path = _HERE) -> list[str]:
    """Return what sank: a line for each figure of a frozen result that is under its floor, or over its ceiling."""
    floors = tomllib.loads((folder / "floors.toml").read_text(encoding="utf-8"))
    out: list[str] = []
    for name, limits in floors.items():
        path = folder / "results" / f"{name}.json"
        if not path.is_file():
            out.append(f"{name}: no frozen result in {path.name}")
            continue
        result = json.loads(path.read_text(encoding="utf-8"))["figures"]
        for key, limit in limits.get("at_least", {}).items():
            if _figure(result, key) < limit:
                out.append(f"{name}: {key} is {_figure(result, key)}, its floor is {limit}")
        for key, limit in limits.get("at_most", {}).items():
            if _figure(result, key) > limit:
                out.append(f"{name}: {key} is {_figure(result, key)}, its ceiling is {limit}")
    return out


def freeze(name: str, task: str, file: Path, figures: dict[str, Any]) -> None:
    """Keep figures with what they were measured on, and the versions of what was measured."""
    from pourparler.reading import Reader
    from pourparler.record import to_dict

    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    run = to_dict(Reader().run)
    result = {
        "task": task,
        "file": f"{file.parent.name}/{file.name}",
        "file_sha256": digest,
        "command": f"python -m benchmarks {task} {file.name}",
        "run": run,
        "figures": figures,
    }
    path = _HERE / "results" / f"{name}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _figure(result: Any, key: str) -> float:
    for part in key.split("."):
        result = result[part]
    return float(result)
