"""Countries, known actors and places by name."""

import pytest

from pourparler import knowledge


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Armenia", "ARM"),
        ("the United States", "USA"),
        ("Azerbaijani", "AZE"),
        ("Baku", "AZE"),
        ("Türkiye", "TUR"),
        ("Armenia's", "ARM"),
        ("turkey", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_countries_by_name_demonym_and_capital(text: str, code: str | None) -> None:
    assert knowledge.country_of(text) == code


def test_countries_of_a_phrase_stand_where_they_are() -> None:
    text = "Armenian and Azerbaijani troops near South Sudan"
    found = knowledge.countries_in(text)
    assert [(text[h.start : h.end], h.alpha3) for h in found] == [
        ("Armenian", "ARM"),
        ("Azerbaijani", "AZE"),
        ("South Sudan", "SSD"),
    ]


def test_every_country_has_a_name() -> None:
    assert knowledge.country_name("ARM") == "Armenia"
    assert knowledge.country_name("XXX") is None


def test_houses_stand_for_governments() -> None:
    house = knowledge.known_actor("the White House")
    assert house and (house.country, house.sector) == ("USA", "GOV")
    assert knowledge.known_actor("the green house") is None


def test_points_between_initials_do_not_count() -> None:
    council = knowledge.known_actor("U.N. Security Council")
    assert council and council == knowledge.known_actor("UN Security Council")


def test_places_are_resolved_with_the_report_as_context() -> None:
    washington = knowledge.resolve_place("Washington")
    assert washington and washington.country == "USA" and washington.geonames
    assert washington.latitude and 38 < washington.latitude < 40
    lebanon = knowledge.resolve_place("Lebanon")
    assert lebanon and lebanon.level == "country"
    tripoli = knowledge.resolve_place("Tripoli", context_countries={"LBN"})
    assert tripoli and tripoli.country == "LBN"
    assert knowledge.resolve_place("Nowhere-upon-Nothing") is None
