"""The benchmark of same events: what counts, and the scores it gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.same_event import Told, ceaf_e, conll, documents, measure

from benchmarks import clusters as slow
from pourparler.archive.alike import Telling

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def row(name: str, text: str, words: list[tuple[str, str]], validated: list[int] | None = None) -> dict[str, object]:
    mentions = [
        {
            "id": str(n),
            "spans": [[text.index(word), text.index(word) + len(word)]],
            "text": word,
            "sentence": text[: text.index(word)].count("\n"),
            "is_event": cluster != "entity",
            "cluster": cluster,
        }
        for n, (word, cluster) in enumerate(words)
    ]
    out: dict[str, object] = {"doc_id": name, "topic": 1, "text": text, "mentions": mentions}
    return out if validated is None else {**out, "validated_sentences": validated}


FERRY = [("sank", "x"), ("ferry", "entity"), ("searched", "y")]
ROWS = [
    row("a", "A ferry sank off Batam .\nDivers searched at night .", FERRY, [0]),
    row("b", "The ferry that sank near Batam was overloaded .", [("sank", "x")]),
    row("c", "Voters in Malta elected a mayor .", [("elected", "z")], []),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "coref.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in ROWS), encoding="utf-8")
    return path


def test_events_of_validated_sentences_count(file: Path) -> None:
    told = list(documents(file))
    assert [(one.telling.key, one.cluster) for one in told] == [("a/0", "x"), ("b/0", "x")]
    assert [one.telling.text[one.telling.start : one.telling.end] for one in told] == ["sank", "sank"]


def test_it_measures(file: Path) -> None:
    errors: list[str] = []
    found = measure(file, errors=errors)
    assert {"muc_f1", "b3_f1", "ceafe_f1", "conll_f1", "lemma_conll_f1"} <= found.keys()
    assert found["mentions"] == 2
    assert found["gold_clusters"] == 1
    assert bool(errors) == (found["conll_f1"] < 100)


def test_within_subtopics_no_pair_crosses_stories(tmp_path: Path) -> None:
    path = tmp_path / "coref.jsonl"
    text, other = "The ferry sank off Batam .", "A tug sank off Batam ."
    rows = [
        {**row("a", text, [("sank", "x")]), "subtopic": "1_ferry"},
        {**row("b", text, [("sank", "x")]), "subtopic": "1_ferry"},
        {**row("c", other, [("sank", "y")]), "subtopic": "1_tug"},
        {**row("d", other, [("sank", "y")]), "subtopic": "1_tug"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = measure(path)
    assert found["lemma_conll_f1"] < 100, "one head in alike reports: the rule joins both stories"
    assert found["subtopics_lemma_conll_f1"] == 100
    assert found["subtopics_conll_f1"] == 100


def test_scores_are_those_of_the_field() -> None:
    names = "aaabbcd"
    told = [Told(Telling(str(n), "r", "x", 0, 1), name, 1) for n, name in enumerate(names)]
    gold, ours = [[0, 1, 2], [3, 4], [5], [6]], [[0, 1], [2, 3], [4], [5, 6]]
    found = conll(told, ours)
    assert found["muc_f1"] == pytest.approx(33.33, abs=0.01)
    assert found["ceafe_f1"] == pytest.approx(100 * slow.ceaf_e(gold, ours).f1, abs=0.01)
    assert ceaf_e(gold, gold).f1 == 1
    assert conll(told, gold)["conll_f1"] == 100


@pytest.mark.shared
def test_dev_keeps_its_figure() -> None:
    found = measure(SHARED / "ecbplus" / "coref.dev.jsonl")
    assert found["mentions"] == 1245
    assert found["conll_f1"] > found["lemma_conll_f1"] + 1.5
