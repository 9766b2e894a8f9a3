"""Who is joined by "and" to a person who fills a role fills it too, where the network is half as sure of him."""

import numpy as np

from pourparler.model.labels import ROLES
from pourparler.model.layers import Layers, Pairs
from pourparler.model.windows import Window
from pourparler.model.words import words
from pourparler.reading.draft import Draft, Name
from pourparler.reading.spans import arguments
from pourparler.reading.timex import find_times
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
    draft.times = find_times(text, published=None)
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


def found(text: str, *pieces: str, **names: str) -> list[str]:
    """The sources of the last word but one, where the network points at these pieces; ``names`` come with a kind."""
    draft = Draft(Document("d", text))
    draft.words = words(text)
    n = len(draft.words)
    draft.sentences = [(0, n)]
    draft.times = find_times(text, published=None)

    def at(some: str) -> tuple[int, int]:
        return draft.words_at(text.index(some), text.index(some) + len(some)) or (0, 0)

    scores = np.zeros((ROLES.size, 1, n), np.float32)
    for piece in pieces:
        first, last = at(piece)
        scores[ROLES.inside["source"], 0, first:last] = 0.9
        scores[ROLES.begin["source"], 0, first] = 0.9
    draft.names = tuple(sorted((Name(at(k.replace("_", " ")), v) for k, v in names.items()), key=lambda x: x.words))
    draft.layers = Layers(*[NOTHING] * 6, (Window(0, n, 0, n),), (Pairs({n - 2: 0}, scores),))
    return [draft.text(a.words) for a in arguments(draft, "source", n - 2, threshold=0.3)]


def test_two_countries_before_one_noun_are_two() -> None:
    text = "Russian and Ukrainian delegations met."
    assert found(text, "Russian and Ukrainian delegations", Russian="LOC", Ukrainian="LOC") == [
        "Russian",
        "Ukrainian delegations",
    ]
    text = "Bosnia and Herzegovina officials met."
    assert found(text, "Bosnia and Herzegovina officials", Bosnia_and_Herzegovina="LOC") == [text[:-5]]


def test_a_title_and_a_country_belong_to_the_name_behind_them() -> None:
    text = "Thai Prime Minister Anutin Holm met."
    names = {"Thai": "LOC", "Anutin_Holm": "PER"}
    for pieces in (("Prime Minister Anutin Holm",), ("Anutin Holm",), ("Thai", "Prime Minister Anutin Holm")):
        assert found(text, *pieces, **names) == ["Thai Prime Minister Anutin Holm"]
    assert found("They told Minister Holm met.", "Holm", Holm="PER") == ["Minister Holm"]


def test_nobody_is_called_by_a_time() -> None:
    assert found("The council in October met.", "The council in October") == ["The council"]
    assert found("A note on Thursday envoys met.", "Thursday", "envoys") == ["envoys"]
    assert found("Envoys since 2003 met.", "since 2003") == []
    assert found("Theresa May met.", "Theresa May", Theresa_May="PER") == ["Theresa May"]


def test_a_clause_about_somebody_is_no_part_of_the_name() -> None:
    text = "Vera Holm, who led the team, met."
    assert found(text, "Vera Holm, who led the team", Vera_Holm="PER") == ["Vera Holm"]
    assert found("The party, whose envoys came, met.", "The party", "whose envoys") == ["The party"]


def test_how_many_is_nobody() -> None:
    assert found("More than 40 guards met.", "More than", "40 guards") == ["40 guards"]
    assert found("All parties met.", "All parties") == ["All parties"]


def test_what_an_of_joins_is_one() -> None:
    assert found("The head of a mission met.", "The head", "a mission") == ["The head of a mission"]
    assert found("The governments of Corvia met.", "governments", "Corvia", Corvia="LOC") == ["governments", "Corvia"]
