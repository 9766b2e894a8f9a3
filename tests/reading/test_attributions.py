"""Who says what: cues have a verb, speakers stand together, what is said ends where it ends."""

import numpy as np
import pytest

from pourparler.model.words import words
from pourparler.reading.attributions import _clause, _ends, _openly, _saying, _together
from pourparler.reading.draft import Argument, Draft, Range
from pourparler.record import Document


def read(text: str) -> Draft:
    draft = Draft(Document("d", text))
    draft.words = words(text)
    stops = [i + 1 for i in range(len(draft.words)) if draft.word(i) == "."]
    draft.sentences = list(zip([0, *stops[:-1]], stops, strict=True))
    return draft


def at(draft: Draft, some: str) -> Range:
    start = draft.document.text.index(some)
    return draft.words_at(start, start + len(some)) or (0, 0)


@pytest.mark.parametrize(
    ("text", "cue", "whole"),
    [
        ("Corvia has repeatedly denied laying mines .", "has repeatedly", "has repeatedly denied"),
        ("The talks , it is advised , go on .", "is", "is advised"),
        ("Corvia has closed the crossing .", "has", None),
        ("Corvia formally ratifies the treaty .", "formally", None),
        ("Corvia said no .", "said", "said"),
        ("Corvia has . Estria denied it .", "has", None),
    ],
)
def test_a_cue_has_a_verb_that_says_something(text: str, cue: str, whole: str | None) -> None:
    draft = read(text)
    found = _saying(draft, at(draft, cue), np.zeros(len(draft.words), np.float32))
    assert (draft.text(found) if found else None) == whole


def test_a_verb_that_is_a_cue_of_its_own_is_not_said_twice() -> None:
    draft = read("Corvia has announced talks .")
    scores = np.zeros(len(draft.words), np.float32)
    scores[at(draft, "announced")[0]] = 0.9
    assert _saying(draft, at(draft, "has"), scores) is None


def speakers(text: str, **sure: float) -> list[str]:
    draft = read(text)
    given = [Argument("speaker", at(draft, name), score) for name, score in sure.items()]
    return [draft.text(s.words) for s in _together(given, at(draft, "said"))]


def test_who_is_told_of_does_not_speak() -> None:
    text = "A panel led by Holm met in the old harbour of Orlan , envoys said ."
    assert speakers(text, Holm=0.6, envoys=0.9) == ["envoys"]
    assert speakers(text, Holm=0.9, envoys=0.4) == ["Holm"]


def test_speakers_that_stand_together_all_speak() -> None:
    assert speakers("Corvia , Estria and Ludia said no .", Corvia=0.5, Estria=0.9, Ludia=0.9) == [
        "Corvia",
        "Estria",
        "Ludia",
    ]


def openly(said: str) -> str | None:
    draft = read(f"{said} .")
    found = _openly(draft, Argument("content", at(draft, said), 0.9))
    return draft.text(found.words) if found else None


def test_why_no_name_is_told_is_not_said() -> None:
    assert openly("talks go on , speaking on condition of anonymity") == "talks go on"
    assert openly("condition of anonymity because they may not brief reporters") is None
    assert openly("the anonymity of donors must be kept") == "the anonymity of donors must be kept"


def test_what_is_said_ends_with_its_sentence_but_for_a_quotation() -> None:
    for text, ends in [
        ("He threatened to leave by Friday . Corvia denied it .", True),
        ('He said " we leave . We will not return . " It rained .', False),
        ("He said “ we leave . We will not return . ”", False),
    ]:
        draft = read(text)
        cue = at(draft, "threatened" if ends else "said")
        assert _ends(draft, cue, draft.sentence_of(cue[0])[1]) is ends


def test_that_right_behind_a_cue_begins_what_is_said() -> None:
    draft = read("Corvia denied that it held back remains . Talks go on .")
    (clause,) = _clause(draft, at(draft, "denied"), 0.9)
    assert draft.text(clause.words) == "that it held back remains"
    assert not _clause(draft, at(draft, "held"), 0.9)
