"""What an event says where its tellings differ, or do not say."""

from __future__ import annotations

import dataclasses

from pourparler import codebook
from pourparler.archive.gathering import Told, gather
from tests.archive.chronicles import Made, tell


def told(made: Made, **changes: object) -> Told:
    return Told(dataclasses.replace(made.telling, **changes), made.passage, (), False)  # type: ignore[arg-type]


def test_mode_and_intensity_are_those_of_the_type_that_counts() -> None:
    score = codebook.load().score
    members = [
        told(tell("ASSAULT", "Norway", "Sweden", day="2024-05-01", outlet=outlet), **fields)
        for outlet, fields in (
            ("A", {"mode": "aerial", "score": score("ASSAULT", "aerial"), "confidence": 0.99, "key": "t1"}),
            ("B", {"type": "COERCE", "mode": "seize", "score": score("COERCE", "seize"), "key": "t2"}),
            ("C", {"type": "COERCE", "mode": None, "score": score("COERCE", None), "confidence": 0.1, "key": "t3"}),
        )
    ]
    event = gather(members)
    assert (event["type"], event["mode"], event["score"]) == ("COERCE", "seize", score("COERCE", "seize"))


def test_a_report_without_a_day_takes_none_from_the_others() -> None:
    """What a person joined with it stays in every period that it was in."""
    undated = told(tell("CONSULT", "Norway", "Sweden"), key="t1", published=None, day=None)
    dated = told(tell("CONSULT", "Norway", "Sweden", told="2024-05-02"), key="t2")
    assert gather([undated, dated])["day"] == "2024-05-02"
    assert gather([undated])["day"] is None
