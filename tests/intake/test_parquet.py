"""Parquet: rows, other names, damage, values that are no text."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from tests.intake.told import GOOD, Told

from pourparler.intake import parquet


def test_rows_are_read_batch_by_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_MOST_ROWS", 7)
    count = 100
    table = pyarrow.table(
        {
            "Text": [f"Report {n}: {GOOD}" for n in range(count)],
            "date": [datetime.date(2023, 5, 4)] * count,
            "sources": [["One", "Two"]] * count,
            "other": list(range(count)),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", row_group_size=30)
    seen = Told(tmp_path / "a.parquet")
    assert [d.text for d in seen.documents] == table["Text"].to_pylist() and not seen.errors
    assert (seen.documents[0].published, seen.documents[0].publisher) == ("2023-05-04", "One; Two")
    assert seen.places[41].place == "row 42" and seen.count == count


def test_a_bad_row_is_named_and_the_rest_read(tmp_path: Path) -> None:
    texts = pyarrow.array([b"One met.", b"\xff\xfe no", None, b"Four met."], pyarrow.binary())
    ids = pyarrow.array([1, 2, 3, 4])
    days = pyarrow.array(["2023-05-04", None, None, "0000-00-00"])
    pyarrow.parquet.write_table(pyarrow.table({"id": ids, "text": texts, "published": days}), tmp_path / "a.parquet")
    seen = Told(tmp_path / "a.parquet")
    assert [(d.id, d.text) for d in seen.documents] == [("1", "One met.")]
    assert [f"row {n}" in str(error) for n, error in zip((2, 3, 4), seen.errors, strict=True)] == [True] * 3


def test_strings_that_are_not_utf8_lose_only_their_row(tmp_path: Path) -> None:
    wrong = pyarrow.array([b"One met.", b"caf\xe9", b"Three met."], pyarrow.binary())
    texts = pyarrow.Array.from_buffers(pyarrow.string(), 3, wrong.buffers())
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), tmp_path / "a.parquet")
    seen = Told(tmp_path / "a.parquet")
    assert [d.text for d in seen.documents] == ["One met.", "Three met."] and "row 2" in str(seen.errors[0])


def test_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"Report {n}: {GOOD}" for n in range(3000)]
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), path, row_group_size=1000, use_dictionary=False)
    data = bytearray(path.read_bytes())
    start = pyarrow.parquet.read_metadata(path).row_group(1).column(0).data_page_offset
    data[start : start + 400] = b"\xff" * 400
    path.write_bytes(data)
    seen = Told(path)
    assert [d.text for d in seen.documents] == texts[:1000] + texts[2000:]
    assert "rows 1001 to 2000 cannot be read" in str(seen.errors[0])
    path.write_bytes(data[:5000])
    assert "cannot be read as Parquet" in str(Told(path).errors[0])


def test_the_column_of_the_text_must_be_there(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), tmp_path / "a.parquet")
    assert "the column 'text' is missing (it has: a)" in str(Told(tmp_path / "a.parquet").errors[0])
