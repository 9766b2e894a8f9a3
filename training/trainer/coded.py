"""Reports coded for this project: labels by report id and offsets in labels/coded.jsonl, texts in the shared data.

python -m trainer.coded pack CODED [CODED ...] --data SHARED   # adds coders' lines, in words, to labels/coded.jsonl

A coder's line is {"id", "events": [{"type", "trigger", "n", "status", "sources": [[words, country, sector], ...],
"targets", "time": [first day, last day], "place": [words, country, level], "alt"}]}: its words are looked up in the
report, the trigger at its n-th occurrence, actors and place where they stand nearest to the trigger.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from trainer.data import nearest, read_lines

LABELS = Path(__file__).resolve().parent.parent / "labels/coded.jsonl"


def reports(shared: Path) -> dict[str, dict[str, Any]]:
    """Return the reports that may be coded, by id: {"text", "published"}."""
    rows = read_lines(shared / "data/wiki_current_events/reports.dev.jsonl.gz")
    out = {row["id"]: {"text": row["text"], "published": row["date"]} for row in rows}
    for row in read_lines(shared / "data/wikinews/articles.dev.jsonl"):
        out[row["doc_id"]] = {"text": row["text"], "published": row["date"]}
    return out


def packed(text: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return a coder's event with offsets for words; raises ValueError for words that the report lacks."""
    start = -1
    for _ in range(event.get("n", 1)):
        start = text.find(event["trigger"], start + 1)
        if start < 0:
            raise ValueError(f"trigger {event['trigger']!r} is not in the report so often")

    def at(words: str) -> tuple[int, int]:
        span = nearest(text, words, start, (0, len(text)))
        if span is None:
            raise ValueError(f"{words!r} is not in the report")
        return span

    place = event.get("place")
    return {
        "type": event["type"],
        "alternatives": event.get("alt", []),
        "status": event["status"],
        "evidence": [start, start + len(event["trigger"])],
        **{side: [[*at(words), *rest] for words, *rest in event[side]] for side in ("sources", "targets")},
        "time": event.get("time"),
        "place": [*at(place[0]), *place[1:]] if place else None,
    }


def unpacked(text: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return an event of the labels in the form of the exam's training reports."""
    start, end = event["evidence"]

    def actor(row: list[Any]) -> dict[str, Any]:
        return {"text": text[row[0] : row[1]], "country": row[2], "sector": row[3]}

    place, time = event["place"], event["time"]
    return {
        "type": event["type"],
        "alternatives": event["alternatives"],
        "status": event["status"],
        "evidence": {"start": start, "end": end, "text": text[start:end]},
        "sources": [actor(row) for row in event["sources"]],
        "targets": [actor(row) for row in event["targets"]],
        "time": {"start": time[0], "end": time[1]} if time else None,
        "place": {"text": text[place[0] : place[1]], "country": place[2], "level": place[3]} if place else None,
    }


def items(shared: Path, labels: Path = LABELS) -> list[dict[str, Any]]:
    """Return the coded reports in the form of the exam's training reports; none where the shared data is absent."""
    if not (shared / "data/wiki_current_events").is_dir():
        return []
    texts = reports(shared)
    out = []
    for row in read_lines(labels):
        report = texts[row["id"]]
        events = [unpacked(report["text"], event) for event in row["events"]]
        out.append({"id": row["id"], **report, "events": events})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("act", choices=("pack",))
    parser.add_argument("coded", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    texts, rows = reports(options.data), {row["id"]: row for row in read_lines(LABELS)}
    known = {row["id"] for row in read_lines(options.data / "exam/train.jsonl")}
    for path in options.coded:
        for row in read_lines(path):
            if row["id"] in known:
                continue  # coded before: such reports only measure how far coders agree
            try:
                events = [packed(texts[row["id"]]["text"], event) for event in row["events"]]
            except (KeyError, ValueError) as error:
                raise SystemExit(f"{path}: {row['id']}: {error}") from error
            rows[row["id"]] = {"id": row["id"], "events": events}
    with LABELS.open("w", encoding="utf-8") as out:
        for _, row in sorted(rows.items()):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(len(rows), "reports,", sum(len(row["events"]) for row in rows.values()), "events")


if __name__ == "__main__":
    main()
