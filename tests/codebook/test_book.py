"""The codebook is complete, checked, and takes a side wherever the manual contradicts itself."""

import importlib.resources
import typing

import pytest

from pourparler import codebook
from pourparler.codebook.book import parse
from pourparler.errors import CodebookError
from pourparler.record import EventType


def test_all_sixteen_types_are_there_with_scores_in_range() -> None:
    book = codebook.load()
    assert set(book.types) == set(typing.get_args(EventType))
    for entry in book.types.values():
        assert entry.definition and entry.near_misses and (entry.verbs or entry.nouns)
        assert all(-10 <= score <= 10 for score in (entry.score, *(mode.score for mode in entry.modes)))
        assert (entry.score > 0) == (entry.quad in (1, 2)), entry.name


def test_the_contradictions_are_decided() -> None:
    book = codebook.load()
    assert {"accuse_score", "sanction_quad", "declared_ceasefire", "violated_ceasefire"} <= set(book.decisions)
    assert book.types["ACCUSE"].score < 0
    assert book.types["SANCTION"].quad == 4


def test_words_evoke_types_in_their_forms() -> None:
    book = codebook.load()
    found = {hit.type for hit in book.types_evoked(["ministers", "met", "and", "accused", "them"])}
    assert {"CONSULT", "ACCUSE"} <= found
    assert book.act_of(["has", "denied"]) == "deny"
    assert book.sector_of(["the", "police", "officers"]) == "COP"


def test_a_violated_ceasefire_is_flagged() -> None:
    book = codebook.load()
    assert book.is_ceasefire_violation("they violated the ceasefire".split())
    assert not book.is_ceasefire_violation("they declared a ceasefire".split())
    assert book.is_ceasefire_violation("they violated the cease - fire".split())


def test_entries_of_several_words_are_found_as_a_text_is_cut() -> None:
    book = codebook.load()
    assert book.mode_of("RETREAT", "the cease - fire holds".split()) == "ceasefire"
    assert book.mode_of("ASSAULT", "a breach of the cease - fire".split()) is None
    assert book.sector_of("UN secretary - general".lower().split()) == "GOV"
    assert book.sector_of(["secretary-general"]) == book.sector_of(["european", "union", "observers"]) == "GOV"
    assert book.sector_of("a major general".split()) == "MIL"


def test_a_lemma_in_ee_o_or_y_keeps_its_letters() -> None:
    book = codebook.load()
    found = {hit.lemma for hit in book.types_evoked(["agreeing", "freeing", "vetoes", "apologies", "embargoes"])}
    assert found == {"agree", "free", "veto", "apology", "embargo"}


def test_the_hash_changes_with_a_word() -> None:
    types, words = _texts()
    assert parse(types, words).hash != parse(types.replace("visits", "visit"), words).hash


def test_a_missing_type_and_a_broken_file_are_named() -> None:
    types, words = _texts()
    with pytest.raises(CodebookError, match=r"types\.toml"):
        parse("[types", words)
    with pytest.raises(CodebookError, match="ASSAULT"):
        parse(types[: types.index("[types.ASSAULT]")], words)


def _texts() -> tuple[str, str]:
    folder = importlib.resources.files("pourparler.codebook") / "data"
    types, words = ((folder / name).read_text(encoding="utf-8") for name in ("types.toml", "words.toml"))
    return types, words
