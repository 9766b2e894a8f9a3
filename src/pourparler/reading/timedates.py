"""Patterns of dates, months, years and clock times: what a calendar fixes, given the year of the report."""

from __future__ import annotations

import datetime
import re

from pourparler.reading import calendar
from pourparler.reading.calendar import Interval
from pourparler.reading.timex import Match, Scan, undated

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)")
_JUST_PAST = datetime.timedelta(31)
_CASED = frozenset({"may", "march", "mar", "jan", "jun", "sep", "dec"})  # words, or parts of names, besides


def timed(day: Interval, part: str) -> Interval:
    """Return a day with a part of it, or a time on the clock."""
    value = part if part.startswith("T") else "T" + part
    return Interval(day.value + value, day.precision, day.first, day.last)


def _day_number(scan: Scan, i: int) -> tuple[int, int] | None:
    """Return a day of the month at word i ("1", "1st", "May 01") and the word after it."""
    word = scan.at(i)
    if not (word.isdecimal() and word.isascii() and len(word) <= 2 and 1 <= int(word) <= 31):
        return None
    return int(word), i + 2 if scan.is_in(i + 1, "suffixes") and scan.touches(i + 1) else i + 1


def _month(scan: Scan, i: int) -> tuple[int, int] | None:
    """Return a month named at word i, with the word after it and after its full stop."""
    number = scan.lexicon.months.get(scan.at(i))
    if number is None or not scan.capital(i):
        return None
    short = len(scan.at(i)) <= 4 and scan.at(i) not in ("may", "june", "july")
    return number, i + 2 if short and scan.at(i + 1) == "." and scan.touches(i + 1) else i + 1


def _year_after(scan: Scan, i: int) -> tuple[int, int] | None:
    """Return the year that follows a day or month (", 2023" or "2023")."""
    j = i + 1 if scan.at(i) in (",", "of") else i
    return (int(scan.at(j)), j + 1) if _YEAR.fullmatch(scan.at(j)) else None


def _resolved_day(scan: Scan, i: int, month: int, day: int, year: int | None) -> Interval | None:
    """Return the day a month and a number stand for; without a year, the one nearest to the publication."""
    if year is not None:
        found = calendar.safe_day(year, month, day)
        return calendar.day(found) if found else None
    if not 1 <= day <= 31:
        return None
    if scan.published is None:
        return undated(f"XXXX-{month:02d}-{day:02d}", "day")
    at = scan.published
    ahead = scan.ahead(i)
    days = [found for y in (at.year - 1, at.year, at.year + 1) if (found := calendar.safe_day(y, month, day))]
    # What lies ahead is of no earlier year, but for a day just past: "had been due on December 30", on January 3.
    days = [d for d in days if not ahead or d.year >= at.year or at - d <= _JUST_PAST]
    return calendar.day(min(days, key=lambda d: abs((d - at).days))) if days else None


def dates(scan: Scan, i: int) -> Match | None:
    """May 4; May 4, 2023; 4 May 2023; Thursday, May 4; the 4th of May; May 1-4; 1 to 4 May."""
    j = i
    if scan.at(j) in scan.lexicon.weekdays:
        j += 2 if scan.at(j + 1) == "," else 1
    parsed = _month_day(scan, j) or _day_month(scan, j)
    if parsed is None:
        return None
    first, last, month, end = parsed
    year = _year_after(scan, end)
    if year is not None:
        end = year[1]
    one = _resolved_day(scan, i, month, first, year[0] if year else None)
    if one is None:
        return None
    two = _resolved_day(scan, i, month, last, year[0] if year else None) if last != first else None
    if two is not None and one.first and two.first and one.first < two.first:
        return Match(end, "date", calendar.between(one.first, two.first))
    return Match(end, "date", one)


def _month_day(scan: Scan, i: int) -> tuple[int, int, int, int] | None:
    month = _month(scan, i)
    first = month and _day_number(scan, month[1])
    if not month or not first or _clock_follows(scan, first[1]):
        return None
    far = first[1] + 1 + (scan.at(first[1] + 1) == "the")
    last = _day_number(scan, far) if scan.at(first[1]) in ("-", "–", "to", "and", "through") else None
    if last and last[0] > first[0] and last[1] - far <= 2 and not _counts(scan, last[1]):
        return first[0], last[0], month[0], last[1]
    return first[0], first[0], month[0], first[1]


