"""A user's own actors go before those that are shipped; a file that cannot be used is refused with its reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pourparler.errors import KnowledgeError
from pourparler.knowledge import OWN_ACTORS, actors, known_actor, own_actors_hash


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "own.toml"
    monkeypatch.setenv(OWN_ACTORS, str(path))
    actors.forget()
    yield path
    actors.forget()


def test_own_actors_are_known_and_go_first(own: Path) -> None:
    own.write_text(
        '[[actor]]\nnames = ["Sotk Defence League", "SDL"]\nkind = "armed_group"\ncountry = "ARM"\nsector = "REB"\n'
        '[[actor]]\nnames = ["Hezbollah"]\nkind = "organization"\n',
        encoding="utf-8",
    )
    league = known_actor("the Sotk Defence League")
    assert league and (league.kind, league.country, league.sector) == ("armed_group", "ARM", "REB")
    assert known_actor("SDL") == league and known_actor("sdl") is None
    shipped = known_actor("Hezbollah")
    assert shipped and shipped.kind == "organization"
    assert len(own_actors_hash()) == 16


def test_an_article_in_a_name_counts_as_little_as_in_the_text(own: Path) -> None:
    own.write_text('[[actor]]\nnames = ["The Sotk Watch"]\nkind = "organization"\n', encoding="utf-8")
    assert known_actor("The Sotk Watch") and known_actor("the Sotk Watch") == known_actor("Sotk Watch")


def test_without_a_file_nothing_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OWN_ACTORS, raising=False)
    actors.forget()
    assert own_actors_hash() == "" and known_actor("Sotk Defence League") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = ", "not TOML"),
        ("a = 1", "no \\[\\[actor\\]\\]"),
        ('[[actor]]\nkind = "group"', "entry 1 needs names"),
        ('[[actor]]\nnames = ["A"]\nkind = "tribe"', "entry 1 needs a kind"),
        ('[[actor]]\nnames = ["A"]\nkind = "group"\ncountry = "Armenia"', "alpha-3"),
        ('[[actor]]\nnames = ["A"]\nkind = "group"\nsector = "rebels"', "PLOVER sector"),
        ('[[actor]]\nnames = ["A"]\nkind = "group"\nnation = "ARM"', "unknown key nation"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(own: Path, text: str, problem: str) -> None:
    own.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=problem):
        known_actor("A")


def test_a_file_that_is_not_there_or_not_text_is_named(own: Path) -> None:
    with pytest.raises(KnowledgeError, match="can be read"):
        known_actor("A")
    own.write_bytes(b"\xff\xfe")
    with pytest.raises(KnowledgeError, match="UTF-8"):
        known_actor("A")
