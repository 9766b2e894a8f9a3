"""Who took part in an act, and whether it is still to come."""

import numpy as np
import pytest

from pourparler.model.labels import STATUSES
from pourparler.model.layers import Layers
from pourparler.model.windows import Window
from pourparler.model.words import words
from pourparler.reading.draft import Argument, Attribution, Draft, Range, Trigger
from pourparler.reading.events import Events
from pourparler.reading.pairs import plurals
from pourparler.reading.triggers import _topic
from pourparler.record import Document, Event, EventType


def read(text: str) -> Draft:
    draft = Draft(Document("d", text))
    draft.words = words(text)
    n = len(draft.words)
    draft.sentences = [(0, n)]
    status = np.zeros((n, len(STATUSES)), np.float32)
    status[:, STATUSES.index("happened")] = 1
    empty = np.zeros((n, 1), np.float32)
    draft.layers = Layers(empty, empty, empty, status, empty, empty, (Window(0, n, 0, n),), ())
    return draft


def at(draft: Draft, some: str) -> Range:
    start = draft.document.text.index(some)
    return draft.words_at(start, start + len(some)) or (0, 0)


def event(
    text: str,
    act: str,
    kind: EventType,
    *,
    sources: tuple[str, ...] = (),
    said: tuple[str, str, str] | None = None,
    both: tuple[str, ...] = (),
) -> Event:
    """Return the act; ``said`` are speaker, cue and content; ``both`` is whom a plural of the text stands for."""
    draft = read(text)
    found = tuple(Argument("source", at(draft, source), 0.9) for source in sources)
    draft.triggers = (Trigger(at(draft, act), kind, 0.9, found),)
    draft.actor_of = {a.words: (draft.text(a.words),) for a in found}
    draft.plurals = tuple(plurals(draft))
    draft.actor_of |= dict.fromkeys(draft.plurals, both)
    if said:
        who, cue, what = (at(draft, words) for words in said)
        draft.attributions = (
            Attribution(cue, (Argument("speaker", who, 0.9),), (Argument("content", what, 0.9),), 0.9),
        )
        draft.actor_of.setdefault(who, (draft.text(who),))
    Events()(draft)
    return draft.events[0]


@pytest.mark.parametrize(
    ("text", "act", "kind", "status"),
    [
        ("He said that he would resign .", "would resign", "RETREAT", "planned"),
        ("Troops will be withdrawn .", "withdrawn", "RETREAT", "planned"),
        ("He would not accept it .", "would not accept", "REJECT", "happened"),
        ("They will not release them .", "release", "RETREAT", "happened"),
        ("They would have released them .", "released", "RETREAT", "happened"),
        ("Troops withdrew .", "withdrew", "RETREAT", "happened"),
    ],
)
def test_what_will_be_is_planned_unless_it_is_done_by_saying_it(
    text: str, act: str, kind: EventType, status: str
) -> None:
    assert event(text, act, kind).status == status


def test_who_only_tells_of_a_meeting_behind_it_took_no_part() -> None:
    text, said = "The committee met on Monday , the ministry said .", ("ministry", "said", "committee met on Monday")
    assert event(text, "met", "CONSULT", sources=("committee", "ministry"), said=said).sources == ("committee",)
    assert event(text, "met", "CONSULT", sources=("committee", "ministry")).sources == ("committee", "ministry")
    assert event(text, "met", "CONSULT", sources=("ministry",), said=said).sources == ("ministry",)


def test_a_clause_about_the_two_does_not_part_them_from_their_act() -> None:
    text = "The two leaders , who shook hands at the old airport of Orlan , also agreed to meet ."
    assert event(text, "agreed", "AGREE", both=("Holm", "Sark")).sources == ("Holm", "Sark")
    text = "The two leaders left the old airport of Orlan , envoys agreed to meet ."
    assert event(text, "agreed", "AGREE", both=("Holm", "Sark")).sources == ()


def test_the_two_before_an_act_do_it_not_who_stands_behind() -> None:
    text = "Both countries will withdraw weapons and Estria is to free soldiers ."
    assert event(text, "withdraw", "RETREAT", sources=("Estria",), both=("c", "e")).sources == ("c", "e")
    text = "Both countries were attacked by Estria ."
    assert event(text, "attacked", "ASSAULT", sources=("Estria",), both=("c", "e")).sources == ("Estria",)


@pytest.mark.parametrize(
    ("text", "act", "topic"),
    [
        ("Two days of talks on Corvia ended .", "talks", True),
        ("The talks over the Corvia enclave ended .", "talks", True),
        ("They met on Corvia .", "met", False),
        ("The talks in Corvia ended .", "talks", False),
    ],
)
def test_talks_about_a_place_are_not_there(text: str, act: str, topic: bool) -> None:
    draft = read(text)
    assert _topic(draft, at(draft, act), Argument("place", at(draft, "Corvia"), 0.9)) is topic
