"""Time expressions of a text, normalised against the day of publication (values as in TIMEX3).

A scanner over words: at each word every pattern is tried and the longest match wins, so that the work grows with
the length of the text and not with its contents.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from pourparler.model.words import words as words_of
from pourparler.reading import calendar
from pourparler.reading.calendar import Interval
from pourparler.reading.timewords import TimeWords, time_words

Kind = Literal["date", "time", "duration", "set"]
_STOPS = frozenset({"", ".", ";", "?", "!"})
_NEAR = 8  # words on each side that may tell whether a bare "Monday" is ahead


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words ``text[start:end]`` that tell a time; ``first`` and ``last`` day are None where none is fixed."""

    start: int
    end: int
    text: str
    value: str
    kind: Kind
    first: datetime.date | None
    last: datetime.date | None
    precision: str


@dataclass(frozen=True, slots=True)
class Match:
    """Words i..end of a scan make a time of this kind."""

    end: int
    kind: Kind
    interval: Interval


@dataclass(slots=True)
class Scan:
    """A text in words, with the day that relative times are reckoned from and the last day that was named."""

    text: str
    spans: list[tuple[int, int]]
    lowered: list[str]
    published: datetime.date | None
    named: datetime.date | None
    lexicon: TimeWords
    starts: frozenset[int] = frozenset()  # words known to begin a sentence; the full stops stand in the text

    def at(self, i: int) -> str:
        return self.lowered[i] if 0 <= i < len(self.lowered) else ""

    def is_in(self, i: int, name: str) -> bool:
        return self.at(i) in self.lexicon.classes[name]

    def capital(self, i: int) -> bool:
        return i < len(self.spans) and self.text[self.spans[i][0]].isupper()

    def touches(self, i: int) -> bool:
        """True where word i stands right behind the word before it, with no blank."""
        return 0 < i < len(self.spans) and self.spans[i][0] == self.spans[i - 1][1]

    def ahead(self, i: int) -> bool:
        """True where words nearby say that the time is still to come; a sentence's end stops the look.

        So does "to ... by": "a deal to end the war by Tuesday" (in all 7 of 84,003 reports with a weekday there).
        """
        if self.at(i - 1) == "by" and "to" in self.lowered[max(0, i - _NEAR) : i - 1]:
            return True
        for step in (-1, 1):
            for j in range(i + step, i + step * (_NEAR + 1), step):
                # "met on Monday and will meet again": what follows "and" is another clause.
                if self.at(j) in _STOPS or (step > 0 and self.is_in(j, "clauses")):
                    break
                # A headline has no stop at its end.
                if (j if step > 0 else j + 1) in self.starts:
                    break
                if self.is_in(j, "ahead") and not (self.at(j) == "due" and not self.is_in(j - 1, "being")):
                    return True  # "is due on Monday"; "due to" in other places tells a cause
        return False


def find_times(
    text: str, *, published: datetime.date | None, starts: Iterable[int] = ()
) -> tuple[TimeExpression, ...]:
    """Return the time expressions of a text in order, none overlapping.

    Without a day of publication only full dates get days; relative ones keep a value like ``XXXX-05-01``. ``starts``
    are the numbers of words that begin a sentence, where they are known: headlines end without a stop.
    """
    from pourparler.reading.timepatterns import PATTERNS

    spans = words_of(text)
    lowered = [text[start:end].lower() for start, end in spans]
    scan = Scan(text, spans, lowered, published, published, time_words(), frozenset(starts))
    out: list[TimeExpression] = []
    i = 0
    while i < len(spans):
        word = lowered[i]
        best = _longest(scan, i, PATTERNS) if word in scan.lexicon.starters or word[0].isdecimal() else None
        if best is None:
            i += 1
            continue
        start, end = spans[i][0], spans[best.end - 1][1]
        span = best.interval
        out.append(
            TimeExpression(start, end, text[start:end], span.value, best.kind, span.first, span.last, span.precision)
        )
        if span.first is not None and span.precision == "day":
            scan.named = span.first
        i = best.end
    return tuple(out)


def put_ahead(time: TimeExpression, day: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """Return first and last day of a bare weekday or month taken as the next one after a day of publication.

    "Will meet on Monday" may have no word near the day that the scanner takes for a sign of what is to come; whoever
    knows that the act lies ahead asks here. None where the time says which one it is, or already lies ahead.
    """
    words = time.text.lower().split()
    bare = not any(word in time_words().classes["past"] or word[-4:].isdecimal() for word in words)
    if time.first is None or time.last is None or time.last >= day or not bare:
        return None
    if time.precision == "day" and words[0] in time_words().weekdays and (day - time.first).days < 7:
        week = datetime.timedelta(7)
        return time.first + week, time.last + week
    if time.precision == "month" and words[-1] in time_words().months and (day - time.last).days < 366:
        found = calendar.month(time.first.year + 1, time.first.month)
        return (found.first, found.last) if found.first and found.last else None
    return None


def put_back(time: TimeExpression, day: datetime.date) -> TimeExpression | None:
    """Return a day or month named without its year, taken as the last one before a day of publication.

    The scanner takes the nearest: on 12 December "1 January" is the next. Whoever knows that it has been asks here.
    """
    words = time.text.lower().split()
    named = any(word in time_words().months for word in words) and not words[-1][-4:].isdecimal()
    if not named or time.first is None or time.last is None or time.first <= day:
        return None
    if time.precision == "month":
        found = calendar.month(time.first.year - 1, time.first.month)
        return dataclasses.replace(time, value=found.value, first=found.first, last=found.last)
    past = calendar.safe_day(time.first.year - 1, time.first.month, time.first.day)
    if time.precision != "day" or time.first != time.last or past is None:
        return None
    return dataclasses.replace(time, value=past.isoformat(), first=past, last=past)


def _longest(scan: Scan, i: int, patterns: tuple[Callable[[Scan, int], Match | None], ...]) -> Match | None:
    best: Match | None = None
    for pattern in patterns:
        found = pattern(scan, i)
        if found is not None and (best is None or found.end > best.end):
            best = found
    return best


def undated(value: str, precision: str) -> Interval:
    """Return a time that no day is known of."""
    return calendar.Interval(value, precision)
