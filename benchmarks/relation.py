"""Relations of marked pairs: macro F1 over 15 roots, four quads and two sides, as the PLV papers score them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.lines import rows as rows_of
from pourparler.codebook import load
from pourparler.model.labels import RELATED
from pourparler.model.reader import network
from pourparler.model.words import words

_ROOT = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
_QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")


def measure(path: Path) -> dict[str, Any]:
    """Return root_macro_f1, quad_macro_f1, binary_macro_f1 and root_accuracy in percent (unweighted means)."""
    rows = rows_of(path)
    return {"pairs": len(rows), **scores(rows, [related(row) for row in rows])}


def related(row: dict[str, Any]) -> str:
    """Return the likeliest root of what a row's marked source does to its marked target."""
    text = row["text"]
    spans = words(text)
    marks = [0] * len(spans)
    for mark, side in enumerate(("source", "target"), 1):
        start, end = row[side]["start"], row[side]["end"]
        if start is None:
            continue
        for i, (first, last) in enumerate(spans):
            if first < end and last > start:
                marks[i] = mark
    found = network().related([text[s:e] for s, e in spans], marks)
    return RELATED[int(np.argmax(found))]


def scores(rows: Sequence[dict[str, Any]], ours: Sequence[str]) -> dict[str, float]:
    """Score root labels (PLOVER's types, CONCEDE and RETREAT joined to YIELD) at three depths.

    A row's own quad counts as gold; ours follows from the root.
    """
    pairs = [(_ROOT.get(row["label"], row["label"]), answer) for row, answer in zip(rows, ours, strict=True)]
    quads = [(row.get("quad") or quad_of(a), quad_of(b)) for row, (a, b) in zip(rows, pairs, strict=True)]
    sides = [(a.split("_")[1], b.split("_")[1]) for a, b in quads]
    return {
        "root_macro_f1": macro_f1(pairs),
        "quad_macro_f1": macro_f1(quads),
        "binary_macro_f1": macro_f1(sides),
        "root_accuracy": round(100 * sum(a == b for a, b in pairs) / max(len(pairs), 1), 1),
    }


def quad_of(root: str) -> str:
    """Return the quad of a root; PLV counts YIELD, declared or done, as material cooperation."""
    kind = "RETREAT" if root == "YIELD" else root
    return _QUADS[load().types[kind].quad - 1]


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the unweighted mean of the F1 of every class that gold or answer has, in percent."""
    kinds = {kind for pair in pairs for kind in pair}
    total = 0.0
    for kind in kinds:
        hit = sum(a == b == kind for a, b in pairs)
        total += 2 * hit / max(sum(a == kind for a, _ in pairs) + sum(b == kind for _, b in pairs), 1)
    return round(100 * total / max(len(kinds), 1), 1)
