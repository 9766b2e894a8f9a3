"""TOML from elsewhere: a process, a list of feeds, one's own actors. What is in it is words, whatever it says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.archive.by_hand import Act, fill, record

from pourparler.archive.chronicle import chronicle
from pourparler.archive.feeds import load_feeds
from pourparler.archive.process import load
from pourparler.archive.store import Archive
from pourparler.errors import IntakeError, KnowledgeError, ProcessError
from pourparler.knowledge import OWN_ACTORS, known_actor
from pourparler.knowledge import actors as tables

DEEP = "name = " + "[" * 5_000 + "]" * 5_000
LONG = "name = " + "9" * 5_000
TABLES = ".".join("a" * 2_000) + " = 1"
BROKEN = (DEEP, LONG, TABLES, "name = '\x1b[2J", "[" * 9_000, "\0")


@pytest.mark.parametrize("words", BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_told(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.toml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(ProcessError) as process:
        load(path)
    with pytest.raises(IntakeError) as feeds:
        load_feeds(path)
    monkeypatch.setenv(OWN_ACTORS, str(path))
    tables.forget()
    with pytest.raises(KnowledgeError) as actors:
        known_actor("Nobody Known")
    tables.forget()
    for told in (process, feeds, actors):
        assert len(str(told.value)) < 2_000


def test_a_name_is_no_path(tmp_path: Path) -> None:
    """A desk finds processes by the names in files that it lists itself; no name is made into a path."""
    path = tmp_path / "x.toml"
    side = '[[side]]\nname = "A"\ncountries = ["ARM"]\n[[side]]\nname = "B"\ncountries = ["AZE"]\n'
    path.write_text(f'name = "../../secret"\n{side}', encoding="utf-8")
    assert load(path).name == "../../secret"


def test_words_are_no_patterns(tmp_path: Path) -> None:
    """Words and names of a process are looked for as they stand: one that would be a slow pattern is none."""
    path = tmp_path / "x.toml"
    slow = "(a+)+$" * 50
    side = '[[side]]\nname = "A"\nnames = ["(x+x+)+y"]\n[[side]]\nname = "B"\ncountries = ["AZE"]\n'
    path.write_text(f'name = "x"\nwords = ["{slow}", "a.*"]\nplaces = ["\\\\w+a"]\n{side}', encoding="utf-8")
    words = f"Azerbaijan accused {'x' * 40_000} of {'a' * 40_000}! Armenia agreed."
    acts = [Act("accused", "ACCUSE", ("Azerbaijan",), ("Armenia",))]
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        fill(archive, [record("r1", "2022-12-12", "Post", words, acts)])
        begun = time.monotonic()
        found = chronicle(archive, load(path))
    assert time.monotonic() - begun < 10
    assert found.process.name == "x"
