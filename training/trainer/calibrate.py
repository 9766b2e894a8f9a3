"""Fits the confidence of events to how often they are right; prints its weights for reading/data/settings.toml.

PYTHONPATH=.. python -m trainer.calibrate HELD.jsonl [--test DEV.jsonl --plot reliability.png]

HELD are reports in the exam's form that training never saw. An event is right where the guide's matching takes it for
one of the gold: type, a source and a target. Figures of HELD are five-fold, by report.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from benchmarks.calibration import expected_error, right
from benchmarks.lines import rows as rows_of
from numpy.typing import NDArray

from pourparler.model.reader import network
from pourparler.reading.components import default
from pourparler.reading.confidence import Confidence, features
from pourparler.reading.draft import Draft
from pourparler.reading.pipeline import Reader
from pourparler.record import Document, to_dict

Floats = NDArray[np.float64]


class Watch(Confidence):
    """Keeps the features of every event by report and id."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], dict[str, float]] = {}

    def __call__(self, draft: Draft) -> None:
        triggers = {trigger.words: trigger for trigger in draft.triggers}
        for event in draft.events:
            found = features(draft, event, triggers[draft.event_words[event.id]])
            self.seen[draft.document.id, event.id] = found
        super().__call__(draft)


def examples(path: Path) -> tuple[list[str], Floats, Floats, list[str]]:
    """Return feature names, features [n, f], whether each event is right [n], and its report's id."""
    watch = Watch()
    reader = Reader(components=[watch if isinstance(c, Confidence) else c for c in default(network())])
    x, y, ids = [], [], []
    for item in rows_of(path):
        record = to_dict(reader.read(Document(item["id"], item["text"], published=item.get("published"))))
        for event, true in zip(record["events"], right(item, record), strict=True):
            x.append(watch.seen[item["id"], event["id"]])
            y.append(true)
            ids.append(item["id"])
    names = list(x[0])
    return names, np.array([[row[n] for n in names] for row in x]), np.array(y, np.float64), ids


def fit(x: Floats, y: Floats, *, penalty: float = 2.0) -> Floats:
    """Return bias and weights of a logistic regression (Newton's method, squared weights penalised)."""
    z = np.hstack([np.ones((len(x), 1)), x])
    w, ridge = np.zeros(z.shape[1]), penalty * np.eye(z.shape[1])
    ridge[0, 0] = 0.0
    for _ in range(30):
        p = chance(x, w)
        slope = z.T @ (p - y) + ridge @ w
        curve = z.T @ (z * (p * (1 - p))[:, None]) + ridge
        w = w - np.linalg.solve(curve, slope)
    return w


def chance(x: Floats, w: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-(w[0] + x @ w[1:])))
    return out


def crossed(x: Floats, y: Floats, ids: list[str], folds: int = 5) -> Floats:
    """Return the chances of events from weights fitted on the other reports."""
    order = {id: n % folds for n, id in enumerate(sorted(set(ids)))}
    part = np.array([order[id] for id in ids])
    out = np.zeros(len(y))
    for n in range(folds):
        out[part == n] = chance(x[part == n], fit(x[part != n], y[part != n]))
    return out


def plot(sets: dict[str, tuple[Floats, Floats]], path: Path) -> None:
    """Draw how often events of a confidence are right, in tenths, with the number of events beside each point."""
    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for name, (p, y) in sets.items():
        points = []
        for low in np.arange(0, 1, 0.1):
            inside = (p >= low) & (p < low + 0.1)
            if inside.sum() >= 5:
                points.append((p[inside].mean(), y[inside].mean(), int(inside.sum())))
        axes.plot([a for a, _, _ in points], [b for _, b, _ in points], marker="o", label=name)
        for a, b, count in points:
            axes.annotate(str(count), (a, b), textcoords="offset points", xytext=(5, -10), fontsize=7)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share of events that are right")
    axes.legend(loc="upper left")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("held", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    names, x, y, ids = examples(options.held)
    weights = fit(x, y)
    for name, value in zip(["bias", *names], weights, strict=True):
        print(f"{name} = {value:.3f}")
    sets: dict[str, tuple[Floats, Floats]] = {"held out, five folds": (crossed(x, y, ids), y)}
    if options.test:
        _, tx, ty, _ = examples(options.test)
        sets[options.test.stem] = (chance(tx, weights), ty)
    for name, (p, true) in sets.items():
        print(json.dumps({"set": name, **_figures(p, true)}))
    if options.plot:
        plot(sets, options.plot)


def _figures(p: Floats, y: Floats) -> dict[str, Any]:
    pairs = list(zip(p.tolist(), y.tolist(), strict=True))
    brier = sum((a - b) ** 2 for a, b in pairs) / len(pairs)
    base = float(y.mean())
    return {
        "events": len(pairs),
        "right": round(100 * base, 1),
        "ece": round(expected_error([(a, bool(b)) for a, b in pairs]), 3),
        "brier": round(brier, 3),
        "brier_of_the_mean": round(base * (1 - base), 3),
        "likelihood": round(sum(math.log(a if b else 1 - a) for a, b in pairs) / len(pairs), 3),
    }


if __name__ == "__main__":
    main()
