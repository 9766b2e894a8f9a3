"""What a brief says of promises and truces of some days, whatever else is told in them."""

from __future__ import annotations

import pytest

from pourparler.archive.brief_sections import sections
from pourparler.archive.brief_talk import promised, truces
from pourparler.archive.brief_words import Sentence, Window
from pourparler.archive.views import timeline
from tests.archive.chronicles import Made, chronicle, day, say, tell


def said(sentences: tuple[Sentence, ...]) -> list[str]:
    return ["".join(piece.text for piece in one) for one in sentences if one]


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2023-05-15", "2023-05-15", 0),
        ("2023-05-16", "2023-05-16", 1),
        ("2023-05-09", "2023-05-15", 0),
        ("2023-05-16", "2023-05-22", 1),
        ("2023-05-17", "2023-05-23", 0),
    ],
)
def test_a_promise_due_on_the_last_day_of_a_brief_is_overdue_in_the_next(first: str, last: str, count: int) -> None:
    text = "Norway promised to return the town of Idre to Sweden by 15 May."
    vow = say("promise", "Norway", "to return the town of Idre to Sweden", told="2023-05-01", text=text,
              cue="promised", report="r")  # fmt: skip
    made = chronicle(vow, tell("AGREE", "Norway", day="2023-05-01", words="promised", text=text, report="r"))
    lines = said(tuple(promised(Window(made, day(first), day(last)), timeline.view(made))))
    assert len(lines) == count and all(one.startswith("Overdue: Norway") for one in lines)


@pytest.mark.parametrize(
    ("first", "last", "begins"),
    [
        ("2023-05-01", "2023-05-07", ["A truce between Norway and Sweden was declared"]),
        ("2023-05-04", "2023-05-06", ["As far as reports say, the truce"]),
        ("2023-05-15", "2023-05-21", ["As far as reports say, the truce"]),  # nothing is told in these days
        ("2023-06-05", "2023-06-05", ["As far as reports say, the truce", "5 June 2023, told as fact"]),
        ("2023-06-09", "2023-06-11", []),  # in the week in which it ended, and after
    ],
)
def test_a_truce_is_told_in_the_days_in_which_it_holds(first: str, last: str, begins: list[str]) -> None:
    text = "Norway and Sweden agreed to a ceasefire."
    agreed = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="ceasefire", text=text)
    attacks = [tell("ASSAULT", "Norway", "Sweden", day=f"2023-06-0{n}", words="shelled") for n in (5, 6, 7)]
    lines = said(tuple(truces(Window(chronicle(agreed, *attacks), day(first), day(last)))))
    assert [line.startswith(begin) for line, begin in zip(lines, begins, strict=True)] == [True] * len(begins)


def test_a_month_without_events_does_not_silence_the_others_of_a_brief() -> None:
    fights: list[Made] = [
        tell("ASSAULT", "Norway", "Sweden", day=f"{2021 + at // 12}-{at % 12 + 1:02}-{n + 1:02}", words=f"w{at}-{n}")
        for at, count in enumerate([9] * 12 + [7, 0])
        for n in range(count)
    ]
    other = tell("AID", "Finland", "Norway", day="2022-02-03", words="helped")
    window = Window(chronicle(*fights, other), day("2022-01-01"), day("2022-02-28"))
    (found,) = [one for one in sections(window) if one.id == "relations"]
    assert any(one.startswith("Norway to Sweden: 7 events of conflict") for one in said(found.sentences))
