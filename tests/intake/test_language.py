"""The language of a report is told where it is sure, and costs next to nothing for English."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.intake.told import GOOD, Told

from pourparler.intake.language import language_of

ENGLISH = (
    "The foreign ministers of Armenia and Azerbaijan met in Washington on Monday, and said that they would go on."
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        ("Le ministre arménien des Affaires étrangères a rencontré lundi son homologue à Washington.", "fr"),
        ("Der armenische Außenminister traf am Montag in Washington seinen aserbaidschanischen Amtskollegen.", "de"),
        ("Ermenistan Dışişleri Bakanı pazartesi günü Washington'da Azerbaycanlı mevkidaşıyla görüştü.", "tr"),
        ("Министр иностранных дел Армении встретился в понедельник со своим коллегой в Вашингтоне.", "ru"),
    ],
)
def test_languages_are_told(text: str, code: str) -> None:
    assert language_of(text) == code


def test_a_short_text_has_no_language() -> None:
    assert language_of(GOOD) is None
    assert language_of("") is None


def test_what_the_source_says_goes_before(tmp_path: Path) -> None:
    french = "Le ministre arménien des Affaires étrangères a rencontré lundi son homologue à Washington."
    path = tmp_path / "a.jsonl"
    rows = [
        {"text": french},
        {"text": french + " Fin.", "language": "fr-CA"},
        {"text": GOOD},
        {"text": ENGLISH, "language": "en"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    seen = Told(path)
    assert [d.language for d in seen.documents] == ["fr", "fr-CA", "en", "en"]
    assert [f"language is {code}" in note for code, note in zip(("fr", "fr-CA"), seen.notes, strict=True)] == [
        True
    ] * 2


def test_plain_english_does_not_load_the_detector() -> None:
    code = (
        "import sys; from pourparler.intake.language import language_of;"
        f"assert language_of({ENGLISH!r}) == 'en'; assert 'py3langid' not in sys.modules, 'loaded'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_costs_less_than_half_a_millisecond() -> None:
    texts = [f"{ENGLISH} Number {n}." for n in range(200)] + [
        f"Wagnis {n} Regierung Gespräche " * 40 for n in range(50)
    ]
    language_of(texts[-1])
    began = time.perf_counter()
    for text in texts:
        language_of(text)
    assert (time.perf_counter() - began) / len(texts) < 0.0005
