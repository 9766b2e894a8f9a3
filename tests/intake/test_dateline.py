"""A report's own dateline is its day of publication where nothing else tells one; the day of an event never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pourparler.intake import Intake, find_sources
from pourparler.intake.dateline import dateline
from pourparler.record import Document


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Talks open\n\nORLAN, 3 May 2023 - Envoys met.", "2023-05-03"),
        ("ORLAN (May 3, 2023) - Envoys met.", "2023-05-03"),
        ("ORLAN, Feb. 3, 2023 (Agency) — Envoys met.", "2023-02-03"),
        ("ORLAN, FEBRUARY 3, 2023, AGENCY. Envoys met.", "2023-02-03"),
        ("New Orlan, Estria, Wednesday, 3 May 2023: Envoys met.", "2023-05-03"),
        ("Talks open\nMay 03 , 2023\nEnvoys met.", "2023-05-03"),
        ("Published: 2023-05-03 10:30 GMT\nEnvoys met.", "2023-05-03"),
        ("Wednesday, May 3rd, 2023\nEnvoys met.", "2023-05-03"),
    ],
)
def test_a_dateline_tells_the_day(text: str, day: str) -> None:
    assert dateline(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "On 12 May 1994, a truce took hold.",
        "In Orlan, 12 May 1994. A truce took hold.",
        "He was born in Orlan, 12 May 1994. He left.",
        "The truce of 12 May 1994. It held.",
        "ORLAN, 30 February 2023 - Envoys met.",
        "ORLAN, 3 May - Envoys met.",
        "Envoys met.\n" * 7 + "ORLAN, 3 May 2023 - They met again.",
        "",
    ],
)
def test_no_other_date_does(text: str) -> None:
    assert dateline(text) is None


def documents(path: Path, notes: list[str], published: str | None = None) -> list[Document]:
    intake = Intake(published=published, on_error=pytest.fail, on_note=notes.append)
    return list(intake.documents(find_sources([str(path)], on_error=pytest.fail)))


def test_files_without_a_date_take_their_dateline_and_the_first_is_told_of(tmp_path: Path) -> None:
    for day in (3, 4):
        (tmp_path / f"{day}.txt").write_text(f"ORLAN, {day} May 2023 - Envoys met.", encoding="utf-8")
    notes: list[str] = []
    assert [d.published for d in documents(tmp_path, notes)] == ["2023-05-03", "2023-05-04"]
    assert len(notes) == 1 and "2023-05-03" in notes[0]


def test_a_given_day_goes_before(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ORLAN, 3 May 2023 - Envoys met.", encoding="utf-8")
    assert [d.published for d in documents(tmp_path, [], "2023-06-01")] == ["2023-06-01"]
