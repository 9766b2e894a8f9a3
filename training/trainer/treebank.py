"""Treebanks to windows: part of speech, heads, relations, sentence starts, lemmas as edits of the word."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pourparler.model.labels import FRAMES, RELATIONS, UPOS
from trainer.data import Window, read_lines


@dataclass
class Sentence:
    """One sentence of a treebank; ``heads`` count words of the sentence from 1, 0 is the root."""

    words: list[str]
    upos: list[str]
    heads: list[int]
    relations: list[str]
    lemmas: list[str]
    id: str = ""
    frames: list[tuple[int, list[int]]] = field(default_factory=list)  # (predicate word, a label of each word)


def read(path: Path) -> list[Sentence]:
    """Return the sentences of a CoNLL-U file; multiword tokens and empty nodes are left out."""
    opener = gzip.open if path.suffix == ".gz" else open
    out = []
    with opener(path, "rt", encoding="utf-8") as stream:
        for block in stream.read().split("\n\n"):
            name = next((line[11:].strip() for line in block.splitlines() if line.startswith("# sent_id =")), "")
            rows = [line.split("\t") for line in block.splitlines() if line and line[0] != "#"]
            rows = [row for row in rows if row[0].isdigit()]
            if rows:
                out.append(
                    Sentence(
                        [r[1] for r in rows],
                        [r[3] for r in rows],
                        [int(r[6]) for r in rows],
                        [r[7] for r in rows],
                        [r[2] for r in rows],
                        name,
                    )
                )
    return out


def training_sentences(shared: Path) -> list[Sentence]:
    return [s for name in ("ewt/en_ewt", "gum/gum") for s in read(shared / f"data/{name}.train.conllu.gz")]


def add_frames(sentences: list[Sentence], path: Path) -> None:
    """Lay PropBank's frames over the sentences of the same names and words."""
    rows = {row["id"]: row for row in read_lines(path)}
    for sentence in sentences:
        row = rows.get(sentence.id)
        if row and row["tokens"] == sentence.words:
            sentence.frames = [(p["index"], frame_labels(p["args"], len(sentence.words))) for p in row["predicates"]]


def frame_labels(arguments: list[list[object]], size: int) -> list[int]:
    labels = [0] * size
    for name, first, last in arguments:
        for i in range(first, last) if name in FRAMES.types else ():  # type: ignore
            labels[i] = FRAMES.label(name, "B" if i == first else "I")  # type: ignore
    return labels


def edit_of(word: str, lemma: str) -> tuple[int, str]:
    """Return how a lemma is made of a lowered word: cut so many letters at its end, add these."""
    low, target, same = word.lower(), lemma.lower(), 0
    while same < min(len(low), len(target)) and low[same] == target[same]:
        same += 1
    return len(low) - same, target[same:]


def edits(sentences: list[Sentence], least: int = 5) -> list[tuple[int, str]]:
    """Return the commonest edits, (0, "") first; 152 of 663 cover 99.7 % of EWT's and GUM's words."""
    count = Counter(edit_of(w, m) for s in sentences for w, m in zip(s.words, s.lemmas, strict=True))
    known = sorted(e for e, n in count.items() if n >= least and e != (0, ""))
    return [(0, ""), *known]


def write_edits(path: Path, known: list[tuple[int, str]]) -> None:
    path.write_text(json.dumps(known, ensure_ascii=False) + "\n", encoding="utf-8")


def windows(sentences: list[Sentence], known: list[tuple[int, str]], rng: random.Random, limit: int) -> list[Window]:
    """One to six sentences a window, so that heads are found inside articles and sentence starts are learned."""
    number = {edit: i for i, edit in enumerate(known)}
    out, i = [], 0
    while i < len(sentences):
        window = Window([], upos=[], heads=[], relations=[], starts=[], lemmas=[])
        for sentence in sentences[i : i + rng.choice((1, 1, 2, 3, 4, 6))]:
            if window.words and len(window.words) + len(sentence.words) > limit:
                break
            _add(window, sentence, number)
            i += 1
        _cut(window, limit)
        out.append(window)
    return out


def _add(window: Window, sentence: Sentence, number: dict[tuple[int, str], int]) -> None:
    shift = len(window.words)
    window.words += sentence.words
    window.upos += [UPOS.index(u) for u in sentence.upos]
    # Heads count words of the window from 1; 0 is the root.
    window.heads += [h + shift if h else 0 for h in sentence.heads]
    window.relations += [RELATIONS.index(r) for r in sentence.relations]
    window.starts += [int(n == 0) for n in range(len(sentence.words))]
    # A frame stays in its sentence: the window's other words are outside.
    for _, labels in window.frames:
        labels += [0] * len(sentence.words)
    window.frames += [(w + shift, [0] * shift + labels) for w, labels in sentence.frames]
    window.lemmas += [number.get(edit_of(w, m), -100) for w, m in zip(sentence.words, sentence.lemmas, strict=True)]


def _cut(window: Window, limit: int) -> None:
    for name in ("words", "upos", "heads", "relations", "starts", "lemmas"):
        del getattr(window, name)[limit:]
    window.frames = [(w, labels[:limit]) for w, labels in window.frames if w < limit]
    window.heads = [h if h <= limit else -100 for h in window.heads]
