"""Toponyms: exact spans, and places on the map within 161 km (100 miles) of gold's, as the field scores them.

A file may hold names of people and things of a country ("Armenian") as toponyms, as LGL does, or leave them out, as
GeoVirus does: where gold has none in all the file, ours are not counted either.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.layers import draft_of_text
from benchmarks.lines import rows as rows_of
from pourparler import knowledge
from pourparler.knowledge import ResolvedPlace

_NEAR = 161.0  # km
Span = tuple[int, int]


def measure(path: Path, *, errors: list[str] | None = None) -> dict[str, Any]:
    """Return, in percent, recognition_f1 (exact spans), accuracy_161km (of the gold toponyms with coordinates, given
    their spans), end_to_end_161km (the same, where our own recognition has the span too) and resolved (those that got
    a place at all); none_right is the share of the gold toponyms without coordinates that get no place (None where
    gold has none). median_km is over those resolved. ``errors`` collects a line for each wrong span and place."""
    rows = rows_of(path)
    demonyms = any(knowledge.is_demonym(t["text"]) for row in rows for t in row["toponyms"])
    count: Counter[str] = Counter()
    away: list[float] = []
    for row in rows:
        ours = _recognised(row, demonyms=demonyms)
        count.update(_spans(row, ours, errors))
        count.update(_places(row, ours, away, errors))
    located, unlocated = max(count["located"], 1), count["gold"] - count["located"]
    return {
        "documents": len(rows),
        "toponyms": count["gold"],
        "located": count["located"],
        "recognition_f1": round(200 * count["hit"] / max(count["gold"] + count["found"], 1), 1),
        "recognition_precision": round(100 * count["hit"] / max(count["found"], 1), 1),
        "recognition_recall": round(100 * count["hit"] / max(count["gold"], 1), 1),
        "accuracy_161km": round(100 * count["near"] / located, 1),
        "median_km": round(statistics.median(away), 1) if away else None,
        "end_to_end_161km": round(100 * count["near_and_found"] / located, 1),
        "resolved": round(100 * count["resolved"] / located, 1),
        "none_right": round(100 * count["none"] / unlocated, 1) if unlocated else None,
    }


def _recognised(row: dict[str, Any], *, demonyms: bool) -> set[Span]:
    draft = draft_of_text(row["doc_id"], row["text"], last="toponyms")
    spans = [draft.span(toponym.words) for toponym in draft.toponyms if demonyms or not toponym.demonym]
    return {(span.start, span.end) for span in spans}


def _spans(row: dict[str, Any], ours: set[Span], errors: list[str] | None) -> Counter[str]:
    gold = {(t["start"], t["end"]) for t in row["toponyms"]}
    if errors is not None:
        for kind, spans in (("missed", gold - ours), ("extra", ours - gold)):
            errors += [f"{row['doc_id']}: {kind} {row['text'][start:end]!r}" for start, end in sorted(spans)]
    return Counter(gold=len(row["toponyms"]), found=len(ours), hit=len(gold & ours))


def _places(row: dict[str, Any], ours: set[Span], away: list[float], errors: list[str] | None) -> Counter[str]:
    out: Counter[str] = Counter()
    places = knowledge.resolve_all(row["text"], [(t["start"], t["end"]) for t in row["toponyms"]])
    for gold, place in zip(row["toponyms"], places, strict=True):
        if gold.get("lat") is None:
            out["none"] += place is None
            continue
        far = kilometres(gold["lat"], gold["lon"], place.latitude, place.longitude) if place else math.inf
        near = far <= _NEAR
        found = (gold["start"], gold["end"]) in ours
        out.update(located=1, resolved=place is not None, near=near, near_and_found=near and found)
        away += [far] if place else []
        if errors is not None and not near:
            errors.append(
                f"{row['doc_id']}: {gold['text']!r} is at {gold['lat']}, {gold['lon']}, ours {_told(place)}"
            )
    return out


def _told(place: ResolvedPlace | None) -> str:
    if place is None:
        return "nowhere"
    where = ", ".join(filter(None, (place.name, place.region, place.country)))
    return f"{place.latitude}, {place.longitude} ({place.level} {where})"


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance of two points on a sphere of the Earth's mean radius."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(east / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))