def _day_month(scan: Scan, i: int) -> tuple[int, int, int, int] | None:
    j = i + 1 if scan.at(i) == "the" else i
    first = _day_number(scan, j)
    if not first:
        return None
    last = _day_number(scan, first[1] + 1) if scan.at(first[1]) in ("-", "–", "to", "and") else None
    last = last if last and last[0] > first[0] else first
    j = last[1] + 1 if scan.at(last[1]) == "of" else last[1]
    month = _month(scan, j)
    return (first[0], last[0], month[0], month[1]) if month else None


def _counts(scan: Scan, i: int) -> bool:
    """True where a number is followed by what it counts ("May 1 and 20 people")."""
    word = scan.at(i)
    return bool(word) and word.isalpha() and not scan.is_in(i, "after_range")


def _clock_follows(scan: Scan, i: int) -> bool:
    return scan.at(i) in ("%",) or (scan.at(i) == ":" and scan.touches(i))


def numeric(scan: Scan, i: int) -> Match | None:
    """2023-05-04; 04.05.2023; 25/04/2023 (where the order of day and month is beyond doubt)."""
    word = scan.at(i)
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", word):
        day, month, year = (int(part) for part in word.split("."))
        found = calendar.safe_day(year, month, day) if year >= 1000 else None
        return Match(i + 1, "date", calendar.day(found)) if found else None
    parts = [scan.at(i + k) for k in range(5)]
    if not all(p.isdecimal() and p.isascii() and len(p) <= 4 for p in parts[::2]) or parts[1] != parts[3]:
        return None
    if parts[1] not in ("-", "/") or not all(scan.touches(i + k) for k in range(1, 5)):
        return None
    a, b, c = (int(p) for p in parts[::2])
    found = None
    if len(parts[0]) == 4 and a:
        found = calendar.safe_day(a, b, c)
    elif len(parts[4]) == 4 and c and (a > 12) != (b > 12):
        found = calendar.safe_day(c, min(a, b), max(a, b))
    return Match(i + 5, "date", calendar.day(found)) if found else None


def months(scan: Scan, i: int) -> Match | None:
    """May 2023; early May; last April; in May (a bare month needs a word before it that makes it one)."""
    j = i
    edge = scan.is_in(j, "edges")
    if edge:
        j += 2 if scan.at(j + 1) in ("-", "of", "in") else 1
    past, future = scan.is_in(j, "past"), scan.is_in(j, "future")
    j += past or future or scan.at(j) == "this"
    month = _month(scan, j)
    if month is None:
        return None
    number, end = month
    year = _year_after(scan, end)
    if year:
        return Match(year[1], "date", calendar.month(year[0], number))
    led = (scan.is_in(i - 1, "before_bare") and scan.at(i - 1) != ",") or _modifies(scan, i)
    if j == i and scan.at(j) in _CASED and not led:
        return None
    return Match(end, "date", _bare_month(scan, i, number, past=past, future=future))


def _bare_month(scan: Scan, i: int, number: int, *, past: bool, future: bool) -> Interval:
    at = scan.published
    if at is None:
        return undated(f"XXXX-{number:02d}", "month")
    if future or (scan.ahead(i) and not past):
        return calendar.month(at.year + (number < at.month or (future and number == at.month)), number)
    return calendar.month(at.year - (number > at.month or (past and number == at.month)), number)


