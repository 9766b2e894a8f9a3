"""Offices: the words that name one, learning who held it, and asking for a day."""

import dataclasses
import datetime
from pathlib import Path

import pytest

from pourparler.archive import offices as learning
from pourparler.knowledge import Office, Tenure, office_in, offices
from pourparler.record import Actor, Record

MINISTER = Office("foreign minister", "ARM")


@pytest.mark.parametrize(
    ("words", "office"),
    [
        ("Azerbaijani Foreign Minister", "foreign minister of Azerbaijan"),
        ("Minister of Foreign Affairs of Armenia", "foreign minister of Armenia"),
        ("president of the European Council", "president of European Council"),
        ("NATO Secretary-General", "secretary-general of NATO"),
        ("Vice President of the United States", "vice president of United States"),
        ("Iran's Supreme Leader", "supreme leader of Iran"),
        ("Former Prime Minister of Israel", None),
        ("President-elect", None),
        ("wife of the President of Syria", None),
        ("US special envoy for Syria", None),
        ("U.N. Secretary-General", "secretary-general of United Nations"),
        ("An adviser to the Armenian president", None),
        ("supporters of the President of Syria", None),
        ("ex-vice president of Iran", None),
        ("banker", None),
    ],
)
def test_words_name_an_office(words: str, office: str | None) -> None:
    found = office_in(words)
    assert (str(found) if found else None) == office


def test_a_country_told_elsewhere_completes_a_title() -> None:
    assert office_in("President", country="RUS") == Office("president", "RUS")
    assert office_in("President") is None


def told(record: Record, day: str, name: str, role: str = "Armenian Foreign Minister") -> Record:
    """A report of a day that gives somebody a title."""
    actor = Actor("a1", name, "person", "ARM", "GOV", role, ())
    document = dataclasses.replace(record.document, id=f"{day}{name}", published=day)
    return dataclasses.replace(record, document=document, actors=(actor,))


def test_two_reports_make_a_term_and_one_only_with_a_whole_name(record: Record) -> None:
    reports = [told(record, "2023-01-01", "Vahan Sarkis"), told(record, "2023-05-01", "Sarkis")]
    reports += [told(record, "2023-03-01", "Petrosian"), told(record, "2023-04-01", "Aram Levon")]
    sure, once = learning.learn(reports)
    assert sure == Tenure(MINISTER, "Vahan Sarkis", datetime.date(2023, 1, 1), datetime.date(2023, 5, 1), 2)
    assert (once.holder, once.seen) == ("Aram Levon", 1)


def test_a_second_term_is_one_of_its_own(record: Record) -> None:
    days = {"Vahan Sarkis": ["2017-01-01", "2018-01-01", "2023-01-01", "2023-02-01"]}
    days["Lusine Petrosian"] = ["2020-01-01", "2021-01-01"]
    found = learning.learn([told(record, day, name) for name, all in days.items() for day in all])
    assert [(t.holder, t.first.year, t.last.year) for t in found] == [
        ("Vahan Sarkis", 2017, 2018),
        ("Lusine Petrosian", 2020, 2021),
        ("Vahan Sarkis", 2023, 2023),
    ]


def test_the_order_of_reports_changes_nothing(record: Record) -> None:
    reports = [told(record, f"2023-0{n}-01", name) for n in (1, 2, 3) for name in ("Vahan Sarkis", "Sarkis")]
    assert learning.learn(reports) == learning.learn(reversed(reports))


def test_reports_without_a_day_teach_nothing(record: Record) -> None:
    bare = [told(record, "2023-01-01", "Vahan Sarkis"), told(record, "2023-01-02", "Vahan Sarkis")]
    undated = [dataclasses.replace(r, document=dataclasses.replace(r.document, published=None)) for r in bare]
    assert learning.learn(undated) == []


@pytest.fixture
def table(record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A table of two terms in the place of the shipped one."""
    spring = [told(record, f"2023-0{n}-01", "Vahan Sarkis") for n in (1, 2, 3)]
    autumn = [told(record, f"2023-{n}-01", "Lusine Petrosian") for n in (10, 11)]
    terms = tuple(learning.learn(spring + autumn))
    monkeypatch.setattr(offices, "_tenures", lambda: terms)
    offices._by_name.cache_clear()
    yield
    offices._by_name.cache_clear()


@pytest.mark.parametrize(
    ("day", "holder"),
    [
        ("2023-02-15", "Vahan Sarkis"),
        ("2023-04-15", "Vahan Sarkis"),
        ("2023-10-15", "Lusine Petrosian"),
        ("2024-06-01", "Lusine Petrosian"),
        ("2027-01-01", None),
        ("2020-01-01", None),
    ],
)
@pytest.mark.usefixtures("table")
def test_who_held_an_office_on_a_day(day: str, holder: str | None) -> None:
    found = offices.holders(MINISTER, on=datetime.date.fromisoformat(day))
    assert [t.holder for t in found] == ([holder] if holder else [])


@pytest.mark.usefixtures("table")
def test_a_last_name_tells_the_country_of_a_person_in_office() -> None:
    assert offices.country_of_person("Sarkis", on=datetime.date(2023, 2, 1)) == "ARM"
    assert offices.country_of_person("Sarkis", on=datetime.date(2015, 2, 1)) is None
    assert offices.country_of_person("Aram Petrosian", on=datetime.date(2023, 10, 15)) is None


def test_a_table_is_written_the_same_every_time(record: Record, tmp_path: Path) -> None:
    terms = learning.learn([told(record, f"2023-0{n}-01", "Vahan Sarkis") for n in (1, 2)])
    one, two = tmp_path / "a.csv.gz", tmp_path / "b.csv.gz"
    learning.write(terms, one)
    learning.write(terms, two)
    assert one.read_bytes() == two.read_bytes()
    learning.write(terms, tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()[1] == (
        "foreign minister,ARM,Vahan Sarkis,2023-01-01,2023-02-01,2"
    )
