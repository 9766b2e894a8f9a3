"""The short form of ``python -m tests.endure``: some kills in each phase, on a small archive."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.endure.endure_invariants import Broken, State, same, sound, whole
from tests.endure.endure_kills import Copies, campaigns, emptied, undisturbed
from tests.endure.endure_report import example_lines, written
from tests.endure.endure_verdicts import verdicts


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("endure")


def test_killed_anywhere_it_is_the_same_archive(small: Path) -> None:
    source = written(small / "reports.jsonl", example_lines(40))
    words = ["archive", "add", str(source), "--quiet"]
    setting, base = undisturbed("add", Copies(emptied(small / "add")), lambda _: words)
    quotas = {"opening": 1, "intake": 1, "reading": 1, "joining": 2}
    phases = list(campaigns(setting, random.Random(7), quotas, row=5))
    assert len(phases) == 5
    kills = list(verdicts(Copies(emptied(small / "verdicts"), Path(base)), random.Random(7), 2))
    assert kills == ["verdicts"] * 2
    _notices_what_is_lost(base)


def _notices_what_is_lost(base: str) -> None:
    """An archive that lost a report, or has one twice, is told from the whole one."""
    import sqlite3

    wanted = whole(base)
    before = sound(base, before=State())
    with sqlite3.connect(base) as connection:
        connection.execute("DELETE FROM arrival WHERE report = (SELECT min(report) FROM arrival)")
    connection.close()
    with pytest.raises(Broken, match="1 rows of arrival are gone"):
        sound(base, before=before)
    with pytest.raises(Broken, match="undisturbed"):
        same(base, wanted)
    with sqlite3.connect(base) as connection:
        columns = "id, title, published, day, publisher, url, language, text"
        connection.execute(f"INSERT INTO report (key, {columns}) SELECT 'r0', {columns} FROM report LIMIT 1")
    connection.close()
    with pytest.raises(Broken, match="a report stands there 2 times"):
        sound(base, before=State())
