"""The training sets by name, read when a run asks for them; and the plan that mixes them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from trainer import coded, data, relation, treebank, when
from trainer.batch import Encoded, batches, encode
from trainer.data import Window, read_lines

VERSIONS = 4  # ways of joining reports into articles (and two of joining sentences), taken in turn by the epochs


def exam_parts(shared: Path) -> tuple[list[Any], list[Any]]:
    """The exam's training reports as (held out of training, trained on): a twentieth is held."""
    rows = read_lines(shared / "exam/train.jsonl")
    random.Random(13).shuffle(rows)
    return rows[: len(rows) // 20], rows[len(rows) // 20 :]


def _exam(shared: Path) -> list[list[Window]]:
    return _reports(exam_parts(shared)[1])


def _coded(shared: Path) -> list[list[Window]]:
    return _reports(coded.items(shared))


def _reports(rows: list[Any]) -> list[list[Window]]:
    rows = when.dated(rows)
    # Each epoch packs the reports anew, so that the network learns to leave other stories' words alone.
    packs = [rows, *(data.packed(rows, random.Random(n)) for n in range(1, VERSIONS))]
    return [data.exam_windows(pack, 260) for pack in packs]


def _tree(shared: Path) -> list[list[Window]]:
    sentences = treebank.training_sentences(shared)
    known = treebank.edits(sentences)
    treebank.add_frames(sentences, shared / "data/propbank_ewt/srl.train.jsonl.gz")
    out = []
    for n in range(2):
        rng = random.Random(n)
        rng.shuffle(sentences)
        out.append(treebank.windows(sentences, known, rng, 200))
    return out


def _names(shared: Path) -> list[list[Window]]:
    rows = [r for part in ("train", "dev") for r in read_lines(shared / f"data/crossner_politics/ner.{part}.jsonl")]
    return [data.name_windows(rows + data.gum_names(shared / "data/gum/gum.train.conllu.gz"))]


def _uner(shared: Path) -> list[list[Window]]:
    return [data.name_windows(read_lines(shared / "data/uner_ewt/ner.dev.jsonl"))]


def _polnear(shared: Path) -> list[list[Window]]:
    # Windows as long as those of reading: 150 words gave 50.6 of all three parts on the development part, 230 55.4.
    return [data.attribution_windows(read_lines(shared / "data/polnear/attribution.train.jsonl.gz"), 230)]


def _plv(shared: Path) -> list[list[Window]]:
    return [relation.plv_windows(read_lines(shared / "data/plv/relation.train.jsonl"))]


def _acts(shared: Path) -> list[list[Window]]:
    return [relation.act_windows([*exam_parts(shared)[1], *coded.items(shared)])]


def _stories(shared: Path) -> list[list[Window]]:
    return [relation.story_windows(read_lines(shared / "data/ngec_synthetic/docs.train.jsonl.gz"))]


SETS: dict[str, Callable[[Path], list[list[Window]]]] = {
    "exam": _exam,
    "coded": _coded,
    "tree": _tree,
    "names": _names,
    "uner": _uner,
    "polnear": _polnear,
    "plv": _plv,
    "acts": _acts,
    "stories": _stories,
}


def load(shared: Path, tokenizer: Tokenizer, names: list[str]) -> dict[str, list[list[Encoded]]]:
    return {name: [encode(tokenizer, windows) for windows in SETS[name](shared)] for name in names}


def held(shared: Path, tokenizer: Tokenizer, names: list[str]) -> dict[str, list[Encoded]]:
    """What a run is measured on as it goes: the held reports, and 400 windows of EWT's development part."""
    tree: list[Window] = []
    if "tree" in names:
        known = treebank.edits(treebank.training_sentences(shared))
        dev = treebank.read(shared / "data/ewt/en_ewt.dev.conllu")
        tree = treebank.windows(dev, known, random.Random(1), 200)[:400]
    exam = data.exam_windows(when.dated(exam_parts(shared)[0]), 260)
    return {"exam": encode(tokenizer, exam), "tree": encode(tokenizer, tree)}


def plan(
    sets: dict[str, list[list[Encoded]]], epochs: dict[str, float], *, pieces: int, seed: int
) -> list[list[Encoded]]:
    """All batches of a run, mixed: the plan depends on the seed alone, so that a resumed run continues it."""
    rng = random.Random(seed)
    out: list[list[Encoded]] = []
    for name, times in epochs.items():
        whole = int(times + 0.999)
        made = [
            batch for n in range(whole) for batch in batches(sets[name][n % len(sets[name])], pieces=pieces, rng=rng)
        ]
        out += made[: round(len(made) / whole * times)] if whole else []
    rng.shuffle(out)
    return out
