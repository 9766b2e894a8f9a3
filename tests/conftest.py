"""Shared data and the browser are optional; what is skipped for want of them is counted, and the count must fit."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pourparler.record import Actor, Document, Event, Place, Quote, Record, Rejected, Run, Span, Statement, Time

if TYPE_CHECKING:
    from pourparler.reading import Reader

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_BROWSER = bool(os.environ.get("POURPARLER_NO_BROWSER"))
NO_POSTGRES = bool(os.environ.get("POURPARLER_NO_POSTGRES"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shared" in item.keywords and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="the shared data is not beside the checkout"))
        # Without Chromium the test fails, unless it was said that there is none: a silent skip hides a broken page.
        if "browser" in item.keywords and NO_BROWSER:
            item.add_marker(pytest.mark.skip(reason="POURPARLER_NO_BROWSER is set"))
        if "postgres" in item.keywords and NO_POSTGRES:
            item.add_marker(pytest.mark.skip(reason="POURPARLER_NO_POSTGRES is set"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = len(terminalreporter.stats.get("skipped", []))
    expected = config.stash.get(_EXPECTED, 0)
    terminalreporter.write_line(f"skipped {skipped}, expected {expected} (no shared data: {not SHARED.is_dir()})")


_EXPECTED = pytest.StashKey[int]()


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[_EXPECTED] = sum(
        ("shared" in item.keywords and not SHARED.is_dir())
        or ("browser" in item.keywords and NO_BROWSER)
        or ("postgres" in item.keywords and NO_POSTGRES)
        for item in session.items
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _COUNT.append(report.nodeid)


_COUNT: list[str] = []


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if len(_COUNT) != session.config.stash.get(_EXPECTED, 0) and exitstatus == 0:
        session.exitstatus = 1
        print(f"\nskips do not fit: {_COUNT}")


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The shipped reader."""
    from pourparler.reading import Reader

    return Reader()


@pytest.fixture(scope="session")
def read_example(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Path:
    """The archive of the example process as the shipped reader reads it, not joined; not to be written to.

    Read once for all tests: it takes nine seconds.
    """
    from pourparler.archive.adding import add
    from pourparler.archive.store import Archive, Arrived

    reports = ROOT / "examples" / "armenia-azerbaijan" / "reports.jsonl"
    rows = [json.loads(line) for line in reports.read_text(encoding="utf-8").splitlines()]
    path = tmp_path_factory.mktemp("example") / "example.db"
    with Archive.open(path, create=True) as archive:
        arrived = [Arrived(_document(row), reports.name, f"line {n}") for n, row in enumerate(rows, 1)]
        assert add(archive, arrived, reader).failed == 0
    return path


def _document(row: dict[str, str]) -> Document:
    return Document(
        row["id"], row["text"], row.get("title"), row.get("published"), row.get("publisher"), row.get("url")
    )


TEXT = "Armenia accused Azerbaijan of shelling Sotk. Ministers will meet in Brussels on May 14."


def _quote(words: str) -> Quote:
    start = TEXT.index(words)
    return Quote(start, start + len(words), words)


@pytest.fixture
def record() -> Record:
    """A small record made by hand: an accusation, what is alleged, a planned meeting."""
    document = Document("d1", TEXT, "A <b>title</b>", "2023-05-12", "=Outlet", "https://example.org/1")
    actors = (
        Actor("a1", "Armenia", "state", "ARM", "GOV", None, (_quote("Armenia"),)),
        Actor("a2", "Azerbaijan", "state", "AZE", "GOV", None, (_quote("Azerbaijan"),)),
        Actor("a3", "Ministers", "group", None, "GOV", None, (_quote("Ministers"),)),
    )
    stated = Time("2023-05-14", "2023-05-14", "day", "stated", "May 14", Span(*_bounds("May 14")))
    told = Time("2023-05-12", "2023-05-12", "day", "publication", None, None)
    place = Place("Brussels", "BEL", 50.85, 4.35, 2800866, Span(*_bounds("Brussels")))
    events = (
        Event(
            "e1", "ACCUSE", "allege", ("a1",), ("a2",), "happened", told, None, None, -2.0, (_quote("accused"),), 0.9
        ),
        Event("e2", "ASSAULT", None, ("a2",), (), "alleged", told, None, "s1", -9.0, (_quote("shelling"),), 0.8),
        Event("e3", "CONSULT", None, ("a3",), (), "planned", stated, place, None, 2.5, (_quote("meet"),), 0.7),
    )
    statement = Statement(
        "s1", ("a1",), ("a2",), "accuse", _quote("accused"), (_quote("of shelling Sotk"),), False, ("e2",), 0.9
    )
    rejected = (Rejected("unlikely_event", Span(0, 7), "nothing"),)
    run = Run("0.1.0", "c" * 16, "b" * 16, "m" * 16, ("test.step.v1",))
    return Record(document, actors, events, (statement,), rejected, run)


def _bounds(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)
