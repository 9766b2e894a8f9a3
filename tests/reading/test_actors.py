"""Who words stand for: the head of a description, not whoever is named in it; a pair only where one is meant."""

from __future__ import annotations

import numpy as np
import pytest

from pourparler.model.labels import SECTORS
from pourparler.model.layers import Layers
from pourparler.model.windows import Window
from pourparler.model.words import words
from pourparler.reading.actors import Actors
from pourparler.reading.draft import Argument, Attribution, Draft, Name
from pourparler.record import Actor, Document

LEADERS = "Nikol Pashinyan met Ilham Aliyev. "


def actors(
    text: str,
    *,
    speaker: str = "",
    spoke: str = "",
    organizations: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
    **people: str,
) -> tuple[Actor, ...]:
    """Return the actors of a text in which these people are named and the network takes ``speaker`` for one, and
    ``spoke`` for one whose cue is the first "said"."""
    draft = Draft(Document("d", text))
    draft.words = words(text)
    n = len(draft.words)
    sector = np.zeros((n, len(SECTORS)), np.float32)
    sector[:, 0] = 1
    empty = np.zeros((n, 1), np.float32)
    draft.layers = Layers(empty, empty, empty, empty, sector, empty, (Window(0, n, 0, n),), ())
    stops = [i + 1 for i in range(n - 1) if draft.word(i) == "." and spoke]
    draft.sentences = list(zip([0, *stops], [*stops, n], strict=True))

    def at(some: str) -> tuple[int, int]:
        start = text.index(some)
        return draft.words_at(start, start + len(some)) or (0, 0)

    named = [Name(at(name), "PER") for name in people.values()] + [Name(at(name), "ORG") for name in organizations]
    named += [Name(at(name), "LOC") for name in places]
    draft.names = tuple(sorted(named, key=lambda name: name.words))
    if speaker:
        draft.attributions = (Attribution((n - 1, n), (Argument("speaker", at(speaker), 0.9),), (), 0.9),)
    if spoke:
        told = Attribution(at("said"), (Argument("speaker", at(spoke), 0.9),), (), 0.9)
        draft.attributions = (told, *draft.attributions)
    Actors()(draft)
    return draft.actors


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("A spokesman for Vahan Sarkis said", "spokesman for Vahan Sarkis", "group"),
        ("An adviser to Iranian President Vahan Sarkis said", "adviser to Iranian President Vahan Sarkis", "group"),
        ("Supporters of the former opposition leader Vahan Sarkis said", None, "group"),
        ("Vahan Sarkis's spokesman said", "Vahan Sarkis's spokesman", "group"),
        ("The President of Cuba Vahan Sarkis said", "Vahan Sarkis", "person"),
        ("The head of the mission, Vahan Sarkis said", "Vahan Sarkis", "person"),
        ("Ministry of Defence spokesman Vahan Sarkis said", "Vahan Sarkis", "person"),
        ("The Minister of Vahan Sarkis said", "Vahan Sarkis", "person"),
    ],
)
def test_who_belongs_to_a_person_is_somebody_else(text: str, name: str | None, kind: str) -> None:
    speaker = text.removesuffix(" said")
    found = actors(text, speaker=speaker, one="Vahan Sarkis")
    (actor,) = (a for a in found if any(m.text == speaker for m in a.mentions))
    assert (actor.name, actor.kind) == (name or speaker, kind)


def test_whose_spokesman_speaks_is_named_besides() -> None:
    office = "Vahan Sarkis's office"
    found = actors(f"{office} agreed.", speaker=office, one="Vahan Sarkis")
    assert sorted([m.text for m in actor.mentions] for actor in found) == [["Vahan Sarkis"], [office]]


def test_of_two_people_the_one_who_belongs_to_nobody_acts() -> None:
    speaker = "Lusine Petrosian, an aide to President Vahan Sarkis"
    found = actors(f"{speaker}, said", speaker=speaker, one="Lusine Petrosian", two="Vahan Sarkis")
    (actor,) = (a for a in found if any(m.text == speaker for m in a.mentions))
    assert (actor.name, actor.role) == ("Lusine Petrosian", None)


def test_a_title_has_neither_article_nor_comma() -> None:
    (actor,) = actors("Its envoy, Vahan Sarkis said", speaker="Its envoy, Vahan Sarkis", one="Vahan Sarkis")
    assert actor.role == "envoy"


def who_are(words_of: str, sentence: str) -> set[str]:
    found = actors(LEADERS + sentence, speaker=words_of, one="Nikol Pashinyan", two="Ilham Aliyev")
    return {actor.name for actor in found if any(m.text.endswith(words_of) for m in actor.mentions)}


@pytest.mark.parametrize("words_of", ["The two leaders", "Both leaders", "these two foreign ministers"])
def test_the_two_are_those_named_last(words_of: str) -> None:
    assert who_are(words_of, f"{words_of} agreed.") == {"Nikol Pashinyan", "Ilham Aliyev"}


