"""Commitments: what is a promise, when it is due, and what keeps or breaks it."""

from __future__ import annotations

import pytest

from pourparler.archive.told import Saying
from pourparler.archive.views import commitments
from pourparler.archive.views.commitments import Commitment
from tests.archive.chronicles import Made, chronicle, day, say, tell

VOWED = "Norway promised to return the town of Idre to Sweden by 15 May."
LATE = "2024-12-31"


def vow(text: str = VOWED, who: str = "Norway", *, told: str = "2023-05-01") -> tuple[Saying, Made]:
    """Return a promise as a report tells it: a statement, and the agreement at its cue."""
    content = text.split("promised ")[1].split(" by ")[0].rstrip(".")
    return (
        say("promise", who, content, told=told, text=text, cue="promised", report=f"r{told}"),
        tell("AGREE", who, day=told, basis="publication", words="promised", text=text, report=f"r{told}"),
    )


def only(*items: Made | Saying, today: str = LATE) -> Commitment:
    """Return the one commitment of a chronicle."""
    (row,) = commitments.view(chronicle(*items), today=day(today))
    return row


def test_statement_and_agreement_of_one_sentence_are_one_promise() -> None:
    said, agreed = vow()
    row = only(said, agreed)
    assert (row.day, row.due, row.sides) == ("2023-05-01", "2023-05-15", ("Norway",))
    assert row.words == "to return the town of Idre to Sweden by 15 May."
    assert (row.tellings, row.sayings) == ((agreed.key,), (said.key,))


@pytest.mark.parametrize(
    ("today", "state"), [("2023-05-14", "open"), ("2023-05-15", "open"), ("2023-05-16", "overdue")]
)
def test_a_promise_of_which_nothing_is_told_is_overdue_from_the_day_after(today: str, state: str) -> None:
    row = only(*vow(), today=today)
    assert row.state == state
    assert "2023-05-15" in row.why


@pytest.mark.parametrize(
    ("text", "when", "due"),
    [
        ("Norway promised to release the prisoners within a week.", "2023-05-01", "2023-05-08"),
        ("Norway promised to release the prisoners by the end of June.", "2023-05-01", "2023-06-30"),
        ("Norway promised to release the prisoners before 1 February.", "2023-11-01", "2024-02-01"),
        ("Norway promised to release the prisoners taken on 1 March.", "2023-05-01", None),
    ],
)
def test_deadlines_in_words(text: str, when: str, due: str | None) -> None:
    assert only(*vow(text, told=when), today=when).due == due


def test_two_deadlines_are_two_promises() -> None:
    rows = commitments.view(chronicle(*vow("Norway promised to return Idre by 15 May and Sarna by 1 June.")))
    assert [(row.due, row.words) for row in rows] == [
        ("2023-05-15", "to return Idre by 15 May"),
        ("2023-06-01", "and Sarna by 1 June"),
    ]


def test_a_promise_kept_late() -> None:
    done = tell("RETREAT", "Norway", "Sweden", day="2023-05-25", words="handed",
                text="Norway handed the town of Idre to Sweden.")  # fmt: skip
    row = only(*vow(), done)
    assert (row.state, row.kept_by, row.days_late) == ("kept", (done.key,), 10)
    assert "idr" in row.why


@pytest.mark.parametrize(
    ("type", "who", "when", "status", "text"),
    [
        ("RETREAT", "Sweden", "2023-05-10", "happened", "Sweden handed the town of Idre over."),  # another party
        ("RETREAT", "Norway", "2023-05-10", "happened", "Norway handed the town of Sarna over."),  # another town
        ("RETREAT", "Norway", "2023-04-10", "happened", "Norway handed the town of Idre over."),  # before
        ("RETREAT", "Norway", "2023-12-10", "happened", "Norway handed the town of Idre over."),  # far too late
        ("RETREAT", "Norway", "2023-05-10", "alleged", "Norway handed the town of Idre over."),  # a claim
        ("ACCUSE", "Norway", "2023-05-10", "happened", "Norway handed the town of Idre over."),  # another type
    ],
)
def test_what_does_not_keep_a_promise(type: str, who: str, when: str, status: str, text: str) -> None:
    row = only(*vow(), tell(type, who, day=when, words="handed", text=text, status=status))
    assert row.state == "overdue"
    assert row.kept_by == ()


