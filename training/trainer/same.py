"""Trains what tells the same event (pourparler.archive): PYTHONPATH=.. python -m trainer.same STAGE ...

fit      the encoder, from the published one (wide.py), on ECB+'s training topics: all of them (--fold 0), or two of
         three folds
pair     what weighs the features of a pair, on vectors of encoders that have not seen the pair's topics; and, by
         them, the threshold
export   the mean of the weights of all encoders in the run's folder, in 4 bits, and the card with the hashes
words    the table of how many reports a word stands in

The development topics (2, 5, 12, 18, 21, 23, 34, 35) and the test topics (36 to 45) are never looked at.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from benchmarks.same_event import Told, conll, documents
from torch import Tensor, nn

from pourparler.archive.alike import NAMES, content, features, likely
from pourparler.archive.clusters import clusters
from pourparler.archive.meaning import Encoder, cut
from trainer.same_export import export
from trainer.train import load_tokenizer, schedule
from trainer.wide import Wide, base_wide

DEV, TEST = {2, 5, 12, 18, 21, 23, 34, 35}, set(range(36, 46))
FOLDS = 3
HEAT = 0.07  # of the contrastive loss
CHUNK = 36  # texts of one topic in a batch, about
STRANGERS = 6  # texts of other topics in a batch
HIDDEN = 24  # of the network that weighs features
THRESHOLDS = tuple(round(0.2 + 0.05 * n, 2) for n in range(8))


@dataclass(frozen=True)
class Text:
    """A text's pieces, its words' letter case for each, and the piece ranges of its triggers, by telling."""

    pieces: list[int]
    case: list[int]
    triggers: dict[int, tuple[int, int]]


def texts(told: list[Told]) -> list[Text]:
    """Return the texts of tellings, those that several share once."""
    tokenizer = load_tokenizer()

    def pieces(words: list[str]) -> list[list[int]]:
        return [row.ids[:12] or [100] for row in tokenizer.encode_batch_fast(words, add_special_tokens=False)]

    shared: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(told):
        shared.setdefault((one.telling.report, one.telling.text), []).append(number)
    out = []
    for (_, text), numbers in shared.items():
        spans = [(told[n].telling.start, told[n].telling.end) for n in numbers]
        ids, case, ranges = cut(text, spans, pieces)
        out.append(Text(ids, case, dict(zip(numbers, ranges, strict=True))))
    return out


class Pairs(nn.Module):
    """The encoder, and a logistic layer on cosines and features: it lets the encoder learn what words do not tell."""

    def __init__(self, net: Wide) -> None:
        super().__init__()
        self.net = net
        self.weigh = nn.Linear(len(NAMES) + 1, 1)
        with torch.no_grad():
            self.weigh.weight.zero_()
            self.weigh.weight[0, :3] = torch.tensor([6.0, 1.0, 3.0])
            self.weigh.bias.fill_(-7.0)

    def vectors(self, batch: list[Text], *, bf16: bool, size: int = 12) -> tuple[list[int], Tensor, Tensor]:
        """Return tellings, vectors of their triggers and of their texts, both of length 1.

        Texts of like length go through together, ``size`` at a time.
        """
        numbers, triggers, whole = [], [], []
        ordered = sorted(batch, key=lambda text: len(text.pieces))
        for at in range(0, len(ordered), size):
            some = ordered[at : at + size]
            pieces = nn.utils.rnn.pad_sequence([torch.tensor(x.pieces) for x in some], batch_first=True)
            case = nn.utils.rnn.pad_sequence([torch.tensor(x.case) for x in some], batch_first=True)
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                states = self.net(pieces, case)
            for text, row in zip(some, states.float(), strict=True):
                for number, (low, high) in text.triggers.items():
                    numbers.append(number)
                    triggers.append(row[low:high].mean(0))
                    whole.append(row[: len(text.pieces)].mean(0))
        return numbers, F.normalize(torch.stack(triggers), dim=-1), F.normalize(torch.stack(whole), dim=-1)

    def loss(self, batch: list[Text], told: list[Told], *, bf16: bool) -> Tensor:
        """Cross entropy of every pair of the batch, over its tellings, and a contrastive loss of the triggers."""
        numbers, triggers, whole = self.vectors(batch, bf16=bf16)
        some = [told[n].telling for n in numbers]
        n = len(some)
        a, b = np.triu_indices(n, 1)
        words = features(some, np.zeros((n, 2), np.float32), np.stack([a, b], 1))[:, 2:]
        near, like = triggers @ triggers.T, whole @ whole.T
        columns = (near[a, b], like[a, b], near[a, b] * like[a, b])
        score = self.weigh(torch.cat([torch.stack(columns, 1), torch.from_numpy(words)], 1))[:, 0]
        names = [told[n].cluster for n in numbers]
        same = torch.tensor([[x == y for y in names] for x in names])
        pairs = F.binary_cross_entropy_with_logits(score, same[a, b].float(), reduction="sum") / n
        same.fill_diagonal_(False)
        others = (near / HEAT).masked_fill(torch.eye(n, dtype=torch.bool), -1e4).log_softmax(1)
        each = -(others * same).sum(1) / same.sum(1).clamp(min=1)
        return pairs + (each[same.any(1)].mean() if same.any() else 0.0)


def by_topic(told: list[Told]) -> dict[int, list[Text]]:
    out: dict[int, list[Text]] = {}
    for text in texts(told):
        out.setdefault(told[next(iter(text.triggers))].topic, []).append(text)
    return out


def plan(topics: dict[int, list[Text]], rng: random.Random) -> list[list[Text]]:
    """Return the batches of an epoch: texts of a topic, with some of others."""
    out = []
    for topic, own in topics.items():
        own, parts = rng.sample(own, len(own)), max(1, round(len(own) / CHUNK))
        for part in range(parts):
            others = rng.sample([one for one in topics if one != topic], STRANGERS)
            out.append(own[part::parts] + [rng.choice(topics[one]) for one in others])
    rng.shuffle(out)
    return out


def fit(told: list[Told], options: argparse.Namespace) -> Pairs:
    torch.manual_seed(options.seed)
    rng, model = random.Random(options.seed), Pairs(base_wide())
    kept = by_topic([one for one in told if not options.fold or fold_of(told, one) != options.fold])
    mine = [one for one in told if not options.fold or fold_of(told, one) != options.fold]
    todo = list(itertools.chain.from_iterable(plan(kept, rng) for _ in range(options.epochs)))
    groups = [
        {"params": [one for one in model.net.parameters() if one.requires_grad], "lr": options.rate},
        {"params": model.weigh.parameters(), "lr": 1e-2},
    ]
    adam = torch.optim.AdamW(groups, weight_decay=0.01)
    rate = schedule(adam, len(todo))
    model.train()
    for step, batch in enumerate(todo):
        loss = model.loss(batch, mine, bf16=options.bf16)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        adam.zero_grad(set_to_none=True)
        rate.step()
        if step % 20 == 0:
            print(f"step {step} of {len(todo)}: loss {loss.item():.3f}", flush=True)
    return model


def topics_of(told: list[Told]) -> list[int]:
    return sorted({one.topic for one in told})


def fold_of(told: list[Told], one: Told) -> int:
    """Return 1 to FOLDS: whole topics, in turn."""
    return topics_of(told).index(one.topic) % FOLDS + 1


def trained(weights: Path) -> Wide:
    net = Wide()
    net.load_state_dict(torch.load(weights, weights_only=True))
    return net


def as_shipped(weights: Path) -> Encoder:
    """Return an encoder rounded as the shipped one is: what weighs pairs is to know cosines as they will be."""
    folder = weights.with_suffix("")
    folder.mkdir(exist_ok=True)
    export(trained(weights), folder, version=weights.stem)
    return Encoder(folder)


@dataclass(frozen=True)
class Fold:
    """The tellings of a third of the topics, the pairs of them worth a score, their features, and which are one."""

    told: list[Told]
    pairs: np.ndarray
    features: np.ndarray
    same: np.ndarray


def folds(told: list[Told], run: Path) -> list[Fold]:
    out = []
    for number in range(1, FOLDS + 1):
        mine = [one for one in told if fold_of(told, one) == number]
        found = np.stack(np.triu_indices(len(mine), 1), 1)
        tellings = [one.telling for one in mine]
        values = features(tellings, as_shipped(run / f"fold-{number}.pt").vectors(tellings), found)
        kept = likely(values)
        names = np.array([one.cluster for one in mine])
        same = names[found[kept, 0]] == names[found[kept, 1]]
        out.append(Fold(mine, found[kept], values[kept], same))
    return out


def weigh(given: list[Fold], *, seed: int, epochs: int = 6, size: int = 4096) -> dict[str, np.ndarray]:
    """Return a small network from features to the chance that a pair is one act."""
    torch.manual_seed(seed)
    x = np.concatenate([fold.features for fold in given])
    y = torch.from_numpy(np.concatenate([fold.same for fold in given]).astype(np.float32))
    mean, spread = x.mean(0), x.std(0) + 1e-6
    inputs = torch.from_numpy((x - mean) / spread)
    net = nn.Sequential(nn.Linear(x.shape[1], HIDDEN), nn.Tanh(), nn.Dropout(0.1), nn.Linear(HIDDEN, 1))
    steps = epochs * -(-len(x) // size)
    adam = torch.optim.AdamW(net.parameters(), lr=1e-2, weight_decay=1e-2)
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, 1e-2, total_steps=steps)
    for _ in range(epochs):
        for some in torch.randperm(len(x)).split(size):
            F.binary_cross_entropy_with_logits(net(inputs[some])[:, 0], y[some]).backward()
            adam.step()
            adam.zero_grad()
            rate.step()
    first, last = ([value.detach().numpy() for value in layer.parameters()] for layer in (net[0], net[3]))
    return {
        "mean": mean,
        "spread": spread,
        "inner": first[0].T.copy(),
        "inner_bias": first[1],
        "outer": last[0][0],
        "outer_bias": last[1],
    }


def chance(model: dict[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    inner = np.tanh((values - model["mean"]) / model["spread"] @ model["inner"] + model["inner_bias"])
    return 1 / (1 + np.exp(-(inner @ model["outer"] + model["outer_bias"])))


def best(given: list[Fold], *, seed: int) -> tuple[float, dict[float, float]]:
    """Return the threshold with the best mean CoNLL F1 over folds, each weighed by the others, and all means."""
    found: dict[float, list[float]] = {threshold: [] for threshold in THRESHOLDS}
    for fold in given:
        chances = chance(weigh([one for one in given if one is not fold], seed=seed), fold.features)
        for threshold in THRESHOLDS:
            ours = clusters(len(fold.told), fold.pairs, chances, threshold=threshold)
            found[threshold].append(conll(fold.told, ours)["conll_f1"])
    means = {threshold: round(float(np.mean(values)), 2) for threshold, values in found.items()}
    return max(means, key=means.__getitem__), means


def mean_of(files: list[Path], out: Path) -> None:
    """Write the mean of several fits' weights: they begin alike and end near enough each other for that."""
    states = [torch.load(path, weights_only=True) for path in files]
    torch.save({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}, out)


