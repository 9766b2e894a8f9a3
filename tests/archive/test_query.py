"""Questions to an archive: what fits, in which order, how many of which kind; the same on both databases."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import math
from collections.abc import Iterator
from datetime import date
from typing import Literal

import pytest

from pourparler.archive import schema, verdicts
from pourparler.archive.chronicle import chronicle
from pourparler.archive.conditions import _within
from pourparler.archive.periods import period
from pourparler.archive.process import Member, Process
from pourparler.archive.query import Count, Query, cited, count, facets, find, find_tellings, found
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError
from tests.archive.by_hand import REPORTS, Act, events_by_hand, fill, record
from tests.archive.conftest import fill as fill_talks
from tests.archive.conftest import fresh_database, talks

PROCESS = Process(
    "aa", "Armenia and Azerbaijan",
    (Member("Yerevan side", ("ARM",)), Member("Baku side", ("AZE",))), (Member("OSCE", names=("Minsk Group",)),),
    ("Lachin",), ("corridor",), since=date(2022, 1, 1),
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The reports of ``by_hand`` in an archive that tests only read."""
    place = str(tmp_path_factory.mktemp("asked") / "a.db")
    if request.param == "postgres":
        place = fresh_database(request.getfixturevalue("postgres"), "asked")
    with Archive.open(place, create=True) as made:
        events_by_hand(made)
        yield made


def words(archive: Archive, query: Query) -> list[str]:
    """Return the trigger words of the first telling of each event found."""
    return [one.cited[0].telling.words for one in found(archive, query)]


ALL = ["met", "shelled", "accused", "blamed", "closed", "meet"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), ALL),
        (Query(sort="-day"), ALL[::-1]),
        (Query(source=("ARM",)), ["met", "accused", "blamed", "meet"]),
        (Query(source=("Armenian",), target=("Azerbaijan",)), ["accused"]),
        (Query(source=("russia",)), []),
        (Query(target=("russia",)), ["blamed"]),
        (Query(actor=("AZE",)), ["shelled", "accused", "closed", "meet"]),
        (Query(source=("MIL",)), ["shelled"]),
        (Query(source=("pashinyan",)), ["blamed"]),
        (Query(source=("pashin",)), []),
        (Query(source=("Yerevan side",), process=PROCESS), ["accused", "blamed", "meet"]),
        (Query(source=("osce",)), []),
        (Query(type=("accuse", "CONSULT")), ["met", "accused", "blamed", "meet"]),
        (Query(status=("planned",)), ["meet"]),
        (Query(status=("called for", "ongoing")), ["closed"]),
        (Query(since="2022-12", until="2022-12-12"), ["shelled", "accused"]),
        (Query(since="2022-W50", until="2022-W50"), ["shelled", "accused", "blamed"]),
        (Query(since="2023"), ["closed", "meet"]),
        (Query(until="2022"), ["shelled", "accused", "blamed"]),
        (Query(near="Shusha"), ["met", "shelled"]),
        (Query(near="shusha", km=10), ["met"]),
        (Query(near="Lachin"), ["shelled", "closed"]),
        (Query(near="Lachin corridor"), ["closed"]),
        (Query(country=("Belgium",)), ["meet"]),
        (Query(country=("AZE", "BEL")), ["met", "shelled", "meet"]),
        (Query(text="corridor"), ["accused", "closed"]),
        (Query(text='"people killed"'), ["shelled"]),
        (Query(text="lachin -corridor"), ["shelled"]),
        (Query(outlet=("bbc",)), ["shelled", "blamed", "closed", "meet"]),
        (Query(outlet=("AFP", "Reuters")), ["shelled", "accused", "blamed"]),
        (Query(min_outlets=2), ["shelled", "blamed"]),
        (Query(confidence=0.9), ["accused"]),
        (Query(differing="status"), ["shelled"]),
        (Query(differing="any"), ["shelled"]),
        (Query(differing="type"), []),
        (Query(verdict="any"), []),
        (Query(verdict="none"), ALL),
        (Query(limit=2, offset=1), ["shelled", "accused"]),
        (Query(offset=5), ["meet"]),
        (Query(limit=0), []),
        (Query(sort="-confidence", limit=1), ["accused"]),
    ],
)  # fmt: skip
def test_what_fits(archive: Archive, query: Query, expected: list[str]) -> None:
    free = query.sort not in ("day", "-day")
    assert sorted(words(archive, query)) == sorted(expected)
    days = [event.day or "" for event in find(archive, query)]
    assert free or days == sorted(days, reverse=query.sort == "-day")
    if query.limit is None and not query.offset:
        assert count(archive, query) == len(expected) == facets(archive, query).total


