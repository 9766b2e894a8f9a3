"""Whether an archive is whole: what is damage, what was merely not read yet, and what could not be read."""

from __future__ import annotations

from sqlite3 import connect

import pytest
from sqlalchemy import delete, select

from pourparler.archive import keys, schema, verdicts
from pourparler.archive.checking import check, without_record
from pourparler.archive.store import Archive, Arrived
from pourparler.record import Document
from tests.archive.by_hand import RUN, events_by_hand

WAITING = Document("w", "Armenia met Azerbaijan.", None, "2024-01-01")


def _changed(archive: Archive, *statements: object) -> list[str]:
    with archive.writing() as connection:
        for one in statements:
            connection.execute(one)  # type: ignore[call-overload]
    return list(check(archive))


def test_a_report_that_was_never_read_is_no_damage_and_is_told(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        events_by_hand(archive)
        assert list(check(archive)) == [] and without_record(archive) == ()
        (waits,) = archive.add_reports([Arrived(WAITING, "here")])
        assert list(check(archive)) == []
        (told,) = [one.words for one in without_record(archive)]
        assert told.startswith("1 report was never read") and waits in told and "pourparler archive read" in told


def test_a_report_that_could_not_be_read_is_no_damage_and_is_told(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        events_by_hand(archive)
        (failed,) = archive.add_reports([Arrived(WAITING, "here")])
        archive.add_records(RUN, [], [(failed, "component: too long")])
        assert list(check(archive)) == []
        (told,) = [one.words for one in without_record(archive)]
        assert told.startswith("1 report was not readable") and failed in told and "archive show" in told


def test_a_record_that_is_gone_is_damage_where_a_run_claims_to_have_read_it(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        given = events_by_hand(archive)
        report = _report_of(archive, given["r1:0"])
        run = keys.run_key(RUN)
        found = _changed(archive, delete(schema.record).where(schema.record.c.report == report))
        assert len(found) == 1 and f"report {report}" in found[0] and run in found[0]
        assert "2 tellings" in found[0] and "pourparler archive read" in found[0]
        # It is damage, told once, and no report that waits.
        assert without_record(archive) == ()


def test_a_verdict_claims_that_its_run_read_the_report(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        given = events_by_hand(archive)
        verdicts.give(archive, "note", given["r4:0"], by="ann", why="odd")
        report = _report_of(archive, given["r4:0"])
        assert list(check(archive)) == []
        found = _changed(
            archive,
            delete(schema.record).where(schema.record.c.report == report),
            delete(schema.side).where(schema.side.c.telling == given["r4:0"]),
            delete(schema.told).where(schema.told.c.telling == given["r4:0"]),
            delete(schema.event).where(schema.event.c.key == keys.event_key(given["r4:0"])),
            delete(schema.telling).where(schema.telling.c.report == report),
        )
        assert len(found) == 1 and "1 verdict" in found[0] and report in found[0]


@pytest.mark.parametrize("table", ["report", "run"])
def test_a_record_of_nothing_is_damage(tmp_path_factory: pytest.TempPathFactory, table: str) -> None:
    # PostgreSQL keeps such rows out by itself, SQLite where a program asks it to.
    path = tmp_path_factory.mktemp("checking") / "a.db"
    with Archive.open(path, create=True) as archive:
        events_by_hand(archive)
    with connect(path) as raw:
        raw.execute(f"DELETE FROM {table} WHERE n = 1")
    raw.close()
    with Archive.open(path) as archive:
        assert any(f"{table} " in line and "not there" in line for line in check(archive))


def test_many_reports_are_counted_and_some_named(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        texts = [f"Armenia met Azerbaijan for the {n}th time." for n in range(12)]
        archive.add_reports([Arrived(Document(str(n), text), "here") for n, text in enumerate(texts)])
        (told,) = [one.words for one in without_record(archive)]
        assert told.startswith("12 reports were never read") and told.count(" r") >= 5 and "7 more" in told


def _report_of(archive: Archive, telling: str) -> str:
    with archive.reading() as connection:
        query = select(schema.telling.c.report).where(schema.telling.c.key == telling)
        return str(connection.execute(query).scalar_one())
