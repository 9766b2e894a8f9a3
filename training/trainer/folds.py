"""Cross-validation of the heads whose training sentences are also their development set.

python -m trainer.folds plv --start runs/base/net.pt --data SHARED --out FILE --seeds 1 2 3

Each fold goes on from a run that saw none of the set (the base of make train), as the last stage of training does.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from pathlib import Path
from typing import Any

import torch
from benchmarks.ner import spans
from benchmarks.relation import scores

from pourparler.model.labels import NAMES, RELATED
from trainer import data, relation, sets
from trainer.batch import Encoded, collate, encode
from trainer.net import Net
from trainer.train import add_machine, device_of, encoded, load_tokenizer, new_net, optimiser, schedule, step_of

Fold = tuple[list[Any], list[Any]]


def parts(rows: list[Any], key: str, count: int = 5, seed: int = 7) -> list[Fold]:
    """Rows as (training, testing) pairs; rows whose ``key`` is the same stay together."""
    keys = sorted({str(row[key]) for row in rows})
    random.Random(seed).shuffle(keys)
    part = {value: n % count for n, value in enumerate(keys)}
    return [
        ([r for r in rows if part[str(r[key])] != n], [r for r in rows if part[str(r[key])] == n])
        for n in range(count)
    ]


def fine_tune(
    start: Path | None, loaded: dict[str, list[list[Encoded]]], options: argparse.Namespace, seed: int
) -> Net:
    torch.manual_seed(seed)
    net = new_net(start).to(options.device)
    todo = sets.plan(loaded, dict(options.epochs), pieces=options.pieces, seed=seed)
    adam = optimiser(net, options.rate)
    rate = schedule(adam, len(todo))
    net.train()
    for batch in todo:
        step_of(net, batch, adam, bf16=options.bf16)
        rate.step()
    return net.eval()


@torch.no_grad()
def relations(net: Net, items: list[Encoded]) -> list[str]:
    out = []
    for item in items:
        batch = collate([item]).to(device_of(net))
        _, x = net.encode(batch.pieces, batch.case, batch.marks, batch.first)
        out.append(RELATED[int(net.related(x, batch.pieces, batch.marks)[0].argmax())])
    return out


@torch.no_grad()
def name_counts(net: Net, items: list[Encoded], rows: list[Any]) -> tuple[int, int, int]:
    """(right, found, gold) spans of people, organisations and places."""
    hit = found = gold = 0
    for item, row in zip(items, rows, strict=True):
        h = encoded(net, item)
        tags = [NAMES.tag(label) for label in net.names(h)[0, : len(item.window.words)].argmax(-1).tolist()]
        ours, true = set(spans(tags)), set(spans(row["tags"]))
        hit, found, gold = hit + len(ours & true), found + len(ours), gold + len(true)
    return hit, found, gold


def one_seed(options: argparse.Namespace, seed: int, other: dict[str, list[list[Encoded]]]) -> dict[str, float]:
    tokenizer = load_tokenizer()
    relation_task = options.task == "plv"
    file, key = ("plv/relation.train", "text") if relation_task else ("uner_ewt/ner.dev", "tokens")
    make = relation.plv_windows if relation_task else data.name_windows
    gold: list[Any] = []
    ours: list[str] = []
    counts = [0, 0, 0]
    for n, (train, test) in enumerate(parts(data.read_lines(options.data / f"data/{file}.jsonl"), key)):
        loaded = {**other, options.task: [encode(tokenizer, make(train))]}
        net = fine_tune(options.start, loaded, options, seed * 100 + n)
        items = encode(tokenizer, make(test))
        if relation_task:
            gold, ours = gold + test, ours + relations(net, items)
            print(n, scores(gold, ours), flush=True)
        else:
            counts = [a + b for a, b in zip(counts, name_counts(net, items, test), strict=True)]
            print(n, counts, flush=True)
    return scores(gold, ours) if relation_task else {"f1": round(200 * counts[0] / (counts[1] + counts[2]), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=("plv", "uner"))
    parser.add_argument(
        "epochs", nargs="+", metavar="SET=EPOCHS", type=lambda x: (x.split("=")[0], float(x.split("=")[1]))
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--pieces", type=int, default=800)
    add_machine(parser)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    options = parser.parse_args()
    other = sets.load(options.data, load_tokenizer(), [name for name, _ in options.epochs if name != options.task])
    runs = [one_seed(options, seed, other) for seed in options.seeds]
    figures: dict[str, Any] = {"task": options.task, "seeds": options.seeds, "runs": runs}
    for name in runs[0]:
        values = [run[name] for run in runs]
        figures[name] = {"mean": round(statistics.mean(values), 1), "spread": round(max(values) - min(values), 1)}
    print(json.dumps(figures))
    if options.out:
        options.out.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