def test_a_telling_fits_by_its_own_fields(archive: Archive) -> None:
    # The event happened, since one report tells it as fact; the other telling stays what it is: alleged.
    assert [one.words for one in find_tellings(archive, Query(status=("alleged",)))] == ["shelled"]
    assert find(archive, Query(status=("alleged",))) == []
    assert [one.words for one in find_tellings(archive, Query(differing="any", sort="confidence"))] in (
        ["shelled", "fired"],
        ["fired", "shelled"],
    )
    assert [one.words for one in find_tellings(archive, Query(text="killed"))] == ["fired"]
    assert len(find_tellings(archive, Query(limit=3, offset=2))) == 3


def test_sides_and_words_hold_of_one_telling(archive: Archive) -> None:
    # "killed" stands in the one report of the shelling, Reuters is the outlet of the other.
    assert find(archive, Query(text="killed", outlet=("Reuters",))) == []
    assert len(find(archive, Query(text="killed", outlet=("AFP",), source=("MIL",), near="Lachin"))) == 1


def test_what_an_event_rests_on(archive: Archive) -> None:
    (one,) = found(archive, Query(differing="any"))
    assert [cite.telling.key for cite in one.cited] == list(one.event.tellings)
    assert [cite.says for cite in one.cited] == [("Armenia",), ()]
    assert [cite.report.id for cite in one.cited] == ["r1", "r2"]
    assert "shelled Lachin" in one.cited[0].passage and "accused" not in one.cited[0].passage
    texts = {report.document.id: report.document.text for report in REPORTS}
    for cite in cited(archive, Query()):
        assert texts[cite.report.id][cite.telling.start : cite.telling.end] == cite.telling.words


def test_a_process_has_the_events_of_its_chronicle(archive: Archive) -> None:
    for process in (PROCESS, dataclasses.replace(PROCESS, until=date(2022, 12, 31), words=(), places=())):
        assert find(archive, Query(process=process)) == list(chronicle(archive, process).events)


def test_a_process_gains_what_is_added(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        events_by_hand(archive)
        before = count(archive, Query(process=PROCESS))
        act = Act("met", "CONSULT", ("Armenia", "Azerbaijan"))
        fill(archive, [record("r9", "2024-01-01", "AP", "Armenia met Azerbaijan.", [act])])
        assert count(archive, Query(process=PROCESS)) == before + 1


def test_facets_count_events(archive: Archive) -> None:
    told = facets(archive, Query(actor=("AZE",)))
    assert told.total == 4
    assert told.types == tuple(Count(name, 1) for name in ("ACCUSE", "ASSAULT", "COERCE", "CONSULT"))
    assert told.months == (Count("2022-12", 2), Count("2023-05", 2))
    assert told.outlets == (Count("BBC News", 3), Count("Reuters", 2), Count("AFP", 1))
    assert told.source_countries == (Count("AZE", 3), Count("ARM", 2))
    assert told.target_countries == (Count("ARM", 1), Count("AZE", 1))


@pytest.mark.parametrize("kind", ["join", "split"])
def test_who_joined_or_split_gave_a_verdict(where: str, kind: Literal["join", "split"]) -> None:
    with Archive.open(where, create=True) as archive:
        given = events_by_hand(archive)
        a, b = (given["r1:1"], given["r2:1"]) if kind == "join" else (given["r1:0"], given["r2:0"])
        verdicts.give(archive, "accept", given["r4:0"], by="ann")
        assert words(archive, Query(verdict="any")) == words(archive, Query(verdict="accepted")) == ["met"]
        one = verdicts.give(archive, kind, a, other=b, by="ann")
        about = ["accused"] if kind == "join" else ["fired", "shelled"]
        assert sorted(words(archive, Query(verdict="any"))) == sorted([*about, "met"])
        assert {one.key for one in find_tellings(archive, Query(verdict="any"))} == {a, b, given["r4:0"]}
        rest = set(given.values()) - {a, b, given["r4:0"]}
        assert {one.key for one in find_tellings(archive, Query(verdict="none"))} == rest
        assert words(archive, Query(verdict="accepted")) == ["met"] and words(archive, Query(verdict="noted")) == []
        verdicts.undo(archive, one.key, by="ann")
        assert words(archive, Query(verdict="any")) == ["met"]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        (Query(type=("WAR",)), "ASSAULT"),
        (Query(status=("true",)), "alleged"),
        (Query(mode=("flight",)), "visit"),
        (Query(country=("Atlantis",)), "AZE, BEL"),
        (Query(outlet=("Pravda",)), "AFP, BBC News, Reuters"),
        (Query(since="May"), "2022-09-14"),
        (Query(since="0000"), "Correct it"),
        (Query(since="2023", until="2022"), "earlier"),
        (Query(source=("?!",)), "country"),
        (Query(near="'"), "place"),
        (Query(near="Lachin", km=0), "distance"),
        (Query(near="Lachin", km=math.nan), "distance"),
        (Query(text="-"), "word"),
        (Query(sort="size"), "outlets"),
        (Query(differing="mood"), "sources"),
        (Query(offset=-1), "below 0"),
    ],
)  # fmt: skip
def test_a_question_without_sense_is_told_what_there_is(archive: Archive, query: Query, listed: str) -> None:
    for ask in (find, find_tellings, count, facets):
        with pytest.raises(ArchiveError, match=listed.replace("?", r"\?")):
            ask(archive, query)


