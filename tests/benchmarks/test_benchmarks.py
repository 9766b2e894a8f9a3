"""The measures measure: own scorer equals the exam's, floors hold, the seed report reads as it must."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks.__main__ import main
from benchmarks.exam import figures, measure
from benchmarks.matching import assign, same_actor, same_name, sides
from tests.conftest import ROOT, SHARED

import pourparler
from benchmarks import floors
from pourparler.record import Record

GOLD: dict[str, Any] = {
    "id": "d1",
    "published": "2023-05-12",
    "text": "Armenia accused Azerbaijan. They met in Brussels.",
    "events": [
        {
            "type": "ACCUSE",
            "sources": [{"text": "Armenia", "country": "ARM", "sector": "GOV"}],
            "targets": [{"text": "Azerbaijan", "country": "AZE", "sector": "GOV"}],
            "status": "happened",
            "time": {"start": "2023-05-12", "end": "2023-05-12"},
            "place": None,
            "evidence": {"start": 8, "end": 15, "text": "accused"},
        },
        {
            "type": "CONSULT",
            "sources": [
                {"text": "Armenia", "country": "ARM", "sector": "GOV"},
                {"text": "Azerbaijan", "country": "AZE", "sector": "GOV"},
            ],
            "targets": [],
            "status": "happened",
            "time": None,
            "place": {"text": "Brussels", "country": "BEL", "level": "city"},
            "evidence": {"start": 33, "end": 36, "text": "met"},
        },
    ],
}


def record(*events: dict[str, Any]) -> dict[str, Any]:
    actors = [
        {"id": "a1", "name": "Armenia", "country": "ARM", "sector": "GOV", "mentions": []},
        {"id": "a2", "name": "Azerbaijan", "country": "AZE", "sector": "GOV", "mentions": []},
    ]
    return {"document": {"id": "d1", "text": GOLD["text"]}, "actors": actors, "events": list(events)}


def event(kind: str, sources: list[str], targets: list[str], start: int, end: int) -> dict[str, Any]:
    span = {"start": start, "end": end, "text": GOLD["text"][start:end]}
    day = {"start": "2023-05-12", "end": "2023-05-12"}
    place = {"name": "Brussels", "country": "BEL"}
    both = {"sources": sources, "targets": targets}
    return {
        "type": kind,
        **both,
        "status": "happened",
        "time": day,
        "place": place,
        "confidence": 0.9,
        "evidence": [span],
    }


def test_a_right_record_scores_full_and_an_empty_one_nothing() -> None:
    right = record(event("ACCUSE", ["a1"], ["a2"], 8, 15), event("CONSULT", ["a1"], ["a2"], 33, 36))
    best = figures([GOLD], {"d1": right})
    assert best["strict"]["f1"] == best["type"]["f1"] == 100.0
    assert best["time_accuracy"] == best["place_accuracy"] == best["status_accuracy"] == 100.0
    none = figures([GOLD], {})
    assert none["absent"] == 1 and none["type"]["f1"] == 0.0


def test_wrong_sides_cost_the_strict_figure_only() -> None:
    swapped = record(event("ACCUSE", ["a2"], ["a1"], 8, 15))
    found = figures([GOLD], {"d1": swapped})
    assert found["type"]["recall"] == 50.0 and found["strict"]["recall"] == 0.0


def test_wrong_offsets_are_counted() -> None:
    wrong = record(event("ACCUSE", ["a1"], ["a2"], 8, 15))
    wrong["events"][0]["evidence"][0]["text"] = "accuse"
    assert figures([GOLD], {"d1": wrong})["evidence_offsets_wrong"] == 1


def test_names_and_pools() -> None:
    assert same_name("Azerbaijani Foreign Minister Jeyhun Bayramov", "Bayramov")
    assert not same_name("President of Armenia", "President of France")
    assert same_name("two ministers", "ministers") and not same_name("", "x")
    gold = {"text": "Baku", "country": "AZE", "sector": "GOV"}
    assert same_actor(gold, {"name": "Azerbaijan", "country": "AZE", "sector": "GOV"})
    actors = {a["id"]: a for a in record()["actors"]}
    assert sides(GOLD["events"][1], {"sources": ["a1"], "targets": ["a2"]}, actors) == (True, True)
    assert sides(GOLD["events"][1], {"sources": ["a1"], "targets": []}, actors) == (True, True)
    assert assign(2, 2, lambda i, j: float(i == j)) == [(1, 1), (0, 0)]


def test_the_frozen_results_stand_above_their_floors(tmp_path: Path) -> None:
    assert floors.check() == []
    (tmp_path / "results").mkdir()
    (tmp_path / "floors.toml").write_text('[x.at_least]\n"a.b" = 2.0\n[x.at_most]\nc = 1\n[y.at_least]\nz = 1\n')
    (tmp_path / "results" / "x.json").write_text(json.dumps({"figures": {"a": {"b": 1}, "c": 2}}))
    assert len(floors.check(tmp_path)) == 3


def test_the_command_prints_one_json_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(GOLD) + "\n")
    assert main(["exam", str(gold), "--records", str(tmp_path / "records.jsonl")]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["items"] == 1 and printed["evidence_offsets_wrong"] == 0
    assert len((tmp_path / "records.jsonl").read_text().splitlines()) == 1


def test_speed_has_its_keys_and_starts_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speed", str(ROOT / "examples" / "talks.jsonl")]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {"documents_per_second", "tokens_per_second", "startup_s", "peak_mb"} <= set(printed)
    assert printed["startup_s"] < 3 and printed["documents"] == 12


def test_a_missing_file_is_told() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["exam", "nowhere.jsonl"])
    assert stopped.value.code == 2


@pytest.mark.shared
@pytest.mark.parametrize("name", ["seed/gold.jsonl", "exam/dev.jsonl"])
def test_our_scorer_equals_the_exams(name: str, tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    ours = measure(SHARED / name, records=records)
    line = [sys.executable, str(SHARED / "exam" / "score.py"), str(SHARED / name), str(records), "--json"]
    theirs = json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
    # The errors of calibration are ours alone.
    assert {key: value for key, value in ours.items() if not key.startswith("ece")} == theirs


@pytest.fixture(scope="module")
def seed() -> Record:
    text = (SHARED / "seed" / "article.txt").read_text(encoding="utf-8")
    return pourparler.read(text, published="2023-05-04")


def acts(record: Record, kind: str, status: str, day: str) -> list[str]:
    """Return the names of all who take part in acts of a type, status and first day."""
    names = {a.id: f"{a.name} {a.country}" for a in record.actors}
    return [
        " + ".join(names[i] for i in e.sources + e.targets)
        for e in record.events
        if e.type == kind and e.status == status and e.time and e.time.start == day
    ]


@pytest.mark.shared
def test_the_seed_report_tells_what_it_must(seed: Record) -> None:
    talks = [e for e in seed.events if e.type == "CONSULT" and e.time and e.time.start == "2023-05-01"]
    assert talks and talks[0].place and talks[0].place.name == "Washington" and talks[0].status == "happened"
    meeting = acts(seed, "CONSULT", "happened", "2023-05-03")
    assert any("Sullivan" in m and "Mirzoyan" in m and "Bayramov" in m for m in meeting)
    assert any("ARM" in m and "AZE" in m for m in acts(seed, "CONSULT", "planned", "2023-05-04"))
    names = {a.id: f"{a.name} {a.country}" for a in seed.actors}
    moves = [e for e in seed.events if e.time and e.time.start == "2023-04-23" and e.status == "happened"]
    assert any("AZE" in names[i] for e in moves for i in e.sources)
    charges = {
        (names[s].rsplit(" ", 1)[0], names[t][-3:])
        for e in seed.events
        if e.type == "ACCUSE" and e.status == "happened"
        for s in e.sources
        for t in e.targets
    }
    assert {("Ararat Mirzoyan", "AZE"), ("Jeyhun Bayramov", "ARM")} <= charges


@pytest.mark.shared
def test_what_the_ministers_allege_never_stands_as_happened(seed: Record) -> None:
    ministers = {a.id for a in seed.actors if "Mirzoyan" in a.name or "Bayramov" in a.name}
    said = {i for s in seed.statements if ministers & set(s.speakers) for i in s.about}
    inside = [e for e in seed.events if e.id in said]
    assert {e.status for e in inside} & {"alleged"}
    assert not {e.status for e in inside} & {"happened", "ongoing"}
