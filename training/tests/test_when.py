"""Which words date an event of the labels."""

import random

import pytest

from pourparler.model.labels import ROLES
from trainer.data import exam_windows, packed
from trainer.when import dated

TEXT = "Envoys met on Monday. A day after the army shelled Sotk, talks are due in June. They will resume on Friday."


def times(act: str, start: str | None, end: str | None = None) -> list[str] | None:
    """The words that date an act of TEXT (published on Thursday, 4 May 2023) with these days."""
    at = TEXT.index(act)
    evidence = {"start": at, "end": at + len(act), "text": act}
    event = {"evidence": evidence, "time": {"start": start, "end": end or start} if start else None}
    (item,) = dated([{"text": TEXT, "published": "2023-05-04", "events": [event]}])
    found = item["events"][0]["times"]
    return found if found is None else [TEXT[a:b] for a, b in found]


@pytest.mark.parametrize(
    ("act", "start", "end", "words"),
    [
        ("met", "2023-05-01", None, ["Monday"]),
        ("shelled", "2023-05-03", None, ["A day"]),
        ("talks", "2023-06-01", "2023-06-30", ["June"]),
        ("resume", "2023-05-05", None, ["Friday"]),
        ("met", "2023-05-04", None, []),
        ("met", None, None, []),
        ("shelled", "2023-05-01", None, ["Monday"]),
        ("met", "1999-01-01", None, None),
    ],
)
def test_words_that_give_the_days_of_the_label(
    act: str, start: str | None, end: str | None, words: list[str] | None
) -> None:
    assert times(act, start, end) == words


def event(act: str, start: str) -> dict[str, object]:
    at = TEXT.index(act)
    return {
        "type": "CONSULT",
        "status": "happened",
        "sources": [],
        "targets": [],
        "place": None,
        "evidence": {"start": at, "end": at + len(act), "text": act},
        "time": {"start": start, "end": start},
    }


def test_nothing_is_learned_of_days_that_no_words_give() -> None:
    items = dated([{"text": TEXT, "published": "2023-05-04", "events": [event("met", "1999-01-01")]}])
    (window,) = exam_windows(items, 260)
    assert set(window.unknown) == {(0, ROLES.inside["time"]), (0, ROLES.begin["time"])}


def test_joined_reports_keep_their_own_days() -> None:
    items = dated([{"text": TEXT, "published": "2023-05-04", "events": [event("met", "2023-05-01")]}] * 3)
    for joined in packed(items, random.Random(1)):
        for found in joined["events"]:
            assert [joined["text"][a:b] for a, b in found["times"]] == ["Monday"]
