"""Shared data to training windows: words, pieces, and the labels of each head."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pourparler.model.labels import NAMES, ROLES, SECTORS, STATUSES, TRIGGERS
from pourparler.model.split import sentences
from pourparler.model.words import words


@dataclass
class Window:
    """A run of words with labels; absent labels are None. Word numbers are local to the window."""

    words: list[str]
    trigger: list[int] | None = None
    names: list[int] | None = None
    cue: list[int] | None = None
    predicates: list[tuple[int, int | None]] = field(default_factory=list)  # (word, status)
    roles: list[tuple[int, int, int]] = field(default_factory=list)  # (predicate number, role, word)
    role_group: tuple[int, ...] = ()
    sector: list[tuple[int, int]] = field(default_factory=list)


def read_lines(path: Path) -> list[Any]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def chunks(text: str, limit: int) -> list[tuple[list[tuple[int, int]], int, int]]:
    """Cut a text into windows of whole sentences of at most ``limit`` words with a sentence of overlap."""
    spans = words(text)
    sents = sentences(text, spans)
    out, i = [], 0
    while i < len(sents):
        j = i + 1
        while j < len(sents) and sents[j][1] - sents[i][0] <= limit:
            j += 1
        first, last = sents[i][0], min(sents[j - 1][1], sents[i][0] + limit)
        out.append((spans, first, last))
        if j >= len(sents):
            break
        i = max(j - 1, i + 1)
    return out


def covered(spans: list[tuple[int, int]], start: int, end: int) -> list[int]:
    return [i for i, (s, e) in enumerate(spans) if s < end and e > start]


def nearest(text: str, needle: str, anchor: int) -> tuple[int, int] | None:
    """The occurrence of a name nearest to the trigger, those before it preferred when equally near."""
    best, at = None, text.find(needle)
    while at >= 0:
        distance = abs(at - anchor) + (0 if at < anchor else 5)
        if best is None or distance < best[0]:
            best = (distance, at)
        at = text.find(needle, at + 1)
    return None if best is None else (best[1], best[1] + len(needle))


def _argument_spans(text: str, items: list[Any], anchor: int) -> list[tuple[int, int, Any]]:
    found = []
    for item in items:
        span = nearest(text, item["text"], anchor)
        if span:
            found.append((*span, item))
    # "Armenia" inside "foreign ministers of Armenia and Azerbaijan" is dropped: the longer one names the actor.
    return [a for a in found if not any(b is not a and b[0] <= a[0] and a[1] <= b[1] and b[:2] != a[:2] for b in found)]


def exam_windows(items: list[Any], limit: int) -> list[Window]:
    out = []
    for item in items:
        text = item["text"]
        for spans, first, last in chunks(text, limit):
            out.append(_exam_window(text, item["events"], spans, first, last))
    return out


def _exam_window(text: str, events: list[Any], spans: list[tuple[int, int]], first: int, last: int) -> Window:
    window = Window([text[s:e] for s, e in spans[first:last]], role_group=ROLES.event)
    labels = [0] * (last - first)
    for event in sorted(events, key=lambda e: -(e["evidence"]["end"] - e["evidence"]["start"])):
        hit = [i for i in covered(spans, event["evidence"]["start"], event["evidence"]["end"])]
        if not hit or hit[0] < first or hit[-1] >= last:
            continue
        kind = TRIGGERS.types.index(event["type"])
        for n, i in enumerate(hit):
            labels[i - first] = 1 + 2 * kind + (n > 0)
        number = len(window.predicates)
        window.predicates.append((hit[0] - first, STATUSES.index(event["status"])))
        anchor = event["evidence"]["start"]
        sides = [("source", event["sources"]), ("target", event["targets"])]
        if event.get("place"):
            sides.append(("place", [event["place"]]))
        for side, items in sides:
            for start, end, item in _argument_spans(text, items, anchor):
                _mark(window, number, side, covered(spans, start, end), first, last)
                if side != "place":
                    sector = SECTORS.index(item.get("sector") or "none")
                    window.sector += [(i - first, sector) for i in covered(spans, start, end) if first <= i < last]
    window.trigger = labels
    return window


def _mark(window: Window, number: int, side: str, hit: list[int], first: int, last: int) -> None:
    for n, i in enumerate(hit):
        if first <= i < last:
            window.roles.append((number, ROLES.inside[side], i - first))
            if n == 0:
                window.roles.append((number, ROLES.begin[side], i - first))


def attribution_windows(rows: list[Any], limit: int) -> list[Window]:
    out = []
    for row in rows:
        text = row["text"]
        for spans, first, last in chunks(text, limit):
            out.append(_attribution_window(row["attributions"], text, spans, first, last))
    return out


def _attribution_window(rows: list[Any], text: str, spans: list[tuple[int, int]], first: int, last: int) -> Window:
    window = Window([text[s:e] for s, e in spans[first:last]], role_group=ROLES.attribution)
    low, high = spans[first][0], spans[last - 1][1]
    labels = [0] * (last - first)
    for row in rows:
        if not row["cue"] or not low <= row["cue"][0][0] < high:
            continue
        hit = [i - first for s, e in row["cue"] for i in covered(spans, s, e) if first <= i < last]
        if not hit:
            continue
        for n, i in enumerate(hit):
            labels[i] = 1 + (n > 0 and i == hit[n - 1] + 1)
        number = len(window.predicates)
        window.predicates.append((hit[0], None))
        for side, key in (("speaker", "source"), ("content", "content")):
            for start, end in row[key]:
                if start < high and end > low:
                    _mark(window, number, side, covered(spans, start, end), first, last)
    window.cue = labels
    return window


_NAME_OF = {
    "PER": "PER", "LOC": "LOC", "ORG": "ORG", "politician": "PER", "person": "PER", "organisation": "ORG",
    "politicalparty": "ORG", "event": "EVT", "election": "EVT", "country": "LOC", "location": "LOC",
}


def name_windows(rows: list[Any]) -> list[Window]:
    out = []
    for row in rows:
        labels = []
        for tag in row["tags"]:
            kind = _NAME_OF.get(tag[2:]) if tag != "O" else None
            labels.append(NAMES.label(kind, tag[0]) if kind else 0)
        out.append(Window(row["tokens"], names=labels))
    return out
