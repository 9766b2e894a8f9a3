"""What puts an end to something announced: reports that a meeting or an act was called off, put off, or refused."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Telling
from pourparler.archive.views.common import Cast, Phrases, Seen, days_named, plain, rules, seen, sentence, standing

Ending = Literal["postponed", "cancelled", "refused"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """An event that tells that something was ``postponed``, ``cancelled`` or ``refused``.

    ``days`` are those named in the sentence (first and last of each), ``text`` is the sentence, ready to search.
    """

    seen: Seen
    ending: Ending
    published: datetime.date | None
    days: tuple[tuple[datetime.date, datetime.date], ...]
    text: str

    def concerns(self, first: datetime.date, last: datetime.date, place: str | None) -> bool:
        """True where it may be said of something due from a first to a last day at a place.

        The sentence names such a day; or it names the place and no other day ahead, and is told before the last day
        or a week later at most.
        """
        if any(start <= last and first <= end for start, end in self.ahead()):
            return True
        if self.ahead() or self.published is None or not place or plain(place) not in self.text:
            return False
        return self.published <= last + datetime.timedelta(7)

    def ahead(self) -> list[tuple[datetime.date, datetime.date]]:
        """Return the days named, but for the one on which it was told."""
        return [day for day in self.days if self.published is None or day != (self.published, self.published)]


# So many days before its last day at most, and after it, the end of a meeting is told.
EARLY, LATE = 400, 60


@functools.cache
def _phrases() -> dict[Ending, Phrases]:
    data = rules()["meetings"]
    order: tuple[Ending, ...] = ("postponed", "cancelled", "refused")
    return {ending: Phrases(data[ending]) for ending in order}


@functools.cache
def _talks() -> Phrases:
    return Phrases(rules()["meetings"]["talks"])


def dropped(chronicle: Chronicle, cast: Cast) -> list[Dropped]:
    """Return what tells that talks of a side were called off, put off or refused, by day.

    That is: REJECT whose mode is to meet, or whose sentence has a word for talks and one for their end; CONSULT told
    as not having happened.
    """
    out = []
    for one in seen(chronicle, types=frozenset(("REJECT", "CONSULT"))):
        if not one.lanes & cast.sides:
            continue
        if found := _dropped(chronicle, one, chronicle.told(one.event)):
            out.append(found)
    return out


def _dropped(chronicle: Chronicle, one: Seen, told: Iterable[Telling]) -> Dropped | None:
    event = one.event
    if event.type == "CONSULT" and event.status != "did_not_happen":
        return None
    if event.type == "REJECT" and standing(event.status) == "ahead":
        return None
    for telling in told:
        text = sentence(chronicle, telling)
        ending = next((name for name, phrases in _phrases().items() if text in phrases), None)
        about = event.type == "CONSULT" or event.mode == "meet" or (ending is not None and text in _talks())
        if about:
            published = date_of(telling.published)
            days = days_named(text, published) if published else ()
            if event.type == "CONSULT" and one.dated and one.first and one.last:
                days = (*days, (one.first, one.last))
            default: Ending = "cancelled" if event.type == "CONSULT" else "refused"
            return Dropped(one, ending or default, published, days, plain(text))
    return None
