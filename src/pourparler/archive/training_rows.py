"""Verdicts as training data: a line a report, its events in the form in which reports are coded for training."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pourparler.archive.applying import Past, Reading, is_out, reading_of, values
from pourparler.archive.binding import BINDING
from pourparler.archive.fields import nearest, with_values
from pourparler.archive.given import ON_TELLING, Verdict, verdicts_of
from pourparler.archive.kept import document_of
from pourparler.archive.rows import Row
from pourparler.archive.standing import Standing, standing
from pourparler.archive.store import Archive
from pourparler.knowledge import resolve_place
from pourparler.record import Document


def training_rows(archive: Archive) -> Iterator[dict[str, Any]]:
    """Yield, for each report with verdicts in force, what a trainer needs; each is one JSON object.

    ``events`` are those that persons accepted or corrected, in the form of training/labels/coded.jsonl; ``rejected``
    those that are none. Other events of the report may be there: nobody has said that these are all. ``verdicts``
    give each decision with the event before and after, ``pairs`` which tellings are one event and which are not.
    """
    states = {one.verdict.key: one for one in standing(archive) if one.state != "undone" and not one.verdict.undoes}
    reports = list(dict.fromkeys(one.verdict.anchor.report for one in states.values()))
    with archive.reading() as connection:
        given = verdicts_of(connection, reports)
        for report in sorted(reports):
            document = document_of(connection, report)
            found = reading_of(connection, report, given[report])
            judged = [one for one in found.verdicts if one.kind not in BINDING]
            yield {
                "id": document.id,
                "report": report,
                "published": document.published,
                "text": document.text,
                **_events(found, document),
                "verdicts": [_decision(states[one.key], found.past, document) for one in judged],
                "pairs": [pair for one in found.verdicts if one.kind in BINDING for pair in _pairs(states[one.key])],
            }


def _events(found: Reading, document: Document) -> dict[str, list[dict[str, Any]]]:
    out: dict[str, list[dict[str, Any]]] = {"events": [], "rejected": []}
    for key in sorted({match.key for match in found.matches.values() if match.key is not None}):
        on = [one for one in found.on(key) if one.kind in ON_TELLING]
        if on:
            row = with_values(found.row(key), values(on, found.row(key)))
            out["rejected" if is_out(on) else "events"].append(label(row, document.text))
    return out


def label(row: Row, text: str) -> dict[str, Any]:
    """Return a telling as a coder writes it: offsets instead of words.

    Names that the report does not have (a person may give any) stand in ``unplaced``, with their role.
    """
    unplaced: list[list[str]] = []
    sides: dict[str, list[list[Any]]] = {"sources": [], "targets": []}
    for party in json.loads(row["sides"]):
        if party["at"]:
            sides[f"{party['role']}s"].append([*party["at"], party["country"], party["sector"]])
        else:
            unplaced.append([party["role"], party["name"]])
    place = None
    if row["place"]:
        span, known = nearest(text, row["place"], row["start"]), resolve_place(row["place"])
        place = [*span, row["country"], known.level if known else None] if span else None
        unplaced += [] if span else [["place", row["place"]]]
    return {
        "type": row["type"],
        "alternatives": [],
        "status": row["status"],
        "evidence": [row["start"], row["end"]],
        **sides,
        "time": [row["first"], row["last"]] if row["first"] else None,
        "place": place,
        "mode": row["mode"],
        "unplaced": unplaced,
    }


def _decision(found: Standing, past: Past, document: Document) -> dict[str, Any]:
    one = found.verdict
    read = next(row for row in past.rows(one.anchor.run).tellings if row["key"] == one.anchor.telling)
    after = None if one.kind == "reject" else label(with_values(read, values([one], read)), document.text)
    return {
        "key": one.key,
        "kind": one.kind,
        "field": one.field,
        "before": label(read, document.text),
        "after": after,
        **_whose(one),
        "state": found.state,
    }


def _pairs(found: Standing) -> Sequence[dict[str, Any]]:
    one = found.verdict
    mine = {"report": one.anchor.report, "evidence": [one.anchor.start, one.anchor.end]}
    return [
        {
            "same": one.kind == "join",
            "a": mine,
            "b": {"report": other.report, "evidence": [other.start, other.end]},
            **_whose(one),
            "state": found.state,
        }
        for other in one.others
    ]


def _whose(one: Verdict) -> dict[str, str | None]:
    return {"by": one.by, "at": one.at, "why": one.why}
