"""Columns under other names, lists, and values that are none."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import SHARED
from tests.intake.told import GOOD, Told


def written(tmp_path: Path, *rows: dict[str, Any]) -> Told:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return Told(path)


def test_common_names_are_known(tmp_path: Path) -> None:
    seen = written(
        tmp_path,
        {"body": GOOD, "date": "2023-05-04", "headline": "Talks", "source": "Wire", "link": "https://a.example/1"},
        {"content": GOOD, "publication_date": "2023-05-05T10:00:00+04:00", "sources": ["One", "Two"], "lang": "en"},
    )
    first, second = seen.documents
    assert (first.text, first.published, first.title) == (GOOD, "2023-05-04", "Talks")
    assert (first.publisher, first.url) == ("Wire", "https://a.example/1")
    assert (second.published, second.publisher) == ("2023-05-05T06:00:00Z", "One; Two")


def test_our_own_names_go_first(tmp_path: Path) -> None:
    row = {
        "text": GOOD,
        "body": "Other.",
        "published": "2023-05-04",
        "date": "2020-01-01",
        "title": "",
        "headline": "H",
    }
    document = written(tmp_path, row).documents[0]
    assert (document.text, document.published, document.title) == (GOOD, "2023-05-04", "H")


def test_the_closest_heading_is_the_title(tmp_path: Path) -> None:
    seen = written(
        tmp_path, {"text": GOOD, "headings": ["Wars", "Lachin corridor"]}, {"text": "B met C.", "headings": []}
    )
    assert [d.title for d in seen.documents] == ["Lachin corridor", None]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"text": GOOD, "date": "0000-00-00"}, "column date"),
        ({"text": GOOD, "published": "0000-01-01"}, "is no day of publication"),
        ({"text": GOOD, "published": "2023-02-30"}, "is no day of publication"),
        ({"text": GOOD, "published": 20230504}, "column published is int"),
        ({"text": ["a", "b"]}, "column text is list"),
        ({"text": GOOD, "sources": ["a", 1]}, "column sources is list"),
        ({"title": "T"}, "column text is empty or missing"),
    ],
)
def test_a_wrong_value_names_its_column_and_line(row: dict[str, Any], told: str, tmp_path: Path) -> None:
    seen = written(tmp_path, row, {"text": GOOD})
    assert [d.text for d in seen.documents] == [GOOD]
    assert "line 1" in str(seen.errors[0]) and told in str(seen.errors[0])


def test_numbers_without_end_are_an_error_of_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": ' + "9" * 5000 + ', "text": "x"}\n{"text": "' + GOOD + '"}\n')
    seen = Told(path)
    assert len(seen.documents) == 1 and "line 1" in str(seen.errors[0])


def test_a_csv_may_use_the_other_names(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Date,Headline,Body,Source\n2023-05-04,Talks,{GOOD},Wire\n0000-00-00,,Bad day.,\n")
    seen = Told(path)
    assert [(d.title, d.publisher, d.published) for d in seen.documents] == [("Talks", "Wire", "2023-05-04")]
    assert "line 3" in str(seen.errors[0])


@pytest.mark.shared
def test_the_archive_of_current_events_is_read() -> None:
    path = SHARED / "data" / "wiki_current_events" / "reports.dev.jsonl.gz"
    with gzip.open(path, "rb") as stream:
        head = [json.loads(next(stream)) for _ in range(3000)]
    row = next(row for row in head if row["headings"] and len(row["sources"]) > 1)
    seen = Told(path)
    assert len(seen.documents) == seen.count == 84_003 and not seen.errors
    document = next(d for d in seen.documents if d.id == row["id"])
    assert (document.published, document.title) == (row["date"], row["headings"][-1].strip())
    assert document.publisher == "; ".join(row["sources"])


def test_what_cannot_be_stored_is_replaced_one_for_one(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": "a\\u0000", "text": "One\\u0000met \\ud800 two.", "title": "A\\nB\\u0007 C", "source": " "}\n'
    )
    seen = Told(path)
    document = seen.documents[0]
    assert (document.id, document.text) == ("a ", "One met \ufffd two.")
    assert (document.title, document.publisher) == ("A B C", None)
    assert "replaced, one for one" in seen.notes[0]
