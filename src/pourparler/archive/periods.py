"""Days, weeks, months and years as people write them: ``2022``, ``2022-09``, ``2022-09-14``, ``2022-W37``."""

from __future__ import annotations

import calendar
import datetime
import re

from pourparler.errors import ArchiveError

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|-W(\d{2}))?", re.ASCII)


def period(words: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of a year, month, ISO week or day; raises ArchiveError for anything else."""
    found = _FORM.fullmatch(words.strip())
    if not found:
        raise ArchiveError(f"{words!r} is no day. Write 2022, 2022-09, 2022-09-14, or a week as 2022-W37")
    try:
        return _days(int(found[1]), found[2], found[3], found[4])
    except (ValueError, OverflowError) as error:  # the last week of 9999 ends beyond all days there are
        raise ArchiveError(f"{words!r}: there is no such day ({error}). Correct it") from error


def _days(year: int, month: str | None, day: str | None, week: str | None) -> tuple[datetime.date, datetime.date]:
    if week:
        monday = datetime.date.fromisocalendar(year, int(week), 1)
        return monday, monday + datetime.timedelta(days=6)
    if month and day:
        one = datetime.date(year, int(month), int(day))
        return one, one
    if month:
        first = datetime.date(year, int(month), 1)
        return first, first.replace(day=calendar.monthrange(year, int(month))[1])
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