def words(data: Path, out: Path, *, least: int = 8) -> None:
    """Write how many reports of the public archive of current events hold a stem, from ``least`` on."""
    counts: Counter[str] = Counter()
    lines = gzip.decompress((data / "data/wiki_current_events/reports.dev.jsonl.gz").read_bytes()).splitlines()
    for line in lines:
        counts.update(set(content(json.loads(line)["text"])))
    rows = [str(len(lines)), *(f"{stem}\t{count}" for stem, count in sorted(counts.items()) if count >= least)]
    out.write_bytes(gzip.compress("\n".join(rows).encode(), mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("fit", "pair", "export", "words"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True, help="folder of the stages' files")
    parser.add_argument("--out", type=Path, help="folder of the package's data: pair, export and words write there")
    parser.add_argument("--fold", type=int, default=0, help="fit: the fold left out, 1 to 3; 0 for none")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--version", default="trial")
    parser.add_argument(
        "--bf16", action=argparse.BooleanOptionalAction, default=torch.cpu._is_avx512_bf16_supported()
    )
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    if options.stage == "words":
        words(options.data, options.out / "same.words.gz")
        return
    told = [
        one for one in documents(options.data / "data/ecbplus/coref.train.jsonl.gz") if one.topic not in DEV | TEST
    ]
    if options.stage == "fit":
        name = f"fold-{options.fold}.pt" if options.fold else "all.pt"
        torch.save(fit(told, options).net.state_dict(), options.run / name)
    elif options.stage == "pair":
        given = folds(told, options.run)
        threshold, means = best(given, seed=options.seed)
        np.savez(options.out / "same.npz", threshold=np.float32(threshold), **weigh(given, seed=options.seed))
        print(json.dumps({"threshold": threshold, "conll_f1": means}))
    else:
        mean_of(sorted(options.run.glob("*.pt")), options.run / "mean")
        export(trained(options.run / "mean"), options.out, version=options.version)


if __name__ == "__main__":
    main()
