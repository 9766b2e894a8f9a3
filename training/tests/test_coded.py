"""Coders' words become offsets and come back as the words they stand for."""

from __future__ import annotations

import pytest

from trainer.coded import packed, unpacked

TEXT = "Arden accused Belmar of an attack. Belmar denied the attack in Corvia."
EVENT = {
    "type": "ASSAULT",
    "trigger": "attack",
    "n": 2,
    "status": "denied",
    "sources": [["Belmar", None, "GOV"]],
    "targets": [],
    "time": ["2024-01-01", "2024-01-01"],
    "place": ["Corvia", None, "country"],
}


def test_a_trigger_is_found_at_its_occurrence_and_actors_nearest_to_it() -> None:
    event = packed(TEXT, EVENT)
    start, end = event["evidence"]
    assert TEXT[start:end] == "attack" and start == TEXT.rindex("attack")
    assert event["sources"] == [[TEXT.rindex("Belmar"), TEXT.rindex("Belmar") + 6, None, "GOV"]]
    whole = unpacked(TEXT, event)
    assert whole["sources"] == [{"text": "Belmar", "country": None, "sector": "GOV"}]
    assert whole["place"] == {"text": "Corvia", "country": None, "level": "country"}
    assert whole["time"] == {"start": "2024-01-01", "end": "2024-01-01"}


@pytest.mark.parametrize("change", [{"trigger": "raid"}, {"n": 3}, {"sources": [["Doran", None, None]]}])
def test_words_that_the_report_lacks_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not in the report"):
        packed(TEXT, {**EVENT, **change})
