"""A chronicle as it was on a day: only reports that were out, events gathered from those alone."""

from __future__ import annotations

import datetime
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.gathering import Told, gather
from pourparler.archive.process import Process
from pourparler.archive.told import JOINED_COLUMNS, Joined, Saying, Telling, joined_of

# Kept for as long as the chronicle they are of: the page of a process asks ten views for one day.
_KEPT = 8


@dataclass(frozen=True, slots=True)
class _Then:
    """A chronicle as of a day, with the whole one."""

    of: weakref.ref[Chronicle]
    chronicle: Chronicle


_then: OrderedDict[tuple[int, datetime.date], _Then] = OrderedDict()
_lock = threading.Lock()


def seen_from(chronicle: Chronicle, today: datetime.date | None) -> Chronicle:
    """Return what a chronicle knew at the end of a day, made once for the last few days; all of it without one."""
    if today is None:
        return chronicle
    at = (id(chronicle), today)
    with _lock:
        kept = _then.get(at)
        if kept is not None and kept.of() is chronicle:
            _then.move_to_end(at)
            return kept.chronicle
    made = as_of(chronicle, today)
    if made is not chronicle:
        with _lock:
            _then[at] = _Then(weakref.ref(chronicle), made)
            for gone in [key for key, one in _then.items() if one.of() is None]:
                del _then[gone]
            while len(_then) > _KEPT:
                _then.popitem(last=False)
    return made


def as_of(chronicle: Chronicle, day: datetime.date) -> Chronicle:
    """Return what a chronicle knew at the end of a day; reports without a day of publication count as known.

    It is what an archive of those reports alone would hold, but for one thing: which tellings are one event is as the
    archive judges it, whenever it came to. Where nothing is later than the day, it is the chronicle itself.
    """
    last = day.isoformat()
    if _is_known(chronicle, last):
        return chronicle
    known = {key: one for key, one in chronicle.tellings.items() if _out(one, last)}
    events = tuple(sorted(_events(chronicle, known), key=lambda one: (one.day or "", one.key)))
    kept = {key for event in events for key in event.tellings}
    tellings = {key: one for key, one in known.items() if key in kept}
    # With the last of its tellings a report leaves the chronicle, and so does what it says.
    reports = {one.report for one in tellings.values()}
    gone = {one.report for one in chronicle.tellings.values()} - reports
    return replace(
        chronicle,
        events=events,
        tellings=tellings,
        sayings={key: one for key, one in chronicle.sayings.items() if one.report not in gone and _out(one, last)},
        passages={key: words for key, words in chronicle.passages.items() if key in tellings},
        covered={month: first for month, first in chronicle.covered.items() if first <= last},
        moving={report: found for report, found in chronicle.moving.items() if report in reports},
        members=None if chronicle.members is None else chronicle.members.intersection(tellings),
    )


def _is_known(chronicle: Chronicle, last: str) -> bool:
    """True where nothing is later than a day; months after it count for nothing, since nothing is told of them."""
    everything: Iterable[Telling | Saying] = (*chronicle.tellings.values(), *chronicle.sayings.values())
    return chronicle.covered.get(last[:7], "") <= last and all(_out(one, last) for one in everything)


def _out(one: Telling | Saying, last: str) -> bool:
    return (one.published or "")[:10] <= last


def _events(chronicle: Chronicle, known: dict[str, Telling]) -> Iterator[Joined]:
    """Yield the events that known tellings tell and make part of the process, gathered from these."""
    for event in chronicle.events:
        told = [known[key] for key in event.tellings if key in known]
        if len(told) == len(event.tellings):
            yield event
        elif told and (chronicle.members is None or any(one.key in chronicle.members for one in told)):
            gathered = _gathered(chronicle, event, told)
            if _within(chronicle.process, gathered.day):
                yield gathered


def _within(process: Process, day: str | None) -> bool:
    """True where a day lies in the time of a process; without a day only where that has no bounds."""
    if day is None:
        return not (process.since or process.until)
    since, until = (bound.isoformat() if bound else "" for bound in (process.since, process.until))
    return since <= day and (not until or day <= until)


def _gathered(chronicle: Chronicle, event: Joined, known: list[Telling]) -> Joined:
    told = [
        Told(one, chronicle.passages[one.key], _says(chronicle, one), one.report in chronicle.copies) for one in known
    ]
    # The row that the archive would hold. Its key stays the whole event's, so that it is found there again.
    row = {**gather(told), "key": event.key}
    return joined_of([row[column.name] for column in JOINED_COLUMNS])


def _says(chronicle: Chronicle, telling: Telling) -> tuple[str, ...]:
    saying = chronicle.sayings.get(telling.saying or "")
    return tuple(party.who for party in saying.speakers) if saying else ()
