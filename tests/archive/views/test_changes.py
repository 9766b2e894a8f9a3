"""Change points and alerts: what stands out is found with its reason, and an even course is left alone."""

from __future__ import annotations

import dataclasses
import datetime
import random

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views import changes
from tests.archive.chronicles import Made, chronicle, day, tell


def course(counts: list[int], *, type: str = "ASSAULT", who: str = "Norway", whom: str = "Sweden") -> list[Made]:
    """Events in so many for each month from January 2021 on."""
    return [
        tell(type, who, whom, day=f"{2021 + at // 12}-{at % 12 + 1:02}-{n % 28 + 1:02}", words=f"w{at}-{n}")
        for at, count in enumerate(counts)
        for n in range(count)
    ]


def end_of(counts: list[int]) -> datetime.date:
    months = 2021 * 12 + len(counts)
    return datetime.date(months // 12, months % 12 + 1, 1) - datetime.timedelta(days=1)


def test_a_lasting_change_is_found_in_its_month_with_its_reason() -> None:
    counts = [1, 0] * 9 + [9, 10, 8, 9, 11, 9]
    (row,) = changes.changes(chronicle(*course(counts)), today=end_of(counts))
    assert (row.source, row.target, row.series, row.month, row.until) == (
        "Norway", "Sweden", "conflict", "2022-07", "2022-12",
    )  # fmt: skip
    assert (row.before, row.months_before, row.after, row.months_after) == (0.5, 18, 9.33, 6)
    assert row.after_low < 9.33 < row.after_high
    assert row.reason == (
        "conflict from Norway to Sweden: 9.3 events a month from July 2022 to December 2022, "
        "0.5 a month in the 18 months before"
    )
    assert len(row.tellings) == 56


def test_an_even_course_has_no_changes() -> None:
    counts = [2, 3, 1, 2, 2, 3, 1, 2] * 3
    assert changes.changes(chronicle(*course(counts)), today=end_of(counts)) == ()
    flat = [2] * 12
    assert changes.changes(chronicle(*course(flat)), today=end_of(flat)) == ()


def test_a_month_that_is_not_over_is_no_fall() -> None:
    counts = [9, 10, 8, 9, 11, 9, 10, 9, 8, 10, 11, 9, 0]
    made = chronicle(*course(counts))
    assert changes.changes(made, today=day("2022-01-03")) == ()
    assert not [row for row in changes.alerts(made, today=day("2022-01-03")) if row.month == "2022-01"]


def test_a_short_course_is_no_series() -> None:
    assert changes.changes(chronicle(*course([0, 0, 9])), today=day("2021-03-31")) == ()


def test_a_month_far_above_the_year_before_is_an_alert_with_its_reason() -> None:
    counts = [3, 2, 4, 3, 3, 2, 4, 3, 3, 3, 4, 3, 14]
    made = chronicle(*course(counts))
    (row,) = [row for row in changes.alerts(made, today=end_of(counts)) if row.month == "2022-01"]
    assert (row.kind, row.events, row.usual, row.months_before) == ("rise", 14, 3.08, 12)
    assert row.reason == "conflict from Norway to Sweden: 14 events in January 2022, 3.1 a month in the year before"
    assert 0 < row.chance < 0.01 and len(row.tellings) == 14
    usual = chronicle(*course([*counts[:-1], 5]))
    assert not [row for row in changes.alerts(usual, today=end_of(counts)) if row.month == "2022-01"]


def test_a_silent_month_is_a_fall_once_and_only_if_something_was_reported() -> None:
    counts = [9] * 12 + [0, 0]
    other = course([0] * 12 + [1, 1], type="AID", who="Finland", whom="Norway")
    heard = changes.alerts(chronicle(*course(counts), *other), today=end_of(counts))
    assert [(row.month, row.kind) for row in heard if row.series == "conflict"] == [("2022-01", "fall")]
    assert heard[-1].tellings or heard[0].reason.startswith(
        "conflict from Norway to Sweden: no events in January 2022"
    )
    # Without a single report of that month nobody knows whether it was quiet.
    assert changes.alerts(chronicle(*course(counts)), today=end_of(counts)) == ()


def test_the_first_event_after_a_silent_year_is_an_alert_between_sides() -> None:
    counts = [1] + [0] * 14 + [1]
    made = chronicle(*course(counts, type="AGREE"))
    (row,) = changes.alerts(made, today=end_of(counts))
    assert (row.kind, row.month, row.events) == ("again", "2022-04", 1)
    assert row.reason == "cooperation of Norway with Sweden: 1 event in April 2022, the first in 15 months"
    sooner = [1] + [0] * 8 + [1]
    assert changes.alerts(chronicle(*course(sooner, type="AGREE")), today=end_of(sooner)) == ()


def test_a_mediators_first_event_in_a_year_is_an_alert_with_two_sides() -> None:
    counts = [1] + [0] * 14 + [1]
    one = course(counts, type="AGREE", who="Finland", whom="Norway")
    other = course(counts, type="AGREE", who="Finland", whom="Sweden")
    assert changes.alerts(chronicle(*one), today=end_of(counts)) == ()
    assert len(changes.alerts(chronicle(*one, *other), today=end_of(counts))) == 2
    twice = course([*counts[:-1], 2], type="AGREE", who="Finland", whom="Norway")
    assert [row.events for row in changes.alerts(chronicle(*twice), today=end_of(counts))] == [2]


def test_claims_make_neither_changes_nor_alerts() -> None:
    counts = [0, 1] * 9 + [9, 10, 8, 9, 11, 9]
    made = chronicle(*course(counts))
    claimed = dataclasses.replace(
        made, events=tuple(dataclasses.replace(event, status="alleged") for event in made.events)
    )
    assert changes.changes(claimed, today=end_of(counts)) == ()
    assert changes.alerts(claimed, today=end_of(counts)) == ()


def test_what_reports_recall_of_the_time_before_begins_no_series() -> None:
    counts = [0, 1] * 9 + [9, 10, 8, 9, 11, 9]
    old = tell("ASSAULT", "Norway", "Sweden", day="1905-06-07", told="2022-12-01", words="fought")
    (row,) = changes.changes(chronicle(*course(counts), old), today=end_of(counts))
    assert row.months_before == 17  # the first report is of February 2021


def test_rows_rest_on_what_the_chronicle_has_and_not_on_its_order() -> None:
    items = course([0, 1] * 9 + [9, 10, 8, 9, 11, 9]) + course([1, 0] * 12, type="AID", who="Sweden", whom="Norway")
    made = chronicle(*items)
    found, alerts = changes.changes(made), changes.alerts(made)
    assert found and alerts
    assert {key for one in (found, alerts) for row in one for key in row.tellings} <= set(made.tellings)
    random.Random(3).shuffle(items)
    again: Chronicle = chronicle(*items)
    assert changes.changes(again) == found and changes.alerts(again) == alerts
    assert changes.changes(chronicle()) == ()
    assert changes.alerts(chronicle()) == ()


def covering(made: Chronicle, months: int) -> Chronicle:
    """Return a chronicle of an archive that has reports of so many months from January 2021 on."""
    days = [f"{2021 + at // 12}-{at % 12 + 1:02}-01" for at in range(months)]
    return dataclasses.replace(made, covered={one[:7]: one for one in days})


def test_a_day_in_a_month_without_reports_takes_nothing_from_the_last_one_that_has_some() -> None:
    counts = [1, 0] * 9 + [9, 10, 8, 9, 11, 9]
    made = covering(chronicle(*course(counts)), 24)
    late = day("2023-01-15")
    assert [row.until for row in changes.changes(made, today=late)] == ["2022-12"]
    fallen = covering(chronicle(*course([9] * 23 + [1])), 24)
    assert [(row.month, row.kind) for row in changes.alerts(fallen, today=late)] == [("2022-12", "fall")]
    # On a day of that month more may be to come.
    assert changes.alerts(fallen, today=day("2022-12-30")) == ()


def test_a_month_in_which_the_archive_tells_only_of_others_was_quiet() -> None:
    counts = [9] * 12 + [0, 0, 9]
    made = covering(chronicle(*course(counts)), 15)
    assert [(row.month, row.kind) for row in changes.alerts(made, today=end_of(counts))] == [("2022-01", "fall")]
