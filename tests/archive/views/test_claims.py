"""The claims ledger: what is a claim, what stands for and against it, and which claims are one."""

from __future__ import annotations

import dataclasses
import random

import pytest

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Saying
from pourparler.archive.views import claims
from tests.archive.chronicles import Made, chronicle, day, say, tell


def alleged(
    who: str,
    doer: str,
    *,
    on: str = "2023-05-02",
    type: str = "ASSAULT",
    place: str | None = None,
    event: str | None = None,
    text: str = "",
) -> tuple[Saying, Made]:
    """A statement of somebody, and the act of another that rests on it alone."""
    saying = say("assert", who, f"{doer} {type.lower()} {text or place or 'them'}", told=on)
    telling = tell(
        type, doer, "village", day=on, status="alleged", place=place, event=event, saying=saying.key,
        report=saying.report, words=type.lower(), text=f"{who} said {doer} {type.lower()} {text or place or 'them'}",
    )  # fmt: skip
    return saying, telling


def only(made: Chronicle, **where: str) -> claims.Claim:
    rows = [row for row in claims.view(made) if all(getattr(row, name) == value for name, value in where.items())]
    assert len(rows) == 1, rows
    return rows[0]


def test_an_act_on_anothers_word_is_a_claim_against_its_doer() -> None:
    saying, telling = alleged("Norwegian defence ministry", "Swedish army", place="Idre")
    row = only(chronicle(saying, telling))
    assert (row.kind, row.accuser, row.accused, row.type) == ("accusation", "Norway", "Sweden", "ASSAULT")
    assert row.standing == "one side's word only"
    assert row.said_by == ("Norwegian defence ministry",)
    assert (row.first_said, row.last_said, row.times, row.outlets) == ("2023-05-02", "2023-05-02", 1, ("Wire",))
    assert row.tellings == (telling.key,) and row.sayings == (saying.key,)


def test_an_act_told_as_fact_is_no_claim() -> None:
    assert claims.view(chronicle(tell("ASSAULT", "Swedish army", "Norway", day="2023-05-02"))) == ()


def test_an_accusation_and_what_it_alleges_are_one_claim() -> None:
    text = "Norway accused Sweden of shelling Idre"
    saying = say("accuse", "Norway", "of shelling Idre", told="2023-05-02", text=text, cue="accused", report="r1")
    accusing = tell("ACCUSE", "Norway", "Sweden", day="2023-05-02", text=text, words="accused", report="r1")
    act = tell(
        "ASSAULT", "Sweden", day="2023-05-02", text=text, words="shelling", report="r1", status="alleged",
        saying=saying.key,
    )  # fmt: skip
    row = only(chronicle(saying, accusing, act))
    assert row.type == "ASSAULT"
    assert row.tellings == tuple(sorted((accusing.key, act.key)))


def test_an_accusation_without_an_act_keeps_its_words() -> None:
    text = "Norway accused Sweden of bad faith"
    saying = say("accuse", "Norway", "of bad faith", told="2023-05-02", text=text, cue="accused", report="r1")
    accusing = tell("ACCUSE", "Norway", "Sweden", day="2023-05-02", text=text, words="accused", report="r1")
    row = only(chronicle(saying, accusing))
    assert (row.type, row.accused, row.content, row.about) == ("ACCUSE", "Sweden", "of bad faith", ())
    assert only(chronicle(accusing)).sayings == ()


def test_a_criticism_is_marked_as_one() -> None:
    row = only(chronicle(tell("ACCUSE", "Norway", "Sweden", day="2023-05-02", mode="disapprove", words="criticised")))
    assert row.kind == "criticism"


def test_each_of_two_that_accuse_each_other_accuses_the_other_alone() -> None:
    saying = say("accuse", "Norway + Sweden", "each other of violating the truce", told="2023-05-02")
    act = tell("ASSAULT", "Norway + Sweden", day="2023-05-02", status="alleged", saying=saying.key)
    rows = claims.view(chronicle(saying, act))
    assert {(row.accuser, row.accused) for row in rows} == {("Norway", "Sweden"), ("Sweden", "Norway")}
    # Each gives its word that the other did it: that confirms nothing.
    assert {row.standing for row in rows} == {"one side's word only"}
    assert [row.countered_by for row in rows] == [(rows[1].key,), (rows[0].key,)]


