"""Commitments: what is a promise, when it is due, and what keeps or breaks it."""

from __future__ import annotations

import dataclasses

import pytest

from pourparler.archive.process import Member
from pourparler.archive.told import Saying
from pourparler.archive.views import commitments
from pourparler.archive.views.commitments import Commitment
from tests.archive.chronicles import PROCESS, Made, chronicle, day, say, tell

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
    paid = tell("AGREE", "Norway", day="2023-05-01", words="agreed to pay compensation")
    assert only(paid).kinds == ("aid",)
    offered = tell("AGREE", "Norway", day="2023-05-01", words="offered compensation")
    assert (only(offered).kinds, only(offered).state) == (("aid",), "offered")


def moved(text: str, told: str, who: str = "Norway") -> Made:
    """Return a report that tells of a deadline moved, beside something else that it tells of a side."""
    return tell("ACCUSE", who, day=told, words="accused", text=f"{who} accused somebody. {text}", report=f"m{told}")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("The deadline for the return of Idre was moved to 29 May.", "2023-05-29"),
        ("The deadline for the return of Idre was extended by two weeks.", "2023-05-29"),
        ("The date of the return of Idre was postponed from 15 May to 29 May.", "2023-05-29"),
        ("The deadline for the return of Idre was extended for a further two months.", "2023-07-15"),
        ("The deadline for the return of Idre was prolonged by another year.", "2024-05-15"),
        ("The return of Idre was brought forward to 12 May.", "2023-05-12"),
        ("The return of Idre was brought forward by three days.", "2023-05-12"),
        ("The deadline for the return of Idre was extended from 15 to 29 May.", "2023-05-29"),
        ("The deadline for the return of Idre was extended by 72 hours.", "2023-05-18"),
        ("The deadline for the return of Idre was extended by seventy-two hours.", "2023-05-18"),
        ("The deadline for the return of Idre was extended by another forty-five days.", "2023-06-29"),
        ("The deadline for the return of Idre was extended by two hundred days.", "2023-12-01"),
    ],
)
def test_a_deadline_that_was_moved_is_due_on_the_new_day(text: str, due: str) -> None:
    said = vow()
    later = moved(text, "2023-05-10")
    row = only(*said, later, today="2023-05-11")
    assert (row.due, row.state) == (due, "open")
    assert row.moved == (f"2023-05-15 -> {due}: {text}",)
    assert row.moved_by == (later.key,)
    before = only(*said, later, today="2023-05-09")
    assert (before.due, before.moved) == ("2023-05-15", ())
    assert only(*said, later, today="2024-12-31").why.startswith(f"due by {due}")


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("Norway and Sweden renewed the truce for two months.", True),
        ("Norway renewed its pledge to end the fighting for two months.", True),
        ("Renewed clashes between Norway and Sweden went on for a second day despite the truce.", False),
        ("Norway renewed its attacks for two days after the truce.", False),
    ],
)
def test_fighting_that_goes_on_prolongs_no_truce(text: str, moves: bool) -> None:
    truce = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed to a truce")
    row = only(truce, moved(text, "2023-05-10"), today="2023-05-20")
    assert bool(row.moved) is moves


@pytest.mark.parametrize(
    ("text", "who", "told"),
    [
        ("The deadline for the budget was moved to 29 May.", "Norway", "2023-05-10"),  # of something else
        ("The deadline for the return of Idre was moved to 29 May.", "Sweden", "2023-05-10"),  # of another side
        ("The deadline for the return of Idre was moved from 3 June to 9 June.", "Norway", "2023-05-10"),  # another
        ("The deadline for the return of Idre was moved.", "Norway", "2023-05-10"),  # nobody says to when
        ("The deadline for the return of Idre is 29 May.", "Norway", "2023-05-10"),  # no word for moving
        ("The deadline for the return of Idre was moved to 29 May.", "Norway", "2023-04-20"),  # before the promise
        ("The deadline for the return of Idre was moved to 29 October.", "Norway", "2023-09-20"),  # long after
    ],
)
def test_what_does_not_move_a_deadline(text: str, who: str, told: str) -> None:
    row = only(*vow(), moved(text, told, who))
    assert (row.due, row.moved, row.moved_by) == ("2023-05-15", (), ())


