"""Names: exact spans of people, organisations and places on gold tokens, as the field scores them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.layers import draft_of_tokens
from benchmarks.lines import rows as rows_of
from pourparler.reading.names import tagged

_KINDS = {
    "PER": "PER",
    "ORG": "ORG",
    "LOC": "LOC",
    "person": "PER",
    "politician": "PER",
    "organisation": "ORG",
    "politicalparty": "ORG",
    "country": "LOC",
    "location": "LOC",
}
Span = tuple[int, int, str]


def measure(path: Path) -> dict[str, Any]:
    """Return exact-span F1, precision and recall over PER, ORG and LOC, in percent."""
    hit = found = gold = 0
    rows = rows_of(path)
    for row in rows:
        draft = draft_of_tokens(row["tokens"], last="encode")
        # The network's own tags: demonyms are names of the tables, but not of this task.
        ours = {(*n.words, n.kind) for n in tagged(draft) if n.kind in ("PER", "ORG", "LOC")}
        true = set(spans(row["tags"]))
        hit, found, gold = hit + len(ours & true), found + len(ours), gold + len(true)
    return {
        "sentences": len(rows),
        "precision": round(100 * hit / max(found, 1), 1),
        "recall": round(100 * hit / max(gold, 1), 1),
        "f1": round(200 * hit / max(found + gold, 1), 1),
    }


def spans(tags: list[str]) -> list[Span]:
    """Return the spans of BIO tags whose kind is one of ours."""
    out: list[Span] = []
    for i, tag in enumerate(tags):
        if not tag.startswith("B-"):
            continue
        j = i + 1
        while j < len(tags) and tags[j] == "I-" + tag[2:]:
            j += 1
        if kind := _KINDS.get(tag[2:]):
            out.append((i, j, kind))
    return out
