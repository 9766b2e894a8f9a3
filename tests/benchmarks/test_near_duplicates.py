"""The benchmark's edits change a text and keep its facts; its counts are what they say."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from benchmarks.light_edits import KINDS, changed_fact, edited
from benchmarks.near_duplicates import look_alikes, measure, pairs_of

from pourparler.archive.copies import Copy, Paper

TEXT = (
    'In Geneva, officials said the organization had recognized the "new" border. Two soldiers and 12 guards were '
    "wounded near the village of Sotk, the ministry announced. The envoys agreed to resume talks on May 14, 2023, "
    "with 1,200 guests. Azerbaijan's side rejects the claims; a court is to rule."
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_edit_changes_a_text_and_keeps_names_and_most_words(kind: str) -> None:
    made = [KINDS[kind](TEXT, random.Random(seed)) for seed in range(20)]
    assert any(new != TEXT for new in made)
    for new in made:
        assert kind in ("lead_cut", "tail_cut", "numerals", "typos") or re.search(r"\b1,200\b", new)
        words = set(re.findall(r"\w+", TEXT.lower()))
        assert len(words & set(re.findall(r"\w+", new.lower()))) > 0.65 * len(words)


def test_nothing_is_edited_where_a_kind_finds_nothing() -> None:
    assert KINDS["order"]("One sentence.", random.Random(1)) == "One sentence."
    assert KINDS["numerals"]("He paid 2.5 and 3,000.", random.Random(1)) == "He paid 2.5 and 3,000."


def test_edits_are_one_to_four_of_different_kinds_and_follow_the_seed() -> None:
    made = [edited(TEXT, random.Random(seed)) for seed in range(50)]
    assert {len(kinds) for _, kinds in made} == {1, 2, 3, 4}
    assert all(len(set(kinds)) == len(kinds) for _, kinds in made)
    assert made == [edited(TEXT, random.Random(seed)) for seed in range(50)]


def test_a_changed_fact_is_one_number() -> None:
    new = changed_fact("They freed 1,200 men.", random.Random(1))
    assert re.fullmatch(r"They freed \d,\d{3} men\.", new) and "1,200" not in new
    assert changed_fact("They freed men.", random.Random(1)) == "They freed men."


def test_pairs_are_all_of_a_group() -> None:
    found = [Copy("b", "a", "near", 0.9), Copy("c", "a", "near", 0.9), Copy("e", "d", "exact", 1.0)]
    assert sorted(pairs_of(found)) == [("a", "b"), ("a", "c"), ("b", "c"), ("d", "e")]


def test_look_alikes_share_half_their_words_and_two_weeks() -> None:
    papers = [
        Paper("a", "Troops shell the town of Sotk at night.", "2023-05-04"),
        Paper("b", "Troops shell the town of Goris at night.", "2023-05-14"),
        Paper("c", "Troops shell the town of Goris at night!", "2023-05-15"),
        Paper("d", "Troops shell the town of Kapan at night.", "2023-07-01"),
        Paper("e", "A court sets a former minister free.", "2023-05-04"),
    ]
    assert sorted(look_alikes(papers, [{}] * 5)) == [("a", "b"), ("a", "c")]
    stories = [{"subtopic": name} for name in "xyxyz"]
    assert sorted(look_alikes(papers, stories)) == [("a", "c"), ("b", "d")]


def test_figures_of_a_small_file(tmp_path: Path) -> None:
    places = ("Sotk", "Goris", "Kapan", "Jermuk", "Meghri", "Sisian", "Vardenis", "Ijevan", "Gyumri", "Vanadzor")
    subjects = ("Shepherds", "Engineers", "Doctors", "Observers", "Miners", "Teachers", "Pilots", "Judges")
    rows = [
        {"id": f"{subject}-{place}", "date": f"2023-05-{n + 1:02}", "text": f"{subject} of {place} {rest}"}
        for n, place in enumerate(places)
        for subject, rest in zip(
            subjects,
            (
                "drive their flocks back from the border after shots in the hills.",
                "repair the gas pipe that was cut in winter, the regional company announces.",
                "ask the Red Cross for medicine, as the road has been closed for weeks.",
                "count 40 lorries at the bridge and write a letter to Brussels.",
                "go on strike because wages were not paid since autumn.",
                "open a school in a hotel for children who fled their villages.",
                "refuse to fly over the lake until the radar works again.",
                "send a former mayor to prison for selling army fuel.",
            ),
            strict=True,
        )
    ]
    path = tmp_path / "reports.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    errors: list[str] = []
    figures = measure(path, seed=3, errors=errors)
    assert figures["reports"] == 80 and 20 < figures["copies"] < 60
    assert figures["precision"] > 95 and figures["recall"] > 85
    missed = figures["copies"] - round(figures["recall"] * figures["copies"] / 100)
    assert sum(error.startswith("missed") for error in errors) == missed
    assert figures["look_alikes"] > 100 and figures["look_alikes_found"] == figures["found_among_originals"] == 0
    assert measure(path, seed=4)["recall_by_kind"] != figures["recall_by_kind"]
    assert measure(path, seed=3, half=0)["copies"] + figures["copies"] == 80


@pytest.mark.shared
def test_articles_lightly_edited_are_found() -> None:
    path = Path(__file__).resolve().parents[3] / "shared" / "data" / "wikinews" / "articles.dev.jsonl"
    figures = measure(path, seed=11)
    assert figures["precision"] >= 98 and figures["recall"] >= 95
