"""Words keep their offsets, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pourparler.model.split import sentences
from pourparler.model.words import case_of, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("They don't talk.", ["They", "do", "n't", "talk", "."]),
        ("Armenia's envoy", ["Armenia", "'s", "envoy"]),
        ("the U.S. said", ["the", "U.S.", "said"]),
        ("1,200 men at 09:30", ["1,200", "men", "at", "09:30"]),
        ("cease-fire", ["cease", "-", "fire"]),
        ("see https://example.org/a?b=1 now", ["see", "https://example.org/a?b=1", "now"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_words(text: str, wanted: list[str]) -> None:
    assert [text[s:e] for s, e in words(text)] == wanted


@given(st.text(max_size=300))
def test_every_visible_character_is_in_exactly_one_word(text: str) -> None:
    spans = words(text)
    covered = [i for s, e in spans for i in range(s, e)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)


@given(st.text(max_size=300))
def test_every_word_is_in_exactly_one_sentence(text: str) -> None:
    spans = words(text)
    parts = sentences(text, spans)
    assert [i for a, b in parts for i in range(a, b)] == list(range(len(spans)))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("He met Gen. Smith. They spoke.", 2),
        ("The U.S. envoy left. He was tired!", 2),
        ("“We agree.” She left.", 2),
        ("Headline\n\nThe talks began", 2),
        ("It cost 3.5 million.", 1),
        ("J. Smith spoke", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text, words(text))) == count


@pytest.mark.parametrize(("word", "case"), [("the", 1), ("The", 2), ("UN", 3), ("McCain", 4), ("12", 0), ("A", 2)])
def test_case(word: str, case: int) -> None:
    assert case_of(word) == case


def test_a_megabyte_is_cut_in_seconds() -> None:
    text = "ab'" * 350_000
    assert len(words(text)) > 100_000


def test_x_the_network_is_nobody_s_initial() -> None:
    def cut(text: str) -> int:
        return len(sentences(text, words(text)))

    assert cut("They won, she wrote on X. Others disagreed.") == 2
    assert cut("They met George X. Sarkis in Orlan.") == 1