def test_a_party_telling_of_its_own_act_accuses_nobody() -> None:
    row = only(chronicle(*alleged("Swedish army", "Swedish army", place="Idre")))
    assert row.kind == "own act"


def test_the_same_claim_of_one_event_or_near_place_and_day_is_one_row() -> None:
    one = alleged("Norway", "Sweden", place="Idre")
    near = alleged("Norwegian foreign ministry", "Swedish army", on="2023-05-04", place="Idre")
    row = only(chronicle(*one, *near))
    assert (row.first_said, row.last_said, row.times) == ("2023-05-02", "2023-05-04", 2)
    later = alleged("Norwegian foreign ministry", "Swedish army", on="2023-05-07", place="Idre")
    assert len(claims.view(chronicle(*one, *later))) == 2
    elsewhere = alleged("Norway", "Sweden", on="2023-05-03", place="Mora")
    assert len(claims.view(chronicle(*one, *elsewhere))) == 2
    joined = [alleged("Norway", "Sweden", on=f"2023-05-{n:02}", event="e1", text=f"n{n}") for n in (2, 9)]
    assert only(chronicle(*joined[0], *joined[1])).times == 2


def test_copies_are_not_counted() -> None:
    one = alleged("Norway", "Sweden", place="Idre")
    two = alleged("Norway", "Sweden", on="2023-05-03", place="Idre")
    made = chronicle(*one, *two)
    assert only(made).times == 2
    assert only(dataclasses.replace(made, copies=frozenset((two[0].report,)))).times == 1


@pytest.mark.parametrize(
    ("other", "standing"),
    [
        ("Sweden", "confirmed by both"),
        ("Finland", "confirmed by a third party"),
        ("Denmark", "confirmed by a third party"),
        ("Norwegian army", "one side's word only"),
        ("villagers", "one side's word only"),
    ],
)
def test_others_words_for_the_same_act_confirm_it(other: str, standing: str) -> None:
    one = alleged("Norway", "Sweden", event="e1")
    two = alleged(other, "Sweden", event="e1", text="again")
    row = only(chronicle(*one, *two), accuser="Norway")
    assert row.standing == standing


def test_a_report_in_its_own_voice_confirms_if_it_names_the_doer() -> None:
    one = alleged("Norway", "Sweden", event="e1")
    fact = tell("ASSAULT", "Swedish army", "Norway", day="2023-05-02", event="e1", words="shelled")
    row = only(chronicle(*one, fact))
    assert row.standing == "told as fact" and row.evidence == (fact.key,)
    clash = tell("ASSAULT", "Sweden + Norway", day="2023-05-02", event="e1", words="clashed")
    assert only(chronicle(*one, clash)).standing == "one side's word only"


def test_a_denial_that_answers_the_claim_denies_it() -> None:
    saying, act = alleged("Norway", "Sweden")
    denial = say("deny", "Sweden", "the claim", told="2023-05-02", answers=[saying])
    row = only(chronicle(saying, act, denial))
    assert (row.standing, row.denied_by, row.evidence) == ("denied", ("Sweden",), (denial.key,))


def test_an_own_denial_or_one_of_something_else_does_not() -> None:
    saying, act = alleged("Norway", "Sweden")
    own = say("deny", "Norway", "the claim", told="2023-05-02", answers=[saying])
    other = say("deny", "Sweden", "talks", told="2023-05-02", report="r2")
    assert only(chronicle(saying, act, own, other)).standing == "one side's word only"


def test_a_bare_denial_after_the_claim_in_its_report_denies_it() -> None:
    saying, act = alleged("Norway", "Sweden")
    text = " " * 60 + "Sweden denied it"
    denial = say("deny", "Sweden", "it", told="2023-05-02", text=text, cue="denied", report=saying.report)
    assert only(chronicle(saying, act, denial)).denied_by == ("Sweden",)
    third = say("deny", "Finland", "it", told="2023-05-02", text=text.replace("Sweden", "Finland"), cue="denied",
                report=saying.report)  # fmt: skip
    assert only(chronicle(saying, act, third)).denied_by == ()


