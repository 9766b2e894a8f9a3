"""Read many reports and hold every record to what it promises: nothing lost, nothing without its words."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.lines import rows as rows_of
from pourparler import Document, PourparlerError, read_many
from pourparler.record import to_dict


def measure(path: Path, *, limit: int | None = None, errors: list[str] | None = None) -> dict[str, Any]:
    """Return counts over the reports of a file (the first ``limit`` of them): how many were read, and how many failed
    with a named reason; spans checked, and wrong (outside the text, or not the words beside them); events and
    statements, events by status, what was set aside by reason; seconds."""
    reports = list(itertools.islice(rows_of(path), limit))
    failed: list[PourparlerError] = []
    count: Counter[str] = Counter()
    status: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    begun = time.perf_counter()
    for record in read_many(map(_document, reports), on_error=failed.append):
        data = to_dict(record)
        count.update(read=1, events=len(record.events), statements=len(record.statements))
        count["without_evidence"] += sum(not event.evidence for event in record.events)
        status.update(event.status for event in record.events)
        aside.update(row.reason for row in record.rejected)
        for problem in wrong_spans(data, record.document.text, count):
            count["spans_wrong"] += 1
            if errors is not None:
                errors.append(f"{record.document.id}: {problem}")
    if errors is not None:
        errors += [str(error) for error in failed]
    return {
        "reports": len(reports),
        "failed": len(failed),
        "lost": len(reports) - count["read"] - len(failed),
        **{
            name: count[name] for name in ("read", "events", "statements", "without_evidence", "spans", "spans_wrong")
        },
        "status": dict(status.most_common()),
        "set_aside": dict(aside.most_common()),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def _document(row: dict[str, Any]) -> Document:
    return Document(row["id"], row["text"], published=row.get("published") or row.get("date"))


def wrong_spans(data: Any, text: str, count: Counter[str], where: str = "record") -> Iterator[str]:
    """Yield what is wrong with the spans of a record's parts; ``count["spans"]`` grows by those looked at."""
    if isinstance(data, list):
        for n, item in enumerate(data):
            yield from wrong_spans(item, text, count, f"{where}[{n}]")
    elif isinstance(data, dict):
        start, end = data.get("start"), data.get("end")
        if isinstance(start, int) and isinstance(end, int):
            count["spans"] += 1
            if not 0 <= start < end <= len(text):
                yield f"{where}: {start}:{end} is outside the report"
            elif "text" in data and text[start:end] != data["text"]:
                yield f"{where}: {start}:{end} is not {data['text']!r}"
        for name, value in data.items():
            if name not in ("document", "run"):
                yield from wrong_spans(value, text, count, f"{where}.{name}")
