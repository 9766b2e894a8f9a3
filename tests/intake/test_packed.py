"""Packed files are unpacked on the way, damage is named, and nothing grows without measure."""

from __future__ import annotations

import bz2
import gzip
import json
import random
from pathlib import Path

import pytest
from tests.intake.told import GOOD, Told

from pourparler.intake import rows, streams


def lines(count: int) -> bytes:
    chance = random.Random(1)
    words = [f"word{n}" for n in range(5000)]
    texts = (
        f"The report of the day and of the hour {n}: " + " ".join(chance.choices(words, k=30)) for n in range(count)
    )
    return b"".join(json.dumps({"id": str(n), "text": text}).encode() + b"\n" for n, text in enumerate(texts))


def test_packed_files_read_as_the_plain_ones(tmp_path: Path) -> None:
    import pyarrow

    data = lines(500)
    (tmp_path / "a.jsonl").write_bytes(data)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(data[:50_000]) + gzip.compress(data[50_000:]))
    (tmp_path / "a.jsonl.bz2").write_bytes(bz2.compress(data))
    (tmp_path / "a.jsonl.zst").write_bytes(pyarrow.compress(data, codec="zstd", asbytes=True))
    plain = Told(tmp_path / "a.jsonl")
    assert len(plain.documents) == plain.count == 500
    for ending in ("gz", "bz2", "zst"):
        packed = Told(tmp_path / f"a.jsonl.{ending}")
        assert packed.documents == plain.documents and packed.count == 500 and not packed.errors


def test_other_kinds_are_unpacked_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(GOOD.encode()))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"id,text\n1," + GOOD.encode() + b"\n"))
    (tmp_path / "c.html.gz").write_bytes(gzip.compress(b"<html><body><p>" + GOOD.encode() + b"</p></body></html>"))
    (tmp_path / "d.gz").write_bytes(gzip.compress(b'{"text": "' + GOOD.encode() + b'"}'))
    assert [d.text for d in Told(tmp_path).documents] == [GOOD] * 3
    assert [d.text for d in Told(tmp_path / "d.gz").documents] == [GOOD]


@pytest.mark.parametrize("ending", ["gz", "bz2", "zst"])
def test_what_stood_before_the_damage_is_kept(ending: str, tmp_path: Path) -> None:
    import pyarrow

    data = lines(8_000)
    pack = {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "zst": lambda plain: pyarrow.compress(plain, codec="zstd", asbytes=True),
    }[ending]
    packed = pack(data)
    path = tmp_path / f"a.jsonl.{ending}"
    path.write_bytes(packed[: len(packed) // 2])
    seen = Told(path)
    assert 500 < len(seen.documents) < 6_000
    assert "damaged or cut off after" in str(seen.errors[-1]) and path.name in str(seen.errors[-1])


def test_a_flipped_byte_is_damage(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(lines(2000)))
    packed[len(packed) // 2] ^= 255
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed)
    seen = Told(path)
    assert seen.documents and "unpacked bytes" in str(seen.errors[-1])


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "UNSUSPICIOUS", 1 << 20)
    for name in ("a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.warc.gz", "a.mbox.gz"):
        start = {"csv": b"id,text\n1,", "mbox": b"From x\n"}.get(name.split(".")[1], b"")
        (tmp_path / name).write_bytes(gzip.compress(start + b" " * (16 << 20)))
        seen = Told(tmp_path / name)
        assert seen.documents == []
        assert "it grows more than 200-fold" in str(seen.errors[-1]), name


def test_a_line_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_LINE", 1000)
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "' + b"x" * 5000 + b'"}\n{"text": "' + GOOD.encode() + b'"}\n')
    long = "y" * 5000
    (tmp_path / "b.csv").write_text(f"id,text\n1,{long}\n2,{GOOD}\n" + '3,"' + "open\n" * 250 + "4,End.\n")
    seen = Told(tmp_path / "a.jsonl")
    assert [d.text for d in seen.documents] == [GOOD] and "line 1: the line is longer" in str(seen.errors[0])
    seen = Told(tmp_path / "b.csv")
    assert [d.text for d in seen.documents] == [GOOD, "End."]
    assert "line 2" in str(seen.errors[0]) and "is a quote left open?" in str(seen.errors[1])


def test_a_csv_in_other_encodings(tmp_path: Path) -> None:
    text = "id\ttext\n1\tThe café met — Orléans.\n2\tΕλλάδα said.\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-16")
    assert [d.text for d in Told(tmp_path / "a.csv").documents] == ["The café met — Orléans.", "Ελλάδα said."]
    (tmp_path / "b.csv").write_bytes("id,text\n1,Fine.\n2,The café said.\n".encode("cp1252"))
    seen = Told(tmp_path / "b.csv")
    assert seen.documents[1].text == "The café said." and "line 3 is not UTF-8" in seen.notes[0]
    (tmp_path / "c.csv").write_bytes(b"\x89PNG1234,text\n")
    assert "a PNG image" in str(Told(tmp_path / "c.csv").errors[0])


def test_each_report_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "One met."}\n\n{bad\n{"text": "Two met."}\n')
    seen = Told(path)
    assert [spot.key for spot in seen.places] == [f"{path}:1", f"{path}:4"]
    assert [spot.place for spot in seen.places] == ["line 1", "line 4"]
    single = tmp_path / "b.txt"
    single.write_text(GOOD)
    assert [(s.key, s.place) for s in Told(single).places] == [(str(single), "")]
