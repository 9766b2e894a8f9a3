"""Relations: counts and intensity by month, facts and claims apart, honest bounds."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pourparler.archive.views import relations
from tests.archive.chronicles import Made, chronicle, day, say, tell


def months(*items: Made, **options: object) -> dict[tuple[str, str, str], relations.Month]:
    made = chronicle(*items)
    return {(row.source, row.target, row.month): row for row in relations.view(made, **options)}  # type: ignore[arg-type]


def test_facts_are_counted_by_pair_and_month_and_sign() -> None:
    rows = months(
        tell("ASSAULT", "Norwegian army", "Sweden", day="2023-05-02", words="shelled"),
        tell("AID", "Norway", "Swedish villages", day="2023-05-20", words="aided"),
        tell("REQUEST", "Norway", "Sweden", day="2023-05-21", words="asked"),
        tell("ASSAULT", "Norway", "Sweden", day="2023-06-01", words="shelled again"),
    )
    may = rows["Norway", "Sweden", "2023-05"]
    assert (may.events, may.cooperation, may.conflict) == (3, 1, 1)
    assert len(may.tellings) == 3
    assert set(rows) == {("Norway", "Sweden", "2023-05"), ("Norway", "Sweden", "2023-06")}


def test_claims_stand_apart_and_what_is_no_fact_is_left_out() -> None:
    claim = tell("ASSAULT", "Norway", "Sweden", day="2023-05-02", status="alleged", words="shelled")
    rows = months(
        claim,
        *(
            tell("ASSAULT", "Norway", "Sweden", day="2023-05-03", status=status, words=status)
            for status in ("planned", "possible", "called_for", "denied", "did_not_happen")
        ),
    )
    (row,) = rows.values()
    assert (row.events, row.conflict, row.claimed_conflict, row.claimed_cooperation) == (0, 0, 1, 0)
    assert (row.tellings, row.claims) == ((), (claim.key,))
    assert row.intensity is None and row.intensity_low is None


def test_several_who_take_part_count_each_to_each() -> None:
    rows = months(tell("CONSULT", "Norway + Sweden + Finland", day="2023-05-02", words="met"))
    pairs = {(source, target) for source, target, _ in rows}
    assert pairs == {
        ("Norway", "Sweden"), ("Sweden", "Norway"), ("Norway", "Finland"), ("Finland", "Norway"),
        ("Sweden", "Finland"), ("Finland", "Sweden"),
    }  # fmt: skip


def test_two_on_a_third_do_not_count_on_each_other() -> None:
    rows = months(tell("ASSAULT", "Norway + Sweden", "Finland", day="2023-05-02", words="shelled"))
    assert {(source, target) for source, target, _ in rows} == {("Norway", "Finland"), ("Sweden", "Finland")}


def test_mediators_among_themselves_and_strangers_have_no_rows() -> None:
    assert months(
        tell("CONSULT", "Finland + EU", day="2023-05-02", words="met"),
        tell("ASSAULT", "Norway", "Denmark", day="2023-05-02", words="shelled"),
        tell("ASSAULT", "Norway", "Norwegian villages", day="2023-05-02", words="hit"),
    ) == {}  # fmt: skip


def test_intensity_is_the_mean_with_bounds_that_narrow() -> None:
    few = months(tell("ASSAULT", "Norway", "Sweden", day="2023-05-02", words="shelled"))
    one = few["Norway", "Sweden", "2023-05"]
    assert one.intensity == -9.0
    assert one.intensity_low == -10.0  # no intensity lies below
    many = months(*(tell("ASSAULT", "Norway", "Sweden", day="2023-05-02", words=f"shot {n}") for n in range(30)))
    more = many["Norway", "Sweden", "2023-05"]
    assert one.intensity_high is not None and more.intensity_high is not None
    assert more.intensity_high < one.intensity_high


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Exact bounds of a Poisson mean (Garwood 1936).
    [(0, 0.0, 3.69), (1, 0.03, 5.57), (2, 0.24, 7.22), (5, 1.62, 11.67), (14, 7.65, 23.49), (100, 81.36, 121.63)],
)
def test_poisson_bounds_are_the_exact_ones_nearly(count: int, low: float, high: float) -> None:
    found = relations.poisson(count)
    assert math.isclose(found[0], low, abs_tol=0.04) and math.isclose(found[1], high, abs_tol=0.04)


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_poisson_bounds_hold_the_count(count: int, over: int) -> None:
    low, high = relations.poisson(count, over=over)
    assert 0 <= low <= round(count / over + 0.01, 2) and high >= round(count / over, 2)


def test_a_view_as_of_a_day_knows_nothing_later() -> None:
    items = [tell("ASSAULT", "Norway", "Sweden", day=f"2023-0{n}-02", words=f"shot {n}") for n in (4, 5, 6)]
    assert len(months(*items, today=day("2023-05-31"))) == 2


def test_rows_rest_on_what_the_chronicle_has_and_not_on_its_order() -> None:
    who = ("Norway", "Sweden", "Finland", "Norwegian army")
    types, statuses = ("ASSAULT", "CONSULT", "AID"), ("alleged", "happened", "ongoing", "happened", "happened")
    items = [
        tell(types[n % 3], who[n % 4], who[(n + 1) % 3], day=f"2023-{n % 9 + 1:02}-02", words=f"w{n}",
             status=statuses[n % 5])
        for n in range(60)
    ]  # fmt: skip
    made = chronicle(*items, say("assert", "Norway", "so", told="2023-12-01"))
    rows = relations.view(made)
    assert rows and {key for row in rows for key in (*row.tellings, *row.claims)} <= set(made.tellings)
    random.Random(3).shuffle(items)
    assert relations.view(chronicle(*items)) == rows
    assert relations.view(chronicle()) == ()


def test_what_two_do_together_against_another_country_is_no_conflict_between_them() -> None:
    attack = tell("ASSAULT", "Norway + Sweden", "Denmark", day="2023-05-02", words="shelled")
    blame = tell("ACCUSE", "Norway + Finland", "Denmark", day="2023-05-03", words="blamed")
    assert months(attack, blame) == {}
    talks = tell("CONSULT", "Norway + Sweden", "Denmark", day="2023-05-02", words="met")
    fight = tell("ASSAULT", "Norway + Sweden", "villages", day="2023-05-02", words="fought over")
    (one, other) = months(talks, fight).values()
    assert (one.cooperation, one.conflict) == (other.cooperation, other.conflict) == (1, 1)
