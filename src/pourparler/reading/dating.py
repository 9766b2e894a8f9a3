"""When each event took place: the time expression that the network ties it to, else the day of publication."""

from __future__ import annotations

import dataclasses
import datetime

from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Range
from pourparler.reading.settings import settings
from pourparler.reading.text import published_day
from pourparler.reading.timex import TimeExpression, put_ahead, put_back
from pourparler.record import Basis, Event, Span, Time

_NEAR = 12  # words between an act and a time that belongs to its clause
_TOLD = ("happened", "ongoing", "alleged", "denied")


class Dating:
    name = "reading.dating.v5"
    needs = frozenset({"layers", "times", "events", "event_words", "sentences"})
    gives = frozenset({"events"})

    def __call__(self, draft: Draft) -> None:
        at = [(time, draft.words_at(time.start, time.end)) for time in draft.times]
        dated = [(time, words) for time, words in at if words and time.first and time.last and time.kind != "set"]
        found = [_likeliest(draft, event, dated) for event in draft.events]
        told = {f[0].start for e, f in zip(draft.events, found, strict=True) if f and e.status in _TOLD}
        draft.events = tuple(
            dataclasses.replace(event, time=_time(draft, event, at, told))
            for event, at in zip(draft.events, found, strict=True)
        )


def _time(draft: Draft, event: Event, found: tuple[TimeExpression, Range] | None, told: set[int]) -> Time | None:
    day = published_day(draft)
    if found is not None:
        time, words = found
        if day and event.status not in _TOLD and time.start in told and put_ahead(time, day):
            return None  # "met on Monday and agreed to swap": a day that something was done on is not the next one
        first, last = _bounds(draft, time, event, day)
        here = draft.sentence_of(draft.event_words[event.id][0])
        basis: Basis = "stated" if here[0] <= words[0] < here[1] else "inferred"
        span = Span(time.start, time.end)
        return Time(first.isoformat(), last.isoformat(), time.precision or "day", basis, time.text, span)
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
    if event.status not in _TOLD and (ahead := put_ahead(time, day)):
        return ahead
    if first < day and _goes_on(draft, time, event):
        return first, day
    if event.status in _TOLD and first <= day < last:
        return first, day
    if event.status not in _TOLD and day < last and _before(draft, time) == "by":
        return day, last
    return first, last


def _likeliest(
    draft: Draft, event: Event, dated: list[tuple[TimeExpression, Range]]
) -> tuple[TimeExpression, Range] | None:
    """Return the dated expression whose words the network holds likeliest to date the event, where likely enough."""
    assert draft.layers is not None
    if not dated:
        return None
    role = draft.layers.role("time", draft.event_words[event.id][0])
    day = published_day(draft)
    best: tuple[float, tuple[TimeExpression, Range]] | None = None
    for time, words in dated:
        low, high = words[0] - role.first, words[1] - role.first
        if low < 0 or high > len(role.inside) or not _may_date(draft, time, words):
            continue
        if day and event.status in _TOLD and time.first and time.first > day:
            # What is told as past or present cannot have happened after the report.
            if not (_right_behind(draft, words, event) and (past := put_back(time, day))):
                continue
            time = past
        score = float(role.inside[low:high].max())
        if best is None or score > best[0]:
            best = (score, (time, words))
    if best is None or best[0] < settings().time or _since_before(draft, best[1][1], event):
        return None
    return best[1]


def _right_behind(draft: Draft, at: Range, event: Event) -> bool:
    """True where an "on" or "in" ties a time to an act before it, with no word between that looks ahead: "signed a
    memorandum on 1 January"."""
    last = draft.event_words[event.id][1]
    near = last < at[0] <= min(draft.sentence_of(last - 1)[1], last + _NEAR)
    between = draft.lowered((last, at[0])) if near else []
    return between[-1:] in (["on"], ["in"]) and lexicon.looking_ahead().isdisjoint(between)


def _may_date(draft: Draft, time: TimeExpression, at: Range) -> bool:
    """False for a time that belongs to a name: "War (2006)"."""
    return not (_word(draft, at[0] - 1) == "(" and _word(draft, at[1]) == ")")


def _since_before(draft: Draft, at: Range, event: Event) -> bool:
    """True where a clause that a comma ends before the act says since when something else goes on: "mediators, who
    have hosted the talks since May 6, urged"."""
    return (
        not _lasting(event)
        and _word(draft, at[0] - 1) == "since"
        and _word(draft, at[1]) == ","
        and at[1] < draft.event_words[event.id][0]
    )


def _word(draft: Draft, i: int) -> str:
    return draft.word(i).lower() if 0 <= i < len(draft.words) else ""


def _before(draft: Draft, time: TimeExpression) -> str:
    """Return the word before a time; the article of "by the end of May" is none."""
    at = draft.words_at(time.start, time.end)
    if at is None:
        return ""
    before = _word(draft, at[0] - 1)
    return _word(draft, at[0] - 2) if before == "the" else before


def _lasting(event: Event) -> bool:
    return event.status == "ongoing" or event.type in ("CONSULT", "COOPERATE", "PROTEST")


def _goes_on(draft: Draft, time: TimeExpression, event: Event) -> bool:
    """True where the date is the first day of something lasting: "talks, which began on May 1"."""
    at = draft.words_at(time.start, time.end)
    here = draft.sentence_of(draft.event_words[event.id][0])
    if at is None or not here[0] <= at[0] < here[1]:
        return False
    before = draft.lowered((max(0, at[0] - 3), at[0]))
    return _lasting(event) and bool(set(before) & lexicon.onsets())
