"""Sources are cut into units: the same each time, bounded, and nothing of a source is lost on the way."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pourparler.batch import units as room
from pourparler.batch.plan import Plan
from pourparler.batch.taking import sources_of, units
from pourparler.batch.units import month_of
from pourparler.intake import Intake, find_sources
from tests.batch.by_hand import cut
from tests.batch.sources import report

PLAN = Plan("", "v1", unit=10)


def test_units_hold_what_the_intake_gives(names: tuple[str, ...]) -> None:
    intake = Intake(on_error=lambda error: None)
    expected = [(document, spot.place) for document, spot in intake.placed(find_sources(names, on_error=print))]
    found = [(one.document, one.place) for unit in cut(names, PLAN) for one in unit.documents]
    assert sorted(found, key=lambda one: one[0].id) == sorted(expected, key=lambda one: one[0].id)
    refused = [one for unit in cut(names, PLAN) for one in unit.refused]
    assert [one.place for one in refused] == ["line 4", "line 5", "line 6"]
    assert all(one.reason for one in refused)
    assert any("control characters" in note for unit in cut(names, PLAN) for note in unit.notes)


def test_the_same_source_gives_the_same_units(names: tuple[str, ...]) -> None:
    first = [unit.name for unit in cut(names, PLAN)]
    assert first == [unit.name for unit in cut(names, PLAN)]
    assert len(set(first)) == len(first)
    other = {unit.name for unit in cut(names, Plan("", "v2", unit=10))}
    assert other.isdisjoint(first), "another reader is other work"


def test_units_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CHARACTERS", 2_000)
    path = tmp_path / "long.jsonl"
    rows = [{"id": str(n), "text": "Words of a report. " * (n + 1), "published": "2020-01-01"} for n in range(60)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    made = list(units(str(path), str(path), PLAN))
    assert sum(len(unit.documents) for unit in made) == 60
    assert all(len(unit.documents) <= 10 for unit in made)
    assert all(unit.characters <= 2_000 or len(unit.documents) == 1 for unit in made)


def test_a_source_in_no_order_is_cut_by_months(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text("".join(json.dumps(report(n)) + "\n" for n in range(40)))
    months = [[month_of(one.document) for one in unit.documents] for unit in units(str(path), str(path), PLAN)]
    assert [month for some in months for month in some] == sorted(month for some in months for month in some)


def test_errors_without_end_stay_in_memory_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MOST", 7)
    path = tmp_path / "bad.jsonl"
    path.write_text("{\n" * 1_000)
    [unit] = units(str(path), str(path), PLAN)
    assert len(unit.refused) == 8
    assert unit.refused[-1].reason.startswith("993 more errors")


def test_sources_on_other_file_systems(names: tuple[str, ...]) -> None:
    folder = Path(names[0]).parent
    addresses = sources_of((folder.as_uri(),), on_error=print)
    assert addresses == [Path(name).as_uri() for name in names]
    by_path, by_address = cut(names, PLAN), cut(addresses, PLAN)
    assert [unit.source for unit in by_address] == [
        address for name, address in zip(names, addresses, strict=True) for unit in by_path if unit.source == name
    ]
    assert [unit.documents for unit in by_address] == [unit.documents for unit in by_path]
    # fsspec's own name of the same folder, which pyarrow does not know.
    assert sources_of((f"local://{names[0]}",), on_error=print) == [f"local://{names[0]}"]
    [first, *_] = units(f"local://{names[0]}", f"local://{names[0]}", PLAN)
    assert first.documents == by_path[0].documents


def test_of_a_folder_on_another_file_system_the_same_is_read_as_here(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.jsonl", ".a.txt.crc", ".git/c.txt", "_SUCCESS"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Armenia met Azerbaijan.")
    told: list[str] = []
    here = sources_of((str(tmp_path),), on_error=lambda error: told.append(str(error)))
    there = sources_of((tmp_path.as_uri(),), on_error=lambda error: told.append(str(error)))
    assert there == [Path(name).as_uri() for name in here] and len(here) == 2 and not told
    assert sources_of(((tmp_path / ".git").as_uri() + "/none",), on_error=lambda error: told.append(str(error))) == []
    assert told


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    wanted = (str(tmp_path / "no.jsonl"), "file:///no/such/file.jsonl", "nosuch://bucket/x.jsonl", "-")
    assert sources_of(wanted, on_error=lambda error: told.append(str(error))) == []
    assert len(told) == 4


def test_a_damaged_file_of_another_file_system_is_one_unit_each_time(tmp_path: Path) -> None:
    path = tmp_path / f"{'語' * 80}.bin.gz"
    path.write_bytes(gzip.compress(b"Armenia met Azerbaijan. " * 50)[:30])
    [one], [two] = ([*units(path.as_uri(), path.as_uri(), PLAN)] for _ in range(2))
    assert (one.name, one.refused) == (two.name, two.refused)
    [refused] = one.refused
    assert "cut off" in refused.reason and refused.place == ""
