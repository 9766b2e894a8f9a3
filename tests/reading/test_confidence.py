"""Confidence grows with what the network gives act and sides, and stays a probability."""

import dataclasses

from pourparler.reading.confidence import Confidence
from pourparler.reading.draft import Argument, Draft, Trigger
from pourparler.reading.settings import calibration
from pourparler.record import Document, Event, Quote

EVENT = Event(
    *("e1", "ACCUSE", None, ("a1",), ("a2",), "happened"),
    *(None, None, None, -2.0, (Quote(8, 15, "accused"),), 0.5),
)


def rated(score: float, *, source: float = 0.8, target: float = 0.8, event: Event = EVENT) -> float:
    draft = Draft(Document("d", "Armenia accused Azerbaijan"))
    draft.words = [(0, 7), (8, 15), (16, 26)]
    sides = (Argument("source", (0, 1), source), Argument("target", (2, 3), target))
    draft.triggers = (Trigger((1, 2), "ACCUSE", score, sides),)
    draft.events, draft.event_words = (event,), {"e1": (1, 2)}
    Confidence()(draft)
    return draft.events[0].confidence


def test_a_surer_act_with_surer_sides_is_surer() -> None:
    assert rated(0.95) > rated(0.6)
    assert rated(0.9, source=0.95) > rated(0.9, source=0.35)
    assert rated(0.9, target=0.95) > rated(0.9, target=0.35)


def test_it_is_a_probability_whatever_the_network_says() -> None:
    for score in (0.0, 0.5, 1.0):
        assert 0 < rated(score) < 1


def test_a_side_that_is_empty_counts_as_empty() -> None:
    alone = dataclasses.replace(EVENT, targets=())
    assert rated(0.9, event=alone) != rated(0.9)


def test_every_feature_has_a_weight() -> None:
    names = {"bias", "act", "length", "source", "target", "no_source", "no_target", "more_sources", "more_targets"}
    assert set(calibration()) == names
