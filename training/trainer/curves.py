"""Draw a run's log as curves: python -m trainer.curves RUN [RUN ...] --out curves.png"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="folders with a log.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    logs = {
        run.name: [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()] for run in options.runs
    }
    names = sorted({key for rows in logs.values() for row in rows for key in row} - {"step"})
    figure, axes = plt.subplots(1, max(len(names), 1), figsize=(3.2 * max(len(names), 1), 3), squeeze=False)
    for axis, name in zip(axes[0], names, strict=True):
        for run, rows in logs.items():
            points = [(row["step"], row[name]) for row in rows if name in row]
            axis.plot([x for x, _ in points], [y for _, y in points], marker="o", label=run)
        axis.set_title(name)
        axis.set_xlabel("step")
    axes[0][0].legend()
    figure.tight_layout()
    figure.savefig(options.out)


if __name__ == "__main__":
    main()
