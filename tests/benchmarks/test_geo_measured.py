"""Toponyms are scored by exact span and by distance; what is wrong is listed; a packed file is read too."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.__main__ import main
from benchmarks.geo import kilometres, measure

TEXT = (
    "The talks in Vienna ended on Monday. Delegates from Armenia left for Yerevan, and the Austrian host for Qwxyz."
)


def gold(words: str, latitude: float | None = None, longitude: float | None = None) -> dict[str, Any]:
    start = TEXT.index(words)
    where = {} if latitude is None else {"lat": latitude, "lon": longitude}
    return {"start": start, "end": start + len(words), "text": words, **where}


def written(folder: Path, *toponyms: dict[str, Any]) -> Path:
    path = folder / "geo.jsonl.gz"
    row = {"doc_id": "d", "text": TEXT, "toponyms": list(toponyms)}
    path.write_bytes(gzip.compress((json.dumps(row) + "\n").encode()))
    return path


def test_right_wrong_and_missed_places(tmp_path: Path) -> None:
    rows = [
        gold("Vienna", 48.21, 16.37),
        gold("Armenia", 40.0, 45.0),
        gold("Yerevan", -33.9, 151.2),  # wrong on purpose: the far side of the world
        gold("Qwxyz"),
    ]
    errors: list[str] = []
    figures = measure(written(tmp_path, *rows), errors=errors)
    assert (figures["toponyms"], figures["located"]) == (4, 3)
    assert figures["accuracy_161km"] == figures["end_to_end_161km"] == pytest.approx(66.7)
    assert figures["resolved"] == figures["none_right"] == 100.0
    # Ours are the three that the gazetteer has; "Austrian" is not counted, since gold names no people.
    assert figures["recognition_f1"] == pytest.approx(85.7)
    assert errors[0] == "d: missed 'Qwxyz'"
    assert errors[1].startswith("d: 'Yerevan' is at -33.9, 151.2, ours 40.1")
    assert len(errors) == 2


def test_names_of_people_count_where_gold_has_them(tmp_path: Path) -> None:
    errors: list[str] = []
    figures = measure(written(tmp_path, gold("Austrian", 47.3, 13.3)), errors=errors)
    assert figures["recognition_recall"] == 100.0
    assert sorted(errors) == ["d: extra 'Armenia'", "d: extra 'Vienna'", "d: extra 'Yerevan'"]


def test_a_file_of_no_places_has_no_median(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["geo", str(written(tmp_path, gold("Qwxyz"))), "--errors", "9"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["median_km"] is None
    assert "missed 'Qwxyz'" in err


def test_kilometres() -> None:
    assert kilometres(0, 0, 0, 180) == pytest.approx(20015, abs=1)
    assert kilometres(40.18, 44.51, 40.18, 44.51) == 0


def test_a_next_line_character_inside_a_text_ends_no_row(tmp_path: Path) -> None:
    text = "Talks in Vienna\x85 ended."
    row = {
        "doc_id": "d",
        "text": text,
        "toponyms": [{"start": 9, "end": 15, "text": "Vienna", "lat": 48.2, "lon": 16.4}],
    }
    path = tmp_path / "geo.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert measure(path)["accuracy_161km"] == 100.0
