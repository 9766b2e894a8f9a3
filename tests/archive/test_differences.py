"""What two runs read differently: exactly what was changed by hand, no more and no less."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pourparler.archive.differences import Difference, diff, summary
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import ArchiveError
from pourparler.record import Record, Run, quote


def kept(where: Path, *records: Record) -> Archive:
    archive = Archive.open(where, create=True)
    for record in records:
        (key,) = archive.add_reports([Arrived(record.document, "hand")])
        archive.add_records(record.run, [(key, record)])
    return archive


def run(n: int) -> Run:
    return Run("0.1.0", str(n) * 16, "b" * 16, "m" * 16, ("test.step.v1",))


def by_field(found: list[Difference]) -> dict[str, tuple[str, str]]:
    return {one.field: (one.old, one.new) for one in found}


def test_the_same_reading_does_not_differ(record: Record, tmp_path: Path) -> None:
    with kept(tmp_path / "a.db", record, dataclasses.replace(record, run=run(2))) as archive:
        assert diff(archive) == []
        assert summary([]) == ["0 differences in 0 reports", "gained   0", "lost     0", "changed  0"]


def test_gained_lost_and_changed_field_by_field(record: Record, tmp_path: Path) -> None:
    accused, shelled, meet = record.events
    text = record.document.text
    new = dataclasses.replace(
        record,
        run=run(2),
        events=(
            dataclasses.replace(accused, targets=("a3",), status="alleged", place=meet.place),
            dataclasses.replace(
                shelled, id="e2", type="COERCE", evidence=(quote(text, text.index("shelling"), text.index(" Sotk")),)
            ),
            dataclasses.replace(
                meet, id="e4", type="AID", evidence=(quote(text, text.index("Ministers"), text.index(" will")),)
            ),
        ),
    )
    with kept(tmp_path / "a.db", record, new) as archive:
        found = diff(archive)
        changed = [one for one in found if one.kind == "changed"]
        assert by_field([one for one in changed if one.words == "accused"]) == {
            "targets": ("Azerbaijan", "Ministers"),
            "status": ("happened", "alleged"),
            "place": ("nothing", "Brussels"),
        }
        assert by_field([one for one in changed if one.words == "shelling"]) == {"type": ("ASSAULT", "COERCE")}
        assert [(one.kind, one.type, one.words) for one in found if one.kind != "changed"] == [
            ("lost", "CONSULT", "meet"),
            ("gained", "AID", "Ministers"),
        ]
        assert all(one.words in one.passage and one.tellings for one in found)
        assert summary(found) == [
            "6 differences in 1 reports",
            "gained   1: AID 1",
            "lost     1: CONSULT 1",
            "changed  2: place 1, status 1, targets 1, type 1",
        ]
        # The other way round, what was gained is lost.
        old, new_run = (key for key, _ in archive.runs())
        back = diff(archive, new_run, old)
        assert {(one.kind, one.words) for one in back if one.kind != "changed"} == {
            ("gained", "meet"),
            ("lost", "Ministers"),
        }
        assert by_field(back)["type"] == ("COERCE", "ASSAULT")


def test_longer_words_are_the_same_telling_moved(record: Record, tmp_path: Path) -> None:
    meet, text = record.events[2], record.document.text
    longer = quote(text, text.index("will meet"), text.index(" in Brussels"))
    events = (*record.events[:2], dataclasses.replace(meet, evidence=(longer,)))
    with kept(tmp_path / "a.db", record, dataclasses.replace(record, run=run(2), events=events)) as archive:
        (one,) = diff(archive)
        assert (one.kind, one.field, one.old, one.new) == ("changed", "words", "meet", "will meet")
        assert len(one.tellings) == 2


def test_runs_that_are_not_there_are_named(record: Record, tmp_path: Path) -> None:
    with kept(tmp_path / "a.db", record) as archive:
        (known,) = (key for key, _ in archive.runs())
        with pytest.raises(ArchiveError, match="archive read"):
            diff(archive)
        with pytest.raises(ArchiveError, match=known):
            diff(archive, "v0", known)