def test_who_was_promised_may_give_more_time() -> None:
    text = "Sweden extended the deadline for the return of Idre from 15 to 29 May."
    given = tell("AGREE", "Sweden", day="2023-05-10", words="extended", text=text)
    row = only(*vow(), given, today="2023-05-20")
    assert (row.sides, row.due, row.moved_by) == (("Norway",), "2023-05-29", (given.key,))


def test_of_two_promises_the_one_named_is_moved() -> None:
    both = vow("Norway promised to return Idre by 15 May and Sarna by 1 June.")
    later = moved("The deadline for the return of Sarna was moved to 20 June.", "2023-05-10")
    rows = commitments.view(chronicle(*both, later), today=day("2023-05-11"))
    assert [(row.due, len(row.moved)) for row in rows] == [("2023-05-15", 0), ("2023-06-20", 1)]


def test_a_truce_prolonged_is_one_truce_and_holds_to_its_last_day() -> None:
    first = "Norway and Sweden agreed to a truce until 15 May."
    again = "Norway and Sweden agreed to extend the truce by two months."
    items = [
        tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed to a truce", text=first),
        tell("AGREE", "Norway + Sweden", day="2023-05-12", words="agreed to extend", text=again),
    ]
    row = only(*items, today="2023-06-20")
    assert (row.day, row.due, row.state) == ("2023-05-01", "2023-07-15", "open")
    assert row.moved == (f"2023-05-15 -> 2023-07-15: {again}",)
    assert only(*items, today="2023-07-16").state == "kept"
    attack = tell("ASSAULT", "Norway", "Sweden", day="2023-07-10", words="shelled")
    assert only(*items, attack).state == "broken"


OFFERS = (
    ("offered to return", "Norway offered to return the town of Idre by 15 May."),
    ("ready to return", "Norway is ready to return the town of Idre by 15 May."),
    ("proposed to return", "Norway proposed to return the town of Idre by 15 May."),
)


@pytest.mark.parametrize(("words", "text"), OFFERS)
def test_an_offer_is_no_promise_until_it_is_accepted(words: str, text: str) -> None:
    offer = tell("AGREE", "Norway", day="2023-05-01", words=words, text=text)
    row = only(offer)
    assert (row.state, row.due) == ("offered", "2023-05-15")
    yes = tell("AGREE", "Sweden", "Norway", day="2023-05-03", words="accepted",
               text="Sweden accepted the offer to return the town of Idre.")  # fmt: skip
    row = only(offer, yes)
    assert (row.state, row.accepted_by) == ("overdue", (yes.key,))
    assert row.why.startswith("offered and accepted; due by 2023-05-15")
    assert only(offer, yes, today="2023-05-02").state == "offered"


@pytest.mark.parametrize(
    ("who", "when", "text"),
    [
        ("Norway", "2023-05-03", "Norway accepted to return the town of Idre."),  # who offers does not accept
        ("Sweden", "2023-05-03", "Sweden accepted the budget."),  # something else
        ("Sweden", "2023-04-03", "Sweden accepted the return of the town of Idre."),  # before
        ("Denmark", "2023-05-03", "Denmark accepted the return of the town of Idre."),  # no side
    ],
)
def test_what_does_not_accept_an_offer(who: str, when: str, text: str) -> None:
    offer = tell("AGREE", "Norway", day="2023-05-01", words=OFFERS[0][0], text=OFFERS[0][1])
    said = tell("SUPPORT", who, day=when, words="accepted", text=text)
    assert [row.state for row in commitments.view(chronicle(offer, said)) if row.day == "2023-05-01"] == ["offered"]


def test_an_offer_that_is_done_is_kept_and_none_is_broken() -> None:
    offer = tell("AGREE", "Norway", day="2023-05-01", words=OFFERS[0][0], text=OFFERS[0][1])
    done = tell("RETREAT", "Norway", day="2023-05-10", words="handed", text="Norway handed the town of Idre over.")
    no = tell(
        "REJECT", "Norway", day="2023-05-10", words="refused", text="Norway refused to return the town of Idre."
    )
    assert only(offer, done).state == "kept"
    assert only(offer, no).state == "offered"


def test_who_is_unwilling_offers_nothing() -> None:
    text = "Norway was unwilling to wait any longer, so it is to return the town of Idre by 15 May."
    act = tell("RETREAT", "Norway", told="2023-05-01", status="planned", words="return", text=text)
    assert only(act).state == "overdue"