def test_a_denied_act_of_the_same_type_and_doer_some_days_around_denies_it() -> None:
    claim = alleged("Norway", "Sweden", place="Idre")
    denied = tell("ASSAULT", "Swedish army", day="2023-05-06", status="denied", place="Idre")
    assert only(chronicle(*claim, denied)).denied_by == ("Sweden",)
    for other in (
        tell("ASSAULT", "Swedish army", day="2023-05-12", status="denied", place="Idre"),
        tell("ASSAULT", "Swedish army", day="2023-05-06", status="denied", place="Mora"),
        tell("COERCE", "Swedish army", day="2023-05-06", status="denied", place="Idre"),
    ):
        assert only(chronicle(*claim, other)).denied_by == ()


def test_a_denial_in_another_report_counts_when_it_shares_the_claims_words() -> None:
    claim = alleged("Norway", "Sweden", text="the mountain hospital")
    same = say("deny", "Swedish army", "any attack on the mountain hospital", told="2023-05-04")
    assert only(chronicle(*claim, same)).denied_by == ("Sweden",)
    for other in (
        say("deny", "Swedish army", "any attack on the harbour", told="2023-05-04"),
        say("deny", "Finland", "any attack on the mountain hospital", told="2023-05-04"),
        say("deny", "Swedish army", "any attack on the mountain hospital", told="2023-05-14"),
    ):
        assert only(chronicle(*claim, other)).denied_by == ()


def test_what_did_not_happen_by_a_report_is_denied() -> None:
    claim = alleged("Norway", "Sweden", event="e1")
    never = tell("ASSAULT", "Sweden", day="2023-05-02", status="did_not_happen", event="e1", words="never shelled")
    assert only(chronicle(*claim, never)).denied_by == ("a report",)


def test_the_same_claim_with_roles_swapped_soon_after_is_a_counter_claim() -> None:
    one = alleged("Norway", "Sweden", place="Idre")
    back = alleged("Sweden", "Norway", on="2023-05-05", place="Mora")
    rows = {row.accuser: row for row in claims.view(chronicle(*one, *back))}
    assert rows["Norway"].countered_by == (rows["Sweden"].key,)
    assert rows["Sweden"].countered_by == ()
    late = alleged("Sweden", "Norway", on="2023-05-15", place="Mora")
    assert only(chronicle(*one, *late), accuser="Norway").countered_by == ()


def test_a_view_as_of_a_day_knows_nothing_later() -> None:
    saying, act = alleged("Norway", "Sweden")
    denial = say("deny", "Sweden", "the claim", told="2023-05-09", answers=[saying])
    made = chronicle(saying, act, denial)
    assert [row.standing for row in claims.view(made, today=day("2023-05-05"))] == ["one side's word only"]
    assert claims.view(made, today=day("2023-05-01")) == ()


def test_rows_rest_on_what_the_chronicle_has_and_not_on_its_order() -> None:
    items: list[Made | Saying] = []
    for n in range(1, 29):
        who, doer = ("Norway", "Sweden") if n % 3 else ("Sweden", "Norwegian army")
        items += alleged(who, doer, on=f"2023-05-{n:02}", place="Idre" if n % 2 else "Mora", event=f"e{n // 4}")
    made = chronicle(*items)
    rows = claims.view(made)
    assert {key for row in rows for key in row.tellings} == set(made.tellings)
    assert {key for row in rows for key in (*row.sayings, *row.evidence)} <= set(made.sayings) | set(made.tellings)
    assert len({row.key for row in rows}) == len(rows)
    random.Random(3).shuffle(items)
    shuffled = chronicle(*items)
    turned = dataclasses.replace(
        shuffled,
        events=shuffled.events[::-1],
        tellings=dict(reversed(shuffled.tellings.items())),
        sayings=dict(reversed(shuffled.sayings.items())),
    )
    assert claims.view(turned) == rows


def test_an_empty_chronicle_has_no_claims() -> None:
    assert claims.view(chronicle()) == ()
