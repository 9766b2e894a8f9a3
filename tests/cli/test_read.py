"""The command line as a user meets it: a real process, real files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "examples" / "reports" / "06-security-adviser.txt"


def run(*arguments: object, data: bytes | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    code = "from pourparler.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], input=data, capture_output=True, cwd=cwd, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_one_report_to_json_lines_by_default() -> None:
    done = run("read", REPORT, "--published", "2023-05-03")
    assert done.returncode == 0 and done.stderr == ""
    record = json.loads(done.stdout)
    schema = json.loads(run("schema").stdout)
    jsonschema.validate(record, schema)
    assert any(e["type"] == "CONSULT" and e["status"] == "happened" for e in record["events"])


def test_good_and_bad_together(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "bad.csv").write_text("a\n1\n")
    out = tmp_path / "out.jsonl"
    done = run("read", tmp_path / "empty.txt", REPORT, tmp_path / "bad.csv", "nowhere.txt", "--out", out)
    assert done.returncode == 1
    assert len(out.read_text().splitlines()) == 1
    assert done.stderr.count("error:") == 3 and "Traceback" not in done.stderr
    assert "give --published" in done.stderr


def test_quiet_keeps_errors_only(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    done = run("read", tmp_path / "empty.txt", REPORT, REPORT, "--quiet")
    assert done.stderr.splitlines() == [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(done.stdout.splitlines()) == 2


def test_standard_input_and_formats() -> None:
    data = b"Russia condemned the attack on Monday."
    assert "ACCUSE" in run("read", "-", "--format", "table", data=data).stdout
    assert run("read", "-", "--format", "csv", data=data).stdout.splitlines()[1].split(",")[4] == "ACCUSE"
    assert run("read", "-", "--format", "md", data=data).stdout.startswith("# Russia")
    assert run("read", "-", "--format", "html", data=data).stdout.startswith("<!doctype html>")
    assert json.loads(run("read", "-", "--format", "json", data=data).stdout)["schema"]


def test_the_ending_of_out_decides_the_format(tmp_path: Path) -> None:
    for name, begins in (("a.html", "<!doctype"), ("a.csv", "document,"), ("a.md", "# "), ("a.json", "{")):
        assert run("read", REPORT, "--quiet", "--out", tmp_path / name).returncode == 0
        assert (tmp_path / name).read_text().startswith(begins)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    done = run("read", REPORT, "--quiet", "--out", tmp_path / "none" / "a.json")
    assert done.returncode == 1 and "cannot be written" in done.stderr and "Traceback" not in done.stderr


def test_wrong_use_is_told() -> None:
    for arguments in (
        ("read",),
        ("read", REPORT, "--published", "May"),
        ("read", REPORT, "--format", "xml"),
        ("no",),
    ):
        done = run(*arguments)
        assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr


def test_progress_is_told_for_several() -> None:
    done = run("read", REPORT, REPORT, "--published", "2023-05-03")
    assert "2 reports in" in done.stderr and "/s)" in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    line = (
        f"{sys.executable} -c 'from pourparler.cli import main; main()' read {ROOT / 'examples'} --quiet | head -c 5"
    )
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_help_and_version(argument: str) -> None:
    assert run(argument).returncode == 0
