"""Who is joined by "and" to a person who fills a role fills it too, where the network is half as sure of him."""

import numpy as np

from pourparler.model.labels import ROLES
from pourparler.model.layers import Layers, Pairs
from pourparler.model.windows import Window
from pourparler.model.words import words
from pourparler.reading.draft import Draft, Name
from pourparler.reading.spans import arguments
from pourparler.record import Document

NOTHING = np.zeros((0, 0), np.float32)


def sources(text: str, people: dict[str, float], kind: str = "PER", *, named: bool = True) -> list[str]:
    """The sources of the last word but one, where the network gives these names these probabilities."""
    draft = Draft(Document("d", text))
    draft.words = words(text)
    n = len(draft.words)
    draft.sentences = [(0, n)]
    scores = np.zeros((ROLES.size, 1, n), np.float32)
    names = []
    for name, sure in people.items():
        first, last = draft.words_at(text.index(name), text.index(name) + len(name)) or (0, 0)
        scores[ROLES.inside["source"], 0, first:last] = sure
        scores[ROLES.begin["source"], 0, first] = sure
        names.append(Name((first, last), kind))
    draft.names = tuple(names) if named else ()
    draft.layers = Layers(*[NOTHING] * 6, (Window(0, n, 0, n),), (Pairs({n - 2: 0}, scores),))
    return [draft.text(a.words) for a in arguments(draft, "source", n - 2, threshold=0.3)]


def test_the_second_of_two_people_is_taken_along() -> None:
    assert sources("Vera Holm and Ivo Sark met.", {"Vera Holm": 0.9, "Ivo Sark": 0.2}) == ["Vera Holm", "Ivo Sark"]


def test_not_where_the_network_is_sure_against_it_or_no_person_is_joined() -> None:
    assert sources("Vera Holm and Ivo Sark met.", {"Vera Holm": 0.9, "Ivo Sark": 0.05}) == ["Vera Holm"]
    assert sources("Vera Holm, Ivo Sark met.", {"Vera Holm": 0.9, "Ivo Sark": 0.2}) == ["Vera Holm"]
    assert sources("Corvia and Estria met.", {"Corvia": 0.9, "Estria": 0.2}, kind="LOC") == ["Corvia"]


def test_nobody_is_in_a_dateline() -> None:
    assert sources("ORLAN - Police fired shots.", {"ORLAN - Police": 0.9}, named=False) == ["Police"]
    assert sources("ORLAN, 3 May (Agency) - Police fired shots.", {"ORLAN": 0.9, "Police": 0.9}) == ["Police"]
    assert sources("Police - guards fired shots.", {"Police - guards": 0.9}, named=False) == ["Police - guards"]
