"""Time expressions: spans that overlap, spans that are equal, and values that are right, as TempEval-3 scores them.

MEANTIME annotates the title, the date line and the first four sentences of a report (lines 0 to 5): what is found
behind them is not scored. Other files are scored whole.
"""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.lines import rows as rows_of
from benchmarks.matching import assign
from pourparler.reading.timex import TimeExpression, find_times

_MEANTIME_LINES = 6


def measure(path: Path, *, errors: list[str] | None = None) -> dict[str, Any]:
    """Return relaxed_f1 (spans overlap), strict_f1 (spans equal), value_f1 and type_f1 (overlap, and the value or the
    type is gold's), in percent; ``errors`` collects a line for each expression missed, extra or of another value."""
    count: Counter[str] = Counter()
    for row in rows_of(path):
        count.update(_document(row, errors))
    figures = {f"{name}_f1": _f1(count, name) for name in ("relaxed", "strict", "value", "type")}
    return {"documents": count["documents"], "gold": count["gold"], "found": count["found"], **figures}


def _f1(count: Counter[str], name: str) -> float:
    return round(200 * count[name] / max(count["gold"] + count["found"], 1), 1)


def _document(row: dict[str, Any], errors: list[str] | None) -> Counter[str]:
    text, gold = row["text"], row["timexes"]
    day = _day(row.get("dct") or "")
    ours = [t for t in find_times(text, published=day) if t.start < _scored(row)]
    pairs = assign(len(gold), len(ours), lambda i, j: _shared(gold[i], ours[j]))
    out: Counter[str] = Counter(documents=1, gold=len(gold), found=len(ours), relaxed=len(pairs))
    for i, j in pairs:
        same = gold[i]["value"] == ours[j].value
        out.update(strict=(gold[i]["start"], gold[i]["end"]) == (ours[j].start, ours[j].end), value=same)
        out.update(type=gold[i]["type"].lower() == ours[j].kind)
        if errors is not None and not same:
            errors.append(f"{row['doc_id']}: {gold[i]['text']!r} is {gold[i]['value']}, ours {ours[j].value}")
    if errors is not None:
        errors += _unpaired(row, ours, pairs)
    return out


def _day(dct: str) -> datetime.date | None:
    """Return the day of publication: YYYY-MM-DD, or day, month and year as a few documents of MEANTIME have it."""
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.datetime.strptime(dct[:10], form).date()
        except ValueError:
            continue
    return None


def _unpaired(row: dict[str, Any], ours: list[TimeExpression], pairs: list[tuple[int, int]]) -> list[str]:
    gold = row["timexes"]
    missed = [gold[i]["text"] for i in range(len(gold)) if i not in {a for a, _ in pairs}]
    extra = [ours[j].text for j in range(len(ours)) if j not in {b for _, b in pairs}]
    return [
        *(f"{row['doc_id']}: missed {text!r}" for text in missed),
        *(f"{row['doc_id']}: extra {text!r}" for text in extra),
    ]


def _scored(row: dict[str, Any]) -> int:
    """Return where the annotated part of a document ends."""
    lines = row["text"].split("\n")
    return len("\n".join(lines[:_MEANTIME_LINES])) if "topic" in row else len(row["text"])


def _shared(gold: dict[str, Any], ours: TimeExpression) -> int:
    return max(0, int(min(gold["end"], ours.end)) - int(max(gold["start"], ours.start)))
