"""The patterns of time expressions: each looks at one word onwards and says whether a time begins there."""

from __future__ import annotations

import datetime
import re

from pourparler.reading import calendar
from pourparler.reading.calendar import Day, Interval
from pourparler.reading.timex import Match, Scan, undated

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)")
_CASED = frozenset({"may", "march", "mar", "jan", "jun", "sep", "dec"})  # words, or parts of names, besides


def _number(scan: Scan, i: int) -> tuple[int, int] | None:
    """Return a whole number at word i, in figures or words, and the word after it."""
    word = scan.at(i)
    if word.isdecimal() and word.isascii() and len(word) <= 4:
        return int(word), i + 1
    value = scan.lexicon.numbers.get(word)
    if value is None:
        return None
    if value >= 20 and scan.at(i + 1) == "-" and scan.lexicon.numbers.get(scan.at(i + 2), 99) < 10:
        return value + scan.lexicon.numbers[scan.at(i + 2)], i + 3
    if value == 1 and scan.at(i + 1) in ("hundred",):
        return 100, i + 2
    return value, i + 1


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
    years = (at.year, at.year + 1) if scan.ahead(i) else (at.year - 1, at.year, at.year + 1)
    days = [found for y in years if (found := calendar.safe_day(y, month, day))]
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
    last = _day_number(scan, first[1] + 1) if scan.at(first[1]) in ("-", "–", "to", "and", "through") else None
    if last and last[0] > first[0] and last[1] - first[1] <= 3 and not _counts(scan, last[1]):
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
    return bool(word) and word.isalpha() and word not in ("in", "at", "on", "the", "and", "for", "with", "when")


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
    if j == i and scan.at(j) in _CASED and not (scan.is_in(i - 1, "before_bare") and scan.at(i - 1) != ","):
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
    if j == i and not (scan.is_in(i - 1, "before_bare") or i == 0):
        return None
    if _counts_people(scan, j + 1) or (scan.at(i - 1) == "," and scan.at(i - 2).isdecimal()):
        return None
    return Match(j + 1, "date", calendar.year(number))


def _counts_people(scan: Scan, i: int) -> bool:
    """True where a four-figure number counts something ("for 2000 people", "of 1500 troops")."""
    word = scan.at(i)
    follows = scan.text[scan.spans[i][0] :][:1] if i < len(scan.spans) else ""
    plural = word.endswith("s") and word not in ("is", "was", "has", "as", "its", "this")
    return follows.islower() and (plural or scan.is_in(i, "counted"))


def deictic(scan: Scan, i: int) -> Match | None:
    """today, yesterday, tomorrow, tonight, now, recently."""
    word = scan.at(i)
    steps = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}
    if word in steps:
        if scan.published is None:
            return Match(i + 1, "date", undated("XXXX-XX-XX", "day"))
        date = scan.published + datetime.timedelta(steps[word])
        found = calendar.day(date)
        if word == "tonight":
            return Match(i + 1, "time", _timed(found, "NI"))
        part = scan.lexicon.parts.get(scan.at(i + 1))
        return Match(i + 2, "time", _timed(found, part)) if part else Match(i + 1, "date", found)
    if scan.is_in(i, "present"):
        return Match(i + 1, "date", undated("PRESENT_REF", "vague"))
    return Match(i + 1, "date", undated("PAST_REF", "vague")) if scan.is_in(i, "vague_past") else None


def _timed(day: Interval, part: str) -> Interval:
    value = part if part.startswith("T") else "T" + part
    return Interval(day.value + value, day.precision, day.first, day.last)


def weekdays(scan: Scan, i: int) -> Match | None:
    """Monday; last Monday; next Monday; Monday night. A bare one is the last one, unless words say it is ahead."""
    j = i
    past, future = scan.is_in(j, "past"), scan.is_in(j, "future")
    this = scan.at(j) == "this"
    j += past or future or this
    number = scan.lexicon.weekdays.get(scan.at(j))
    if number is None or not scan.capital(j):
        return None
    end = j + 1
    if scan.published is None:
        return Match(end, "date", undated("XXXX-XX-XX", "day"))
    back = (scan.published.weekday() - number) % 7
    if future or (not past and scan.ahead(i)):
        back = back - 7 if back or future else 0
    elif past and back == 0:
        back = 7
    found = calendar.day(scan.published - datetime.timedelta(back))
    part = scan.lexicon.parts.get(scan.at(end))
    return Match(end + 1, "time", _timed(found, part)) if part else Match(end, "date", found)


