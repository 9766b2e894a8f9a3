"""Relations between a marked source and target: PLV, the acts of the exam's reports, and generated stories."""

from __future__ import annotations

from typing import Any

from pourparler.model.labels import RELATED
from pourparler.model.split import sentences
from pourparler.model.words import words
from trainer.data import Window, _argument_spans, covered

_JOINED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
_LIMIT = 90  # words around an act of a report; of a story, whose label is that of its headline


def label_of(kind: str) -> int:
    return RELATED.index(_JOINED.get(kind, kind))


def marked(text: str, spans: list[tuple[int, int]], sides: list[list[tuple[int, int]]], kind: str) -> Window:
    """Return the words ``spans`` of a text with those of the source marked 1 and of the target 2."""
    window = Window([text[s:e] for s, e in spans], marks=[0] * len(spans), relation=label_of(kind))
    for mark, side in enumerate(sides, 1):
        for start, end in side:
            for i in covered(spans, start, end):
                window.marks[i] = mark
    return window


def plv_windows(rows: list[Any]) -> list[Window]:
    out = []
    for row in rows:
        sides = [
            [(row[s]["start"], row[s]["end"])] if row[s]["start"] is not None else [] for s in ("source", "target")
        ]
        out.append(marked(row["text"], words(row["text"]), sides, row["label"]))
    return out


def act_windows(items: list[Any]) -> list[Window]:
    """The sentence of each act that names both sides, marked; sentences longer than 90 words are left out."""
    out = []
    for item in items:
        text, spans = item["text"], words(item["text"])
        for first, last in sentences(text, spans):
            low, high = spans[first][0], spans[last - 1][1]
            for event in item["events"]:
                at = event["evidence"]["start"]
                if not low <= at < high or last - first > _LIMIT:
                    continue
                sides = [
                    [(s, e) for s, e, _ in _argument_spans(text, event[side], at, (low, high))]
                    for side in ("sources", "targets")
                ]
                if all(sides):
                    out.append(marked(text, spans[first:last], sides, event["type"]))
    return out


def story_windows(rows: list[Any]) -> list[Window]:
    return [marked(row["text"], words(row["text"])[:_LIMIT], [], row["label"]) for row in rows]
