"""``pourparler archive`` and ``watch`` as a user gives them: a real archive, real reports, real exit codes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pourparler.archive import keys
from pourparler.archive.store import Archive
from pourparler.cli.main import commands

ROOT = Path(__file__).resolve().parents[2]
TALKS = str(ROOT / "examples" / "talks.jsonl")


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(commands, [*words, "--archive", str(path)])


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "a.db"
    result = run(path, "archive", "add", TALKS)
    assert result.exit_code == 0, result.output
    assert "12 reports taken in, 12 of them new, 12 read" in result.stderr and "tellings in" in result.stderr
    return path


def test_twice_adds_nothing(added: Path) -> None:
    result = run(added, "archive", "add", TALKS)
    assert result.exit_code == 0 and "12 reports taken in, 0 of them new, 0 read" in result.stderr


def test_show_tells_what_there_is(added: Path) -> None:
    lines = run(added, "archive", "show").stdout.splitlines()
    assert lines[0].startswith("reports     12, of ") and lines[-1].startswith("content     ")
    assert any(line.startswith("run         v") and "read 12 reports" in line for line in lines)


def test_reports_are_listed_searched_and_printed(added: Path) -> None:
    lines = run(added, "archive", "reports").stdout.splitlines()
    assert len(lines) == 12
    some = run(added, "archive", "reports", "--text", "checkpoint").stdout.splitlines()
    assert 0 < len(some) < 12 and set(some) < set(lines)
    printed = run(added, "archive", "reports", lines[0].split()[0])
    assert printed.exit_code == 0 and '"schema": "pourparler/record/1"' in printed.stdout


def test_a_whole_archive_passes_the_check_and_a_changed_one_does_not(added: Path, tmp_path: Path) -> None:
    assert run(added, "archive", "check").stdout == "no problem found\n"
    from sqlalchemy import update

    from pourparler.archive import schema

    copy = tmp_path / "b.db"
    copy.write_bytes(added.read_bytes())
    with Archive.open(copy) as archive, archive.writing() as connection:
        connection.execute(update(schema.telling).values(start=schema.telling.c.start + 1))
    result = run(copy, "archive", "check")
    assert result.exit_code == 1 and "offsets do not point at its words" in result.stderr


def test_the_check_tells_what_was_not_read_and_finds_no_fault_in_it(added: Path, tmp_path: Path) -> None:
    from sqlalchemy import delete

    from pourparler.archive import schema
    from pourparler.archive.store import Arrived
    from pourparler.record import Document

    copy = tmp_path / "b.db"
    copy.write_bytes(added.read_bytes())
    with Archive.open(copy) as archive:
        archive.add_reports([Arrived(Document("w", "Armenia met Azerbaijan."), "here")])
    result = run(copy, "archive", "check")
    assert result.exit_code == 0 and result.stdout == "no problem found; 1 report not read\n"
    assert result.stderr.startswith("note: 1 report was never read") and "pourparler archive read" in result.stderr
    with Archive.open(copy) as archive, archive.writing() as connection:
        connection.execute(delete(schema.record))
    result = run(copy, "archive", "check")
    assert result.exit_code == 1 and "its record is gone" in result.stderr
    assert result.stdout.endswith(" problems; 1 report not read\n")


def test_runs_are_compared(added: Path, tmp_path: Path) -> None:
    one = run(added, "archive", "diff")
    assert one.exit_code == 1 and "one run has no other to differ from" in str(one.exception)
    copy = tmp_path / "b.db"
    copy.write_bytes(added.read_bytes())
    with Archive.open(copy) as archive:
        with archive.reading() as connection:
            from sqlalchemy import select

            from pourparler.archive import schema

            report = connection.execute(select(schema.telling.c.report)).scalars().first()
        assert report is not None
        record = archive.record(report)
        later = dataclasses.replace(record.run, version="later")
        changed = dataclasses.replace(record, events=record.events[1:], run=later)
        archive.add_records(later, [(keys.report_key(record.document), changed)])
    result = run(copy, "archive", "diff")
    assert result.exit_code == 0 and "1 differences in 1 reports" in result.stdout
    assert f"“{record.events[0].evidence[0].text}” lost" in result.stdout


def test_what_cannot_be_read_is_told_and_the_rest_kept(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.jsonl"
    good.write_text("Armenia accused Azerbaijan of shelling Sotk on Thursday.")
    bad.write_text('{"id": "1", "text": "x", "published": "0000-00-00"}\n')
    result = run(tmp_path / "a.db", "archive", "add", str(bad), str(good), "--published", "2023-05-12")
    assert result.exit_code == 1 and "bad.jsonl, line 1" in result.stderr
    with Archive.open(tmp_path / "a.db") as archive:
        assert archive.counts().reports == 1


def test_reading_again_with_the_same_reader_reads_nothing(added: Path) -> None:
    result = run(added, "archive", "read")
    assert result.exit_code == 0 and "0 reports in" in result.stderr


def test_no_archive_says_how_to_make_one(tmp_path: Path) -> None:
    result = run(tmp_path / "none.db", "archive", "show")
    assert result.exit_code == 1 and "archive add" in str(result.exception)


def test_watch_names_what_is_wrong_in_its_file(tmp_path: Path) -> None:
    feeds = tmp_path / "feeds.toml"
    feeds.write_text('[[feed]]\nurl = "ftp://x"\n')
    result = run(tmp_path / "a.db", "watch", str(feeds), "--once")
    assert result.exit_code == 1 and "line 2" in str(result.exception)