@pytest.mark.parametrize("words_of", ["Two officials", "two young men", "Both men and women"])
def test_two_without_an_article_are_others(words_of: str) -> None:
    assert who_are(words_of, f"{words_of} were arrested.") == {words_of}


@pytest.mark.parametrize("sentence", ["Twenty-two countries agreed.", "Both the United States and Russia agreed."])
def test_a_number_or_a_name_is_no_pair(sentence: str) -> None:
    text = f"Armenia and Azerbaijan met. {sentence}"
    assert not any("ountries" in m.text or "oth" in m.text for a in actors(text) for m in a.mentions)


def test_points_in_short_forms_do_not_count() -> None:
    (actor,) = actors("The United Nations met. The U.N. agreed.", organizations=("United Nations", "U.N."))
    assert [mention.text for mention in actor.mentions] == ["United Nations", "U.N."]


def mentions_of(text: str, *organizations: str) -> list[list[str]]:
    return sorted(sorted(m.text for m in actor.mentions) for actor in actors(text, organizations=organizations))


def test_initials_of_the_capital_words_are_the_body() -> None:
    text = "The paramilitary Corvian Border Guard left. The CBG came back. The CBC stayed."
    assert mentions_of(text, "paramilitary Corvian Border Guard", "CBG", "CBC") == [
        ["CBC"],
        ["CBG", "paramilitary Corvian Border Guard"],
    ]


def test_brackets_give_a_body_its_short_name() -> None:
    text = "The Estrian Free Host (VLE) left. The VLE came back."
    assert mentions_of(text, "Estrian Free Host", "VLE") == [["Estrian Free Host", "VLE"]]
    assert len(mentions_of(text.replace("(VLE)", "VLE"), "Estrian Free Host", "VLE")) == 2


@pytest.mark.parametrize(
    ("others", "joined"), [(("Corvian fleet",), True), (("Corvian fleet", "Estrian army"), False)]
)
def test_the_noun_alone_is_the_only_body_of_that_noun(others: tuple[str, ...], joined: bool) -> None:
    text = f"The Corvian army, {' and '.join(others)} left, the army said"
    found = actors(text, speaker="the army", organizations=("Corvian army", *others))
    (army,) = (a for a in found if any(m.text == "the army" for m in a.mentions))
    assert (army.name == "Corvian army") is joined


def test_the_members_of_a_body_are_the_body() -> None:
    assert mentions_of("V23 rebels left. V23 came.", "V23 rebels", "V23 ") == [["V23", "V23 rebels"]]
    assert (
        len(mentions_of("Corvian rebels left. Corvian delegates came.", "Corvian rebels", "Corvian delegates")) == 2
    )


def test_names_that_are_listed_side_by_side_are_not_one_body() -> None:
    assert mentions_of("NATO left. The OSCE came.", "NATO", "OSCE") == [["NATO"], ["OSCE"]]
    assert mentions_of("The Houthis left. Houthi came.", "Houthis", "Houthi ") == [["Houthi", "Houthis"]]


def test_a_first_name_behind_a_title_is_the_name_s() -> None:
    speaker = "Corvian leader Vahan Sarkis"
    for named in ({"one": "Sarkis"}, {"one": "Sarkis", "two": "Vahan"}):
        (actor,) = actors(f"{speaker} said", speaker=speaker, organizations=(), **named)
        assert (actor.name, actor.role) == ("Vahan Sarkis", "Corvian leader")


def test_a_first_name_behind_a_country_s_is_the_name_s() -> None:
    speaker = "Algeria's Vahan Sarkis"
    (actor,) = (a for a in actors(f"{speaker} said", speaker=speaker, places=("Algeria",), one="Sarkis") if a.role)
    assert (actor.name, actor.country) == ("Vahan Sarkis", "DZA")


def test_who_spoke_last_speaks_on() -> None:
    text = "Vera Holm said she would meet Ivo Sark. He said so."
    names = {"one": "Vera Holm", "two": "Ivo Sark"}
    for first, speaks in (("Vera Holm", "Vera Holm"), ("", "Ivo Sark")):
        found = actors(text, speaker="He", spoke=first, **names)
        (actor,) = (a for a in found if any(m.text == "He" for m in a.mentions))
        assert actor.name == speaks


def test_ethiopians_are_called_by_their_first_name() -> None:
    text = "Ethiopian leader Vahan Holm left. Vahan\ncame."
    (actor,) = (
        a for a in actors(text, speaker="Ethiopian leader Vahan Holm", one="Vahan Holm", two="Vahan\n") if a.role
    )
    assert [m.text for m in actor.mentions][-1] == "Vahan"


def test_whose_counterpart_somebody_is_stands_beside_him() -> None:
    text = "Thai envoy Vera Holm and her Cambodian counterpart Ivo Sark met Malaysian Abu Gol. Both countries left."
    found = actors(
        text,
        organizations=(),
        places=("Cambodian",),
        speaker="Thai envoy Vera Holm",
        one="Vera Holm",
        two="Ivo Sark",
        three="Abu Gol",
    )
    assert {a.country for a in found if any(m.text == "Both countries" for m in a.mentions)} == {"THA", "KHM"}
