"""What dates an act: the words the network ties to it, else the day of publication."""

import dataclasses
import datetime

import numpy as np
import pytest

from pourparler.model.labels import ROLES
from pourparler.model.layers import Layers, Pairs
from pourparler.model.windows import Window
from pourparler.model.words import words
from pourparler.reading.dating import Dating
from pourparler.reading.draft import Draft
from pourparler.reading.timex import find_times
from pourparler.record import Document, Event, EventType, Quote, Status, Time

DAY = "2023-05-04"  # a Thursday
NOTHING = np.zeros((0, 0), np.float32)


def dated(
    text: str,
    act: str,
    *,
    tied: str = "",
    sure: float = 0.9,
    status: Status = "happened",
    kind: EventType = "CONSULT",
    plan: str = "",
    planned: bool = False,
) -> Time | None:
    """Read the time of ``act`` in a text whose network ties the words ``tied`` to it, and to what is planned beside
    it; ``planned`` asks for the time of that."""
    draft = Draft(Document("d", text, published=DAY))
    draft.words = words(text)
    stops = [i + 1 for i, (start, end) in enumerate(draft.words) if text[start:end] == "."]
    draft.sentences = list(zip([0, *stops[:-1]], stops, strict=True))
    draft.times = find_times(text, published=datetime.date.fromisoformat(DAY))
    n, at = len(draft.words), text.index(act)
    (word, _) = draft.words_at(at, at + 1) or (0, 0)
    scores = np.zeros((ROLES.size, 1, n), np.float32)
    if tied:
        first, last = draft.words_at(text.index(tied), text.index(tied) + len(tied)) or (0, 0)
        scores[ROLES.inside["time"], 0, first:last] = sure
    window = Window(0, n, 0, n)
    quote = Quote(at, at + len(act), act)
    draft.events = (Event("e1", kind, None, ("a1",), (), status, None, None, None, 2.5, (quote,), 0.9),)
    draft.event_words = {"e1": (word, word + 1)}
    rows = {word: 0}
    if plan:
        (ahead, _) = draft.words_at(text.index(plan), text.index(plan) + 1) or (0, 0)
        rows[ahead] = 0
        draft.events += (dataclasses.replace(draft.events[0], id="e2", status="planned"),)
        draft.event_words["e2"] = (ahead, ahead + 1)
    draft.layers = Layers(*[NOTHING] * 6, (window,), (Pairs(rows, scores),))
    Dating()(draft)
    return draft.events[-1 if planned else 0].time


def days(time: Time | None) -> tuple[str, str, str] | None:
    return (time.start, time.end, time.basis) if time else None


def test_the_words_the_network_ties_to_an_act_date_it() -> None:
    text = "They met on Monday and spoke of the war of 2020 ."
    assert days(dated(text, "met", tied="Monday")) == ("2023-05-01", "2023-05-01", "stated")
    assert days(dated(text, "met", tied="2020")) == ("2020-01-01", "2020-12-31", "stated")


def test_without_such_words_it_is_the_day_of_publication() -> None:
    assert days(dated("They met on Monday .", "met")) == (DAY, DAY, "publication")
    assert days(dated("They met on Monday .", "met", tied="Monday", sure=0.1)) == (DAY, DAY, "publication")


def test_what_is_planned_without_a_day_has_none() -> None:
    assert dated("They will meet again .", "meet", status="planned") is None


def test_a_day_of_another_sentence_is_inferred() -> None:
    text = "Talks opened on Tuesday . The sides met in Geneva ."
    assert days(dated(text, "met", tied="Tuesday")) == ("2023-05-02", "2023-05-02", "inferred")


def test_what_is_told_as_done_lies_not_ahead() -> None:
    assert days(dated("They met before the vote of May 14 .", "met", tied="May 14")) == (DAY, DAY, "publication")


@pytest.mark.parametrize(("tied", "first"), [("Monday", "2023-05-08"), ("March", "2024-03-01")])
def test_what_is_planned_lies_ahead(tied: str, first: str) -> None:
    found = dated(f"A round is foreseen for {tied} .", "round", tied=tied, status="planned")
    assert found and found.start == first


def test_due_by_a_day_is_from_now_until_then() -> None:
    found = dated("The troops leave by May 20 .", "leave", tied="May 20", status="planned")
    assert days(found) == (DAY, "2023-05-20", "stated")
    found = dated("The troops leave by the end of the year .", "leave", tied="year", status="planned")
    assert days(found) == (DAY, "2023-12-31", "stated")


def test_the_year_of_a_name_dates_nothing() -> None:
    assert days(dated("In the war (2006) they met .", "met", tied="2006")) == (DAY, DAY, "publication")


def test_the_words_are_kept() -> None:
    time = dated("They met on Monday .", "met", tied="Monday")
    assert time and time.text == "Monday" and time.span and dataclasses.astuple(time.span) == (12, 18)


def test_the_article_of_a_deadline_does_not_hide_it() -> None:
    for words_before in ("by", "by the"):
        found = dated(f"They will meet {words_before} end of May .", "meet", tied="end of May", status="planned")
        assert days(found) == ("2023-05-04", "2023-05-31", "stated")


def test_since_when_somebody_else_acts_dates_nothing_behind_the_comma() -> None:
    text = "Mediators , who have led the talks since May 1 , urged restraint ."
    assert days(dated(text, "urged", tied="May 1", kind="REQUEST")) == (DAY, DAY, "publication")
    assert days(dated(text, "led", tied="May 1", kind="REQUEST")) == ("2023-05-01", "2023-05-01", "stated")


def test_a_day_named_without_its_year_is_of_the_last_one_where_the_act_is_done() -> None:
    text = "They signed a pact on 1 August ."
    assert days(dated(text, "signed", tied="1 August")) == ("2022-08-01", "2022-08-01", "stated")
    assert days(dated("They signed a pact in June .", "signed", tied="June"))[:2] == ("2022-06-01", "2022-06-30")
    ahead = "They agreed to meet on 1 August ."
    assert days(dated(ahead, "agreed", tied="1 August", kind="AGREE")) == (DAY, DAY, "publication")
    full = "They signed a pact on 1 August 2023 ."
    assert days(dated(full, "signed", tied="1 August 2023")) == (DAY, DAY, "publication")


def test_a_day_that_something_was_done_on_is_not_the_next_one_too() -> None:
    found = dated("They met on Monday and agreed to swap prisoners .", "met", tied="Monday", plan="swap")
    assert days(found) == ("2023-05-01", "2023-05-01", "stated")
    assert (
        dated("They met on Monday and agreed to swap prisoners .", "met", tied="Monday", plan="swap", planned=True)
        is None
    )
