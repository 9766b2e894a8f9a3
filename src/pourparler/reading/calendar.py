"""Days, weeks, months and years as intervals with their TIMEX3 values."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

Day = datetime.date


@dataclass(frozen=True, slots=True)
class Interval:
    """First and last day, the TIMEX3 value and how fine it is. Days are None where the report fixes none."""

    value: str
    precision: str
    first: Day | None = None
    last: Day | None = None


def day(date: Day) -> Interval:
    return Interval(date.isoformat(), "day", date, date)


def between(first: Day, last: Day) -> Interval:
    return Interval(f"{first.isoformat()}/{last.isoformat()}", "interval", first, last)


def week(date: Day) -> Interval:
    """Return the ISO week that holds a day."""
    year, number, weekday = date.isocalendar()
    first = date - datetime.timedelta(weekday - 1)
    return Interval(f"{year}-W{number:02d}", "week", first, first + datetime.timedelta(6))


def weekend(date: Day) -> Interval:
    """Return the Saturday and Sunday of the week that holds a day."""
    found = week(date)
    assert found.first and found.last
    return Interval(found.value + "-WE", "weekend", found.first + datetime.timedelta(5), found.last)


def month(year: int, number: int) -> Interval:
    last = calendar.monthrange(year, number)[1]
    return Interval(f"{year:04d}-{number:02d}", "month", Day(year, number, 1), Day(year, number, last))


def quarter(year: int, number: int) -> Interval:
    first, last = month(year, 3 * number - 2), month(year, 3 * number)
    return Interval(f"{year:04d}-Q{number}", "quarter", first.first, last.last)


def season(year: int, code: str, first_month: int) -> Interval:
    first = Day(year, first_month, 1)
    return Interval(f"{year:04d}-{code}", "season", first, months_on(first, 3) - datetime.timedelta(1))


def year(number: int) -> Interval:
    return Interval(f"{number:04d}", "year", Day(number, 1, 1), Day(number, 12, 31))


def decade(number: int) -> Interval:
    """Return the ten years that begin with a year divisible by ten."""
    return Interval(f"{number // 10:03d}", "decade", Day(number, 1, 1), Day(number + 9, 12, 31))


def months_on(date: Day, count: int) -> Day:
    """Return the day ``count`` months later (earlier where negative), the month's last day at most."""
    index = max(12, min(date.year * 12 + date.month - 1 + count, 9999 * 12 + 11))
    at_year, at_month = divmod(index, 12)
    return Day(at_year, at_month + 1, min(date.day, calendar.monthrange(at_year, at_month + 1)[1]))


def shifted(date: Day, count: int, unit: str) -> Interval | None:
    """Return the day, week, month, year... ``count`` units from a day; None outside the calendar."""
    if abs(count) > 5000:
        return None
    try:
        if unit == "D":
            return day(date + datetime.timedelta(count))
        if unit in ("W", "WE"):
            return (week if unit == "W" else weekend)(date + datetime.timedelta(7 * count))
        if unit == "Q":
            at = months_on(date, 3 * count)
            return quarter(at.year, (at.month + 2) // 3)
        if unit == "M":
            at = months_on(date, count)
            return month(at.year, at.month)
        if unit in ("Y", "E", "C"):
            number = date.year + count * {"Y": 1, "E": 10, "C": 100}[unit]
            return year(number) if unit == "Y" else decade(number // 10 * 10)
        if unit == "TH" and count % 24 == 0:  # "48 hours ago"
            return day(date + datetime.timedelta(count // 24))
    except (ValueError, OverflowError):
        return None
    return day(date) if unit.startswith("T") else None


def safe_day(at_year: int, at_month: int, at_day: int) -> Day | None:
    """Return a day of the calendar, or None for the 31st of February and its like."""
    try:
        return Day(at_year, at_month, at_day)
    except ValueError:
        return None
