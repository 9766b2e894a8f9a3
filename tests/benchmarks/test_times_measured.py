"""Time expressions are scored by overlap, by span and by value; what is wrong is listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.__main__ import main
from benchmarks.timex import measure

TEXT = "Talks on May 4 , 2023\nThey met on Monday and will meet next week .\n"


def gold(text: str, words: str, value: str) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "text": words, "type": "DATE", "value": value}


def written(folder: Path, **more: Any) -> Path:
    row = {"doc_id": "d", "dct": "2023-05-04", "text": TEXT, **more}
    path = folder / "timex.jsonl"
    path.write_text(json.dumps(row) + "\n")
    return path


def test_a_wrong_value_a_missed_and_an_extra_expression(tmp_path: Path) -> None:
    rows = [
        gold(TEXT, "May 4 , 2023", "2023-05-04"),
        gold(TEXT, "on Monday", "2023-05-02"),
        gold(TEXT, "Talks", "P1D"),
    ]
    errors: list[str] = []
    found = measure(written(tmp_path, timexes=rows), errors=errors)
    # Ours: the date, "Monday" (2023-05-01) and "next week"; two of three overlap gold's, one has its span and value.
    assert (found["gold"], found["found"]) == (3, 3)
    assert found["relaxed_f1"] == pytest.approx(66.7)
    assert found["strict_f1"] == found["value_f1"] == pytest.approx(33.3)
    assert errors == [
        "d: 'on Monday' is 2023-05-02, ours 2023-05-01",
        "d: missed 'Talks'",
        "d: extra 'next week'",
    ]


def test_lines_that_nobody_annotated_are_not_scored(tmp_path: Path) -> None:
    text = "\n".join(["Title", "May 4 , 2023", *["They met ."] * 4, "They met on Monday ."])
    rows = [gold(text, "May 4 , 2023", "2023-05-04")]
    assert measure(written(tmp_path, text=text, timexes=rows, topic="talks"))["found"] == 1
    assert measure(written(tmp_path, text=text, timexes=rows))["found"] == 2


def test_wrong_cases_are_printed_beside_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, timexes=[gold(TEXT, "Talks", "P1D")])
    assert main(["timex", str(path), "--errors", "1"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["gold"] == 1
    assert err == "d: missed 'Talks'\n"
    with pytest.raises(SystemExit):
        main(["treebank", str(path), "--errors", "1"])
    assert "--errors: this task has none" in capsys.readouterr().err
