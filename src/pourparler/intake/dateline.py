"""The day that a report itself gives in its dateline: "PORT SUDAN, 31 May 2023 -", or a date on a line of its own.

Only full dates with a year count, and only where a report says when it was written: a date inside a sentence is that
of an event.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

_START = 1000  # characters: datelines stand above the text or begin it
_LINES = 6
_PREPOSITIONS = frozenset({"After", "At", "Before", "By", "From", "In", "On", "Since", "Until"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORD = r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
_WORD += r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?)"
_YEAR = r"(?:19|20)\d\d"
_TH = r"(?:st|nd|rd|th)?"
_DATE = rf"(?P<date>(?i:[0-3]?\d{_TH} {_WORD},? {_YEAR}|{_WORD} [0-3]?\d{_TH} ?,? {_YEAR}|{_YEAR}-[01]\d-[0-3]\d))"
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
_LABEL = r"(?:(?:Published|Posted|Updated|Date|Issued)(?: on)?:? )?"
_CLOCK = r"(?:,? (?:at )?\d?\d[:.]\d\d(?: ?[ap]\.?m\.?)?(?: \(?[A-Z]{2,4}\)?)?)?"
# A date on a line of its own.
_ALONE = re.compile(rf"{_LABEL}{_WEEKDAY}{_DATE}{_CLOCK}\.?", re.IGNORECASE)
# A place, the date, perhaps the agency, and what parts both from the text.
_PLACE = r"(?P<place>[^\d,(]{2,40}(?:, [^\d,(]{2,30})?)(?:, | ?\()"
_AGENCY = r"(?: ?\([^()]{2,40}\)|, [A-Z]{2,20})?"
_BEHIND = re.compile(rf"{_PLACE}{_WEEKDAY}{_DATE}\)?{_AGENCY}(?:\.? ?[-–—:]|\. )")
_PARTS = re.compile(rf"(?P<word>(?i:{_WORD}))|(?P<year>{_YEAR})|(?P<day>[0-3]?\d)")


def dateline(text: str) -> str | None:
    """Return the day (YYYY-MM-DD) that the dateline of a report gives, None where it has none.

    A day that no calendar has is none.
    """
    for line in _beginnings(text):
        found = _ALONE.fullmatch(line) or _behind_a_place(line)
        if found and (day := _day(found["date"])):
            return day.isoformat()
    return None


def _behind_a_place(line: str) -> re.Match[str] | None:
    """Return a place with its date where each of its words has a capital: "born in Ganja, 12 May 1994." is none."""
    found = _BEHIND.match(line)
    if found is None:
        return None
    place = found["place"].split()
    return found if place[0] not in _PREPOSITIONS and all(word[0].isupper() for word in place) else None


def _beginnings(text: str) -> Iterator[str]:
    """Yield the first lines that hold something, blanks in them made one."""
    lines = (" ".join(line.split()) for line in text[:_START].splitlines())
    yield from [line for line in lines if line][:_LINES]


def _day(words: str) -> datetime.date | None:
    if words[:4].isdigit():
        parts = words.split("-")
        year, month, day = (int(part) for part in parts)
    else:
        found = {found.lastgroup: found[0] for found in _PARTS.finditer(words)}
        month = _MONTHS.index(found["word"][:3].lower()) + 1
        year, day = int(found["year"]), int(found["day"])
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
