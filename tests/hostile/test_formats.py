"""Every format of hostile records, events and views, read back by a strict parser: texts are texts in all of them."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import icalendar
import networkx
import openpyxl
import pytest
from lxml import etree
from markdown_it import MarkdownIt
from pyarrow import parquet

from pourparler.archive.query import Query, cited, found
from pourparler.archive.store import Archive
from pourparler.export import exporter
from pourparler.export.asked import BINARY, write_events
from pourparler.export.flat import columns, plain, unplain
from pourparler.export.rows import EventRow, TellingRow, event_row, telling_row
from pourparler.record import Record
from tests.hostile.conftest import Kept
from tests.hostile.corpus import cases
from tests.hostile.looking import Page

# What a spreadsheet takes for a formula, by itself or after what it passes over.
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@＝＋－＠\t\r\n]")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?\Z")


@pytest.fixture(scope="module")
def rows(kept: Kept) -> dict[type, list[Any]]:
    with Archive.open(kept.path) as archive:
        return {
            EventRow: list(map(event_row, found(archive, Query()))),
            TellingRow: list(map(telling_row, cited(archive, Query()))),
        }


def written(form: str, records: Iterable[Record]) -> str:
    stream = io.StringIO()
    exporter(form)(records, stream)
    return stream.getvalue()


def exported(form: str, rows: dict[type, list[Any]], kind: type) -> Any:
    stream: Any = io.BytesIO() if form in BINARY else io.StringIO()
    write_events(form, iter(rows[kind]), stream, kind)
    return stream.getvalue()


def drives_a_terminal(text: str) -> list[str]:
    return [hex(ord(c)) for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def tables(text: str) -> Iterator[str]:
    """Yield the kinds of what Markdown makes of a text, with those within."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token.type
        yield from (child.type for child in token.children or ())


WELCOME = frozenset(
    "heading_open heading_close paragraph_open paragraph_close inline text text_special softbreak strong_open "
    "strong_close bullet_list_open bullet_list_close list_item_open list_item_close table_open table_close "
    "thead_open thead_close tbody_open tbody_close tr_open tr_close th_open th_close td_open td_close".split()
)


def test_records_as_a_table_drive_no_terminal(kept: Kept) -> None:
    assert drives_a_terminal(written("table", list(kept.records.values())[::2])) == []


def test_records_as_json_are_whole(kept: Kept) -> None:
    lines = written("jsonl", kept.records.values()).encode("utf-8").split(b"\n")
    assert len(lines) == len(kept.records) + 1 and lines[-1] == b""
    # Zero-width characters stand as they are: they are letters of some scripts.
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", written("jsonl", kept.records.values())
    )
    texts = [json.loads(line)["document"]["text"] for line in lines[:-1]]
    assert texts == [record.document.text for record in kept.records.values()]
    assert len(json.loads(written("json", islice(kept.records.values(), 5)))) == 5


def test_records_as_csv_have_no_formula(kept: Kept) -> None:
    told = list(csv.reader(io.StringIO(written("csv", kept.records.values())), strict=True))
    assert {len(row) for row in told} == {len(told[0])}
    assert [cell for row in told for cell in row if FORMULA.match(cell) and not NUMBER.match(cell)] == []
    at = {name: n for n, name in enumerate(told[0])}
    for row in told[1:]:
        text = kept.records[row[0].split(" ")[0]].document.text
        assert unplain(row[at["words"]]) == text[int(row[at["words_start"]]) : int(row[at["words_end"]])]


def test_records_as_markdown_have_no_markup(kept: Kept) -> None:
    for record in kept.records.values():
        made = written("md", [record])
        assert set(tables(made)) <= WELCOME, (record.document.id, set(tables(made)) - WELCOME)
        assert drives_a_terminal(made) == []


def test_records_as_pages_have_no_markup(kept: Kept) -> None:
    records = list(kept.records.values())[::2]
    for start in range(0, len(records), 200):
        page = Page(written("html", records[start : start + 200]))
        assert page.wrong == [] and len(page.scripts) == 2
        for record in records[start : start + 200]:
            assert " ".join(record.document.text.split()) in page.words, record.document.id


