"""Time expressions against a day of publication (Thursday, 4 May 2023)."""

import datetime

import pytest

from pourparler.reading.timex import find_times, put_ahead

DAY = datetime.date(2023, 5, 4)


@pytest.mark.parametrize(
    ("text", "words", "value", "first", "last"),
    [
        ("They met on May 1.", "May 1", "2023-05-01", "2023-05-01", "2023-05-01"),
        ("on 23 April 2021, they", "23 April 2021", "2021-04-23", "2021-04-23", "2021-04-23"),
        ("on Thursday, May 4,", "Thursday, May 4", "2023-05-04", "2023-05-04", "2023-05-04"),
        ("the 4th of May", "the 4th of May", "2023-05-04", "2023-05-04", "2023-05-04"),
        ("held on May 1-4 in", "May 1-4", "2023-05-01/2023-05-04", "2023-05-01", "2023-05-04"),
        ("from May 1 to May 3 in", "from May 1 to May 3", "2023-05-01/2023-05-03", "2023-05-01", "2023-05-03"),
        ("on 2023-05-02.", "2023-05-02", "2023-05-02", "2023-05-02", "2023-05-02"),
        ("on 25/04/2023.", "25/04/2023", "2023-04-25", "2023-04-25", "2023-04-25"),
        ("They met on Monday.", "Monday", "2023-05-01", "2023-05-01", "2023-05-01"),
        ("They will meet on Monday.", "Monday", "2023-05-08", "2023-05-08", "2023-05-08"),
        ("met last Thursday", "last Thursday", "2023-04-27", "2023-04-27", "2023-04-27"),
        ("said yesterday that", "yesterday", "2023-05-03", "2023-05-03", "2023-05-03"),
        ("two days ago", "two days ago", "2023-05-02", "2023-05-02", "2023-05-02"),
        ("earlier this week", "earlier this week", "2023-W18", "2023-05-01", "2023-05-07"),
        ("last month", "last month", "2023-04", "2023-04-01", "2023-04-30"),
        ("in September 2020", "September 2020", "2020-09", "2020-09-01", "2020-09-30"),
        ("since December", "December", "2022-12", "2022-12-01", "2022-12-31"),
        ("the war of 2020", "2020", "2020", "2020-01-01", "2020-12-31"),
        ("in the 1990s", "the 1990s", "199", "1990-01-01", "1999-12-31"),
        ("the last two weeks", "the last two weeks", "P2W", "2023-04-20", "2023-05-04"),
        ("for three years", "three years", "P3Y", None, None),
        ("every day", "every day", "P1D", None, None),
        ("at 18:00 on", "18:00", "2023-05-04T18:00", "2023-05-04", "2023-05-04"),
        ("in the first quarter of 2022", "the first quarter of 2022", "2022-Q1", "2022-01-01", "2022-03-31"),
        ("last summer", "last summer", "2022-SU", "2022-06-01", "2022-08-31"),
        ("the summer of 2014", "the summer of 2014", "2014-SU", "2014-06-01", "2014-08-31"),
        ("a 2007 bombing", "2007", "2007", "2007-01-01", "2007-12-31"),
        ("in 2009 riots", "2009", "2009", "2009-01-01", "2009-12-31"),
        ("the March attack", "March", "2023-03", "2023-03-01", "2023-03-31"),
        ("frozen in June due to claims", "June", "2022-06", "2022-06-01", "2022-06-30"),
        ("from August 12-14 to sign", "August 12-14", "2023-08-12/2023-08-14", "2023-08-12", "2023-08-14"),
        (
            "August 28 through the 30th",
            "August 28 through the 30th",
            *("2023-08-28/2023-08-30", "2023-08-28", "2023-08-30"),
        ),
        ("shelled overnight by", "overnight", "2023-05-03TNI", "2023-05-03", "2023-05-04"),
        ("in the past 48 hours", "the past 48 hours", "PT48H", "2023-05-02", "2023-05-04"),
        ("for a third day", "a third day", "2023-05-04", "2023-05-02", "2023-05-04"),
        (
            "entered their fifth consecutive day",
            "their fifth consecutive day",
            *("2023-05-04", "2023-04-30", "2023-05-04"),
        ),
        ("by the end of the year", "the end of the year", "2023", "2023-12-31", "2023-12-31"),
        ("on New Year's Eve", "New Year's Eve", "2022-12-31", "2022-12-31", "2022-12-31"),
        ("a day after the army shelled", "a day", "P1D", "2023-05-03", "2023-05-03"),
        ("two weeks ahead of the vote", "two weeks", "P2W", "2023-05-15", "2023-05-21"),
        ("two days prior.", "two days prior", "2023-05-02", "2023-05-02", "2023-05-02"),
        ("the prior day", "the prior day", "2023-05-03", "2023-05-03", "2023-05-03"),
    ],
)
def test_expressions(text: str, words: str, value: str, first: str | None, last: str | None) -> None:
    found = find_times(text, published=DAY)
    assert [(t.text, t.value) for t in found] == [(words, value)]
    assert [d.isoformat() if d else None for d in (found[0].first, found[0].last)] == [first, last]
    assert text[found[0].start : found[0].end] == words


