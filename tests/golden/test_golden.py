"""About thirty reports against what an analyst enters from them; every label says why it is one."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

import pytest

import pourparler
from pourparler.intake import Intake, find_sources
from pourparler.record import Document, Event, Record

HERE = Path(__file__).resolve().parent
REPORTS: list[dict[str, Any]] = tomllib.loads((HERE / "reports.toml").read_text(encoding="utf-8"))["report"]
LABELS = [(report, label) for report in REPORTS for label in report["label"]]


def name_of(report: dict[str, Any]) -> str:
    return report.get("name") or report["file"]


@functools.cache
def record_of(name: str) -> Record:
    report = next(r for r in REPORTS if name_of(r) == name)
    if "text" in report:
        return pourparler.read(report["text"], published=report["published"])
    path = HERE.parents[1] / "examples" / "reports" / report["file"]
    errors: list[Exception] = []
    intake = Intake(published=report["published"], on_error=errors.append)
    documents: list[Document] = list(intake.documents(find_sources([str(path)], on_error=errors.append)))
    assert not errors
    return next(pourparler.read_many(documents))


def stands_for(record: Record, ids: tuple[str, ...], wanted: str) -> bool:
    """True where one of the actors is of the country, or has the words in its name or a mention; "" is nobody."""
    if wanted == "":
        return not ids
    actors = [actor for actor in record.actors if actor.id in ids]
    if len(wanted) == 3 and wanted.isupper():
        return any(actor.country == wanted for actor in actors)
    return any(wanted in text for a in actors for text in (a.name, *(m.text for m in a.mentions)))


def fits(record: Record, event: Event, label: dict[str, Any]) -> bool:
    text = record.document.text
    at = text.index(label["words"])
    spans = [(q.start, q.end) for q in event.evidence[:1]]
    near = any(start < at + len(label["words"]) and at < end for start, end in spans)
    says = [s.speakers for s in record.statements if s.id == event.statement]
    return (
        event.type == label["type"]
        and near
        and event.status == label["status"]
        and all(stands_for(record, ids, label[k]) for k, ids in _sides(event) if k in label)
        and ("start" not in label or bool(event.time and event.time.start == label["start"]))
        and ("place" not in label or bool(event.place and label["place"] in event.place.name))
        and ("says" not in label or any(stands_for(record, ids, label["says"]) for ids in says))
    )


def _sides(event: Event) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("source", event.sources), ("target", event.targets)


@pytest.mark.parametrize(
    ("report", "label"), LABELS, ids=[f"{name_of(r)}-{lab['words']}-{i}" for i, (r, lab) in enumerate(LABELS)]
)
def test_label(report: dict[str, Any], label: dict[str, Any]) -> None:
    record = record_of(name_of(report))
    found = any(fits(record, event, label) for event in record.events)
    if label.get("missed"):
        assert not found, "found at last: take the mark 'missed' off this label"
    else:
        assert found, label["reason"]


def test_there_are_about_thirty_and_each_label_has_its_reason() -> None:
    assert len(REPORTS) >= 30
    assert all(label["reason"] for _, label in LABELS)
    assert sum(bool(label.get("missed")) for _, label in LABELS) <= len(LABELS) // 5


def test_what_only_a_side_says_is_never_told_as_a_fact() -> None:
    # The heart of it, over all reports: an act labelled as somebody's word must not stand as happened.
    for report, label in LABELS:
        if label["status"] == "alleged":
            record = record_of(name_of(report))
            told = [e for e in record.events if e.status == "happened" and e.evidence[0].text in label["words"]]
            assert not told, (name_of(report), label["words"])