def relative_units(scan: Scan, i: int) -> Match | None:
    """last week; earlier this month; the next two days; this weekend; last summer; the previous day."""
    j = i
    if scan.at(j) in ("earlier", "later", "late", "early"):
        j += 1
        if scan.at(j) in ("in", "on"):
            j += 1
    article = scan.at(j) == "the"
    j += article
    past, future, this = scan.is_in(j, "past"), scan.is_in(j, "future"), scan.at(j) == "this"
    if not (past or future or this):
        return None
    step = -1 if past else 1 if future else 0
    number = _number(scan, j + 1) or ((0, j + 2) if scan.is_in(j + 1, "vague") else None)
    count, k = number if number else (1, j + 1)
    season = scan.lexicon.seasons.get(scan.at(k))
    if season and not number:
        return Match(k + 1, "date", _season(scan, season, step))
    part = scan.lexicon.parts.get(scan.at(k))
    if part and not number and (this or scan.at(j) == "last") and scan.published:
        day = scan.published - datetime.timedelta(scan.at(j) == "last")
        return Match(k + 1, "time", _timed(calendar.day(day), part))
    unit = scan.lexicon.units.get(scan.at(k))
    if unit is None or unit == "TS":
        return None
    return _unit_match(scan, k + 1, unit, step, count if number else None, article=article)


def _unit_match(scan: Scan, end: int, unit: str, step: int, count: int | None, *, article: bool) -> Match | None:
    if count is not None or unit.startswith("T") or scan.at(end - 1).endswith("s"):
        return Match(end, "duration", _stretch(scan.published, unit, step, count))
    if article and step < 0 and scan.at(end - 2) == "past":
        return Match(end, "duration", _stretch(scan.published, unit, step, 1))
    # "the next day", "the following week": reckoned from the day told last, not from the publication.
    anchor = scan.named if article or scan.at(end - 2) in ("previous", "following", "preceding") else scan.published
    found = calendar.shifted(anchor, step, unit) if anchor else None
    return Match(end, "date", found or undated("XXXX", "vague"))


def _season(scan: Scan, season: tuple[str, int], step: int) -> Interval:
    code, first = season
    at = scan.published
    if at is None:
        return undated(f"XXXX-{code}", "season")
    year = at.year
    if step < 0 and first + 3 > at.month:
        year -= 1
    elif step > 0 and first <= at.month:
        year += 1
    return calendar.season(year, code, first)


def _period(unit: str, count: str) -> str:
    if unit.startswith("T"):
        return f"PT{count}{unit[1]}"
    if unit in ("E", "C") and count != "X":
        return f"P{int(count) * (10 if unit == 'E' else 100)}Y"
    return f"P{count}{'Y' if unit in ('E', 'C') else unit[0]}"


def _stretch(at: Day | None, unit: str, step: int, count: int | None) -> Interval:
    """Return the last or next so many units as a stretch that ends or begins with a day."""
    value = _period(unit, str(count) if count else "X")
    if at is None or not step or not count or unit.startswith("T"):
        return undated(value, "duration")
    far = calendar.shifted(at, step * count, unit if unit != "WE" else "W")
    if far is None or far.first is None or far.last is None:
        return undated(value, "duration")
    if unit == "D":
        return Interval(value, "duration", min(at, far.first), max(at, far.last))
    edge = calendar.months_on(at, step * count * {"M": 1, "Q": 3, "Y": 12, "E": 120, "C": 1200}.get(unit, 0))
    edge = at + datetime.timedelta(7 * step * count) if unit in ("W", "WE") else edge
    return Interval(value, "duration", min(at, edge), max(at, edge))


