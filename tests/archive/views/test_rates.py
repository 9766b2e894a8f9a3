"""Rates: what is counted against the days of which an archive has reports, and how sure a change is."""

from __future__ import annotations

import math

import pytest

from pourparler.archive.views.rates import Covered, Series
from tests.archive.chronicles import day


def ordinal(text: str) -> int:
    return day(text).toordinal()


def test_days_without_reports_do_not_count() -> None:
    months = {"2023-01": "2023-01-01", "2023-03": "2023-03-02"}
    covered = Covered(months, ordinal("2023-01-04"), ordinal("2023-03-10"))
    assert covered.days(ordinal("2022-01-01"), ordinal("2024-01-01")) == 31 + 10
    assert covered.days(ordinal("2023-02-01"), ordinal("2023-03-01")) == 0
    assert covered.days(ordinal("2023-01-31"), ordinal("2023-03-03")) == 1 + 2
    whole = Covered((), ordinal("2023-01-04"), ordinal("2023-03-10"))
    assert whole.days(ordinal("2022-01-01"), ordinal("2024-01-01")) == 66


def test_the_usual_number_is_that_of_covered_days() -> None:
    days = [ordinal(f"2023-01-{n:02}") for n in range(1, 32)]
    series = Series(days, Covered({"2023-01": "2023-01-01", "2023-03": "2023-03-01"}, days[0], ordinal("2023-03-31")))
    span = ordinal("2023-01-01"), ordinal("2023-04-01")
    assert series.count(*span) == 31
    assert series.usual(*span, days=7) == pytest.approx(7 * 31 / 62)
    # Of few days no rate is made.
    assert series.usual(days[0], days[3], days=7) == pytest.approx(7 * 3 / 28)


def test_a_change_is_as_sure_as_the_counts_make_it() -> None:
    start = ordinal("2023-01-01")
    covered = Covered((), start, start + 400)
    spans = (start + 100, start + 160), (start + 160, start + 190)

    def score(before: int, after: int) -> float:
        days = [start + 100 + n % 60 for n in range(before)] + [start + 160 + n % 30 for n in range(after)]
        return Series(days, covered).change(*spans)

    # Twice as many days before: 20 and 10 are one rate, 0 and 30 are all of the change there can be.
    assert score(20, 10) == pytest.approx(0, abs=1e-6)
    assert score(0, 30) == pytest.approx(math.sqrt(2 * 30 * math.log(3)))
    assert score(2, 30) > score(10, 30) > 0 > score(60, 10)
    assert score(1, 2) < 2 < score(4, 20)
    assert score(0, 0) == 0


def test_where_hardly_a_day_is_covered_nothing_changed() -> None:
    days = [ordinal("2023-03-01") + n for n in range(20)]
    series = Series(days, Covered({"2023-03": "2023-03-01"}, days[0], days[-1]))
    assert series.change((days[0] - 60, days[0]), (days[0], days[0] + 30)) == 0
