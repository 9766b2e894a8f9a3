"""Names are whole words: a hyphen inside one does not end it, and its "in" is no preposition."""

from __future__ import annotations

import numpy as np

from pourparler.model.labels import NAMES
from pourparler.model.layers import Layers
from pourparler.model.windows import Window
from pourparler.model.words import words
from pourparler.reading.draft import Draft
from pourparler.reading.names import Names, tagged, titled
from pourparler.record import Document


def names(text: str, *, behind_titles: bool = False, lines: bool = False, **tags: str) -> list[str]:
    """What the names are where the network gives these tags to these words, and to no others.

    ``lines``: each line is a sentence.
    """
    draft = draft_of(text, lines=lines, **tags)
    return [draft.text(name.words) for name in (titled(draft, [], tagged(draft)) if behind_titles else tagged(draft))]


def all_names(text: str, *, once: bool = False, **tags: str) -> list[str]:
    """What all the names are, those of the tables too; ``once``: the network tags a word where it stands first."""
    draft = draft_of(text, once=once, **tags)
    Names()(draft)
    return [draft.text(name.words) for name in draft.names]


def draft_of(text: str, *, lines: bool = False, once: bool = False, **tags: str) -> Draft:
    draft = Draft(Document("d", text))
    draft.words = words(text)
    n = len(draft.words)
    labels = np.zeros((n, NAMES.size), np.float32)
    labels[:, 0] = 0.5
    for i in range(n):
        seen = once and draft.word(i) in {draft.word(k) for k in range(i)}
        prefix, _, kind = ("" if seen else tags.get(draft.word(i), "")).partition("_")
        if kind:
            labels[i, NAMES.label(kind, prefix)] = 1
    empty = np.zeros((n, 1), np.float32)
    draft.layers = Layers(empty, labels, empty, empty, empty, empty, (Window(0, n, 0, n),), ())
    draft.sentences = [(0, n)]
    if lines:
        starts = [i for i in range(n) if i == 0 or "\n" in text[draft.words[i - 1][1] : draft.words[i][0]]]
        draft.sentences = list(zip(starts, [*starts[1:], n], strict=True))
    return draft


def test_a_name_takes_the_whole_of_its_hyphenated_words() -> None:
    assert names("Moon Jae-in met Kim Jong-un.", Moon="B_PER", Jae="I_PER", Kim="B_PER", Jong="I_PER") == [
        "Moon Jae-in",
        "Kim Jong-un",
    ]
    assert names("Bashar al-Assad left.", Bashar="B_PER", al="I_PER") == ["Bashar al-Assad"]
    assert names("They blame al-Qaeda.", Qaeda="B_ORG") == ["al-Qaeda"]


def test_a_place_does_not() -> None:
    assert names("Armenia-Azerbaijan talks", Armenia="B_LOC", Azerbaijan="B_LOC") == ["Armenia", "Azerbaijan"]
    assert names("US-led forces", US="B_LOC") == ["US"]


def test_a_hyphen_with_blanks_ends_a_name() -> None:
    assert names("Lavrov - Minister", Lavrov="B_PER") == ["Lavrov"]
    assert names("Lavrov- Minister", Lavrov="B_PER") == ["Lavrov"]


def test_a_person_behind_a_title_needs_no_tag() -> None:
    def found(text: str, **tags: str) -> list[str]:
        return names(text, behind_titles=True, **tags)

    assert found("Corvian President Vahan Sarkis met Queen Anna.") == ["Vahan Sarkis", "Anna"]
    assert found("President Sarkis, Aliyev", Sarkis="B_PER") == ["Sarkis"]
    assert found("Prime Minister Moon Jae-in left.") == ["Moon Jae-in"]
    assert found("Crown Prince Hamad bin Khalifa said") == ["Hamad bin Khalifa"]
    assert found("Dr. Lusine Petrosian came.") == ["Lusine Petrosian"]
    assert found("the president Sarkis and Minister of Health") == []


def test_a_name_behind_a_title_gives_way_to_a_body_and_grows_with_the_network() -> None:
    tags = {"Justice": "B_ORG", "Department": "I_ORG"}
    assert names("The Justice Department sued.", behind_titles=True, **tags) == []
    assert names("General Ivo", behind_titles=True, Ivo="B_PER") == ["Ivo"]
    grown = {"Ivo": "B_PER", "of": "I_PER", "Sark": "I_PER"}
    assert names("General Ivo of Sark", behind_titles=True, **grown) == ["Ivo of Sark"]


def test_no_name_goes_on_from_a_headline_into_the_text() -> None:
    text = "Talks open in Orlan\n\nORLAN, 3 May - Envoys met."
    tags = {"Orlan": "B_LOC", "ORLAN": "I_LOC"}
    assert names(text, lines=True, **tags) == ["Orlan", "ORLAN"]
    assert names("Talks open in Orlan\nORLAN", lines=False, **tags) == ["Orlan\nORLAN"]


def test_two_halves_of_a_name_are_one() -> None:
    halves = {"Vahan": "B_PER", "Sarkis": "B_PER"}
    assert names("Vahan Sarkis met Sarkis.", **halves) == ["Vahan Sarkis", "Sarkis"]
    assert names("Vahan, Sarkis", **halves) == ["Vahan", "Sarkis"]
    assert names("They gave Vahan Sarkis's letter; Vahan left.", **halves) == ["Vahan", "Sarkis", "Vahan"]


def test_an_arabic_article_goes_on_with_a_name() -> None:
    assert names("Abu Bakr al-Vahani died.", Abu="B_PER", Bakr="I_PER", Vahani="I_LOC") == ["Abu Bakr al-Vahani"]
    assert names("Vahan al Hayat", Vahan="B_PER") == ["Vahan"]


def test_a_title_written_small_asks_for_two_words_like_a_name_s() -> None:
    def found(text: str, **tags: str) -> list[str]:
        return names(text, behind_titles=True, **tags)

    assert found("Host chief Vahan Sarkis left.", Vahan="B_ORG", Sarkis="I_ORG") == ["Vahan Sarkis"]
    assert found("Police chief Vahan Sarkis left.", Vahan="B_ORG", Sarkis="B_PER") == ["Vahan Sarkis"]
    assert found("The chief Orlan Valley envoy left.", Orlan="B_LOC", Valley="I_LOC") == []
    assert found("A general Sarkis Party Congress", Sarkis="B_ORG", Party="I_ORG", Congress="I_ORG") == []


def test_a_country_may_be_a_first_name_behind_a_title() -> None:
    assert all_names("Defence Minister Israel Katz left.", Katz="B_ORG") == ["Israel Katz"]
    assert all_names("President Iran said", Iran="B_LOC") == ["Iran"]


def test_a_family_name_alone_is_the_name_again() -> None:
    tags = {"Vahan": "B_PER", "Öcalan": "I_PER"}
    assert all_names("Vahan Öcalan left. They saw Öcalan there.", once=True, **tags) == ["Vahan Öcalan", "Öcalan"]
    tags = {"Vahan": "B_PER", "Un": "I_PER"}
    assert all_names("Vahan Un left. They saw Un there.", once=True, **tags) == ["Vahan Un"]