def test_the_next_day_is_reckoned_from_the_day_told_last() -> None:
    found = find_times("On April 23 they came. The next day they left.", published=DAY)
    assert [t.value for t in found] == ["2023-04-23", "2023-04-24"]


@pytest.mark.parametrize("text", ["He may go.", "They march on.", "1999 people", "31/31/2023", "May Smith", ""])
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert find_times(text, published=DAY) == ()


def test_without_a_day_of_publication_only_full_dates_have_days() -> None:
    full, bare, weekday = find_times("On May 1, 2023, then on May 3 and on Monday.", published=None)
    assert full.first == datetime.date(2023, 5, 1)
    assert bare.first is None and bare.value == "XXXX-05-03"
    assert weekday.first is None


def test_the_edges_of_the_calendar_do_not_break() -> None:
    for text in ("9999 years ago", "in 5000 years", "400 centuries later", "9999-12-31", "the next century"):
        find_times(text, published=datetime.date(9999, 12, 31))
        find_times(text, published=datetime.date(1, 1, 1))


@pytest.mark.parametrize("text", ["for 2000 people", "in 2000 people", "the second day care", "a fifth day"])
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert find_times(text, published=DAY) == ()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Monday", "2023-05-08", "2023-05-08"),
        ("in March", "2024-03-01", "2024-03-31"),
        ("last Monday", None, None),
        ("in March 2021", None, None),
        ("in May", None, None),
    ],
)
def test_a_bare_day_or_month_can_be_put_ahead(text: str, first: str | None, last: str | None) -> None:
    (time,) = find_times(text, published=DAY)
    found = put_ahead(time, DAY)
    assert (found and tuple(day.isoformat() for day in found)) == (first and (first, last))


@pytest.mark.parametrize(
    ("text", "day", "first", "last"),
    [
        ("from May 3 to June 12, 1999", "2023-05-10", "1999-05-03", "1999-06-12"),
        ("between 30 December and 2 January 2010", "2023-05-10", "2009-12-30", "2010-01-02"),
        ("had been scheduled for December 30", "2024-01-03", "2023-12-30", "2023-12-30"),
        ("scheduled for October 29", "2024-01-03", "2024-10-29", "2024-10-29"),
        ("this winter", "2024-01-15", "2023-12-01", "2024-02-29"),
        ("last winter", "2024-01-15", "2022-12-01", "2023-02-28"),
        ("last winter", "2024-03-15", "2023-12-01", "2024-02-29"),
        ("next winter", "2024-01-15", "2024-12-01", "2025-02-28"),
        ("48 hours ago", "2024-03-01", "2024-02-28", "2024-02-28"),
        ("Did they meet on Monday? They will talk.", "2023-05-10", "2023-05-08", "2023-05-08"),
    ],
)
def test_over_the_turn_of_a_year_or_month(text: str, day: str, first: str, last: str) -> None:
    (time,) = find_times(text, published=datetime.date.fromisoformat(day))
    assert (str(time.first), str(time.last)) == (first, last)


def test_what_lies_ahead_in_the_next_headline_does_not_count() -> None:
    text = "Leaders sign deal Monday\nParis will send envoy"
    assert [str(t.first) for t in find_times(text, published=DAY, starts=(0, 4))] == ["2023-05-01"]


def test_what_is_to_be_by_a_day_lies_ahead() -> None:
    def day(text: str) -> datetime.date | None:
        return find_times(text, published=DAY)[0].first

    assert day("They signed a deal to end the war by Tuesday morning.") == datetime.date(2023, 5, 9)
    assert day("Rebels had taken the town by Tuesday.") == datetime.date(2023, 5, 2)
