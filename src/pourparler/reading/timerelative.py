"""Patterns of times reckoned from the report or from a day told before: yesterday, last week, two days later."""

from __future__ import annotations

import datetime

from pourparler.reading import calendar
from pourparler.reading.calendar import Day, Interval
from pourparler.reading.timedates import timed
from pourparler.reading.timex import Match, Scan, undated


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
            return Match(i + 1, "time", timed(found, "NI"))
        part = scan.lexicon.parts.get(scan.at(i + 1))
        return Match(i + 2, "time", timed(found, part)) if part else Match(i + 1, "date", found)
    if scan.is_in(i, "present"):
        return Match(i + 1, "date", undated("PRESENT_REF", "vague"))
    return Match(i + 1, "date", undated("PAST_REF", "vague")) if scan.is_in(i, "vague_past") else None


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
    return Match(end + 1, "time", timed(found, part)) if part else Match(end, "date", found)


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
        return Match(k + 1, "time", timed(calendar.day(day), part))
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
    # In January the winter that goes on began in the year before; its months are counted on.
    year = at.year - (at.month < first + 3 - 12)
    month = at.month + 12 * (at.year - year)
    if step < 0 and first + 3 > month:
        year -= 1
    elif step > 0 and first <= month:
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
    if at is not None and step and unit == "TH" and count and count % 24 == 0:
        edge = at + datetime.timedelta(step * count // 24)
        return Interval(value, "duration", min(at, edge), max(at, edge))
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
    if unit is None or word not in ("ago", "earlier", "later", "before", "after", "from", "prior"):
        return None
    if scan.at(i) == "the" and word not in ("before", "after", "prior"):
        return None
    end = number[1] + 2
    if word == "from":
        if scan.at(end) != "now":
            return None
        end += 1
    anchor = scan.published if word in ("ago", "from") else scan.named
    if word in ("before", "after", "prior") and scan.at(end) not in (",", ".", "", ";", ")", "and"):
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
    hangs = _hangs_on(scan, j + 1)
    if (word == "one" and scan.at(j) == "day" and not hangs) or ("." in count and unit in ("E", "C")):
        return None
    value = _period(unit, count)
    # "A day after the coup": what comes behind is that much earlier than what the report tells.
    there = calendar.shifted(scan.published, hangs * number[0], unit) if hangs and scan.published else None
    if there is not None and there.first and not unit.startswith("T"):
        return Match(j + 1, "duration", Interval(value, there.precision, there.first, there.last))
    return Match(j + 1, "duration", undated(value, "duration"))


def _hangs_on(scan: Scan, i: int) -> int:
    """Return where the event behind a duration lies: -1 for "after", 1 for "before" and "ahead of", 0 for neither."""
    if scan.at(i + 1) in (",", ".", "", ";", ")"):
        return 0
    if scan.at(i) == "after":
        return -1
    ahead = scan.at(i) == "before" or (scan.at(i), scan.at(i + 1)) in (("ahead", "of"), ("prior", "to"))
    return 1 if ahead else 0


def overnight(scan: Scan, i: int) -> Match | None:
    """overnight: from the evening before to the morning of the publication."""
    if scan.at(i) != "overnight":
        return None
    at = scan.published
    if at is None:
        return Match(i + 1, "time", undated("XXXX-XX-XXTNI", "day"))
    before = at - datetime.timedelta(1)
    return Match(i + 1, "time", Interval(f"{before.isoformat()}TNI", "day", before, at))


def running_days(scan: Scan, i: int) -> Match | None:
    """a third day; the second consecutive day: from so many days back until the publication."""
    j = i + (scan.at(i) in ("a", "the", "its", "their"))
    number = scan.lexicon.ordinals.get(scan.at(j))
    if number is None or number < 2:
        return None
    j += 1 + scan.is_in(j + 1, "running")
    if scan.at(j) != "day" or not scan.is_in(i - 1, "lasting"):
        return None
    if scan.published is None:
        return Match(j + 1, "date", undated("XXXX-XX-XX", "day"))
    first = scan.published - datetime.timedelta(number - 1)
    return Match(j + 1, "date", Interval(scan.published.isoformat(), "day", first, scan.published))


def ends(scan: Scan, i: int) -> Match | None:
    """the end of the year; the end of this month: its last day."""
    j = i + (scan.at(i) == "the")
    if scan.at(j) != "end" or scan.at(j + 1) != "of" or scan.at(j + 2) not in ("the", "this", "next"):
        return None
    unit = scan.lexicon.units.get(scan.at(j + 3))
    if unit not in ("W", "M", "Y", "E"):
        return None
    found = calendar.shifted(scan.published, int(scan.at(j + 2) == "next"), unit) if scan.published else None
    if found is None or found.last is None:
        return Match(j + 4, "date", undated("XXXX", "vague"))
    return Match(j + 4, "date", Interval(found.value, "day", found.last, found.last))


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
