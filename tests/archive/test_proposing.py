"""Proposing a process: sides, mediators, places, words and beginning, from an archive made by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from pourparler.archive import schema
from pourparler.archive.chronicle import chronicle
from pourparler.archive.process import dumps, load
from pourparler.archive.proposing import propose
from pourparler.archive.showing import regroup
from pourparler.archive.store import Archive
from pourparler.archive.views.relations import view
from pourparler.codebook import load as codebook
from pourparler.errors import ProcessError
from pourparler.record import Actor, Document, Event, Place, Quote, Record, Run, Time
from tests.archive.conftest import fill

_RUN = Run("0.1.0", "c" * 16, "b" * 16, "m" * 16, ("test.step.v1",))
_COUNTRIES = {"Norway": "NOR", "Sweden": "SWE", "Finland": "FIN", "Chile": "CHL", "Peru": "PER", "Japan": "JPN"}
# An act: type, sources, targets, place.
Act = tuple[str, str, str, str]


def _actor(id: str, name: str) -> Actor:
    country = _COUNTRIES.get(name)
    kind = "state" if country else "armed_group" if "Front" in name else "organization"
    return Actor(id, name, kind, country, "REB" if "Front" in name else "GOV", None, (Quote(0, 1, "x"),))  # type: ignore[arg-type]


def report(text: str, day: str, *acts: Act, title: str | None = None) -> Record:
    """Return the record of a report with its acts; every act's words are a word of the text of its own."""
    document = Document(f"{day} {text}", text, title, day, "Wire", None)
    names = sorted(
        {name for _, sources, targets, _ in acts for side in (sources, targets) for name in side.split("+")}
    )
    ids = {name: f"a{n}" for n, name in enumerate(names) if name}
    events = []
    for n, (kind, sources, targets, place) in enumerate(acts):
        trigger = Quote(n, n + 1, text[n])
        when = Time(day, day, "day", "stated", None, None)
        spot = Place(place, None, None, None, None, Quote(0, 1, text[0])) if place else None  # type: ignore[arg-type]
        events.append(
            Event(
                f"e{n}", kind, None, tuple(ids[one] for one in sources.split("+")),  # type: ignore[arg-type]
                tuple(ids[one] for one in targets.split("+") if one), "happened",
                when, spot, None, codebook().score(kind, None), (trigger,), 0.8,
            )
        )  # fmt: skip
    actors = tuple(_actor(id, name) for name, id in ids.items())
    return Record(document, actors, tuple(events), (), (), _RUN)


def border_war() -> list[Record]:
    """Norway and Sweden fight over the Idre Valley through 2021, the Fjord Front beside Norway, Finland mediating."""
    out = []
    for month in range(1, 13):
        acts: list[Act] = [("ASSAULT", "Norway", "Sweden", "Idre"), ("ASSAULT", "Sweden", "Norway", "Idre")]
        if month % 2:
            acts.append(("ASSAULT", "Fjord Front", "Sweden", "Mora"))
        if month % 3 == 0:
            acts.append(("CONSULT", "Norway+Sweden+Finland", "", "Helsinki"))
        # The title ends in a name, and the text begins with a capital: one does not go on into the other.
        text, title = f"And both fight on in the Idre Valley, month {month}.", "War in the Idre Valley"
        out.append(report(text, f"2021-{month:02}-05", *acts, title=title))
    out.append(
        report("An incident long before near the Idre Valley.", "2015-03-01", ("ASSAULT", "Norway", "Sweden", ""))
    )
    return out


def the_rest() -> list[Record]:
    """What the archive holds beside: a lesser quarrel, and daily news."""
    out = [
        report(f"Peru and Chile quarrel by the Atacama, {n}.", f"2019-0{n}-01", ("ASSAULT", "Chile", "Peru", "Arica"),
               ("ASSAULT", "Peru", "Chile", "Arica"), ("CONSULT", "Chile+Japan", "", "Tokyo"))
        for n in range(1, 7)
    ]  # fmt: skip
    out += [
        report(f"Daily news and both weathers, number {n}.", "2020-01-01", ("AID", "Japan", "Peru", "Lima"))
        for n in range(80)
    ]
    out += [
        report(f"Norway and Japan trade, number {n}.", "2020-01-01", ("AID", "Norway", "Japan", "")) for n in range(5)
    ]
    return out


