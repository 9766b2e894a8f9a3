"""What fuzzing found, in words: each stands here with what is right instead."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from fuzz.archives import base
from fuzz.desk import Asked

from pourparler.archive import kept
from pourparler.archive.checking import check
from pourparler.archive.naming import words_of
from pourparler.archive.process import load
from pourparler.archive.search import fold
from pourparler.archive.store import Archive
from pourparler.archive.wording import body
from pourparler.errors import DamagedError, IntakeError, ProcessError, RecordError
from pourparler.intake import Intake, find_sources
from pourparler.intake.limits import LIMITS
from pourparler.intake.polite import Polite, robots
from pourparler.record import Document, Run, loads


@pytest.mark.parametrize("url", ["http://[", "https://[x]/a", "http://a]b/"])
def test_a_link_that_is_no_address_is_an_error_of_its_own(url: str) -> None:
    with pytest.raises(IntakeError, match="no address"):
        Polite().get(url)


@pytest.mark.parametrize("line", ["Disallow: //[", "Crawl-delay: ²", f"Crawl-delay: {'9' * 5000}"])
def test_a_line_of_robots_txt_that_makes_no_sense_is_passed_over(line: str) -> None:
    rules = robots(f"User-agent: *\n{line}\nDisallow: /private\n".encode())
    assert not rules.can_fetch("pourparler", "https://example.org/private/a")
    assert rules.can_fetch("pourparler", "https://example.org/news")


@pytest.mark.parametrize(
    ("text", "words"),
    [("[" * 100_000, "nested too deep"), ("9" * 5000, "cannot|can be read"), ('{"schema": 1}', "not a record")],
)
def test_json_that_is_no_record_is_a_record_error(text: str, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        loads(text)


@pytest.mark.parametrize(("name", "data"), [("a.jsonl", b"\n \n"), ("a.csv", b"id,text\n"), ("a.csv", b"text\n\n\n")])
def test_a_file_without_a_row_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    told: list[IntakeError] = []
    intake = Intake(on_error=told.append)
    assert not list(intake.documents(find_sources([str(path)], on_error=told.append)))
    assert len(told) == 1 and str(path) in str(told[0])


def test_looking_for_formulas_takes_time_that_grows_with_the_text() -> None:
    begun = time.process_time()
    assert body("a" + "\n" * 300_000 + "b" + "\n(" * 100_000)
    # With line ends among the blanks that may stand before a formula, 16,000 of them took 11 s.
    assert time.process_time() - begun < 5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A copy of the small archive."""
    shutil.copyfile(base(), tmp_path / "a.db")
    return tmp_path / "a.db"


def poison(path: Path, table: str, column: str, value: object) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        connection.commit()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("run", "body", "{}"), ("run", "body", "[]"), ("record", "body", "no zlib"), ("record", "body", b"\x78\x9c"),
        ("record", "body", zlib.compress(b"[" * 100_000)), ("record", "body", zlib.compress(b"[]")),
    ],
)  # fmt: skip
def test_rows_that_nobody_wrote_are_damage(path: Path, table: str, column: str, value: object) -> None:
    poison(path, table, column, value)
    with Archive.open(path) as archive:
        with pytest.raises(DamagedError, match="pourparler archive check"):
            archive.record(first_report(archive))
        assert list(check(archive))


def first_report(archive: Archive) -> str:
    with archive.reading() as connection:
        return str(connection.exec_driver_sql("SELECT min(key) FROM report").scalar())


def test_words_where_a_number_should_be_are_told_by_check(path: Path) -> None:
    poison(path, "telling", "start", "x")
    with Archive.open(path) as archive:
        assert any("offsets" in line for line in check(archive))


def test_a_packed_record_that_grows_without_measure_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST_BODY", 1000)
    with pytest.raises(DamagedError, match="more than 1,000 bytes"):
        kept.unpacked(zlib.compress(b" " * 10_000), Document("d", "x"), Run("0", "c", "b", "m", ()))


@pytest.fixture
def desk() -> Iterator[Asked]:
    with ExitStack() as held:
        yield Asked(held)


def test_bytes_of_an_address_that_were_not_escaped_are_read_as_escapes(desk: Asked) -> None:
    assert desk.ask(b"/api/v1/reports?text=caf\xc3\xa9")[0] == 200
    status, headers, _ = desk.ask(b"/events?text=\xffarmenia\xfe")
    assert status == 200 and b"content-security-policy" in headers


def test_damage_is_no_wrong_question_at_the_desk(desk: Asked, caplog: pytest.LogCaptureFixture) -> None:
    poison(desk.path, "event", "body", "{}")
    with caplog.at_level(logging.ERROR):
        status, _, content = desk.ask(b"/api/v1/events")
    assert status == 500 and b"archive check" in content
    assert "the archive cannot be read" in caplog.text


def test_sides_whose_names_look_the_same_have_one_name(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    rows = '[[side]]\nname = "Armenia"\ncountries = ["ARM"]\n[[side]]\nname = "Armen\\ria"\nnames = ["Artsakh"]\n'
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(ProcessError, match="two sides or mediators have one name"):
        load(path)
    path.write_text(rows.replace("Armenia", "\\u0007"), encoding="utf-8")
    with pytest.raises(ProcessError, match="name is missing"):
        load(path)


@pytest.mark.parametrize("word", ["\u03d3", "\U0001d400rafat", "\u1d2cB", "\u03f9", "\u037a"])
def test_capitals_of_other_forms_are_found_as_small_letters(word: str) -> None:
    assert fold(fold(word)) == fold(word) == fold(word).casefold() != ""
    assert words_of(word) == tuple(fold(word).split())


def test_a_title_that_is_cut_does_not_end_in_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "Troops withdrew.", "title": "x" * (LIMITS.report_field - 1) + " y"}))
    told: list[str] = []
    intake = Intake(on_error=lambda error: told.append(str(error)), on_note=told.append)
    [(document, _)] = intake.placed(find_sources((str(path),), on_error=lambda error: told.append(str(error))))
    assert document.title == "x" * (LIMITS.report_field - 1)
    assert ["are kept" in words for words in told] == [True]
