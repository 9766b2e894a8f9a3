"""Views, brief and page of a process whose own file is hostile too, and what persons write."""

from __future__ import annotations

import csv
import datetime
import importlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pytest
from lxml import etree

from pourparler.archive import verdicts
from pourparler.archive.briefing import brief
from pourparler.archive.chronicle import Chronicle, chronicle
from pourparler.archive.process import load
from pourparler.archive.store import Archive
from pourparler.archive.told import tellings
from pourparler.cli.process import _VIEWS, _kind, _write
from pourparler.errors import PourparlerError
from pourparler.export.asked import BINARY
from pourparler.export.brief import write_html, write_markdown
from pourparler.export.process_page import write as write_page
from tests.hostile.conftest import Kept
from tests.hostile.corpus import Case, cases
from tests.hostile.looking import Page
from tests.hostile.test_formats import FORMULA, NUMBER, WELCOME, drives_a_terminal, tables

MARGIN = frozenset({"blockquote_open", "blockquote_close", "ordered_list_open", "ordered_list_close"})


@pytest.fixture(scope="module")
def told(kept: Kept) -> Iterator[Chronicle]:
    with Archive.open(kept.path) as archive:
        yield chronicle(archive, load(kept.process))


@pytest.mark.parametrize("name", list(_VIEWS))
def test_views_are_plain_in_every_format(told: Chronicle, name: str) -> None:
    module, function, more, _ = _VIEWS[name]
    make = getattr(importlib.import_module(f"pourparler.archive.views.{module}"), function)
    rows = list(make(told, today=None))[:400]
    for form in ("table", "md", "csv", "xlsx", *more):
        stream: Any = io.BytesIO() if form in BINARY else io.StringIO()
        _write(form, rows, stream, _kind(make), name=name)
        _look(form, stream.getvalue())


def _look(form: str, made: Any) -> None:
    if form in ("table", "md"):
        assert drives_a_terminal(made) == []
    if form == "md":
        assert set(tables(made)) <= WELCOME
    elif form == "csv":
        read = list(csv.reader(io.StringIO(made), strict=True))
        assert [cell for row in read for cell in row if FORMULA.match(cell) and not NUMBER.match(cell)] == []
    elif form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(made), read_only=True).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    elif form == "graphml":
        etree.fromstring(made, etree.XMLParser(resolve_entities=False))
    elif form == "ics":
        assert {part.name for part in icalendar.Calendar.from_ical(made).walk()} <= {"VCALENDAR", "VEVENT"}


def test_a_brief_has_no_markup(kept: Kept) -> None:
    process = load(kept.process)
    with Archive.open(kept.path) as archive:
        for year in (2011, 2016, 2021, 2025):
            found = brief(archive, process, datetime.date(year, 1, 1), datetime.date(year, 12, 31))
            words, html = io.StringIO(), io.StringIO()
            write_markdown(found, words)
            assert set(tables(words.getvalue())) <= WELCOME | MARGIN and drives_a_terminal(words.getvalue()) == []
            write_html(found, html)
            assert Page(html.getvalue()).wrong == []


def test_a_page_of_the_process_has_no_markup(kept: Kept) -> None:
    with Archive.open(kept.path) as archive:
        stream = io.StringIO()
        write_page(archive, load(kept.process), stream)
    assert Page(stream.getvalue()).wrong == []


@pytest.mark.parametrize("case", cases()[::9], ids=lambda case: case.id)
def test_a_process_file_of_any_words_is_read_or_named(case: Case, tmp_path: Path) -> None:
    import json

    words = json.dumps(case.text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False).replace(
        "\x7f", "\\u007F"
    )
    path = tmp_path / "a.toml"
    sides = f'[[side]]\nname = {words}\nnames = [{words}]\n[[side]]\nname = "B"\ncountries = ["AZE"]\n'
    path.write_text(
        f"name = {words}\ntitle = {words}\nplaces = [{words}]\nwords = [{words}]\n{sides}", encoding="utf-8"
    )
    try:
        assert load(path).title == case.text.encode("utf-8", "replace").decode("utf-8")
    except PourparlerError as error:
        assert str(path) in str(error) and str(error).count(". ") >= 1


def test_what_persons_write_is_kept_as_they_wrote_it(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    shutil.copy(kept.path, path)
    some = cases()[::24]
    with Archive.open(path) as archive:
        with archive.reading() as connection:
            keys = [one.key for one in tellings(connection)][: len(some)]
        refused = 0
        for case, key in zip(some, keys, strict=True):
            verdicts.give(archive, "note", key, by=f"zq {case.text}", why=f"zq {case.text}")
            try:
                verdicts.give(archive, "correct", key, field="place", value=case.text, by="zq", why=case.text)
                verdicts.give(archive, "correct", key, field="sources", value=case.text, by="zq", why=case.text)
            except PourparlerError as error:
                refused += 1
                assert ". " in str(error)
        assert refused < len(some) / 2
        assert _notes(archive) == {(f"zq {case.text}".strip(),) * 2 for case in some}
        stream = io.StringIO()
        write_page(archive, load(kept.process), stream)
        assert Page(stream.getvalue()).wrong == []


def _notes(archive: Archive) -> set[tuple[str, str]]:
    from sqlalchemy import select

    from pourparler.archive import schema

    with archive.reading() as connection:
        query = select(schema.verdict.c.by, schema.verdict.c.why).where(schema.verdict.c.kind == "note")
        return {(row.by, row.why) for row in connection.execute(query)}
