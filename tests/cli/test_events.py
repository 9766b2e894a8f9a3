"""``pourparler events`` as a user meets it: a real process, a real archive."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import icalendar
import openpyxl
import pytest
from pyarrow import parquet
from tests.archive.by_hand import events_by_hand

from pourparler.archive.query import DIFFERING, SORTS
from pourparler.archive.store import Archive
from pourparler.cli.events import _DIFFERING, _SORTS

PROCESS = """name = "aa"
[[side]]
name = "Armenia"
countries = ["ARM"]
[[side]]
name = "Azerbaijan"
countries = ["AZE"]
"""


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    code = "from pourparler.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, cwd=cwd, check=False, env=os.environ | {"COLUMNS": "100"} | environment,
    )  # fmt: skip


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("events")
    with Archive.open(made / "pourparler.db", create=True) as archive:
        events_by_hand(archive)
    (made / "processes").mkdir()
    (made / "processes" / "aa.toml").write_text(PROCESS)
    return made


def test_the_archive_beside_you_is_asked(folder: Path) -> None:
    every = lines(run("events", cwd=folder))
    assert len(every) == 6 and all(row["told"] for row in every)
    asked = (
        "--source",
        "ARM",
        "--target",
        "Azerbaijan",
        "--type",
        "accuse",
        "--from",
        "2022-12",
        "--text",
        "corridor",
    )
    (one,) = lines(run("events", *asked, "--process", "aa", cwd=folder))
    assert one["type"] == "ACCUSE" and one["event"]


def test_the_archive_is_named_by_option_or_variable(folder: Path, tmp_path: Path) -> None:
    where = folder / "pourparler.db"
    named = run("events", "--archive", where, "--process", "aa", cwd=tmp_path)
    assert named.stdout == run("events", "--process", "aa", cwd=tmp_path, POURPARLER_ARCHIVE=str(where)).stdout
    assert len(lines(named)) == 3
    missing = run("events", cwd=tmp_path)
    assert missing.returncode == 1 and b"no archive yet" in missing.stderr


def test_tellings_have_their_words_and_reports(folder: Path) -> None:
    rows = lines(run("events", "--differing", "any", "--tellings", cwd=folder))
    assert sorted(str(row["words"]) for row in rows) == ["fired", "shelled"]
    assert {row["report_id"] for row in rows} == {"r1", "r2"} and len({row["event"] for row in rows}) == 1


def test_the_ending_of_out_decides_the_format(folder: Path, tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.csv", "a.parquet", "a.xlsx", "a.geojson", "a.graphml", "a.ics", "a.md"):
        assert run("events", "--out", tmp_path / name, cwd=folder).returncode == 0
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 6
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))) == 6
    assert parquet.read_table(tmp_path / "a.parquet").num_rows == 6
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active.max_row == 7
    assert len(json.loads((tmp_path / "a.geojson").read_text())["features"]) == 3
    assert (tmp_path / "a.graphml").read_bytes().startswith(b"<?xml")
    assert len(icalendar.Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")) == 5
    assert (tmp_path / "a.md").read_text().startswith("# Events")
    assert len(list(tmp_path.iterdir())) == 8


def test_what_is_left_out_is_counted(folder: Path) -> None:
    done = run("events", "--format", "geojson", cwd=folder)
    assert done.stderr.decode() == "note: left out: 3 events without coordinates\n"


def test_the_table_tells_how_many_more_there_are(folder: Path) -> None:
    done = run("events", "--format", "table", "--limit", 2, cwd=folder)
    assert "shelled" in done.stdout.decode() and "2 of 6 events" in done.stderr.decode()
    assert run("events", "--format", "table", cwd=folder).stderr == b""


def test_what_fails_leaves_the_file_as_it_was(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.ics"
    out.write_text("before")
    done = run("events", "--tellings", "--out", out, cwd=folder)
    assert done.returncode == 1 and b"--tellings" in done.stderr and b"Traceback" not in done.stderr
    assert out.read_text() == "before" and list(tmp_path.iterdir()) == [out]
    nowhere = run("events", "--out", tmp_path / "none" / "a.csv", cwd=folder)
    assert nowhere.returncode == 1 and b"cannot be written" in nowhere.stderr


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--type", "WAR"), "CONSULT"),
        (("--status", "true"), "alleged"),
        (("--country", "Atlantis"), "AZE, BEL"),
        (("--from", "yesterday"), "2022-W37"),
        (("--process", "nowhere"), "pourparler process new"),
        (("--text", "-"), "no word"),
    ],
)
def test_a_wrong_question_is_one_line(folder: Path, asked: tuple[str, ...], told: str) -> None:
    done = run("events", *asked, cwd=folder)
    assert done.returncode == 1 and done.stdout == b""
    assert told in done.stderr.decode() and len(done.stderr.splitlines()) == 1


def test_bytes_go_to_no_terminal(folder: Path) -> None:
    line = f"{sys.executable} -c 'from pourparler.cli import main; main()' events --format xlsx"
    done = subprocess.run(["script", "-qec", line, "/dev/null"], capture_output=True, cwd=folder, check=False)
    assert b"Give --out FILE" in done.stdout and b"PK\x03\x04" not in done.stdout


def test_the_options_are_those_of_the_library() -> None:
    # Written down twice, so that the command's help needs no database.
    assert set(_SORTS) == set(SORTS) and set(_DIFFERING) == set(DIFFERING)