def test_what_else_the_sentence_promises_that_accepts_an_offer_is_a_promise() -> None:
    offer = tell("AGREE", "Norway", day="2023-05-01", words=OFFERS[0][0], text=OFFERS[0][1])
    text = "Sweden accepted the offer to return the town of Idre and is to release the prisoners by 20 May."
    yes = tell("AGREE", "Sweden", "Norway", day="2023-05-03", words="accepted", text=text, report="r1")
    free = tell("RETREAT", "Sweden", told="2023-05-03", status="planned", words="release", text=text, report="r1")
    rows = {row.sides: row for row in commitments.view(chronicle(offer, yes, free), today=day(LATE))}
    assert rows["Norway",].accepted_by == (yes.key,)
    assert "release" in rows["Sweden",].kinds


def test_a_fight_of_two_others_breaks_no_truce() -> None:
    four = dataclasses.replace(
        PROCESS, sides=(*PROCESS.sides, Member("Denmark", ("DNK",)), Member("Finland", ("FIN",))), mediators=()
    )
    text = "Norway and Sweden agreed to stop fighting and to respect the ceasefire."
    truce = tell("AGREE", "Norway + Sweden", day="2023-05-01", words="agreed", text=text)
    for who, whom, state in (("Denmark", "Finland", "kept"), ("Denmark", "Norway", "broken")):
        attack = tell("ASSAULT", who, whom, day="2023-05-09", words="shelled")
        (row,) = commitments.view(chronicle(truce, attack, process=four), today=day("2023-07-01"))
        assert row.state == state


REFUSED = "Norway refused to return the town of Idre."


def test_what_is_done_after_a_refusal_is_kept_and_the_refusal_stays_visible() -> None:
    no = tell("REJECT", "Norway", "Sweden", day="2023-05-08", words="refused", text=REFUSED)
    done = tell("RETREAT", "Norway", "Sweden", day="2023-05-12", words="handed",
                text="Norway handed the town of Idre to Sweden.")  # fmt: skip
    row = only(*vow(), no, done)
    assert (row.state, row.kept_by, row.broken_by) == ("kept", (done.key,), (no.key,))
    not_yet = tell("RETREAT", "Norway", day="2023-05-16", status="did_not_happen", words="returned",
                   text="Norway has not returned the town of Idre.")  # fmt: skip
    late = dataclasses.replace(done, telling=dataclasses.replace(done.telling, day="2023-05-20", first="2023-05-20",
                                                                 last="2023-05-20"))  # fmt: skip
    assert only(*vow(), not_yet, late).state == "kept"


def test_a_breach_in_deed_is_not_undone_by_what_keeps_it_later() -> None:
    text = "Norway {} the road through Idre."
    shut = tell("COERCE", "Norway", "Sweden", day="2023-06-01", words="closed", text=text.format("closed"))
    opened = tell("RETREAT", "Norway", "Sweden", day="2023-06-09", words="opened", text=text.format("opened"))
    row = only(*vow("Norway promised to open the road through Idre."), shut, opened)
    assert (row.state, row.kept_by, row.broken_by) == ("broken", (opened.key,), (shut.key,))


@pytest.mark.parametrize(("told", "state"), [("2023-05-12", "open"), ("2023-05-04", "broken")])
def test_a_new_day_told_after_a_refusal_sets_the_promise_again(told: str, state: str) -> None:
    no = tell("REJECT", "Norway", "Sweden", day="2023-05-08", words="refused", text=REFUSED)
    text = "Norway extended the deadline to return the town of Idre to 1 June."
    moved = tell("AGREE", "Norway", day=told, basis="publication", words="extended", text=text)
    row = only(*vow(), no, moved, today="2023-05-20")
    assert (row.due, row.state) == ("2023-06-01", state)
    assert row.broken_by == (no.key,)


def test_acts_that_are_shown_alike_are_one_row() -> None:
    text = "Norway promised to send and transfer vaccine to Sweden."
    acts = [
        tell(
            "AID", "Norway", "Sweden", told="2023-05-01", status="planned", words=one, text=text, report="r2023-05-01"
        )
        for one in ("send", "transfer")
    ]
    assert set(only(*vow(text), *acts).tellings) >= {one.key for one in acts}
