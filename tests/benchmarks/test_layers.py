"""Names and attributions are scored as the field scores them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.attribution import Parts, score
from benchmarks.layers import draft_of_text, draft_of_tokens
from benchmarks.ner import measure, spans


def parts(cue: list[int], source: list[int], content: list[int]) -> Parts:
    return Parts(frozenset(cue), frozenset(source), frozenset(content))


def test_spans_of_tags() -> None:
    tags = ["B-PER", "I-PER", "O", "B-LOC", "B-LOC", "I-ORG", "B-misc"]
    assert spans(tags) == [(0, 2, "PER"), (3, 4, "LOC"), (4, 5, "LOC")]


def test_tokens_are_not_cut_again() -> None:
    draft = draft_of_tokens(["do", "n't", "U.S.-led", "Armenia"], last="names")
    assert [draft.word(i) for i in range(4)] == ["do", "n't", "U.S.-led", "Armenia"]
    assert draft.text(draft.names[-1].words) == "Armenia"


def test_an_unknown_component_is_refused() -> None:
    with pytest.raises(ValueError, match="no component nothing"):
        draft_of_text("x", "Armenia met Azerbaijan.", last="nothing")


def test_names_found_and_missed(tmp_path: Path) -> None:
    path = tmp_path / "ner.jsonl"
    rows = [
        {"tokens": ["Antony", "Blinken", "visited", "Armenia", "."], "tags": ["B-PER", "I-PER", "O", "B-LOC", "O"]},
        {"tokens": ["they", "met", "again"], "tags": ["O", "B-PER", "O"]},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = measure(path)
    assert found["precision"] == 100.0 and found["recall"] == pytest.approx(66.7)


def test_a_right_attribution_counts_whole_and_a_half_wrong_one_in_part() -> None:
    gold = [parts([2], [0, 1], [3, 4, 5, 6]), parts([12], [], [13, 14])]
    right = score(gold, gold)
    assert right["cue"] == right["all_three"] == 2 and right["content"] == 6
    half = score(gold, [parts([2], [0], [3, 4]), parts([12], [11], [13, 14])])
    assert half["cue"] == 2 and half["all_three"] == 1
    assert score(gold, [parts([9], [0], [3])])["cue"] == 0
