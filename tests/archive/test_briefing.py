"""A brief says nothing without words of a report, tells claims as claims, and knows only what was known then."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from pourparler.archive import schema
from pourparler.archive.asof import as_of
from pourparler.archive.brief_words import form, people, spoken, words
from pourparler.archive.briefing import Brief, brief
from pourparler.archive.chronicle import chronicle
from pourparler.archive.showing import regroup
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError
from pourparler.record import Record
from tests.export.example_process import PROCESS, filled, named_anew


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with filled(tmp_path_factory.mktemp("brief") / "a.db") as found:
        yield found


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def told(found: Brief, section: str) -> list[str]:
    return [one.text for part in found.sections if part.id == section for one in part.sentences]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2020-10-05", "2020-10-11"),
        ("2022-09-12", "2022-09-18"),
        ("2023-05-01", "2023-05-07"),
        ("2020-01-01", "2023-12-31"),
    ],
)
def test_every_piece_of_a_sentence_rests_on_words_of_a_report(archive: Archive, first: str, last: str) -> None:
    found = brief(archive, PROCESS, day(first), day(last))
    with archive.reading() as connection:
        texts = dict(connection.execute(select(schema.report.c.key, schema.report.c.text)).all())
    named = {one.number: one for one in found.references}
    assert found.sentences() and not found.empty
    for sentence in found.sentences():
        for piece in sentence.pieces:
            assert piece.citations, sentence.text
            for one in piece.citations:
                quoted = one.quoted
                assert quoted.words in texts[quoted.source.report]
                assert quoted.words[quoted.start : quoted.end].strip()
                assert named[one.number].source == quoted.source
                assert quoted in named[one.number].quotes
    assert [one.number for one in found.references] == list(range(1, len(found.references) + 1))


def test_both_databases_give_one_brief(archive: Archive, where: str) -> None:
    days = day("2022-09-12"), day("2022-09-18")
    with filled(where) as other:
        assert brief(other, PROCESS, *days) == brief(archive, PROCESS, *days)


def test_it_knows_only_what_was_known_then(archive: Archive) -> None:
    found = brief(archive, PROCESS, day("2022-09-12"), day("2022-09-14"))
    assert found.references
    assert all((one.source.published or "") <= "2022-09-14" for one in found.references)


def test_a_time_of_which_nothing_is_told_says_so(archive: Archive) -> None:
    found = brief(archive, PROCESS, day("2019-01-07"), day("2019-01-13"))
    assert found.empty == words("empty")["all"]
    assert not list(found.sentences()) and not found.references
    assert all(part.empty for part in found.sections if part.id != "counts")


def test_days_in_the_wrong_order_are_refused(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="Swap --from and --to"):
        brief(archive, PROCESS, day("2023-05-07"), day("2023-05-01"))


def test_a_claim_is_told_as_somebodys_word_and_never_among_facts(tmp_path: Path, record: Record) -> None:
    with filled(tmp_path / "a.db", (record,)) as archive:
        found = brief(archive, PROCESS, day("2023-05-08"), day("2023-05-14"))
    assert any(
        one.startswith("Armenia accuses Azerbaijan: “of shelling Sotk”; this is one side's word only")
        for one in told(found, "claims")
    )
    assert told(found, "facts") and not any("shell" in one or "attack" in one for one in told(found, "facts"))
    assert any("rests on somebody's word only" in one for one in told(found, "counts"))


def test_what_was_read_with_little_confidence_is_told_apart(tmp_path: Path, record: Record) -> None:
    unsure = dataclasses.replace(record.events[0], confidence=0.31)
    with filled(tmp_path / "a.db", (dataclasses.replace(record, events=(unsure, *record.events[1:])),)) as archive:
        found = brief(archive, PROCESS, day("2023-05-08"), day("2023-05-14"))
    assert not told(found, "facts")
    assert [one.endswith("(read with confidence 31 of 100).") for one in told(found, "unsure")] == [True]


def test_where_reports_differ_both_stand_with_who_says_which(tmp_path: Path, record: Record) -> None:
    with filled(tmp_path / "a.db", (record, _later(record))) as archive:
        _join_accusations(archive)
        found = brief(archive, PROCESS, day("2023-05-08"), day("2023-05-20"))
    (sentence,) = [one for part in found.sections if part.id == "differ" for one in part.sentences]
    first, *values = [piece.text for piece in sentence.pieces]
    assert "reports differ on who did it" in first
    assert values == ["; Armenia (=Outlet)", "; Georgia (Second Outlet)"]
    assert [len(piece.citations) for piece in sentence.pieces] == [2, 1, 1]


def test_an_event_told_again_later_is_as_it_was_told_first(tmp_path: Path, record: Record) -> None:
    with filled(tmp_path / "a.db", (record, _later(record))) as archive:
        _join_accusations(archive)
        whole = chronicle(archive, PROCESS)
    then = as_of(whole, day("2023-05-13"))
    (event,) = [one for one in then.events if one.type == "ACCUSE"]
    assert len(event.tellings) == 1 and event.versions == () and event.outlets == ("=Outlet",)
    assert {one.report for one in then.tellings.values()} == {one.report for one in then.sayings.values()}
    (both,) = [one for one in as_of(whole, day("2023-05-15")).events if one.type == "ACCUSE"]
    assert len(both.tellings) == 2 and both.versions and both.key == event.key


def test_braces_in_names_are_names(tmp_path: Path, record: Record) -> None:
    odd = named_anew(record, "{who} of Armenia {0} {{}}")
    with filled(tmp_path / "a.db", (odd,)) as archive:
        found = brief(archive, PROCESS, day("2023-05-08"), day("2023-05-14"))
    assert any("{who} of Armenia {0} {{}}" in one for one in told(found, "facts"))


def test_days_and_names_in_words() -> None:
    assert spoken("2023-05-04") == "4 May 2023"
    assert spoken("2023-05-01", "2023-05-07") == "1 to 7 May 2023"
    assert spoken("2023-04-28", "2023-05-04") == "28 April to 4 May 2023"
    assert spoken("2022-12-30", "2023-01-02") == "30 December 2022 to 2 January 2023"
    assert people(["A", "B", "A"]) == "A and B"
    assert people(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"
    assert form("claims", "accusation", ["Armenia"]) == "accusation"
    assert form("claims", "accusation", ["Azerbaijani forces"]) == "accusation_many"
    assert form("claims", "accusation", ["United States"]) == "accusation"


def _later(record: Record) -> Record:
    document = dataclasses.replace(record.document, id="d2", published="2023-05-14", publisher="Second Outlet")
    first = dataclasses.replace(record.actors[0], name="Georgia", country="GEO")
    return dataclasses.replace(record, document=document, actors=(first, *record.actors[1:]))


def _join_accusations(archive: Archive) -> None:
    with archive.writing() as connection:
        rows = connection.execute(select(schema.telling.c.key).where(schema.telling.c.type == "ACCUSE")).scalars()
        keys = sorted(rows)
        assert len(keys) == 2
        regroup(connection, keys, [keys])
