"""Mentions and what they go back to, on trees made by hand: no model."""

from __future__ import annotations

import pytest

from pourparler.model.trees import Tree
from pourparler.reading.coreference import clusters
from pourparler.reading.mentions import Mention, Parsed, mentions

# Word, part of speech, head (counted from 1 in its sentence, 0 the root), relation, lemma, kind of name.
Row = tuple[str, str, int, str, str, str]


def parsed(*sentences: str) -> Parsed:
    """Return a document from lines "word/UPOS/head/relation[/lemma[/kind]]", one string a sentence."""
    rows: list[Row] = []
    bounds: list[tuple[int, int]] = []
    for sentence in sentences:
        shift = len(rows)
        for item in sentence.split():
            word, upos, head, relation, *more = item.split("/")
            lemma, kind = [*more, "", ""][:2]
            rows.append((word, upos, int(head) and int(head) + shift, relation, lemma or word.lower(), kind))
        bounds.append((shift, len(rows)))
    words, upos_, heads, relations, lemmas, names = zip(*rows, strict=True)
    return Parsed(words, bounds, Tree(upos_, heads, relations, lemmas), names)


def texts(text: Parsed, found: list[Mention]) -> list[str]:
    return [" ".join(text.words[slice(*m.words)]) for m in found]


def together(text: Parsed) -> list[set[str]]:
    return [{" ".join(text.words[slice(*words)]) + f"@{words[0]}" for words in c} for c in clusters(text)]


MET = (
    "Vera/PROPN/3/nsubj/vera/PER Holm/PROPN/1/flat/holm/PER met/VERB/0/root/meet "
    "the/DET/5/det envoy/NOUN/3/obj ./PUNCT/3/punct"
)
LEFT = "She/PRON/2/nsubj left/VERB/0/root/leave ./PUNCT/2/punct"
HOLM = "Holm/PROPN/2/nsubj/holm/PER returned/VERB/0/root/return ./PUNCT/2/punct"


def test_phrases_names_and_pronouns_are_mentions() -> None:
    text = parsed(MET, LEFT)
    assert texts(text, mentions(text)) == ["Vera Holm", "the envoy", "She"]


def test_a_phrase_leaves_out_its_case_its_apposition_and_what_it_is_joined_to() -> None:
    text = parsed(
        "with/ADP/3/case the/DET/3/det envoy/NOUN/0/root of/ADP/5/case Ruritania/PROPN/3/nmod/ruritania/LOC "
        ",/PUNCT/8/punct a/DET/8/det lawyer/NOUN/3/appos ,/PUNCT/11/punct "
        "and/CCONJ/11/cc soldiers/NOUN/3/conj/soldier"
    )
    assert texts(text, mentions(text)) == [
        "the envoy of Ruritania , a lawyer , and soldiers",
        "the envoy of Ruritania",
        "Ruritania",
        "a lawyer",
        "soldiers",
    ]


def test_a_possessor_is_a_mention_within_the_phrase() -> None:
    text = parsed("her/PRON/2/nmod:poss office/NOUN/3/nsubj closed/VERB/0/root/close")
    found = mentions(text)
    assert texts(text, found) == ["her office", "her"]
    assert [m.sort for m in found] == ["noun", "she"] and found[0].article == "owned"


def test_pronouns_that_stand_for_nothing_are_none() -> None:
    text = parsed(
        "It/PRON/2/expl rained/VERB/0/root/rain on/ADP/5/case the/DET/5/det day/NOUN/2/obl that/PRON/7/obj "
        "passed/VERB/5/acl:relcl/pass"
    )
    assert texts(text, mentions(text)) == ["the day that passed"]


def test_signs_of_a_mention() -> None:
    text = parsed(MET, HOLM, "Both/DET/2/det sides/NOUN/3/nsubj/side agreed/VERB/0/root/agree")
    whole, envoy, last, sides = mentions(text)
    assert (whole.sort, whole.gender, whole.number, whole.lemma, whole.kind) == ("name", "she", "one", "holm", "PER")
    # The first name tells the gender of the last name that stands alone.
    assert (last.gender, last.sentence, last.role) == ("she", 1, "nsubj")
    assert (envoy.article, envoy.key, envoy.gender) == ("definite", ("envoy",), "person")
    assert sides.number == "many" and sides.article == "indefinite"


def test_words_in_quotation_marks_are_told_apart() -> None:
    text = parsed(
        "“/PUNCT/3/punct I/PRON/3/nsubj agree/VERB/0/root ”/PUNCT/3/punct she/PRON/6/nsubj said/VERB/3/parataxis/say"
    )
    assert [m.quoted for m in mentions(text)] == [True, False]


def test_a_name_its_last_part_and_a_pronoun_stand_for_one() -> None:
    text = parsed(MET, LEFT, HOLM)
    assert together(text) == [{"Vera Holm@0", "She@6", "Holm@9"}]


def test_a_description_goes_back_to_the_same_words() -> None:
    text = parsed(
        "A/DET/2/det treaty/NOUN/4/nsubj:pass was/AUX/4/aux:pass/be signed/VERB/0/root/sign ./PUNCT/4/punct",
        "The/DET/2/det treaty/NOUN/3/nsubj ends/VERB/0/root/end the/DET/5/det war/NOUN/3/obj ./PUNCT/3/punct",
    )
    assert together(text) == [{"A treaty@0", "The treaty@5"}]


def test_given_mentions_are_taken_as_they_are() -> None:
    text = parsed(MET, LEFT)
    found = mentions(text, given=[(6, 7), (0, 2)])
    assert [m.words for m in found] == [(0, 2), (6, 7)] and [m.head for m in found] == [0, 6]
    assert clusters(text, given=[(0, 2), (6, 7)]) == (((0, 2), (6, 7)),)


@pytest.mark.parametrize("heads", [(2, 1), (1, 2), (2, 2)])
def test_heads_in_a_circle_do_no_harm(heads: tuple[int, int]) -> None:
    tree = Tree(("NOUN", "NOUN"), heads, ("nmod", "nmod"), ("war", "peace"))
    assert len(mentions(Parsed(("war", "peace"), [(0, 2)], tree, ("", "")))) <= 2


def test_no_words_are_no_clusters() -> None:
    assert clusters(Parsed((), (), Tree((), (), (), ()), ())) == ()
