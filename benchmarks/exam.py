"""The exam: read gold items, match events, report the figures under the exam scorer's own keys."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.matching import Json, assign, nearness, same_name, sides
from pourparler import Document, PourparlerError, read_many
from pourparler.record import to_dict


def measure(path: Path, *, records: Path | None = None) -> dict[str, Any]:
    """Return the figures over the items of a gold file; ``records`` keeps what was read."""
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    failed: list[PourparlerError] = []
    read = {record["document"]["id"]: record for record in _records(gold, failed)}
    if records:
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in read.values())
        records.write_text("".join(lines), encoding="utf-8")
    return figures(gold, read)


def _records(gold: Iterable[Json], failed: list[PourparlerError]) -> Iterable[dict[str, Any]]:
    documents = (Document(item["id"], item["text"], published=item.get("published")) for item in gold)
    return (to_dict(record) for record in read_many(documents, on_error=failed.append))


def figures(gold: list[Any], read: dict[str, Any]) -> dict[str, Any]:
    """Return the exam's figures for records by id; percentages have one decimal."""
    total: Counter[str] = Counter()
    for item in gold:
        record = read.get(item["id"], {"events": [], "actors": []})
        total.update(_item(item, record))
        for event in record["events"]:
            for span in event["evidence"]:
                total["checked"] += 1
                total["wrong"] += item["text"][span["start"] : span["end"]] != span["text"]
    typed = max(total["typed"], 1)
    return {
        "items": len(gold),
        "absent": sum(item["id"] not in read for item in gold),
        "gold_events": total["gold"],
        "predicted_events": total["predicted"],
        "strict": _f1(total["strict"], total["gold"], total["predicted"]),
        "type": _f1(total["typed"], total["gold"], total["predicted"]),
        **{f"{key}_accuracy": round(100 * total[key] / typed, 1) for key in ("source", "target", "status")},
        **{f"{key}_accuracy": round(100 * total[key] / max(total[key + "_of"], 1), 1) for key in ("time", "place")},
        "evidence_offsets_wrong": total["wrong"],
        "evidence_offsets_checked": total["checked"],
    }


def _f1(hit: int, gold: int, predicted: int) -> dict[str, float]:
    precision, recall = hit / max(predicted, 1), hit / max(gold, 1)
    both = 2 * precision * recall / max(precision + recall, 1e-9)
    return {
        "precision": round(100 * precision, 1),
        "recall": round(100 * recall, 1),
        "f1": round(100 * both, 1),
    }


def _item(item: Json, record: Json) -> Counter[str]:
    gold, events = item["events"], record["events"]
    actors = {actor["id"]: actor for actor in record["actors"]}

    def by_type(i: int, j: int) -> float:
        g, e = gold[i], events[j]
        near = nearness(item["text"], g, e) if e["type"] in {g["type"], *g.get("alternatives", ())} else 0
        return 1 + near + 2 * sum(sides(g, e, actors)) + (e["type"] == g["type"]) if near else 0

    def strict(i: int, j: int) -> float:
        return by_type(i, j) if all(sides(gold[i], events[j], actors)) else 0

    typed = assign(len(gold), len(events), by_type)
    out: Counter[str] = Counter(gold=len(gold), predicted=len(events), typed=len(typed))
    out["strict"] = len(assign(len(gold), len(events), strict))
    for i, j in typed:
        out.update(_details(gold[i], events[j], sides(gold[i], events[j], actors)))
    return out


def _details(gold: Json, event: Json, matched: tuple[bool, bool]) -> Counter[str]:
    """Return what of a matched event is right: sides, status, day, place."""
    out: Counter[str] = Counter(source=matched[0], target=matched[1])
    right = {gold["status"], *gold.get("status_alternatives", ())}
    out["status"] = event["status"] in right or {event["status"], gold["status"]} == {"happened", "ongoing"}
    if when := gold.get("time"):
        found = event.get("time") or {}
        out["time_of"] = 1
        out["time"] = all((found.get(key) or "")[:10] == when[key] for key in ("start", "end"))
    if where := gold.get("place"):
        place = event.get("place") or {}
        out["place_of"] = 1
        country = where.get("level") == "country" and place.get("country") == where.get("country")
        out["place"] = bool(place) and (same_name(place.get("name") or "", where["text"]) or country)
    return out
