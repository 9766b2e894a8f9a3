"""What puts an end to something announced: reports that a meeting or an act was called off, put off, or refused."""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.told import Joined, Telling
from pourparler.archive.views.common import Cast, Phrases, Seen, days_named, plain, rules, seen, sentence, standing

Ending = Literal["postponed", "cancelled", "refused"]
Days = tuple[datetime.date, datetime.date]  # a first and a last one
# So many days before its last day at most, and after it, the end of a meeting is told.
EARLY, LATE = 400, 60
# Where the day is not named, it is told so many days after it at most.
_AFTER = 7


@dataclass(frozen=True, slots=True)
class Dropped:
    """That a report tells in one of its events that something was ``postponed``, ``cancelled`` or ``refused``.

    ``weak`` where it only says that it was not held, or its report repeats another. ``days`` are those named in the
    sentence (first and last of each), ``text`` is the sentence, ready to search; ``anew`` are the days for which the
    sentence announces other talks at once, which it does not end.
    """

    seen: Seen
    report: str
    ending: Ending
    weak: bool
    published: datetime.date | None
    days: tuple[Days, ...]
    text: str
    anew: tuple[Days, ...] = ()

    @property
    def enders(self) -> frozenset[str]:
        """The reports that tell of its end in the same event."""
        return self.seen.reports if self.seen.event.type == "REJECT" else frozenset((self.report,))

    @property
    def told(self) -> datetime.date:
        """The day of publication, else that of the event."""
        return self.published or self.seen.first or datetime.date.min

    def names(self, first: datetime.date, last: datetime.date) -> bool:
        """True where the sentence names a day from a first to a last one."""
        return any(_overlap((first, last), days) for days in self.ahead())

    def concerns(
        self, first: datetime.date, last: datetime.date, place: str | None, before: Iterable[Dropped] = ()
    ) -> bool:
        """True where it may be said of something due from a first to a last day at a place.

        The sentence names such a day; or it names the place and no other day ahead, and is told before the last day
        or a week later at most. Of what was put off ``before`` it may be told later that it is cancelled.
        """
        if self.names(first, last):
            return True
        if any(_overlap((first, last), days) for days in self.anew):
            return False
        if self.ahead() or self.published is None or not place or plain(place) not in self.text:
            return False
        put_off = self.ending == "cancelled" and not self.weak and any(one.ending == "postponed" for one in before)
        return self.published <= last + datetime.timedelta(LATE if put_off else _AFTER)

    def ahead(self) -> list[Days]:
        """Return the days named, but for the one on which it was told and those of other talks."""
        told = (self.published, self.published)
        left = (_without(days, self.anew) for days in self.days if days != told)
        return [days for days in left if days]


def standing_end(endings: Sequence[Dropped], renewed: datetime.date | None) -> Dropped | None:
    """Return which of several endings, in the order told, counts: the last one; None where none does any more.

    What was told before the day on which it was last announced anew (``renewed``) counts no more. What is weak says
    nothing new of what was put off or refused.
    """
    left = [one for one in endings if renewed is None or one.told >= renewed]
    return next((one for one in reversed(left) if not one.weak), left[-1] if left else None)


def news(chronicle: Chronicle, event: Joined) -> tuple[Telling, ...]:
    """Return the tellings of an event whose reports repeat no other (all, where none is such), earliest first."""
    told = chronicle.told(event)
    return tuple(one for one in told if one.report not in chronicle.copies) or told


def announced(telling: Telling) -> tuple[datetime.date, datetime.date, datetime.date] | None:
    """Return the day of a report, and the first and last day that it gives of an act that lies ahead, or None."""
    told, first, last = date_of(telling.published), date_of(telling.first), date_of(telling.last)
    if telling.status != "planned" or telling.basis not in ("stated", "inferred"):
        return None
    if not told or not first or not last:
        return None
    # An inferred day that is no later than the report is that of something else it tells.
    ahead = last > told or (last == told and telling.basis == "stated" and telling.type == "CONSULT")
    return (told, first, last) if ahead else None


@functools.cache
def _phrases() -> tuple[tuple[Ending, bool, Phrases], ...]:
    """Return which words tell of which ending, and whether vaguely; the first that stand in a sentence count."""
    data = rules()["meetings"]
    return (
        ("postponed", False, Phrases(data["postponed"])),
        ("cancelled", False, Phrases(data["cancelled"])),
        ("cancelled", True, Phrases(data["unheld"])),
        ("refused", False, Phrases(data["refused"])),
    )