@pytest.mark.parametrize("kind", [EventRow, TellingRow])
def test_sheets_have_no_formula_and_all_cells(rows: dict[type, list[Any]], kind: type) -> None:
    rows = {kind: rows[kind][::2]}
    told = list(csv.reader(io.StringIO(exported("csv", rows, kind)), strict=True))
    assert len(told) == len(rows[kind]) + 1 and {len(row) for row in told} == {len(columns(kind))}
    assert [cell for row in told for cell in row if FORMULA.match(cell) and not NUMBER.match(cell)] == []
    made = exported("xlsx", rows, kind)
    sheet = openpyxl.load_workbook(io.BytesIO(made), read_only=True).active
    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert len(cells) == len(told)
    for texts, row in zip(told[1:], cells[1:], strict=True):
        for text, (value, data_type) in zip(texts, row, strict=False):
            assert data_type in ("s", "inlineStr", "n", "b", "d"), (text, data_type)
            if data_type == "inlineStr" and isinstance(value, str) and "cut: a cell" not in value:
                assert value == text


@pytest.mark.parametrize("text", [case.text for case in cases() if case.kind in ("formulas", "names", "markdown")])
def test_a_neutralised_text_can_be_had_back(text: str) -> None:
    once = plain(text)
    assert unplain(once) == text and not FORMULA.match(once)
    assert unplain(plain(once)) == once


@pytest.mark.parametrize("kind", [EventRow, TellingRow])
def test_rows_as_json_are_whole(rows: dict[type, list[Any]], kind: type) -> None:
    import dataclasses

    def plainly(row: Any) -> Any:
        return json.loads(json.dumps(dataclasses.asdict(row)))

    wanted = [plainly(row) for row in rows[kind]]
    lines = exported("jsonl", rows, kind).encode("utf-8").split(b"\n")[:-1]
    assert [json.loads(line) for line in lines] == wanted
    points = json.loads(exported("geojson", rows, kind))["features"]
    assert [one["properties"] for one in points] == [row for row in wanted if row["latitude"] is not None]
    plover = exported("plover", rows, kind).encode("utf-8").split(b"\n")[:-1]
    assert [json.loads(line)["pourparler"] for line in plover] == [row for row in wanted if row["day"]]
    table = parquet.read_table(io.BytesIO(exported("parquet", rows, kind))).to_pylist()
    assert len(table) == len(rows[kind]) and json.loads(json.dumps(table[0])) == wanted[0]


def test_a_graph_is_xml_that_parses(rows: dict[type, list[Any]]) -> None:
    made = exported("graphml", rows, EventRow)
    etree.fromstring(made, etree.XMLParser(resolve_entities=False, huge_tree=False))
    graph = networkx.read_graphml(io.BytesIO(made))
    kinds = {key for _, data in graph.nodes(data=True) for key in data}
    assert kinds == {"label", "kind", "country", "sector"} and graph.number_of_nodes() > 100


def test_a_calendar_has_our_entries_alone(rows: dict[type, list[Any]]) -> None:
    made = exported("ics", rows, EventRow)
    calendar = icalendar.Calendar.from_ical(made)
    entries = calendar.walk("VEVENT")
    names = {name for part in entries for name in part}
    assert names <= set("UID DTSTAMP DTSTART DTEND SUMMARY DESCRIPTION STATUS TRANSP CATEGORIES LOCATION GEO".split())
    dated = sum(1 for row in rows[EventRow] if row.day)
    assert 0 < len(entries) <= dated and len(calendar.walk()) == 1 + len(entries)
    lines = made.split(b"\r\n")
    assert all(len(line) <= 75 and not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line) for line in lines)
    assert all(not part.errors for part in calendar.walk())


@pytest.mark.parametrize("form", ["table", "md"])
@pytest.mark.parametrize("kind", [EventRow, TellingRow])
def test_rows_for_people_are_plain(rows: dict[type, list[Any]], form: str, kind: type) -> None:
    some = {kind: rows[kind][::3]}
    made = exported(form, some, kind)
    assert drives_a_terminal(made) == []
    if form == "md":
        assert set(tables(made)) <= WELCOME
        assert sum(kind == "tr_open" for kind in tables(made)) == len(some[kind]) + 1
