"""What is made ahead: at the start, and after a change by this desk or another program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from pourparler.archive import query as asking
from pourparler.archive import verdicts
from pourparler.archive.conditions import Query
from pourparler.archive.store import Archive
from pourparler.web.app import create_app
from pourparler.web.keeping import Keeper
from pourparler.web.settings import Settings
from tests.web.conftest import ADDRESS, copied, desk_on


def within(seconds: float, fits: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not fits():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_all_is_made_at_the_start_and_after_a_change_by_others(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    made = create_app(Settings(str(path), processes=(path.parent,)))
    with TestClient(made, base_url=ADDRESS):
        desk: Any = made.state.desk

        def chronicles() -> set[int]:
            return {serial for serial, _ in desk._chronicles._found}

        first = desk.serial()
        assert within(30, lambda: first in chronicles() and desk.queues._whole is not None)
        with Archive.open(path) as other:
            verdicts.give(other, "reject", asking.find(other, Query(limit=1))[0].tellings[0], by="ani")
        second = desk.serial()
        assert second > first
        assert within(30, lambda: second in chronicles()), "it looks whether the archive has changed"
    assert not [one for one in threading.enumerate() if one.name == "keeping"], "it ends with the desk"


def test_it_lives_through_an_archive_that_cannot_be_read(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    with desk_on(path) as client:
        desk: Any = client.app.state.desk  # type: ignore[attr-defined]
        keeper = Keeper(desk)
        with desk.archive.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE serial RENAME TO elsewhere")
            connection.exec_driver_sql("CREATE TABLE serial (n INTEGER)")
        keeper.start()
        time.sleep(0.3)
        with desk.archive.writing() as connection:
            connection.exec_driver_sql("DROP TABLE serial")
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO serial")
        assert within(30, lambda: bool(desk._chronicles._found))
        keeper.close()


def test_nothing_of_before_is_held_on_to(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    with desk_on(path) as client:
        desk: Any = client.app.state.desk  # type: ignore[attr-defined]
        client.get("/events")
        before = desk.serial()
        assert {key[0] for key in desk.pages._found} == {before}
        one = asking.find(desk.archive, Query(limit=1))[0]
        verdicts.give(desk.archive, "accept", one.tellings[0], by="ani")
        keeper = Keeper(desk)
        keeper.start()
        assert within(30, lambda: not desk.pages._found)
        keeper.close()
