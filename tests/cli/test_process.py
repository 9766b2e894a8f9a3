"""``pourparler process``: every view in every format, proposing and listing."""

from __future__ import annotations

import importlib
import io
import json
from pathlib import Path

import icalendar
import networkx
import openpyxl
import pytest
from click.testing import CliRunner
from pyarrow import parquet
from tests.archive.by_hand import Act, fill, record
from tests.cli.test_events import PROCESS, run

from pourparler.archive.process import load
from pourparler.archive.store import Archive
from pourparler.cli.asking import find_process
from pourparler.cli.main import commands
from pourparler.cli.process import _VIEWS, _kind
from pourparler.errors import ProcessError
from pourparler.export.flat import columns
from pourparler.export.layout import _layouts, layout

BOTH = ("Armenia", "Azerbaijan")
REPORTS = [
    record("r1", "2020-09-27", "Reuters", "Armenia said that Azerbaijani troops shelled Lachin on Sunday.",
           [Act("shelled", "ASSAULT", ("Azerbaijani troops",), ("Armenia",), "alleged", "Lachin", says="Armenia")]),
    record("r2", "2020-10-09", "AFP", "Armenia and Azerbaijan met in Brussels. They agreed to a ceasefire.",
           [Act("met", "CONSULT", BOTH, place="Brussels"), Act("agreed to a ceasefire", "AGREE", BOTH)]),
    record("r3", "2020-10-11", "BBC", "Azerbaijani troops broke the ceasefire and attacked Armenia.",
           [Act("attacked", "ASSAULT", ("Azerbaijani troops",), ("Armenia",))]),
    record("r4", "2020-10-12", "BBC", "Armenia and Azerbaijan will meet on October 20 in Brussels.",
           [Act("meet", "CONSULT", BOTH, (), "planned", "Brussels", "2020-10-20")]),
    record("r5", "2020-10-13", "=cmd()", "<b>Armenia</b> | accused\x1b[31m Azerbaijan.",
           [Act("accused\x1b[31m", "ACCUSE", ("Armenia",), ("Azerbaijan",))]),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("process")
    with Archive.open(made / "pourparler.db", create=True) as archive:
        fill(archive, REPORTS)
    (made / "aa.toml").write_text(PROCESS)
    (made / "other.toml").write_text("[tool]\n")
    return made


def kind_of(view: str) -> type:
    module, function, _, _ = _VIEWS[view]
    return _kind(getattr(importlib.import_module(f"pourparler.archive.views.{module}"), function))


@pytest.mark.parametrize("view", _VIEWS)
def test_every_view_has_a_layout_of_columns_that_it_has(view: str) -> None:
    kind = kind_of(view)
    names = {one.name for one in columns(kind)}
    assert view in _layouts()
    plan = layout(view, kind)
    assert {piece.column for one in plan.columns for piece in one.pieces} <= names
    assert set(plan.days) <= names and plan.days
    assert {"tellings", "sayings"} & names


@pytest.mark.parametrize("view", _VIEWS)
def test_every_view_in_every_format(view: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for form in ("jsonl", "csv", "parquet", "xlsx", "md", "table"):
        done = CliRunner().invoke(
            commands, ["process", view, "aa", "--format", form, "--out", f"{tmp_path}/a.{form}"]
        )
        assert (done.exit_code, done.output) == (0, "")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert rows or view in ("changes", "alerts", "positions")
    assert all(row.get("tellings") or row.get("sayings") or row.get("claims") for row in rows)
    head = (tmp_path / "a.csv").read_text().splitlines()[0].split(",")
    assert head == [one.name for one in columns(kind_of(view))]
    assert parquet.read_table(tmp_path / "a.parquet").num_rows == len(rows)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet.max_row == len(rows) + 1 and sheet.max_column == len(head)
    assert "\x1b" not in (tmp_path / "a.md").read_text() + (tmp_path / "a.table").read_text()


def test_a_view_can_be_cut(folder: Path) -> None:
    def days(*options: str) -> list[str]:
        done = run("process", "timeline", "aa", *options, cwd=folder)
        return [json.loads(line)["day"] for line in done.stdout.splitlines()]

    every = days()
    assert len(every) == 6 and every == sorted(every)
    assert days("--since", "2020-10") == [day for day in every if day >= "2020-10"]
    assert days("--until", "2020-W40") == ["2020-09-27"]
    assert days("--limit", "2") == every[:2] and days("--limit", "0") == every
    wrong = run("process", "timeline", "aa", "--since", "May", cwd=folder)
    assert wrong.returncode == 1 and b"Traceback" not in wrong.stderr


def test_today_is_what_the_agenda_is_seen_from(folder: Path) -> None:
    def state(today: str) -> str:
        done = run("process", "agenda", "aa", "--today", today, cwd=folder)
        return str(json.loads(done.stdout.splitlines()[0])["state"])

    assert state("2020-10-15") == "due" and state("2021-01-01") != "due"


def test_the_agenda_is_a_calendar_and_actors_are_a_graph(folder: Path) -> None:
    done = run("process", "agenda", "aa", "--format", "ics", cwd=folder)
    (entry,) = icalendar.Calendar.from_ical(done.stdout).walk("VEVENT")
    assert entry["dtstart"].dt.isoformat() == "2020-10-20" and str(entry["uid"]).endswith("@pourparler")
    assert done.stdout == run("process", "agenda", "aa", "--format", "ics", cwd=folder).stdout
    done = run("process", "edges", "aa", "--format", "graphml", cwd=folder)
    graph = networkx.read_graphml(io.BytesIO(done.stdout), force_multigraph=True)
    assert any(data["weight"] >= 1 and data["tellings"] for _, _, data in graph.edges(data=True))
    refused = run("process", "edges", "aa", "--format", "ics", cwd=folder)
    assert refused.returncode == 2


def test_processes_are_listed_and_found(folder: Path, tmp_path: Path) -> None:
    done = run("process", "list", cwd=folder)
    assert done.stdout.decode() == "aa: aa (Armenia, Azerbaijan), aa.toml\n" and done.stderr == b""
    none = run("process", "list", cwd=tmp_path)
    assert none.returncode == 1 and b"process new" in none.stderr
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "broken.toml").write_text("side = 3")
    assert b"broken.toml" in run("process", "list", cwd=tmp_path).stderr
    by_path = run("process", "timeline", folder / "aa.toml", "--archive", folder / "pourparler.db", cwd=tmp_path)
    by_name = run("process", "timeline", "aa", "--archive", folder / "pourparler.db", cwd=tmp_path)
    assert by_path.returncode == 0 and by_path.stdout == by_name.stdout
    lost = run("process", "timeline", "zz", cwd=folder)
    assert lost.returncode == 1 and b"there is no process 'zz'" in lost.stderr


def test_a_proposal_is_a_process_and_spares_your_own(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.toml"
    where = ("--archive", folder / "pourparler.db")
    done = run("process", "new", "Armenia", "Azerbaijan", *where, "--since", "2020-01-01", "--out", out, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = load(out)
    assert {code for side in made.sides for code in side.countries} == {"ARM", "AZE"}
    assert made.since and made.since.isoformat() == "2020-01-01"
    again = run("process", "new", "Armenia", "Azerbaijan", *where, "--out", out, cwd=tmp_path)
    assert again.returncode == 1 and b"already" in again.stderr and load(out) == made
    assert b"[[side]]" in run("process", "new", "Armenia", "Azerbaijan", *where, cwd=tmp_path).stdout


def named(name: str) -> str:
    """Return a process file that carries a name."""
    return PROCESS.replace('"aa"', json.dumps(name))


def test_a_process_is_found_by_the_name_in_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "caucasus.toml").write_text(named("Arménie–Azerbaijan: talks"))
    (tmp_path / "aa.toml").write_text(named("first"))
    (tmp_path / "first.toml").write_text(named("second"))
    (tmp_path / "other.toml").write_text("[tool]\n")
    monkeypatch.chdir(tmp_path)
    for words in ("Arménie–Azerbaijan: talks", "armenie azerbaijan TALKS", "caucasus"):
        assert find_process(words, "pourparler.db").name == "Arménie–Azerbaijan: talks"
    assert find_process("first", "pourparler.db").name == "second"  # the file's own name comes first
    assert find_process("SECOND", "pourparler.db").name == "second"
    assert find_process("aa.toml", "pourparler.db").name == "first"
    assert find_process(str(tmp_path / "aa.toml"), "elsewhere/pourparler.db").name == "first"


def test_two_files_with_one_name_are_both_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file, name in (("a1", "Talks"), ("a2", "talks"), ("a3", "other")):
        (tmp_path / f"{file}.toml").write_text(named(name))
    (tmp_path / "processes").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProcessError, match=r"2 files .*'TALKS'.*a1\.toml, a2\.toml\. Give") as found:
        find_process("TALKS", "pourparler.db")
    assert "a3" not in str(found.value)
    assert find_process("a2", "pourparler.db").name == "talks"
    (tmp_path / "a4.toml").symlink_to(tmp_path / "a3.toml")
    assert find_process("Other", "pourparler.db").name == "other"


@pytest.mark.parametrize("name", ["../secret", "sub/../../secret", "...", "—", "", " ", "x" * 5000, "\0"])
def test_a_name_is_no_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    (own / "sub").mkdir(parents=True)
    (tmp_path / "secret.toml").write_text(named("hidden"))
    (own / "aa.toml").write_text(named("../secret"))
    (own / "bb.toml").write_text(named("–"))
    monkeypatch.chdir(own)
    if name == "../secret":
        assert find_process(name, "pourparler.db").path == Path("aa.toml")
        assert find_process("–", "pourparler.db").path == Path("bb.toml")
        return
    with pytest.raises(ProcessError):
        find_process(name, "pourparler.db")


def test_commands_take_the_name_in_the_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "nk.toml").write_text(named("../Armenia & Azerbaijan"))
    where = ("--archive", folder / "pourparler.db")
    by_file = run("process", "timeline", "nk", *where, cwd=tmp_path)
    by_name = run("process", "timeline", "../armenia & azerbaijan", *where, cwd=tmp_path)
    assert by_name.returncode == 0 and by_name.stdout == by_file.stdout and by_file.stdout
    (tmp_path / "again.toml").write_text(named("../Armenia & Azerbaijan"))
    two = run("events", "--process", "../Armenia & Azerbaijan", *where, cwd=tmp_path)
    assert two.returncode == 1 and b"again.toml, nk.toml" in two.stderr and b"Traceback" not in two.stderr
