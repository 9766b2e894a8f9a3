"""Any Unicode on its whole way: file, document, record, archive, exports; what goes in comes out."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.properties.test_reading import TEXTS, check

import pourparler
from pourparler.archive.checking import check as whole
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import ReadingError
from pourparler.export import exporter
from pourparler.intake import Intake, find_sources
from pourparler.intake.text import tidy
from pourparler.record import Document, dumps, from_dict, loads, to_dict

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
NEWS = "Armenia accused Azerbaijan of shelling Sotk. The ministers will meet in Brussels on May 14. "
# News with anything in it: half-written escapes, signs that change direction, characters beyond the first plane.
REPORTS = st.lists(TEXTS.map(lambda text: NEWS + tidy(text)), min_size=1, max_size=3, unique=True)


def taken(name: str, data: bytes) -> tuple[list[Document], list[str]]:
    """Return the documents of a file, and what was told of it."""
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        intake = Intake(on_error=lambda error: told.append(str(error)), on_note=told.append)
        return list(intake.documents(find_sources([str(path)], on_error=lambda e: told.append(str(e))))), told


def as_jsonl(rows: Sequence[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def as_parquet(rows: Sequence[dict[str, Any]]) -> bytes:
    stream = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), stream)
    return stream.getvalue()


@QUICK
@given(REPORTS)
@example([NEWS + "\u2028\u2029\x85\x9b\r\r\n\ufeff\ufffe"])
def test_rows_come_in_as_they_are_from_every_kind_of_file(texts: list[str]) -> None:
    rows = [{"id": f"r{n}", "text": text, "published": "2023-05-12"} for n, text in enumerate(texts)]
    for name, data in (("a.jsonl", as_jsonl(rows)), ("a.csv", as_csv(rows)), ("a.parquet", as_parquet(rows))):
        documents, told = taken(name, data)
        assert [one.text for one in documents] == texts, (name, told)
        assert [one.id for one in documents] == [row["id"] for row in rows]


@QUICK
@given(TEXTS)
def test_a_text_comes_in_without_blanks_around_and_with_line_feeds(text: str) -> None:
    given_ = NEWS + tidy(text)
    documents, told = taken("a.txt", given_.encode())
    assert [one.text for one in documents] == [given_.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \n\t")]
    assert not [one for one in told if "UTF-8" in one]


@QUICK
@given(REPORTS)
def test_an_archive_gives_back_what_was_read(texts: list[str]) -> None:
    documents = [Document(f"d{n}", text, "T \ud800", "2023-05-12", text[-9:]) for n, text in enumerate(texts)]
    records = list(pourparler.read_many(documents))
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "a.db", create=True) as archive:
        keys = archive.add_reports([Arrived(one, "test", one.id) for one in documents])
        archive.add_records(records[0].run, list(zip(keys, records, strict=True)))
        for key, record in zip(keys, records, strict=True):
            assert archive.record(key) == record
            check(archive.record(key))
        assert list(whole(archive)) == []


class Marks(HTMLParser):
    """Counts what runs in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script" or any(name.startswith("on") for name, _ in attrs)


@QUICK
@given(TEXTS)
def test_exports_hold_what_was_read(text: str) -> None:
    record = pourparler.read(NEWS + text, published="2023-05-12")
    out: dict[str, str] = {}
    for form in ("table", "json", "jsonl", "csv", "md", "html"):
        stream = io.StringIO()
        exporter(form)(iter([record]), stream)
        out[form] = stream.getvalue()
        out[form].encode("utf-8")
    assert from_dict(json.loads(out["json"])) == from_dict(json.loads(out["jsonl"])) == record
    rows = list(csv.DictReader(io.StringIO(out["csv"])))
    assert len(rows) == len(record.events)
    # A spreadsheet cuts what no cell can hold; the offsets of the words are those of the report.
    assert all(int(row["words_start"]) < int(row["words_end"]) <= len(record.document.text) for row in rows)
    empty = Marks()
    empty.feed(out["html"])
    plain = io.StringIO()
    exporter("html")(iter([pourparler.read(NEWS, published="2023-05-12")]), plain)
    usual = Marks()
    usual.feed(plain.getvalue())
    assert empty.scripts == usual.scripts


@pytest.mark.parametrize("halves", ["\ud83d\ude00", "a \udbff\udfff b"])
def test_a_character_in_two_halves_is_refused(halves: str) -> None:
    """JSON would make one of them, and every offset behind it would be wrong by one."""
    with pytest.raises(ReadingError, match="two halves of one"):
        pourparler.read(NEWS + halves)
    seen: list[ReadingError] = []
    good = Document("good", NEWS)
    records = list(pourparler.read_many([Document("bad", halves + NEWS), good], on_error=seen.append))
    assert [one.document for one in records] == [good] and [one.document for one in seen] == ["bad"]


@pytest.mark.parametrize("text", ["\ude00\ud83d", "\ud83d \ude00", "\ud83d\ud83d", "😀"])
def test_lone_halves_and_whole_characters_are_read(text: str) -> None:
    record = pourparler.read(NEWS + text + " Russia condemned it.")
    assert (
        loads(dumps(record)) == record
        and to_dict(record)["document"]["text"] == NEWS + text + " Russia condemned it."
    )
