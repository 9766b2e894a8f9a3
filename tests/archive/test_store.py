"""The contract of an archive, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pourparler.archive import keys, schema, search
from pourparler.archive.forgetting import lines_of
from pourparler.archive.overview import report_lines
from pourparler.archive.store import Archive, Arrived
from pourparler.archive.told import events, passages, sayings, tellings
from pourparler.errors import ArchiveError
from pourparler.record import Document
from tests.archive.conftest import fill, talks


def test_a_record_comes_back_as_it_was(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        found = fill(archive, talks())
        assert [archive.record(key) for key in found] == list(talks())
    with Archive.open(where) as archive:
        assert archive.record(found[0]) == talks()[0]


def test_twice_is_once(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        fill(archive, talks())
        counts, content = archive.counts(), archive.content_hash()
        fill(archive, talks())
        assert archive.counts() == counts
        assert archive.content_hash() == content


def test_of_two_that_are_one_report_the_first_is_kept(where: str) -> None:
    """In one batch as in two: what an archive holds does not depend on how its reports were packed."""
    first = Document(id="wire-1", text="Envoys of Norland met in Oslo.", published="2024-05-01")
    second = dataclasses.replace(first, id="wire-2")
    assert keys.report_key(first) == keys.report_key(second)
    with Archive.open(where, create=True) as archive:
        archive.add_reports([Arrived(first, "a.jsonl", "line 1"), Arrived(second, "a.jsonl", "line 2")])
        with archive.reading() as connection:
            assert connection.execute(select(schema.report.c.id)).scalars().all() == ["wire-1"]


def test_the_order_of_arrival_changes_nothing(where: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Archive.open(where, create=True) as archive:
        fill(archive, talks())
        content = archive.content_hash()
    shuffled = list(talks())
    random.Random(5).shuffle(shuffled)
    with Archive.open(tmp_path_factory.mktemp("other") / "b.db", create=True) as other:
        for record in shuffled:
            place = f"line {talks().index(record)}"
            key = other.add_reports([Arrived(record.document, "talks.jsonl", place)])
            other.add_records(record.run, [(key[0], record)])
        assert other.content_hash() == content


def test_the_hash_tells_archives_apart(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        fill(archive, talks()[:-1])
        before = archive.content_hash()
        fill(archive, talks())
        assert archive.content_hash() != before


def test_every_telling_shows_its_words(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        fill(archive, talks())
        with archive.reading() as connection:
            found = tellings(connection)
            shown = passages(connection, found)
            texts = dict(connection.execute(select(schema.report.c.key, schema.report.c.text)).all())
            said = sayings(connection)
    assert len(found) == sum(len(record.events) for record in talks())
    for one in found:
        text = texts[one.report]
        assert text[one.start : one.end] == one.words
        assert one.words in shown[one.key]
        for party in one.parties:
            assert party.at is None or text[party.at[0] : party.at[1]].strip()
    assert all(texts[one.report][one.start : one.end] == one.cue for one in said)


def test_every_telling_has_an_event_before_any_joining(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        fill(archive, talks())
        with archive.reading() as connection:
            assert sorted(key for one in events(connection) for key in one.tellings) == sorted(
                one.key for one in tellings(connection)
            )


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("ceasefire", ["the Ceasefire held", "no ceasefire, a truce"]),
        ('"ceasefire held"', ["the Ceasefire held"]),
        ("cease*", ["the Ceasefire held", "no ceasefire, a truce"]),
        ("ceasefire -truce", ["the Ceasefire held"]),
        ('ceasefire -"a truce"', ["the Ceasefire held"]),
        ('ceasefire -"truce a"', ["the Ceasefire held", "no ceasefire, a truce"]),
        ("ΑΘΉΝΑ", ["Αθήνα said"]),
        ("erdogan", ["Erdoğan's"]),
        ("nothing", []),
    ],
)
def test_search(where: str, query: str, wanted: list[str]) -> None:
    texts = ["the Ceasefire held", "no ceasefire, a truce", "Αθήνα said", "Erdoğan's"]
    with Archive.open(where, create=True) as archive:
        archive.add_reports([Arrived(Document(str(n), text), "x") for n, text in enumerate(texts)])
        with archive.reading() as connection:
            rows = connection.execute(
                select(schema.report.c.text).where(search.found(connection, schema.report, query))
            ).scalars()
            assert sorted(rows) == sorted(wanted)


@pytest.mark.parametrize(
    "query", ['"; DROP TABLE report; --', "a' OR 1=1", "NEAR(a b)", "x:y", "(((", "a & !b | c", "\\", "*"]
)
def test_a_query_is_never_a_command(where: str, query: str) -> None:
    with Archive.open(where, create=True) as archive:
        archive.add_reports([Arrived(Document("1", "a b x y near drop table report or 1 1 c"), "x")])
        with archive.reading() as connection:
            try:
                condition = search.found(connection, schema.report, query)
            except ArchiveError as error:
                assert "no word to look for" in str(error)
            else:
                connection.execute(select(schema.report.c.n).where(condition)).all()
        assert archive.counts().reports == 1


def test_what_is_hidden_is_found_no_more(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        [record] = talks()[:1]
        fill(archive, (record,))
        run = dataclasses.replace(record.run, version="later")
        bare = dataclasses.replace(record, events=(), statements=(), run=run)
        archive.add_records(run, [(keys.report_key(record.document), bare)])
        with archive.reading() as connection:
            assert tellings(connection) == []
            word = record.events[0].evidence[0].text.split()[0]
            query = select(schema.telling.c.n).where(search.found(connection, schema.telling, word))
            assert connection.execute(query).all() == []
        assert archive.record(keys.report_key(record.document), run=keys.run_key(record.run)) == record


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5, unique=True))
def test_any_unicode_survives(where: str, texts: list[str]) -> None:
    with Archive.open(where, create=True) as archive:
        documents = [Document("n", text, title=text, publisher=text, url=text) for text in texts]
        found = archive.add_reports([Arrived(one, texts[0], texts[-1]) for one in documents])
        assert [archive.document(key) for key in found] == documents


def test_a_report_that_failed_is_kept_with_the_reason(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        [record] = talks()[:1]
        [key] = archive.add_reports([Arrived(record.document, "x")])
        archive.add_records(record.run, [], [(key, "component x failed")])
        assert archive.unread(record.run, [key]) == []
        assert archive.counts().unread == 1
        with pytest.raises(ArchiveError, match=r"was not read \(component x failed\)\. Another version"):
            archive.record(key)


def test_reports_without_a_day_stand_last_in_a_list_on_either_database(where: str) -> None:
    """And first where the oldest come first."""
    days = {"old": "2024-05-01", "none": None, "new": "2024-05-02"}
    with Archive.open(where, create=True) as archive:
        found = archive.add_reports([Arrived(Document(id, id, published=day), "x") for id, day in days.items()])
        assert [words for _, _, _, words in report_lines(archive, text=None, limit=9)] == ["new", "old", "none"]
        assert [words for _, _, _, words in lines_of(archive, found)] == ["none", "old", "new"]
