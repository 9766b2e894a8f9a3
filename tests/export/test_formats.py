"""Every format holds what the record holds; text of the news never becomes markup, formula or escape sequence."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from html.parser import HTMLParser

import pytest

from pourparler.errors import ExportError
from pourparler.export import FORMATS, exporter
from pourparler.export.page import MOST_REPORTS, segments, timeline
from pourparler.export.view import events, heading, printable
from pourparler.record import Document, Record, from_dict

HOSTILE = "<script>alert(1)</script> \x1b[31mred\x1b[0m [bold]x[/bold] **md** =1+1 \u202egnp.exe"


def written(form: str, *records: Record) -> str:
    stream = io.StringIO()
    exporter(form)(iter(records), stream)
    return stream.getvalue()


def hostile(record: Record) -> Record:
    actors = tuple(dataclasses.replace(a, name=HOSTILE) for a in record.actors)
    document = dataclasses.replace(record.document, title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)")
    return dataclasses.replace(record, actors=actors, document=document)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_writes_none_one_and_several(form: str, record: Record) -> None:
    for records in ((), (record,), (record, record)):
        assert isinstance(written(form, *records), str)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(KeyError):
        exporter("xml")


def test_json_is_lossless(record: Record) -> None:
    assert from_dict(json.loads(written("json", record))) == record
    assert [from_dict(r) for r in json.loads(written("json", record, record))] == [record, record]
    assert json.loads(written("json")) == []
    assert [from_dict(json.loads(line)) for line in written("jsonl", record, record).splitlines()] == [record, record]


def test_csv_has_one_row_an_event_and_no_formula(record: Record) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", record))))
    assert [row["type"] for row in rows] == ["ACCUSE", "ASSAULT", "CONSULT"]
    assert rows[0]["publisher"] == "'=Outlet"
    assert rows[1]["says"] == "Armenia" and rows[1]["source_countries"] == "AZE"
    text = record.document.text
    assert all(text[int(r["words_start"]) : int(r["words_end"])] == r["words"] for r in rows)


def test_groups_keep_claims_apart(record: Record) -> None:
    groups = {view.event.id: view.group for view in events(record)}
    assert groups == {"e1": "facts", "e2": "claims", "e3": "ahead"}


def test_the_table_names_whose_word_it_is(record: Record) -> None:
    table = written("table", record)
    claims = table[table.index("Claims") :]
    assert "shelling" in claims and "Armenia" in claims


def test_hostile_text_stays_text(record: Record) -> None:
    bad = hostile(record)
    assert "\x1b" not in written("table", bad)
    assert "\x1b" not in written("md", bad) and "\\<script" in written("md", bad)
    page = written("html", bad)
    assert "<script>alert" not in page and "javascript:" not in page
    assert printable("a\x1b[1mb\u202ec\nd") == "a[1mbc d"


@pytest.mark.parametrize("mark", ["\u0301", "\u0489", "\U0001e8d0", "\U000e0100"])
def test_of_marks_set_on_one_letter_four_are_shown(mark: str) -> None:
    assert printable(f"a{mark * 60}b") == f"a{mark * 4}b"
    # What is not shown parts no marks: a flood cut by it is one.
    assert printable(f"a{(mark * 4 + chr(0x200B)) * 50}b") == f"a{mark * 4}b"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "link", "line", "circle", "input"):
            self.stack.append(tag)
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            if key == "href" and (value or "").startswith("#"):
                self.targets.append((value or "")[1:])
            elif key in ("href", "src"):
                self.addresses.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "circle"):
            assert self.stack.pop() == tag


def test_the_page_is_whole_and_its_links_lead_somewhere(record: Record) -> None:
    tags = Tags()
    tags.feed(written("html", record, record))
    assert tags.stack == []
    assert len(tags.ids) == len(set(tags.ids))
    assert set(tags.targets) <= set(tags.ids)
    assert set(tags.addresses) == {"https://example.org/1"}


def test_segments_join_to_the_report(record: Record) -> None:
    assert "".join(s.text for s in segments(record, 1)) == record.document.text
    assert [s.text for s in segments(record, 1) if s.first] == ["accused", "shelling", "meet"]


def test_the_timeline_is_in_order(record: Record) -> None:
    dots = timeline(events(record))
    assert [(d.day, d.left) for d in dots] == [("2023-05-12", 0.0), ("2023-05-14", 100.0)]
    assert timeline([]) == ()


def test_a_page_of_too_many_reports_is_refused(record: Record) -> None:
    with pytest.raises(ExportError, match="jsonl"):
        written("html", *[record] * (MOST_REPORTS + 1))


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Talks open in Orlan\n\nORLAN, 3 May - Envoys met.", "Talks open in Orlan"),
        ("Talks open in\nOrlan on Monday.", "Talks open in Orlan on Monday."),
        ("Envoys met.", "Envoys met."),
    ],
)
def test_a_report_without_a_title_is_called_by_its_headline(record: Record, text: str, called: str) -> None:
    assert heading(Record(Document("d", text), (), (), (), (), record.run)) == called
