"""Treebank: part of speech and attachment on gold tokens, sentence by sentence, as the field scores them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pourparler.model.reader import network
from pourparler.model.trees import parse


def measure(path: Path) -> dict[str, Any]:
    """Return upos, uas, las (full relations) and lemma in percent of words, punctuation included."""
    count: Counter[str] = Counter()
    for rows in sentences(path.read_text(encoding="utf-8")):
        tree = parse(network(), [row[1] for row in rows], [(0, len(rows))])
        for i, row in enumerate(rows):
            head = int(row[6]) == tree.heads[i]
            count.update(words=1, upos=row[3] == tree.upos[i], uas=head)
            count.update(las=head and row[7] == tree.relations[i], lemma=row[2].lower() == tree.lemmas[i])
        count["sentences"] += 1
    out = {key: round(100 * count[key] / max(count["words"], 1), 2) for key in ("upos", "uas", "las", "lemma")}
    return {"sentences": count["sentences"], "words": count["words"], **out}


def sentences(text: str) -> Iterator[list[list[str]]]:
    """Yield the sentences of a CoNLL-U text: rows of words, without multiword tokens and empty nodes."""
    for block in text.split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line and line[0] != "#"]
        if rows := [row for row in rows if row[0].isdigit()]:
            yield rows
