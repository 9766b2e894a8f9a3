"""Parquet: rows, other names, damage, values that are no text."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from tests.intake.told import GOOD, Told, limited

from pourparler.errors import IntakeError
from pourparler.intake import apart
from pourparler.intake.parquet import parquet_rows


def many(path: Path, *, count: int = 1000) -> list[str]:
    texts = [f"Report {n}: {GOOD} " + "word " * 100 for n in range(count)]
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), path)
    return texts


def test_rows_are_read_batch_by_batch(tmp_path: Path) -> None:
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
    with limited(tmp_path, "[parquet]\nrows = 7\n"):
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


def test_a_page_that_lies_of_its_size_takes_no_more_than_its_parser_may(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"{GOOD} {n} " + "word " * 140_000 for n in range(4)]
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), path, row_group_size=2, use_dictionary=False)
    data = bytearray(path.read_bytes())
    start = pyarrow.parquet.read_metadata(path).row_group(0).column(0).data_page_offset
    # Type and size of the page: field 1 (0), then field 2, a zigzag number of four bytes: 128 MB now.
    assert data[start : start + 3] == b"\x15\x00\x15" and data[start + 6] < 0x80
    data[start + 3 : start + 7] = b"\xfe\xff\xff\x7f"
    path.write_bytes(data)
    many(tmp_path / "b.parquet", count=2)
    Told(tmp_path / "b.parquet")
    assert apart._OF_PARTS._process
    status = Path(f"/proc/{apart._OF_PARTS._process.pid}/status").read_text()
    usual = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmPeak"))
    with limited(tmp_path, f"[parser]\nmemory = {(usual << 10) + (64 << 20)}\n"):
        seen = Told(path)
    assert [d.text for d in seen.documents] == texts[2:]
    assert f"{path}, row 1: rows 1 to 2 cannot be read (malloc" in str(seen.errors[0])
    assert "Write the file again, or give it as JSONL" in str(seen.errors[0])


def test_a_parser_that_breaks_takes_nobody_with_it(tmp_path: Path) -> None:
    texts = many(tmp_path / "a.parquet")
    rows = parquet_rows(tmp_path / "a.parquet", "a.parquet")
    next(rows)
    broken = apart._OF_PARTS._process
    assert broken is not None
    broken.kill()
    with pytest.raises(IntakeError, match=r"a.parquet: after row \d+, it takes its parser .*or breaks it.*JSONL"):
        list(rows)
    assert [d.text for d in Told(tmp_path / "a.parquet").documents] == texts
    with limited(tmp_path, f"[parser]\nmemory = {32 << 20}\n"):
        seen = Told(tmp_path / "a.parquet")
    assert not seen.documents and f"{tmp_path / 'a.parquet'}: it takes its parser more than" in str(seen.errors[0])


def test_files_are_read_side_by_side_and_may_be_left(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = many(path)
    one, other = (parquet_rows(path, name) for name in ("one", "other"))
    both = [(a[1]["text"], b[1]["text"]) for a, b in zip(one, other, strict=True)]
    assert both == [(text, text) for text in texts]
    left = parquet_rows(path, "left")
    next(left)
    left.close()
    assert [row["text"] for _, row in parquet_rows(path, "again")] == texts


def test_the_column_of_the_text_must_be_there(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), tmp_path / "a.parquet")
    assert "the column 'text' is missing (it has: a)" in str(Told(tmp_path / "a.parquet").errors[0])
