"""The sweep sees a span that is wrong, and loses no report."""

import json
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.sweep import measure, wrong_spans

TEXT = "Armenia accused Azerbaijan."


@pytest.mark.parametrize(
    ("span", "problems"),
    [
        ({"start": 8, "end": 15, "text": "accused"}, 0),
        ({"start": 8, "end": 15}, 0),
        ({"start": 8, "end": 15, "text": "accuses"}, 1),
        ({"start": 8, "end": 8, "text": ""}, 1),
        ({"start": 20, "end": 90}, 1),
    ],
)
def test_wrong_spans_are_named_where_they_stand(span: dict[str, object], problems: int) -> None:
    count: Counter[str] = Counter()
    found = list(wrong_spans({"events": [{"evidence": [span]}]}, TEXT, count))
    assert len(found) == problems and count["spans"] == 1
    assert all("record.events[0].evidence[0]" in problem for problem in found)


def test_every_report_is_read_and_every_span_holds(tmp_path: Path) -> None:
    texts = [TEXT, "", "Ministers met in Geneva on Monday, officials said. They will meet again.", "\udcff \x00 ü"]
    rows = [{"id": str(n), "text": text, "date": "2023-05-04"} for n, text in enumerate(texts)]
    path = tmp_path / "reports.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    figures = measure(path)
    assert (figures["reports"], figures["read"], figures["lost"], figures["spans_wrong"]) == (4, 4, 0, 0)
    assert figures["spans"] > 5
    assert measure(path, limit=2)["reports"] == 2
