"""Review in the terminal and through pipes, and the verdict commands: real processes on a real archive."""

from __future__ import annotations

import dataclasses
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.archive.verdict_help import Plain, fill, shown

from pourparler.archive.doubts import doubts
from pourparler.archive.joining import join
from pourparler.archive.store import Archive, Arrived
from pourparler.record import Record

KEYS = "a accept"
CODE = (
    "import click; from pourparler.cli.review import review; from pourparler.cli.verdict import verdict;"
    "from pourparler.errors import PourparlerError\n"
    "group = click.Group(commands=[review, verdict])\n"
    "try: group()\n"
    "except PourparlerError as error: raise SystemExit(str(error))"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    where = tmp_path_factory.mktemp("review") / "base.db"
    with Archive.open(where, create=True) as archive:
        fill(archive, 30)
        join(archive, Plain())
    return where.read_bytes()


@pytest.fixture
def where(base: bytes, tmp_path: Path) -> Path:
    (tmp_path / "a.db").write_bytes(base)
    return tmp_path / "a.db"


def run(*arguments: object, data: str = "") -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", CODE, *map(str, arguments)]
    return subprocess.run(words, input=data, capture_output=True, encoding="utf-8", check=False)


def review(where: Path, *keys: str) -> list[str]:
    """Review with keys and answers, one a line; return what is shown of each telling, in blocks."""
    done = run("review", "--archive", where, "--by", "ann", data="".join(f"{key}\n" for key in keys))
    assert done.returncode == 0, done.stderr
    return done.stdout.split(KEYS)


def standing(where: Path) -> list[str]:
    done = run("verdict", "list", "--archive", where)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_least_sure_come_first_with_their_words_marked(where: Path) -> None:
    with Archive.open(where) as archive:
        found = doubts(archive)
        words = {one.key: one.words for one in shown(archive)}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    first, second, *_ = review(where, " ", "q")
    assert "1 of 50" in first and f"»{' '.join(words[found[0].telling].split())}«" in first
    assert "2 of 50" in second and f"»{' '.join(words[found[1].telling].split())}«" in second
    assert found[0].reasons[0] in first


def test_keys_decide_and_what_was_decided_does_not_come_again(where: Path) -> None:
    blocks = review(where, "a", "r", "c", "status", "denied", "n", "look again", "q")
    kinds = [line.split()[3] for line in standing(where)]
    assert kinds == ["accept", "reject", "correct", "note"]
    assert "status denied" in blocks[3]
    judged = {line.split("(")[1].split(")")[0] for line in standing(where)}
    with Archive.open(where) as archive:
        assert not judged & {one.telling for one in doubts(archive)}
    assert "4 verdicts given" in blocks[-1]


def test_undo_goes_back_to_what_was_decided_last(where: Path) -> None:
    blocks = review(where, "r", " ", "u", "u", "q")
    assert "1 of 50" in blocks[3] and "nothing has been decided" in blocks[4]
    states = [line.rsplit("[", 1)[1] for line in standing(where)]
    assert states[0].startswith("undone") and states[1].startswith("holds: takes back")


def test_join_offers_near_events_and_split_parts_them(where: Path) -> None:
    with Archive.open(where) as archive:
        total = len(doubts(archive))
    keys = ["j", "1", "s"] * min(total, 20)
    blocks = review(where, *keys, "q")
    text = "".join(blocks)
    assert "join with (1 to" in text and "\nalso " in text
    kinds = {line.split()[3] for line in standing(where)}
    assert kinds == {"join", "split"}


def test_wrong_keys_and_wrong_answers_decide_nothing(where: Path) -> None:
    blocks = review(where, "x", "c", "colour", "c", "type", "MEET", "n", "", "j", "0", "q")
    text = "".join(blocks)
    assert "does nothing here" in text and "no field" in text and "CONSULT" in text and "says nothing" in text
    assert standing(where) == []


def test_input_that_ends_ends_the_round(where: Path) -> None:
    assert "1 verdicts given" in review(where, "a")[-1]
    assert len(standing(where)) == 1


def test_news_cannot_drive_the_terminal(record: Record, tmp_path: Path) -> None:
    text = record.document.text.replace("shelling", "shel\x1bing")
    document = dataclasses.replace(record.document, text=text, title="\x1b]0;title\x07 \u202ereversed")
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        (key,) = archive.add_reports([Arrived(document, "hand")])
        archive.add_records(record.run, [(key, dataclasses.replace(record, document=document))])
    shown_text = "".join(review(tmp_path / "a.db", " ", " ", "q"))
    assert "shel" in shown_text and not re.search("[\x1b\x07\u202e]", shown_text)


def started(where: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-uc", CODE, "review", "--archive", str(where), "--by", "ann"]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def test_a_kill_loses_nothing(where: Path) -> None:
    process = started(where)
    assert process.stdin and process.stdout
    process.stdin.write("a\nr\n")
    process.stdin.flush()
    told = 0
    for line in process.stdout:
        told += bool(re.match(r"j[0-9a-f]{16} ", line))
        if told == 2:
            process.send_signal(signal.SIGKILL)
            break
    process.stdin.close()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    assert [line.split()[3] for line in standing(where)] == ["accept", "reject"]


@pytest.fixture
def terminal(where: Path) -> Iterator[Callable[[str, str], str]]:
    """A review on a terminal: call it with a key to press and with words to wait for."""
    child, end = pty.fork()
    if child == 0:
        words = ["-uc", CODE, "review", "--archive", str(where), "--by", "ann"]
        os.execv(sys.executable, [sys.executable, *words])
    seen = ""

    def press(key: str, until: str) -> str:
        nonlocal seen
        limit = time.monotonic() + 60
        # A key pressed before one is waited for is dropped with the mode of the terminal.
        while len(key) == 1 and termios.tcgetattr(end)[3] & termios.ICANON and time.monotonic() < limit:
            time.sleep(0.01)
        os.write(end, key.encode())
        seen = ""
        while until not in seen and time.monotonic() < limit and select.select([end], [], [], 60)[0]:
            try:
                seen += os.read(end, 4096).decode("utf-8", "replace")
            except OSError:
                break
        return seen

    yield press
    os.close(end)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_on_a_terminal_single_keys_do(terminal: Callable[[str, str], str], where: Path) -> None:
    first = terminal("", "quit > ")
    assert "1 of 50" in first and "\x1b[1m" in first and "»" not in first
    assert "2 of 50" in terminal("a", "quit > ")
    assert "field (" in terminal("c", "place): ")
    assert "right value" in terminal("status\n", "value: ")
    assert "status denied" in terminal("denied\n", "quit > ")
    assert "verdicts given" in terminal("q", "given")
    assert [line.split()[3] for line in standing(where)] == ["accept", "correct"]


def test_verdicts_without_questions(where: Path, tmp_path: Path) -> None:
    with Archive.open(where) as archive:
        one, two = [t for t in shown(archive) if t.type == "CONSULT" and t.sources][:2]
    add = ("verdict", "add", "--archive", where)
    done = run(*add, one.key, "correct", "--field", "sources", "--value", "Armenia; Georgia", "--by", "ann")
    assert done.returncode == 0 and "sources: " in done.stdout and "→ Armenia, Georgia" in done.stdout
    key = done.stdout.split()[0]
    assert run(*add, one.key, "correct", "--field", "sources", "--value", "Russia", "--by", "ben").returncode == 0
    assert run(*add, two.key, "reject", "--why", "no meeting").returncode == 0
    looks = run("verdict", "list", "--attention", "--archive", where)
    assert len(looks.stdout.splitlines()) == 2 and "in conflict" in looks.stdout and "2 need a look" in looks.stderr
    assert len(run("verdict", "list", "--telling", two.key, "--archive", where).stdout.splitlines()) == 1
    assert run("verdict", "undo", key, "--by", "ann", "--archive", where).returncode == 0
    assert run("verdict", "list", "--attention", "--archive", where).stdout == ""
    out = tmp_path / "rows.jsonl"
    assert run("verdict", "export", "--archive", where, "--out", out).returncode == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {v["kind"] for line in lines for v in line["verdicts"]} == {"correct", "reject"}
    assert all(line["text"][slice(*event["evidence"])] for line in lines for event in line["events"])


def test_wrong_use_is_told(where: Path) -> None:
    assert "none with this key" in run("verdict", "undo", "j0", "--archive", where).stderr
    assert "is not one of" in run("verdict", "add", "t0", "praise", "--archive", where).stderr
    assert "no archive yet" in run("review", "--archive", where.with_name("none.db")).stderr