@pytest.mark.parametrize(
    "wrong", ["'; DROP TABLE event; --", '"', "%", "_", "\\", "\x00", "\ud800", "a" * 100_000, "(" * 500]
)
def test_hostile_questions_find_nothing_and_break_nothing(archive: Archive, wrong: str) -> None:
    asked = [{name: (value,)} for name in ("source", "target", "actor", "outlet") for value in (wrong, f"x{wrong}")]
    for question in (*asked, {"text": f"x{wrong}"}, {"near": f"x{wrong}"}):
        with contextlib.suppress(ArchiveError):
            assert find(archive, Query(**question)) == []  # type: ignore[arg-type]
    assert count(archive, Query()) == len(ALL)


def test_text_that_looks_like_a_version_is_none(where: str) -> None:
    name = '{"field": "day"'
    acts = [Act("met", "CONSULT", (name,)), Act("fought", "ASSAULT", (name,))]
    told = record("r8", "2024-01-01", name, "They met. They fought.", acts)
    with Archive.open(where, create=True) as archive:
        fill(archive, [told], joined=[[("r8", 0), ("r8", 1)]])
        assert len(find(archive, Query(differing="type"))) == 1
        assert find(archive, Query(differing="day")) == []


def test_answers_are_those_of_plain_reading(where: str) -> None:
    """Every combination of sides, types and days against a reading of all tellings in Python."""
    with Archive.open(where, create=True) as archive:
        fill_talks(archive, talks())
        every = find_tellings(archive, Query())
        codes = sorted({party.country for one in every for party in one.parties if party.country})
        assert len(every) > 10 and len(codes) > 2
        types = [(), ("CONSULT",), ("ACCUSE", "REQUEST")]
        for source, target, type_, since in itertools.product(
            [None, *codes], [None, *codes], types, [None, "2023-05-04"]
        ):
            query = Query(
                source=(source,) if source else (), target=(target,) if target else (), type=type_, since=since
            )
            expected = [
                one.key for one in every
                if (not source or source in {party.country for party in one.sources})
                and (not target or target in {party.country for party in one.targets})
                and (not type_ or one.type in type_)
                and (not since or (one.day or "") >= since)
            ]  # fmt: skip
            assert sorted(one.key for one in find_tellings(archive, query)) == sorted(expected), query


def test_many_events_of_a_process_are_no_problem(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pourparler.archive.conditions._VALUES", 2)
    monkeypatch.setattr("pourparler.archive.query._SCANNED", 2)
    with Archive.open(where, create=True) as archive:
        events_by_hand(archive)
        assert find(archive, Query(process=PROCESS)) == list(chronicle(archive, PROCESS).events)
        assert facets(archive, Query(process=PROCESS)).total == len(chronicle(archive, PROCESS).events)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ((39.64, 46.55), (40.41, 49.87)), ((60.0, 10.0), (64.0, -20.0)), ((-17.0, 179.5), (-16.0, -178.0)),
        ((0.0, 0.0), (5.0, 5.0)), ((85.0, 10.0), (84.0, -150.0)),
    ],
)  # fmt: skip
def test_distances_are_those_of_the_globe(where: str, here: tuple[float, float], there: tuple[float, float]) -> None:
    a, b = (tuple(map(math.radians, point)) for point in (here, there))
    half = math.sin((b[0] - a[0]) / 2) ** 2 + math.cos(a[0]) * math.cos(b[0]) * math.sin((b[1] - a[1]) / 2) ** 2
    km = 2 * 6371 * math.asin(math.sqrt(half))
    with Archive.open(where, create=True) as archive:
        events_by_hand(archive)
        with archive.writing() as connection:
            connection.execute(schema.telling.update().values(latitude=there[0], longitude=there[1]))
        with archive.reading() as connection:
            for share, inside in ((1.002, True), (0.998, False)):
                query = schema.telling.select().where(_within(*here, km * share))
                assert bool(connection.execute(query).first()) is inside


@pytest.mark.parametrize(
    ("form", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-W18", "2023-05-01", "2023-05-07"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        (" 2023-05-04 ", "2023-05-04", "2023-05-04"),
    ],
)
def test_periods(form: str, first: str, last: str) -> None:
    assert tuple(day.isoformat() for day in period(form)) == (first, last)


@pytest.mark.parametrize(
    "form", ["", "23", "2023-13", "2023-02-30", "2021-W53", "9999-W52", "0000", "2023-5-4", "٢٠٢٣", "2023-05-04T10"]
)
def test_no_periods(form: str) -> None:
    with pytest.raises(ArchiveError):
        period(form)