@functools.cache
def _talks() -> Phrases:
    return Phrases(rules()["meetings"]["talks"])


def dropped(chronicle: Chronicle, cast: Cast) -> list[Dropped]:
    """Return what tells that talks of a side were called off, put off or refused, in the order told.

    That is: REJECT whose mode is to meet, or whose sentence has a word for talks and one for their end; CONSULT told
    as not having happened. An event that several reports tell is there for each that says what became of them.
    """
    out: list[Dropped] = []
    plans: defaultdict[str, list[Telling]] = defaultdict(list)
    every = seen(chronicle, types=frozenset(("REJECT", "CONSULT")))
    for telling in (telling for one in every if one.event.type == "CONSULT" for telling in chronicle.told(one.event)):
        if announced(telling):
            plans[telling.report].append(telling)
    for one in every:
        if one.lanes & cast.sides:
            found = list(_dropped(chronicle, one, plans))
            out += [end for end in found if not end.weak] or found[:1]
    return sorted(out, key=lambda one: one.told)


def _dropped(chronicle: Chronicle, one: Seen, plans: Mapping[str, Sequence[Telling]]) -> Iterator[Dropped]:
    event = one.event
    consult = event.type == "CONSULT"
    if (consult and event.status != "did_not_happen") or standing(event.status) == "ahead":
        return
    for telling in news(chronicle, event):
        if (consult and telling.status != "did_not_happen") or standing(telling.status) == "ahead":
            continue
        text = sentence(chronicle, telling)
        found = _ending(telling.words, text)
        if not (consult or event.mode == "meet" or (found and text in _talks())):
            continue
        published = date_of(telling.published)
        days = days_named(text, published) if published else ()
        if consult and one.dated and one.first and one.last:
            days = (*days, (one.first, one.last))
        ending, vague = found or ("cancelled" if consult else "refused", True)
        weak = vague or telling.report in chronicle.copies
        beside = [plan for plan in plans.get(telling.report, ()) if sentence(chronicle, plan) == text]
        anew = tuple(_anew(chronicle, telling, beside, days))
        yield Dropped(one, telling.report, ending, weak, published, days, plain(text), anew)


def _anew(chronicle: Chronicle, telling: Telling, beside: Sequence[Telling], days: Sequence[Days]) -> Iterator[Days]:
    """Yield the days of talks announced beside an end in one sentence that are no part of what ended.

    Another clause announces them ("were called off; a new round is set for 30 May"); or the sentence names another,
    earlier day ahead, which nothing else is announced for ("postponed from 12 to 30 May").
    """
    found = [(plan, (first, last)) for plan in beside if (given := announced(plan)) for _, first, last in (given,)]
    passage, begin = chronicle.passages.get(telling.key, ""), telling.passage_start
    published = date_of(telling.published)
    for plan, when in found:
        between = passage[min(telling.end, plan.end) - begin : max(telling.start, plan.start) - begin]
        # "From 12 to 30 May" may be read as one time.
        others = [left for one in days if (left := _without(one, [other for _, other in found]))]
        earlier = any(published and published <= last < when[0] for _, last in others)
        if ";" in between or (earlier and plan.key != telling.key):
            yield when


def _without(days: Days, others: Iterable[Days]) -> Days | None:
    """Return what of some days lies before others that they reach into; None where nothing does."""
    first, last = days
    for other in others:
        if _overlap((first, last), other):
            if other[0] <= first:
                return None
            last = other[0] - datetime.timedelta(1)
    return first, last


def _overlap(one: Days, other: Days) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def undone(chronicle: Chronicle, one: Seen) -> Iterator[Dropped]:
    """Yield for each report that tells that an act did not take place that it did not, whatever its words."""
    for telling in news(chronicle, one.event):
        if telling.status == "did_not_happen":
            yield Dropped(one, telling.report, "cancelled", True, date_of(telling.published), (), "")


def _ending(words: str, text: str) -> tuple[Ending, bool] | None:
    """Return what a sentence tells of, and whether vaguely: as its trigger says, else as any of its words do."""
    own = next((ending for ending, _, phrases in _phrases()[:2] if words in phrases), None)
    if own:  # "the postponed talks were called off"
        return own, False
    return next(((ending, vague) for ending, vague, phrases in _phrases() if text in phrases), None)
