"""The gazetteer by name, and names resolved with the text as context. The sentences are made up."""

from __future__ import annotations

import time

import pytest

from pourparler import knowledge
from pourparler.knowledge.gazetteer import named, place_key


def places(text: str, *names: str) -> list[str]:
    """Return level, region and country of each name's place ("-" for none)."""
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    found = knowledge.resolve_all(text, spans)
    return [f"{p.level} {p.region or ''} {p.country or ''}".replace("  ", " ").strip() if p else "-" for p in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Louis", "Saint-Louis"),
        ("N'Djamena", "Ndjamena"),
        ("Mt. Vernon", "mount vernon"),
        ("U.S.", "US"),
        ("Sã", "Sa"),
    ],
)
def test_ways_of_writing_a_name_are_one_key(one: str, other: str) -> None:
    assert place_key(one) == place_key(other)


def test_every_line_of_the_gazetteer_is_found_under_its_key() -> None:
    from pourparler.knowledge.gazetteer import _table

    table = _table().decode().splitlines()
    assert table == sorted(table, key=str.encode)
    for line in (table[0], table[-1], *table[:: len(table) // 300]):
        assert named(line.split("\t")[0]), line
    assert not named("") and not named("zzzz") and not named("!")


def test_an_other_name_leads_to_the_place() -> None:
    bombay = [place for place in named("Bombay") if place.country == "IND"]
    assert [place.name for place in bombay] == ["Mumbai"]
    assert not bombay[0].main


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (
            "Fire crews in Lebanon, Pa., were called.",
            ["Lebanon", "Pa."],
            ["city Pennsylvania USA", "region Pennsylvania USA"],
        ),
        ("Envoys left Lebanon for Syria and Jordan.", ["Lebanon", "Jordan"], ["country LBN", "country JOR"]),
        (
            "Lebanon lies between Harrisburg and Reading in Pennsylvania; police in Lebanon County agreed.",
            ["Lebanon", "Harrisburg", "Reading", "Pennsylvania", "Lebanon County"],
            [*["city Pennsylvania USA"] * 3, "region Pennsylvania USA", "district Pennsylvania USA"],
        ),
        (
            "Roads from Tbilisi to the Russian border: Georgia",
            ["Tbilisi", "Georgia"],
            ["city T'bilisi GEO", "country GEO"],
        ),
        (
            "Voters in Atlanta, Savannah and Macon: Georgia",
            ["Macon", "Georgia"],
            ["city Georgia USA", "region Georgia USA"],
        ),
        ("Ships in the Black Sea", ["Black Sea"], ["area"]),
        ("Fighting in Nagorno-Karabakh and Gaza", ["Nagorno-Karabakh"], ["area AZE"]),
        ("The hills of Qwxyzia", ["Qwxyzia"], ["-"]),
        ("At Qwxyz Lake and Paris River", ["Paris River"], ["-"]),
    ],
)
def test_the_text_tells_which_place_is_meant(text: str, names: list[str], expected: list[str]) -> None:
    assert places(text, *names) == expected


def test_a_country_by_its_people() -> None:
    text = "Armenian troops"
    assert places(text, "Armenian") == ["country ARM"]
    assert knowledge.is_demonym("Armenian") and not knowledge.is_demonym("Armenia")


def test_order_and_number_of_spans_are_kept() -> None:
    text = "Cairo, then Paris, then Cairo"
    cairo, paris, again = (0, 5), (12, 17), (24, 29)
    first, second, third = knowledge.resolve_all(text, [again, paris, cairo])
    assert first is third and first and first.country == "EGY"
    assert second and second.country == "FRA"
    assert knowledge.resolve_all(text, []) == []


def test_many_places_are_resolved_fast() -> None:
    text = "Springfield, Washington, San Antonio and Santa Ana. " * 200
    spans = [
        (i, i + len(name))
        for name in ("Springfield", "Santa Ana")
        for i in range(len(text))
        if text.startswith(name, i)
    ]
    knowledge.resolve_all(text, spans[:1])
    start = time.perf_counter()
    assert len(knowledge.resolve_all(text, spans)) == 400
    assert time.perf_counter() - start < 2


def test_the_gazetteer_is_not_unpacked_before_a_place_is_asked_for() -> None:
    import subprocess
    import sys

    code = (
        "import pourparler, time; from pourparler import knowledge; from pourparler.knowledge import gazetteer;"
        "assert not gazetteer._table.cache_info().currsize; knowledge.resolve_place('Vienna');"
        "assert gazetteer._table.cache_info().currsize"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
