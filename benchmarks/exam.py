"""The exam: read gold items, match events, report the figures under the exam scorer's own keys."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.calibration import expected_error, right, right_type
from benchmarks.lines import rows as rows_of
from benchmarks.matching import Json, assign, nearness, same_name, sides
from pourparler import Document, PourparlerError, read_many
from pourparler.record import to_dict


def measure(path: Path, *, records: Path | None = None, errors: list[str] | None = None) -> dict[str, Any]:
    """Return the figures over the items of a gold file; ``records`` keeps what was read, ``errors`` collects what was
    missed, read too much, or read wrong."""
    gold = rows_of(path)
    failed: list[PourparlerError] = []
    read = {record["document"]["id"]: record for record in _records(gold, failed)}
    if records:
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in read.values())
        records.write_text("".join(lines), encoding="utf-8")
    if errors is not None:
        for item in gold:
            if item["id"] in read:
                errors += listed(item, read[item["id"]])
    return figures(gold, read)


def _records(gold: Iterable[Json], failed: list[PourparlerError]) -> Iterable[dict[str, Any]]:
    documents = (Document(item["id"], item["text"], published=item.get("published")) for item in gold)
    return (to_dict(record) for record in read_many(documents, on_error=failed.append))


def figures(gold: list[Any], read: dict[str, Any]) -> dict[str, Any]:
    """Return the exam's figures for records by id; percentages have one decimal.

    ``ece`` is the expected calibration error of events' confidence (0..1), an event being right where the guide's
    matching takes it (type and both sides); ``ece_type`` asks for the type alone, not what confidence claims.
    """
    total: Counter[str] = Counter()
    sure: list[float] = []
    true: dict[str, list[bool]] = {"ece": [], "ece_type": []}
    for item in gold:
        record = read.get(item["id"], {"events": [], "actors": []})
        total.update(_item(item, record))
        sure += [event["confidence"] for event in record["events"]]
        true["ece"] += right(item, record)
        true["ece_type"] += right_type(item, record)
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
        **{name: round(expected_error(zip(sure, hits, strict=True)), 3) for name, hits in true.items()},
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

    def strict(i: int, j: int) -> float:
        return _by_type(item, events, actors, i, j) if all(sides(gold[i], events[j], actors)) else 0

    typed = _typed(item, events, actors)
    out: Counter[str] = Counter(gold=len(gold), predicted=len(events), typed=len(typed))
    out["strict"] = len(assign(len(gold), len(events), strict))
    for i, j in typed:
        out.update(_details(gold[i], events[j], sides(gold[i], events[j], actors)))
    return out


def _by_type(item: Json, events: Sequence[Json], actors: Mapping[str, Json], i: int, j: int) -> float:
    gold, event = item["events"][i], events[j]
    near = (
        nearness(item["text"], gold, event) if event["type"] in {gold["type"], *gold.get("alternatives", ())} else 0
    )
    return 1 + near + 2 * sum(sides(gold, event, actors)) + (event["type"] == gold["type"]) if near else 0


def _typed(item: Json, events: Sequence[Json], actors: Mapping[str, Json]) -> list[tuple[int, int]]:
    return assign(len(item["events"]), len(events), lambda i, j: _by_type(item, events, actors, i, j))


def listed(item: Json, record: Json) -> list[str]:
    """Return a line for each gold event that was missed, each of ours that is none, and each part that is wrong."""
    gold, events = item["events"], record["events"]
    actors = {actor["id"]: actor for actor in record["actors"]}
    typed = _typed(item, events, actors)
    out: list[str] = []
    for i, j in typed:
        right = _details(gold[i], events[j], sides(gold[i], events[j], actors))
        wrong = [key for key in ("source", "target", "status") if not right[key]]
        wrong += [key for key in ("time", "place") if right[key + "_of"] and not right[key]]
        out += [f"{key} of {_said(gold[i])}: ours {_ours(events[j], actors)}" for key in wrong]
    out += [f"missed {_said(g)}" for i, g in enumerate(gold) if i not in {a for a, _ in typed}]
    out += [f"extra {_ours(e, actors)}" for j, e in enumerate(events) if j not in {b for _, b in typed}]
    return [f"{item['id']}: {line}" for line in out]


def _said(gold: Json) -> str:
    sides_ = " > ".join(", ".join(actor["text"] for actor in gold[side]) for side in ("sources", "targets"))
    when, where = gold.get("time") or {}, gold.get("place") or {}
    day = "/".join(when[key] for key in ("start", "end")) if when else ""
    return (
        f"{gold['type']} “{gold['evidence']['text']}” {gold['status']} {sides_} {day} {where.get('text', '')}".strip()
    )


def _ours(event: Json, actors: Mapping[str, Json]) -> str:
    sides_ = " > ".join(", ".join(actors[id]["name"] for id in event[side]) for side in ("sources", "targets"))
    when, where = event.get("time") or {}, event.get("place") or {}
    day = f"{when['start']}/{when['end']}" if when else ""
    words = event["evidence"][0]["text"]
    return f"{event['type']} “{words}” {event['status']} {sides_} {day} {where.get('name', '')}".strip()


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