def test_a_planned_act_told_with_an_agreement_says_what_and_when() -> None:
    text = "Norway and Sweden agreed on Monday that their ministers will meet in Rome on 20 May."
    agreed = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed", text=text, report="r1")
    ahead = tell("CONSULT", "Norway + Sweden", day="2023-05-20", told="2023-05-01", status="planned",
                 words="meet", place="Rome", text=text, report="r1")  # fmt: skip
    met = tell("CONSULT", "Norway + Sweden", day="2023-05-21", words="met", place="Rome")
    row = only(agreed, ahead, met)
    assert (row.due, row.state, row.kept_by) == ("2023-05-20", "kept", (met.key,))
    assert set(row.tellings) == {agreed.key, ahead.key}
    elsewhere = tell("CONSULT", "Norway + Denmark", day="2023-05-20", words="met", place="Oslo")
    assert only(agreed, ahead, elsewhere).state == "overdue"


def test_planned_acts_count_without_an_agreement_but_not_plain_talks() -> None:
    aid = tell("AID", "Finland", "Norway", told="2023-05-01", status="planned", words="send food")
    talks = tell("CONSULT", "Norway + Sweden", told="2023-05-01", status="planned", words="talks")
    assert only(aid, talks).sides == ("Finland",)


def test_a_later_refusal_in_the_same_words_breaks_a_promise() -> None:
    no = tell("REJECT", "Norway", "Sweden", day="2023-05-12", words="refused",
              text="Norway refused to return the town of Idre.")  # fmt: skip
    row = only(*vow(), no)
    assert (row.state, row.broken_by) == ("broken", (no.key,))
    other = tell("REJECT", "Norway", "Sweden", day="2023-05-12", words="refused", text="Norway refused the budget.")
    assert only(*vow(), other).broken_by == ()


def test_an_act_told_not_to_have_happened_breaks_a_promise_once_it_is_due() -> None:
    text = "Norway has not returned the town of Idre."
    early = tell("RETREAT", "Norway", day="2023-05-05", status="did_not_happen", words="returned", text=text)
    late = tell("RETREAT", "Norway", day="2023-05-16", status="did_not_happen", words="returned", text=text)
    assert only(*vow(), late).state == "broken"
    undue = vow("Norway promised to return the town of Idre.")
    assert only(*undue, late).state == "open"
    assert only(*vow(), early).broken_by == (early.key,)


def test_a_contrary_act_breaks_a_standing_promise_and_a_claim_only_doubts_it() -> None:
    promise = vow("Norway promised to open the road through Idre.")
    text = "Norway closed the road through Idre."
    fact = tell("COERCE", "Norway", "Sweden", day="2023-09-01", words="closed", text=text)
    claim = tell("COERCE", "Norway", "Sweden", day="2023-09-01", words="closed", text=text, status="alleged")
    assert only(*promise, fact).state == "broken"
    row = only(*promise, claim)
    assert (row.state, row.doubted_by) == ("open", (claim.key,))


@pytest.mark.parametrize(
    ("when", "status", "state"),
    [
        ("2023-05-11", "happened", "broken"),
        ("2023-05-11", "alleged", "open"),
        ("2023-04-30", "happened", "kept"),
        ("2023-08-01", "happened", "kept"),
    ],
)
def test_a_truce_is_broken_by_an_attack_between_the_sides_in_its_first_days(
    when: str, status: str, state: str
) -> None:
    truce = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed to a truce")
    attack = tell("ASSAULT", "Norway", "Sweden", day=when, words="shelled", status=status)
    assert only(truce, attack).state == state


def test_a_young_truce_is_open_and_another_war_does_not_break_it() -> None:
    truce = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed to a truce")
    elsewhere = tell("ASSAULT", "Denmark", "Finland", day="2023-05-03", words="shelled")
    assert only(truce, today="2023-05-10").state == "open"
    assert only(truce, elsewhere).state == "kept"


def test_two_reports_of_one_promise_are_one_and_so_is_its_recalling() -> None:
    again = vow("As it had promised to return the town of Idre by 15 May, Norway did.", told="2023-05-15")
    row = only(*vow(), *again, today="2023-05-15")
    assert row.day == "2023-05-01"
    assert len(row.sayings) == 2


def test_an_agreement_that_says_nothing_to_be_done_is_no_promise() -> None:
    empty = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed", text="They agreed on nothing much.")
    other = tell("AGREE", "Denmark", day="2023-05-01", words="agreed to a truce")
    named = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="ceasefire agreement")
    assert commitments.view(chronicle(empty, other, named)) == ()
    offered = tell("AGREE", "Norway", day="2023-05-01", words="offered compensation")
    assert only(offered).kinds == ("aid",)