def ago(scan: Scan, i: int) -> Match | None:
    """two days ago; a week earlier; three months later; the day before; the day after tomorrow."""
    number = _number(scan, i)
    if number is None and scan.at(i) == "the" and scan.at(i + 1) in ("day", "week", "month", "year"):
        number = 1, i + 1
    if number is None:
        return None
    unit = scan.lexicon.units.get(scan.at(number[1]))
    word = scan.at(number[1] + 1)
    if unit is None or word not in ("ago", "earlier", "later", "before", "after", "from"):
        return None
    if scan.at(i) == "the" and word not in ("before", "after"):
        return None
    end = number[1] + 2
    if word == "from":
        if scan.at(end) != "now":
            return None
        end += 1
    anchor = scan.published if word in ("ago", "from") else scan.named
    if word in ("before", "after") and scan.at(end) not in (",", ".", ""):
        return None  # "two days before the vote": the day hangs on an event
    step = 1 if word in ("later", "after", "from") else -1
    found = calendar.shifted(anchor, step * number[0], unit) if anchor else None
    return Match(end, "date", found or undated("XXXX", "vague"))


def durations(scan: Scan, i: int) -> Match | None:
    """two years; several weeks; a 27-year war; two and a half years; decades."""
    word = scan.at(i)
    j = i
    if scan.is_in(i, "vague") or (word == "a" and scan.at(i + 1) in ("few", "couple")):
        j = i + 1 + (word == "a") + (scan.at(i + 1) == "couple" and scan.at(i + 2) == "of")
        unit = scan.lexicon.units.get(scan.at(j))
        return Match(j + 1, "duration", undated(_period(unit, "X"), "duration")) if unit else None
    if word in ("weeks", "months", "years", "decades", "days", "hours") and scan.at(i - 1) in ("for", "in", "of"):
        return Match(i + 1, "duration", undated(_period(scan.lexicon.units[word], "X"), "duration"))
    number = _number(scan, i)
    if number is None:
        return None
    j = number[1] + (scan.at(number[1]) == "-")
    count = str(number[0])
    if scan.at(j) == "and" and scan.at(j + 1) == "a" and scan.at(j + 2) == "half":
        count, j = f"{number[0]}.5", j + 3
    elif word in ("a", "an") and (scan.at(i - 1) in ("once", "twice", "times") or scan.at(i - 2).isdecimal()):
        unit = scan.lexicon.units.get(scan.at(j))
        return Match(j + 1, "set", undated(_period(unit, "1"), "set")) if unit else None
    unit = scan.lexicon.units.get(scan.at(j))
    if unit is None or unit in ("WE",) or (word in ("a", "an") and scan.at(j) == "second"):
        return None
    if (word == "one" and scan.at(j) == "day") or ("." in count and unit in ("E", "C")):
        return None
    return Match(j + 1, "duration", undated(_period(unit, count), "duration"))


def sets(scan: Scan, i: int) -> Match | None:
    """every day; each Monday; weekly."""
    if scan.is_in(i, "sets"):
        unit = scan.lexicon.units.get(scan.at(i + 1))
        if unit:
            return Match(i + 2, "set", undated(_period(unit, "1"), "set"))
        if scan.at(i + 1) in scan.lexicon.weekdays:
            return Match(i + 2, "set", undated("XXXX-WXX-" + str(scan.lexicon.weekdays[scan.at(i + 1)] + 1), "set"))
    if scan.is_in(i, "adverbs_of_set"):
        letter = {"d": "D", "w": "W", "m": "M", "y": "Y", "h": "TH", "a": "Y"}[scan.at(i)[0]]
        return Match(i + 1, "set", undated(_period(letter, "1"), "set"))
    return None


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
    return Match(end, "time", _timed(day, f"T{hour:02d}:{minute:02d}"))


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
    if two is None or one.interval.first is None or two.interval.last is None:
        return None
    if one.interval.first > two.interval.last:
        return None
    return Match(two.end, "date", calendar.between(one.interval.first, two.interval.last))


PATTERNS = (
    ranges,
    dates,
    numeric,
    months,
    years,
    deictic,
    weekdays,
    relative_units,
    ago,
    durations,
    sets,
    clocks,
    quarters,
)
