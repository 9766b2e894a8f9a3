"""Toponyms of a report: found, resolved together, and used for where events took place. The sentences are made up."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.layers import draft_of_text

import pourparler
from pourparler.model.labels import NAMES
from pourparler.model.layers import Layers
from pourparler.reading import toponyms
from pourparler.reading.draft import Draft, Name
from pourparler.reading.text import Sentences, Words
from pourparler.record import Document


def found(text: str) -> list[tuple[str, str | None, str | None]]:
    """Return words, region and country of each toponym."""
    draft = draft_of_text("r", text, last="toponyms")
    places = [(draft.text(t.words), t.place) for t in draft.toponyms]
    return [(words, place and place.region, place and place.country) for words, place in places]


def tagged(text: str, *names: tuple[str, str]) -> Draft:
    """Return the draft of a text whose network is sure of the names given, and of nothing else."""
    draft = Draft(Document("r", text))
    for step in (Words(), Sentences()):
        step(draft)
    rows = np.zeros((len(draft.words), 2 * len(NAMES.types) + 1), dtype=np.float32)
    rows[:, 0] = 1
    for words, kind in names:
        first, last = draft.words_at(text.index(words), text.index(words) + len(words)) or (0, 0)
        rows[first:last] = 0
        rows[first:last, 2 * NAMES.types.index(kind) + 1] = 1
        draft.names += (Name((first, last), kind),)
    nothing = np.zeros((len(draft.words), 1), dtype=np.float32)
    draft.layers = Layers(nothing, rows, nothing, nothing, nothing, nothing, (), ())
    return draft


def chosen(draft: Draft) -> list[str]:
    return [draft.text(words) for words in toponyms.chosen(draft)]


def test_the_report_tells_which_lebanon_is_meant() -> None:
    local = "Police in Lebanon, Pa., met officials of Harrisburg. Lebanon County will pay."
    assert found(local)[0] == ("Lebanon", "Pennsylvania", "USA")
    world = "The foreign ministers of Lebanon and Syria met in Damascus on Monday."
    assert ("Lebanon", None, "LBN") in found(world)
    assert found(world)[-1][0::2] == ("Damascus", "SYR")


def test_the_whole_name_is_taken_where_the_network_has_a_part() -> None:
    draft = tagged("Delegates flew to New York on Monday.", ("York", "LOC"))
    assert chosen(draft) == ["New York"]


def test_the_and_the_genitive_are_no_part_of_a_name() -> None:
    draft = tagged("They left the Netherlands's coast.", ("the Netherlands's", "LOC"))
    assert chosen(draft) == ["Netherlands"]


def test_people_and_bodies_called_like_places_are_none() -> None:
    draft = tagged("Paris Hilton spoke to Georgia Meloni.", ("Paris Hilton", "PER"), ("Georgia Meloni", "PER"))
    assert chosen(draft) == []


def test_words_with_a_capital_that_are_states_short_forms_elsewhere() -> None:
    assert chosen(tagged("TALKS IN DOUBT OR OVER")) == []


def test_a_place_that_no_gazetteer_has_stays_a_toponym_without_a_place() -> None:
    draft = tagged("Fighting went on in Qwxyzia and near Qwxyzia.", ("Qwxyzia", "LOC"))
    toponyms.Toponyms()(draft)
    assert [(draft.text(t.words), t.place) for t in draft.toponyms][:1] == [("Qwxyzia", None)]


def test_adjectives_are_marked() -> None:
    draft = draft_of_text("r", "Armenian troops left Armenia.", last="toponyms")
    assert [(draft.text(t.words), t.demonym) for t in draft.toponyms] == [("Armenian", True), ("Armenia", False)]


def test_no_layers_no_toponyms() -> None:
    draft = Draft(Document("r", ""))
    toponyms.Toponyms()(draft)
    assert draft.toponyms == ()


@pytest.mark.parametrize(
    ("text", "country", "latitude"),
    [
        ("The foreign ministers of Armenia and Azerbaijan met in Geneva, Switzerland, on Monday.", "CHE", 46.2),
        ("Russian and Ukrainian envoys held talks in Istanbul on Monday.", "TUR", 41.0),
    ],
)
def test_an_event_is_put_on_the_map(text: str, country: str, latitude: float) -> None:
    places = [event.place for event in pourparler.read(text, published="2023-05-04").events if event.place]
    assert places and places[0].country == country
    assert places[0].latitude == pytest.approx(latitude, abs=0.3)
