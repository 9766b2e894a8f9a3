"""When each event took place: the time expression that goes with it, else the day of publication."""

from __future__ import annotations

import dataclasses
import datetime

from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Range
from pourparler.reading.text import published_day
from pourparler.reading.timex import TimeExpression
from pourparler.record import Event, Span, Time

# What is told as past or present cannot have happened after the report.
_TOLD = ("happened", "ongoing", "alleged", "denied")
_FARTHEST = 40  # words between an act and its time, an act between them counting for twelve
_OPENING = 14  # characters: a time this near to the sentence's start goes with all of it
_ATTRIBUTE = 3  # words from "the 1965" to the noun it belongs to


class Dating:
    name = "reading.dating.v2"
    needs = frozenset({"times", "events", "event_words", "sentences"})
    gives = frozenset({"events"})

    def __call__(self, draft: Draft) -> None:
        draft.events = tuple(dataclasses.replace(event, time=_time(draft, event)) for event in draft.events)


def _time(draft: Draft, event: Event) -> Time | None:
    found = _nearest(draft, event)
    day = published_day(draft)
    if found is not None and found.first and found.last:
        first, last = _bounds(draft, found, event, day)
        span = Span(found.start, found.end)
        return Time(first.isoformat(), last.isoformat(), found.precision or "day", "stated", found.text, span)
    if day and event.status in _TOLD:
        return Time(day.isoformat(), day.isoformat(), "day", "publication", None, None)
    return None


def _bounds(
    draft: Draft, time: TimeExpression, event: Event, day: datetime.date | None
) -> tuple[datetime.date, datetime.date]:
    """Return first and last day of an act by its time: what goes on lasts until the report, what is told as done
    ended by then, what is due "by" a day may come from now on."""
    assert time.first and time.last
    first, last = time.first, time.last
    if day is None:
        return first, last
    if first < day and _goes_on(draft, time, event):
        return first, day
    if event.status in _TOLD and first <= day < last:
        return first, day
    if event.status not in _TOLD and first <= day < last and _before(draft, time) == "by":
        return day, last
    return first, last


def _nearest(draft: Draft, event: Event) -> TimeExpression | None:
    """Return the dated expression of the sentence with the fewest words, and the fewest other acts, between."""
    words = draft.event_words[event.id]
    sentence = draft.span(draft.sentence_of(words[0]))
    day = published_day(draft)
    best: tuple[float, TimeExpression] | None = None
    for time in draft.times:
        if not sentence.start <= time.start < sentence.end or time.first is None or time.kind == "set":
            continue
        if day and event.status in _TOLD and time.first > day:
            continue
        at = draft.words_at(time.start, time.end)
        if at is None or not _may_date(draft, time, at, event):
            continue
        low, high = (at[1], words[0]) if at[0] < words[0] else (words[1], at[0])
        others = sum(low <= w[0] < high for w in draft.event_words.values())
        opening = draft.span((draft.sentence_of(words[0])[0], at[0] + 1)).end - sentence.start < _OPENING
        distance = max(0, high - low) + 12 * others * (not opening)
        if best is None or distance < best[0]:
            best = (distance, time)
    return best[1] if best and best[0] < _FARTHEST else None


def _may_date(draft: Draft, time: TimeExpression, at: Range, event: Event) -> bool:
    """False for a time that belongs to something else: "the 1965 killing", "Sunday's summit", "War (2006)"."""
    words = draft.event_words[event.id]
    before, after = _word(draft, at[0] - 1), _word(draft, at[1])
    if before == "(" and after == ")":
        return False
    if before == "since" and not _lasting(event):
        return False
    coarse = time.precision in ("year", "decade", "month")
    attribute = after in ("'s", "’s") or (coarse and after.isalpha() and _names_a_thing(draft, time, before))
    return not attribute or 0 <= words[0] - at[1] <= _ATTRIBUTE


def _names_a_thing(draft: Draft, time: TimeExpression, before: str) -> bool:
    """True where no preposition leads to a bare year or month: "the February coup", not "in February rebels"."""
    first = time.text.split()[0].lower()
    return first == "the" or (before in lexicon.determiners() and first not in ("last", "next", "this"))


def _word(draft: Draft, i: int) -> str:
    return draft.word(i).lower() if 0 <= i < len(draft.words) else ""


def _before(draft: Draft, time: TimeExpression) -> str:
    at = draft.words_at(time.start, time.end)
    return _word(draft, at[0] - 1) if at else ""


def _lasting(event: Event) -> bool:
    return event.status == "ongoing" or event.type in ("CONSULT", "COOPERATE", "PROTEST")


def _goes_on(draft: Draft, time: TimeExpression, event: Event) -> bool:
    """True where the date is the first day of something lasting: "talks, which began on May 1"."""
    at = draft.words_at(time.start, time.end)
    if at is None:
        return False
    before = draft.lowered((max(0, at[0] - 3), at[0]))
    return _lasting(event) and bool(set(before) & lexicon.onsets())
