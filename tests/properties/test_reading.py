"""What holds for every text: offsets are true, ids do not hang on order, any Unicode survives."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pourparler
from pourparler.record import Document, Record, dumps, loads, schema, to_dict

PIECES = st.sampled_from(
    [
        "Armenia accused Azerbaijan of shelling Sotk. ",
        "The two ministers will meet in Brussels on May 14. ",
        "“We reject this,” he said. ",
        "Both sides blamed each other. ",
        "Russia's foreign ministry called on both countries to stop.\n",
        "Am 1. Mai trafen sie sich. ",
        "🇦🇲🤝🇦🇿 ",
        "\u202eمرحبا\u202c ",
        "\ud800",
        "e\u0301 ",
        "\x00\x07",
        "\n\n",
        "…",
        "   ",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12).map("".join)
REASONABLE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def spans(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object that has start, end and text, wherever it is."""
    if isinstance(value, dict):
        if isinstance(value.get("start"), int):
            yield value
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


def check(record: Record) -> None:
    text = record.document.text
    data = to_dict(record)
    for span in spans(data):
        assert 0 <= span["start"] < span["end"] <= len(text)
        if span.get("text") is not None:
            assert text[span["start"] : span["end"]] == span["text"]
    for event in record.events:
        if event.time and event.time.span:
            assert text[event.time.span.start : event.time.span.end] == event.time.text
        assert event.evidence
    actors = {a.id for a in record.actors}
    statements = {s.id for s in record.statements}
    events = {e.id for e in record.events}
    assert all(set(e.sources + e.targets) <= actors for e in record.events)
    assert all(e.statement is None or e.statement in statements for e in record.events)
    assert all(set(s.about) <= events and set(s.speakers + s.addressees) <= actors for s in record.statements)
    assert len(actors) == len(record.actors) and len(events) == len(record.events)
    assert all(
        e.statement
        for e in record.events
        if e.status == "alleged" and any(e.id in s.about for s in record.statements)
    )


@REASONABLE
@given(TEXTS)
def test_every_record_is_sound(text: str) -> None:
    record = pourparler.read(text, published="2023-05-12")
    assert record.document.text == text
    check(record)
    assert loads(dumps(record)) == record
    jsonschema.validate(to_dict(record), schema())


@REASONABLE
@given(st.lists(TEXTS, min_size=2, max_size=4, unique=True), st.randoms())
def test_records_do_not_hang_on_order_or_company(texts: list[str], random: Any) -> None:
    documents = [Document(f"d{i}", text, published="2023-05-12") for i, text in enumerate(texts)]
    shuffled = documents[:]
    random.shuffle(shuffled)
    one = {r.document.id: dumps(r) for r in pourparler.read_many(documents)}
    other = {r.document.id: dumps(r) for r in pourparler.read_many(shuffled)}
    assert one == other


@REASONABLE
@given(TEXTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert pourparler.read(text) == pourparler.read(text)


def test_a_report_without_a_day_has_no_day_of_publication() -> None:
    record = pourparler.read("Russia condemned the attack. Ministers met on Monday.")
    assert all(e.time is None or e.time.basis != "publication" for e in record.events)
    assert dataclasses.asdict(record)["document"]["published"] is None
