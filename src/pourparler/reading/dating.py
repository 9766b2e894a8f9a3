"""When each event took place: the time expression that goes with it, else the day of publication."""

from __future__ import annotations

import dataclasses

from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Range
from pourparler.reading.text import published_day
from pourparler.reading.timex import TimeExpression
from pourparler.record import Event, Span, Time


class Dating:
    name = "reading.dating.v1"
    needs = frozenset({"times", "events", "event_words", "sentences"})
    gives = frozenset({"events"})

    def __call__(self, draft: Draft) -> None:
        draft.events = tuple(dataclasses.replace(event, time=_time(draft, event)) for event in draft.events)


def _time(draft: Draft, event: Event) -> Time | None:
    words = draft.event_words[event.id]
    found = _nearest(draft, words)
    day = published_day(draft)
    if found is not None and found.first and found.last:
        last = found.last
        if day and found.first < day and _goes_on(draft, found, event):
            last = day
        return Time(
            found.first.isoformat(),
            last.isoformat(),
            found.precision or "day",
            "stated",
            found.text,
            Span(found.start, found.end),
        )
    if day and event.status in ("happened", "ongoing", "alleged", "denied"):
        return Time(day.isoformat(), day.isoformat(), "day", "publication", None, None)
    return None


def _nearest(draft: Draft, words: Range) -> TimeExpression | None:
    """Return the dated expression of the sentence with the fewest words, and the fewest other acts, between."""
    sentence = draft.span(draft.sentence_of(words[0]))
    best: tuple[float, TimeExpression] | None = None
    for time in draft.times:
        if not sentence.start <= time.start < sentence.end or time.first is None or time.kind == "set":
            continue
        at = draft.words_at(time.start, time.end)
        if at is None:
            continue
        low, high = (at[1], words[0]) if at[0] < words[0] else (words[1], at[0])
        others = sum(low <= w[0] < high for w in draft.event_words.values())
        # A date that opens the sentence goes with all of it.
        opening = draft.span((draft.sentence_of(words[0])[0], at[0] + 1)).end - sentence.start < 14
        distance = max(0, high - low) + 12 * others * (not opening)
        if best is None or distance < best[0]:
            best = (distance, time)
    return best[1] if best and best[0] < 40 else None


def _goes_on(draft: Draft, time: TimeExpression, event: Event) -> bool:
    """True where the date is the first day of something lasting: "talks, which began on May 1"."""
    at = draft.words_at(time.start, time.end)
    if at is None:
        return False
    before = draft.lowered((max(0, at[0] - 3), at[0]))
    durative = event.type in ("CONSULT", "COOPERATE", "PROTEST") or "since" in before
    return durative and bool(set(before) & lexicon.onsets())