@pytest.fixture
def archive(where: str) -> Iterator[Archive]:
    with Archive.open(where, create=True) as made:
        fill(made, tuple(border_war() + the_rest()))
        yield made


def test_a_process_of_two_countries(archive: Archive, tmp_path: Path) -> None:
    process = propose(archive, about="Norway Sweden")
    assert (process.name, process.title) == ("norway-sweden", "Norway and Sweden")
    sides = {side.name: (side.countries, side.names) for side in process.sides}
    assert sides == {"Norway": (("NOR",), ("Fjord Front",)), "Sweden": (("SWE",), ())}
    assert [one.countries for one in process.mediators] == [("FIN",)]
    assert process.places == ("Idre", "Mora")
    assert process.words == ("Idre Valley",)
    # The incident of 2015 is no beginning: nothing follows in its year.
    assert process.since == datetime.date(2021, 1, 1)
    file = tmp_path / "norway-sweden.toml"
    file.write_text(dumps(process), encoding="utf-8")
    assert load(file) == process


@pytest.mark.parametrize("about", ["NOR SWE", "norway and sweden", "Norwegian-Swedish", "Sweden, Norway"])
def test_countries_are_known_by_code_demonym_and_in_any_case(archive: Archive, about: str) -> None:
    assert {side.name for side in propose(archive, about=about).sides} == {"Norway", "Sweden"}


@pytest.mark.parametrize("about", ["Norway", "Idre", "sweden valley"])
def test_one_country_or_words_find_the_other_side(archive: Archive, about: str) -> None:
    process = propose(archive, about=about)
    assert {side.name for side in process.sides} == {"Norway", "Sweden"}


def test_countries_may_be_given_beside_words(archive: Archive) -> None:
    process = propose(archive, about=None, countries=("CHL", "PER"), since=datetime.date(2019, 3, 1))
    assert [side.name for side in process.sides] == ["Chile", "Peru"]
    assert process.since == datetime.date(2019, 3, 1)
    assert process.places == ("Arica",)
    assert process.mediators == ()  # Japan talks with one side only


def test_without_a_query_the_greatest_conflict_that_has_no_process(archive: Archive) -> None:
    first = propose(archive, about=None)
    assert {side.name for side in first.sides} == {"Norway", "Sweden"}
    second = propose(archive, about=None, known=(first,))
    assert {side.name for side in second.sides} == {"Chile", "Peru"}
    with pytest.raises(ProcessError, match=r"no two sides"):
        propose(archive, about=None, known=(first, second))


def test_an_armed_group_may_be_a_side(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        acts: tuple[Act, ...] = (("ASSAULT", "Andes Front", "Peru", ""), ("ASSAULT", "Peru", "Andes Front", ""))
        fill(archive, tuple(report(f"Fights, {n}.", f"2021-{n:02}-01", *acts) for n in range(1, 8)))
        process = propose(archive, about="Peru")
    assert [(side.name, side.countries, side.names) for side in process.sides] == [
        ("Andes Front", (), ("Andes Front",)),
        ("Peru", ("PER",), ()),
    ]


def test_what_cannot_be_proposed_says_what_to_do(archive: Archive) -> None:
    with pytest.raises(ProcessError, match=r"were found. Name two countries"):
        propose(archive, about="zanzibar carnival")
    with pytest.raises(ProcessError, match=r"'XYZ' is no country. Give alpha-3"):
        propose(archive, about=None, countries=("XYZ", "NOR"))


def test_an_empty_archive_has_nothing_to_propose(where: str) -> None:
    with Archive.open(where, create=True) as archive, pytest.raises(ProcessError):
        propose(archive, about=None)


def test_what_is_proposed_gives_a_chronicle_with_the_conflict(archive: Archive) -> None:
    process = propose(archive, about="Norway Sweden")
    with archive.writing() as connection:
        keys = list(connection.execute(select(schema.telling.c.key)).scalars())
        regroup(connection, keys, [[key] for key in keys])
    rows = view(chronicle(archive, process))
    assert {(row.source, row.target) for row in rows if row.conflict} >= {("Norway", "Sweden"), ("Sweden", "Norway")}
