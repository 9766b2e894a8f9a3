"""Shared data to training windows: words, pieces, and the labels of each head."""

from __future__ import annotations

import gzip
import json
import random
import re
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
    unknown: list[tuple[int, int]] = field(
        default_factory=list
    )  # (predicate number, role) that nothing is learned of
    sector: list[tuple[int, int]] = field(default_factory=list)
    upos: list[int] | None = None
    heads: list[int] | None = None
    relations: list[int] | None = None
    starts: list[int] | None = None
    lemmas: list[int] | None = None
    frames: list[tuple[int, list[int]]] = field(default_factory=list)  # (predicate word, a label of each word)
    marks: list[int] | None = None  # 1 the source, 2 the target of the relation asked for
    relation: int | None = None


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


def nearest(text: str, needle: str, anchor: int, within: tuple[int, int]) -> tuple[int, int] | None:
    """The occurrence of a name nearest to the trigger, those before it preferred when equally near."""
    best, at = None, text.find(needle, within[0])
    while 0 <= at < within[1]:
        distance = abs(at - anchor) + (0 if at < anchor else 5)
        if best is None or distance < best[0]:
            best = (distance, at)
        at = text.find(needle, at + 1)
    return None if best is None else (best[1], best[1] + len(needle))


def _argument_spans(text: str, items: list[Any], anchor: int, within: tuple[int, int]) -> list[tuple[int, int, Any]]:
    found = []
    for item in items:
        span = nearest(text, item["text"], anchor, within)
        if span:
            found.append((*span, item))
    # "Armenia" inside "foreign ministers of Armenia and Azerbaijan" is dropped: the longer one names the actor.
    return [
        a for a in found if not any(b is not a and b[0] <= a[0] and a[1] <= b[1] and b[:2] != a[:2] for b in found)
    ]


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
        hit = list(covered(spans, event["evidence"]["start"], event["evidence"]["end"]))
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
        _mark_times(window, number, event, spans, first, last)
        for side, items in sides:
            for start, end, item in _argument_spans(text, items, anchor, event.get("within", (0, len(text)))):
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


def _mark_times(window: Window, number: int, event: Any, spans: list[tuple[int, int]], first: int, last: int) -> None:
    if event.get("times") is None:
        window.unknown += [(number, ROLES.inside["time"]), (number, ROLES.begin["time"])]
        return
    for start, end in event["times"]:
        _mark(window, number, "time", covered(spans, start, end), first, last)


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
    "PER": "PER",
    "LOC": "LOC",
    "ORG": "ORG",
    "politician": "PER",
    "person": "PER",
    "organisation": "ORG",
    "politicalparty": "ORG",
    "event": "EVT",
    "election": "EVT",
    "country": "LOC",
    "location": "LOC",
    "EVT": "EVT",
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


def packed(items: list[Any], rng: random.Random) -> list[Any]:
    """Join reports into texts of one to six, as articles are: short reports alone teach nothing of distance."""
    order = items[:]
    rng.shuffle(order)
    out, i = [], 0
    while i < len(order):
        n = rng.choice((1, 1, 2, 3, 4, 6))
        text, events = "", []
        for item in order[i : i + n]:
            shift = len(text)
            for event in item["events"]:
                evidence = {"start": event["evidence"]["start"] + shift, "end": event["evidence"]["end"] + shift}
                times = event.get("times")
                moved = None if times is None else [(start + shift, end + shift) for start, end in times]
                within = (shift, shift + len(item["text"]))
                events.append({**event, "evidence": evidence, "times": moved, "within": within})
            text += item["text"] + rng.choice((" ", "\n", "\n\n"))
        out.append({"text": text, "events": events})
        i += n
    return out


_GUM_NAME = {"person": "PER", "organization": "ORG", "place": "LOC", "event": "EVT"}


def gum_names(path: Path) -> list[Any]:
    """Names of GUM: the proper nouns that head an entity of four of its kinds, with the proper nouns around."""
    out = []
    for block in gzip.decompress(path.read_bytes()).decode("utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line and line[0] != "#"]
        rows = [row for row in rows if row[0].isdigit()]
        if rows:
            out.append({"tokens": [row[1] for row in rows], "tags": _gum_tags(rows)})
    return out


def _gum_tags(rows: list[list[str]]) -> list[str]:
    tags = ["O"] * len(rows)
    for first, last, kind in sorted(_gum_entities(rows), key=lambda x: x[1] - x[0], reverse=True):
        inside = set(range(first, last))
        heads = [i for i in inside if int(rows[i][6]) - 1 not in inside]
        if kind not in _GUM_NAME or not heads or rows[heads[0]][3] != "PROPN":
            continue
        low = high = heads[0]
        while low - 1 >= first and rows[low - 1][3] == "PROPN":
            low -= 1
        while high + 1 < last and rows[high + 1][3] == "PROPN":
            high += 1
        for i in range(low, high + 1):
            tags[i] = ("B-" if i == low else "I-") + _GUM_NAME[kind]
    return tags


def _gum_entities(rows: list[list[str]]) -> list[tuple[int, int, str]]:
    out, open_at = [], {}
    for i, row in enumerate(rows):
        value = next((m[7:] for m in row[9].split("|") if m.startswith("Entity=")), "")
        for mark in re.findall(r"\([^()]+\)?|[^()]+\)", value):
            if mark.startswith("("):
                group, kind = mark.strip("()").split("-")[:2]
                open_at[group] = (i, kind)
                if mark.endswith(")"):
                    out.append((open_at.pop(group)[0], i + 1, kind))
            elif (group := mark.strip(")")) in open_at:
                first, kind = open_at.pop(group)
                out.append((first, i + 1, kind))
    return out
