"""What follows from a verdict beside what it says, and from taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from pourparler.archive import schema
from pourparler.archive.fields import moved, values_in, with_values
from pourparler.archive.store import Archive
from pourparler.archive.told import events
from pourparler.archive.verdicts import give, undo
from tests.archive.by_hand import events_by_hand
from tests.archive.verdict_help import told


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("which", ["r1:1", "r2:0"])
def test_an_act_of_one_day_is_moved_and_not_made_longer(tmp_path: Path, which: str, accepted: bool) -> None:
    """Whether its day was stated (r2) or is that of publication (r1), and whoever accepted that before."""
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        key = events_by_hand(archive)[which]
        if accepted:
            give(archive, "accept", key, by="ann")
        give(archive, "correct", key, field="first", value="2022-12-09", by="ann")
        one = told(archive, key)
        assert (one.first, one.last, one.day, one.basis) == ("2022-12-09", "2022-12-09", "2022-12-09", "stated")
        # And longer where a person says so.
        give(archive, "correct", key, field="last", value="2022-12-11", by="ann")
        give(archive, "correct", key, field="first", value="2022-12-08", by="ann")
        one = told(archive, key)
        assert (one.first, one.last) == ("2022-12-08", "2022-12-11")


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize(
    ("last", "precision", "wanted"),
    [("2022-12-14", "day", "2022-12-14"), ("2022-12-31", "month", "2022-12-05"), ("2022-12-03", "day", "2022-12-05")],
)
def test_a_last_day_that_a_report_gives_stays(
    tmp_path: Path, last: str, precision: str, wanted: str, accepted: bool
) -> None:
    """The end of a month that a report names is no such day, whoever accepted the telling before."""
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        key = events_by_hand(archive)["r2:0"]
        at = schema.telling.c
        with archive.writing() as connection:
            days = {"first": "2022-12-01", "last": last, "precision": precision}
            connection.execute(update(schema.telling).where(at.key == key).values(days))
            row = dict(connection.execute(schema.telling.select().where(at.key == key)).one()._mapping)
        after = with_values(row, moved(row, values_in(row) if accepted else {}, "2022-12-05"))
        assert (after["first"], after["last"], after["precision"]) == ("2022-12-05", wanted, "day")


@pytest.mark.parametrize(("kind", "other"), [("split", "r3:0"), ("join", "r2:0")])
def test_taking_back_what_changed_nothing_changes_nothing(tmp_path: Path, kind: str, other: str) -> None:
    """A split of two that were never one event, a join of two that are."""
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        key = events_by_hand(archive)
        before = _grouped(archive)
        given = give(archive, kind, key["r1:0"], other=key[other], by="ann")  # type: ignore[arg-type]
        assert _grouped(archive) == before
        undo(archive, given.key, by="ann")
        assert _grouped(archive) == before


def _grouped(archive: Archive) -> list[tuple[str, ...]]:
    with archive.reading() as connection:
        return sorted(one.tellings for one in events(connection))
