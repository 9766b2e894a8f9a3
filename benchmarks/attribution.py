"""Attribution: cues found, words of source and content, and attributions of which all three parts are right.

A predicted and a gold attribution are paired where their cues share a word, the most shared words first.
Source and content are scored in words over all attributions, paired or not. "All three" asks that cue, source and
content of a pair each share at least half of the longer one's words; where neither has a source, that part is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.layers import draft_of_text
from benchmarks.lines import rows as rows_of
from benchmarks.matching import assign
from pourparler.reading.draft import Draft


@dataclass(frozen=True, slots=True)
class Parts:
    """The word numbers of an attribution's parts."""

    cue: frozenset[int]
    source: frozenset[int]
    content: frozenset[int]


def measure(path: Path) -> dict[str, Any]:
    """Return cue_f1, source_f1, content_f1 and all_three_f1 in percent over documents with attributions."""
    total: Counter[str] = Counter()
    rows = rows_of(path)
    for row in rows:
        draft = draft_of_text(row["doc_id"], row["text"], last="attributions", published=row.get("date") or None)
        total.update(score(_gold(draft, row["attributions"]), _ours(draft)))
    f1 = {
        f"{name}_f1": round(200 * total[name] / max(total[f"{name}_gold"] + total[f"{name}_found"], 1), 1)
        for name in ("cue", "source", "content", "all_three")
    }
    return {"documents": len(rows), "attributions": total["cue_gold"], "found": total["cue_found"], **f1}


def _gold(draft: Draft, rows: Iterable[dict[str, list[list[int]]]]) -> list[Parts]:
    def numbers(spans: list[list[int]]) -> frozenset[int]:
        found = (draft.words_at(start, end) for start, end in spans)
        return frozenset(i for words in found if words for i in range(*words))

    return [Parts(numbers(r["cue"]), numbers(r["source"]), numbers(r["content"])) for r in rows if r["cue"]]


def _ours(draft: Draft) -> list[Parts]:
    return [
        Parts(
            frozenset(range(*a.cue)),
            frozenset(i for s in a.speakers for i in range(*s.words)),
            frozenset(i for c in a.content for i in range(*c.words)),
        )
        for a in draft.attributions
    ]


def score(gold: Sequence[Parts], ours: Sequence[Parts]) -> Counter[str]:
    """Return counts: hits, gold and found of cues, source words, content words and whole attributions."""
    out: Counter[str] = Counter(cue_gold=len(gold), cue_found=len(ours))
    out.update(all_three_gold=len(gold), all_three_found=len(ours))
    for part in ("source", "content"):
        out[f"{part}_gold"] = sum(len(getattr(g, part)) for g in gold)
        out[f"{part}_found"] = sum(len(getattr(o, part)) for o in ours)

    def weight(i: int, j: int) -> float:
        shared = len(gold[i].cue & ours[j].cue)
        return shared + 0.001 * len(gold[i].content & ours[j].content) if shared else 0

    for i, j in assign(len(gold), len(ours), weight):
        g, o = gold[i], ours[j]
        out["cue"] += 1
        out["source"] += len(g.source & o.source)
        out["content"] += len(g.content & o.content)
        parts = ((g.cue, o.cue), (g.source, o.source), (g.content, o.content))
        out["all_three"] += all(_half(a, b) for a, b in parts)
    return out


def _half(one: frozenset[int], other: frozenset[int]) -> bool:
    longer = max(len(one), len(other))
    return not longer or 2 * len(one & other) >= longer