def years(scan: Scan, i: int) -> Match | None:
    """2009; early 2009; the 1990s; mid-2008."""
    j = i
    if scan.is_in(j, "edges"):
        j += 2 if scan.at(j + 1) in ("-", "of", "in") else 1
    if scan.at(j) == "the":
        j += 1
    word = scan.at(j)
    if not _YEAR.fullmatch(word):
        return None
    number = int(word)
    if scan.at(j + 1) == "s" and scan.touches(j + 1):
        return Match(j + 2, "date", calendar.decade(number // 10 * 10)) if number % 10 == 0 else None
    if j == i and not (scan.is_in(i - 1, "before_bare") or i == 0 or _modifies(scan, i)):
        return None
    # "in 2009 elections" is a year, "for 2000 people" none.
    if (_counts_people(scan, j + 1) and (scan.at(i - 1) != "in" or scan.is_in(j + 1, "counted"))) or (
        scan.at(i - 1) == "," and scan.at(i - 2).isdecimal()
    ):
        return None
    return Match(j + 1, "date", calendar.year(number))


def _modifies(scan: Scan, i: int) -> bool:
    """True between an article and a noun: "the March attack", "a 2007 bombing"."""
    behind = scan.spans[i + 1] if i + 1 < len(scan.spans) else (0, 0)
    follows = scan.text[behind[0] : behind[1]]
    return scan.at(i - 1) in ("the", "a", "an", "his", "her", "its", "their") and follows[:1].islower()


def _counts_people(scan: Scan, i: int) -> bool:
    """True where a four-figure number counts something ("for 2000 people", "of 1500 troops")."""
    word = scan.at(i)
    follows = scan.text[scan.spans[i][0] :][:1] if i < len(scan.spans) else ""
    plural = word.endswith("s") and word not in ("is", "was", "has", "as", "its", "this")
    return follows.islower() and (plural or scan.is_in(i, "counted"))


def clocks(scan: Scan, i: int) -> Match | None:
    """18:00 UTC; 9 a.m.; 9:30 pm."""
    clock = _CLOCK.fullmatch(scan.at(i))
    half = scan.at(i + 1).replace(".", "") in ("am", "pm")
    if not half and not (clock and (":" in scan.at(i) or scan.is_in(i + 1, "zones"))):
        return None
    if clock:
        hour, minute = int(clock[1]), int(clock[2])
    elif scan.at(i).isdecimal() and scan.at(i).isascii() and len(scan.at(i)) <= 2:
        hour, minute = int(scan.at(i)), 0
    else:
        return None
    end = i + 1
    if half:
        hour = hour % 12 + 12 * (scan.at(end)[0] == "p")
        end += 1
    end += scan.is_in(end, "zones")
    day = calendar.day(scan.named) if scan.named else undated("XXXX-XX-XX", "day")
    return Match(end, "time", timed(day, f"T{hour:02d}:{minute:02d}"))


def quarters(scan: Scan, i: int) -> Match | None:
    """the first quarter of 2008; the first half is no quarter."""
    j = i + (scan.at(i) == "the")
    number = scan.lexicon.ordinals.get(scan.at(j))
    if number is None or scan.at(j + 1) != "quarter":
        return None
    year = _year_after(scan, j + 2)
    at = year[0] if year else scan.published.year if scan.published else None
    end = year[1] if year else j + 2
    return Match(end, "date", calendar.quarter(at, number) if at else undated(f"XXXX-Q{number}", "quarter"))


def ranges(scan: Scan, i: int) -> Match | None:
    """from May 1 to May 4; between 30 April and 2 May: one stretch, from its first day to its last."""
    opener, joint = scan.at(i), {"from": ("to", "until", "through"), "between": ("and",)}.get(scan.at(i))
    one = dates(scan, i + 1) if joint else None
    if not opener or joint is None or one is None or scan.at(one.end) not in joint:
        return None
    two = dates(scan, one.end + 1)
    first, last = one.interval.first, two.interval.last if two else None
    if two is None or first is None or last is None:
        return None
    if _YEAR.fullmatch(scan.at(two.end - 1)) and not _YEAR.fullmatch(scan.at(one.end - 1)):
        # "from May 3 to June 12, 1999": the year is of both, or the first day lies before the turn of that year.
        year = last.year - ((first.month, first.day) > (last.month, last.day))
        first = calendar.safe_day(year, first.month, first.day) or first
    if first > last:
        return None
    return Match(two.end, "date", calendar.between(first, last))


def holidays(scan: Scan, i: int) -> Match | None:
    """Christmas; New Year's Eve: the nearest one to the publication."""
    for length in (4, 3, 2, 1):  # "New Year's Eve" is cut into words before the 's
        known = scan.lexicon.holidays.get(
            " ".join(scan.lowered[i : i + length]).replace(" '", "'").replace(" ’", "’")
        )
        if known and scan.capital(i) and i + length <= len(scan.spans):
            day = _resolved_day(scan, i, known[0], known[1], None)
            return Match(i + length, "date", day) if day else None
    return None


def seasons(scan: Scan, i: int) -> Match | None:
    """the summer of 2014; spring 2023."""
    j = i + (scan.at(i) == "the")
    season = scan.lexicon.seasons.get(scan.at(j))
    year = season and _year_after(scan, j + 1)
    return Match(year[1], "date", calendar.season(year[0], *season)) if season and year else None
