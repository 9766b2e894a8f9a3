"""Semantic roles on gold tokens and gold predicates: exact labelled spans, as the field scores them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.lines import rows as rows_of
from pourparler.model.frames import Argument, arguments
from pourparler.model.reader import network


def measure(path: Path) -> dict[str, Any]:
    """Return f1, precision and recall of labelled argument spans, in percent, and f1 of the core arguments."""
    count: Counter[str] = Counter()
    for row in rows_of(path):
        count["sentences"] += 1
        found = arguments(network(), row["tokens"], [p["index"] for p in row["predicates"]])
        for predicate, ours in zip(row["predicates"], found, strict=True):
            _count(count, set(ours), {Argument(*argument) for argument in predicate["args"]})
    every, core = _f1(count, ""), _f1(count, "core_")
    precision = round(100 * count["hit"] / max(count["found"], 1), 1)
    recall = round(100 * count["hit"] / max(count["gold"], 1), 1)
    size = {"sentences": count["sentences"], "arguments": count["gold"]}
    return {**size, "precision": precision, "recall": recall, "f1": every, "core_f1": core}


def _count(count: Counter[str], ours: set[Argument], true: set[Argument]) -> None:
    for name, kept in (("", lambda a: True), ("core_", lambda a: a.role[:3] == "ARG" and a.role[3:4].isdigit())):
        a, b = {x for x in ours if kept(x)}, {x for x in true if kept(x)}
        count.update({name + "hit": len(a & b), name + "found": len(a), name + "gold": len(b)})


def _f1(count: Counter[str], name: str) -> float:
    return round(200 * count[name + "hit"] / max(count[name + "found"] + count[name + "gold"], 1), 1)
