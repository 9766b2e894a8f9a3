"""Every format of what a question finds: all is there, and text of the news stays text."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

import icalendar
import networkx
import openpyxl
import pytest
from markdown_it import MarkdownIt
from pyarrow import parquet
from tests.export.rows_by_hand import HOSTILE, event, telling

from pourparler.errors import ExportError
from pourparler.export import sheet_xlsx
from pourparler.export.asked import BINARY, GENERAL, OF_EVENTS, write_events
from pourparler.export.rows import EventRow, PartyRow, TellingRow

EVERY = (*GENERAL, *OF_EVENTS)
FORMULA = tuple("=+-@\t\r\n\x00")


def written(form: str, rows: Iterable[Any], kind: type = EventRow) -> tuple[Any, str]:
    """Return what a format makes of rows, text or bytes, and what it says was left out."""
    stream: Any = io.BytesIO() if form in BINARY else io.StringIO()
    left_out = write_events(form, iter(list(rows)), stream, kind)
    return stream.getvalue(), left_out


def encoded(form: str, rows: Iterable[Any], kind: type = EventRow) -> bytes:
    made, _ = written(form, rows, kind)
    return made if isinstance(made, bytes) else made.encode("utf-8")


def sheet(rows: Sequence[EventRow]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(encoded("xlsx", rows))).active


@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize("many", [0, 1, 3])
def test_every_format_writes_none_one_and_many(form: str, many: int) -> None:
    rows = [event(event=f"e{n}") for n in range(many)]
    first = encoded(form, rows)
    assert bool(first) or (many == 0 and form in ("jsonl", "plover"))
    if form not in ("graphml", "ics"):
        assert bool(encoded(form, [telling(telling=f"t{n}") for n in range(many)], TellingRow)) is bool(first)
    if form != "xlsx":
        assert encoded(form, rows) == first


@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_a_format(form: str, name: str) -> None:
    assert encoded(form, [event(name), event(event="e2")])
    if form not in ("graphml", "ics"):
        assert encoded(form, [telling(name)], TellingRow)


@pytest.mark.parametrize("form", ["table", "md", "csv"])
@pytest.mark.parametrize("name", HOSTILE)
def test_text_for_people_drives_no_terminal(form: str, name: str) -> None:
    text = encoded(form, [event(name)]).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("form", ["jsonl", "plover", "geojson"])
@pytest.mark.parametrize("name", HOSTILE)
def test_json_is_lossless(form: str, name: str) -> None:
    made = json.loads(encoded(form, [event(name)]))
    row = made["pourparler"] if form == "plover" else made["features"][0]["properties"] if form == "geojson" else made
    assert row["sources"][0] == {"name": name, "kind": "state", "country": "ARM", "sector": "GOV"}
    assert row["told"][0]["words"] == (name or "x") and (row["told"][0]["start"], row["told"][0]["end"]) == (8, 15)
    assert row["versions"][0]["value"] == name and row["told"][0]["says"] == [name]
    assert row["tellings"] == ["t1", "t2"] and row["told"][1]["report"] == "r1"


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_has_no_formula_and_every_column(name: str) -> None:
    (row, other) = csv.DictReader(io.StringIO(encoded("csv", [event(name), event()]).decode(), newline=""))
    assert not any(cell.startswith(FORMULA) for key, cell in row.items() if key not in ("score",))
    assert other["sources_name"] == "Armenia" and other["told_telling"] == "t1; t2" and other["told_start"] == "8; 8"
    assert (
        other["versions_value"] == "Armenia; 2023-05-13" and other["score"] == "-3.5" and other["says"] == "Armenia"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sheet_has_no_formula_and_no_link(name: str) -> None:
    made = sheet([event(name)])
    cells = [cell for row in made.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert not any(isinstance(cell.value, str) and cell.value.startswith(FORMULA) for cell in cells)


def test_a_sheet_has_numbers_and_days() -> None:
    made = sheet([event(), event(day="1825-01-01", first="0999-99-99", last=None)])
    head, first, second = (
        dict(zip([c.value for c in made[1]], row, strict=True)) for row in made.iter_rows(values_only=True)
    )
    assert set(head) == set(first)
    assert first["day"] == datetime.datetime(2023, 5, 12) and first["latitude"] == 39.64 and first["score"] == -3.5
    assert second["day"] == "1825-01-01" and second["first"] == "0999-99-99" and second["last"] is None
    assert made.freeze_panes == "A2" and made.auto_filter.ref.endswith("3")


def test_a_long_cell_is_cut_with_a_sign_and_too_many_rows_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    made = sheet([event("a" * 40_000)])
    longest = max((str(cell.value) for row in made.iter_rows() for cell in row), key=len)
    assert len(longest) == 32_767 and longest.endswith("see jsonl)")
    monkeypatch.setattr(sheet_xlsx, "_ROWS", 3)
    with pytest.raises(ExportError, match="--limit"):
        sheet([event()] * 3)


@pytest.mark.parametrize("name", HOSTILE)
def test_parquet_is_typed(name: str) -> None:
    table = parquet.read_table(io.BytesIO(encoded("parquet", [event(name), event(latitude=None, says=())])))
    row, other = table.to_pylist()
    assert row["sources"][0]["name"] == row["place"] == re.sub("\ud800", "\ufffd\ufffd\ufffd", name)
    assert (
        row["told"][0]["start"] == 8
        and row["says"] == [row["place"]]
        and other["says"] == []
        and other["latitude"] is None
    )
    assert str(table.schema.field("latitude").type) == "double" and str(
        table.schema.field("outlets").type
    ).startswith("list")


def test_geojson_counts_what_has_no_place() -> None:
    made, left_out = written("geojson", [event(), event(latitude=None), event(longitude=None)])
    collection = json.loads(made)
    assert [one["geometry"] for one in collection["features"]] == [{"type": "Point", "coordinates": [46.55, 39.64]}]
    assert collection["features"][0]["id"] == "e1" and left_out == "left out: 2 events without coordinates"


def graph(rows: Iterable[EventRow]) -> Any:
    return networkx.read_graphml(io.BytesIO(encoded("graphml", rows)), force_multigraph=True)


def test_graphml_gathers_events_by_type() -> None:
    told = event(event="e2", status="happened", day="2023-05-01", score=-2.5)
    other = event(event="e3", type="ASSAULT", status="planned")
    made = graph([event(), told, other, event(event="e4", targets=(), sources=event().sources)])
    edges = {data["type"]: data for _, _, data in made.edges(data=True)}
    assert set(edges) == {"ACCUSE", "ASSAULT"}
    accuse = edges["ACCUSE"]
    assert (accuse["weight"], accuse["told"], accuse["claimed"], accuse["ahead"], accuse["score"]) == (
        2,
        1,
        1,
        0,
        -3.0,
    )
    assert (accuse["first"], accuse["last"], accuse["events"]) == ("2023-05-01", "2023-05-12", "e1; e2")
    assert edges["ASSAULT"]["ahead"] == 1 and made.nodes["armenia ARM"]["label"] == "Armenia"


def test_graphml_ties_all_who_meet() -> None:
    parties = tuple(PartyRow(name, "state", None, None) for name in ("C", "A", "B"))
    made = graph([event(type="CONSULT", sources=parties, targets=())])
    assert sorted((a, b) for a, b, _ in made.edges) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert all(data["mutual"] for _, _, data in made.edges(data=True))
    assert written("graphml", [event(targets=())])[1].startswith("left out: 1 event with one actor")


@pytest.mark.parametrize("backwards", [False, True])
def test_graphml_parts_what_is_mutual_from_what_goes_one_way(backwards: bool) -> None:
    a, b = (PartyRow(name, "state", None, None) for name in "AB")
    rows = [event(type="CONSULT", sources=(a, b), targets=()), event(type="CONSULT", sources=(a,), targets=(b,))]
    made = graph(rows[::-1] if backwards else rows)
    found = sorted((data["mutual"], data["weight"]) for _, _, data in made.edges(data=True))
    assert found == [(False, 1), (True, 1)]


@pytest.mark.parametrize("name", HOSTILE)
def test_graphml_is_xml_of_text(name: str) -> None:
    root = ElementTree.fromstring(encoded("graphml", [event(name)]))
    assert not [one.tag for one in root.iter() if "script" in one.tag]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_calendar_has_one_entry_an_event_with_its_key(name: str) -> None:
    calendar = icalendar.Calendar.from_ical(encoded("ics", [event(name), event(event="e2", status="planned")]))
    first, second = calendar.walk("VEVENT")
    assert (str(first["uid"]), str(second["uid"])) == ("e1@pourparler", "e2@pourparler")
    assert first["dtstart"].dt == datetime.date(2023, 5, 12) and first["dtend"].dt == datetime.date(2023, 5, 13)
    assert str(second["status"]) == "TENTATIVE" and "Azerbaijan" in str(first["summary"])
    assert "event e1" in str(first["description"]) and "day: 2023-05-13 (BBC)" in str(first["description"])


def test_a_calendar_leaves_out_what_has_no_day_and_says_so() -> None:
    rows = [
        event(day=None, first=None, last=None),
        event(first="2010-01-01", last="2010-12-31"),
        event(first="9999-12-31", last="9999-12-31"),
    ]
    made, left_out = written("ics", rows)
    assert left_out.startswith("left out: 2 events") and made.count(b"BEGIN:VEVENT") == 1


def test_plover_has_its_fields() -> None:
    made = json.loads(encoded("plover", [event(status="planned")]))
    assert (made["id"], made["date"], made["event"], made["quad_code"]) == ("e1", "2023-05-12", ["ACCUSE"], 3)
    assert made["mode"] == ["allege", "future"] and made["event_scale"] == -3.5
    assert made["actor"] == [{"code": "ARM", "sector": "GOV", "entity_text": "Armenia"}]
    assert made["recipient"][0]["code"] == "AZE" and made["event_loc"][0]["country_code"] == "AZE"
    assert made["cite_info"]["url"] == made["link"] == "https://example.org/1"
    assert made["text"] == "Then Armenia did it." and made["text_info"]["event_start"] == 8
    assert json.loads(encoded("plover", [event()]))["comment"] == "alleged: the word of Armenia"
    assert written("plover", [event(day=None)])[1] == "left out: 1 event without a day"


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_names_as_they_are(name: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(encoded("md", [event(name)]).decode())
    inner = [child.type for token in tokens for child in token.children or ()]
    assert set(inner) <= {"text", "text_special"}
    assert sum(token.type == "tr_open" for token in tokens) == 2


def test_the_table_says_whose_word_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    made = encoded("table", [event(basis="publication"), event(sources=(), place=None, last="2023-05-14")]).decode()
    assert "alleged:" in made and "differing:" in made and "A dim day" in made
    assert "somebody" in made and "to 2023-05-14" in made and "No event fits." in encoded("table", []).decode()


def test_tellings_are_refused_where_a_format_has_no_place_for_them() -> None:
    for form in ("graphml", "ics"):
        with pytest.raises(ExportError, match="--tellings"):
            written(form, [telling()], TellingRow)
    with pytest.raises(KeyError):
        written("xml", [event()])
