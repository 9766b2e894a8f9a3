"""A chronicle as it was on a day: only reports that were out, events gathered from those alone."""

from __future__ import annotations

import datetime

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.gathering import Told, gather
from pourparler.archive.told import JOINED_COLUMNS, Joined, Telling, joined_of


def as_of(chronicle: Chronicle, day: datetime.date) -> Chronicle:
    """Return what a chronicle knew at the end of a day; reports without a day of publication count as known."""
    last = day.isoformat()
    tellings = {key: one for key, one in chronicle.tellings.items() if (one.published or "")[:10] <= last}
    sayings = {key: one for key, one in chronicle.sayings.items() if (one.published or "")[:10] <= last}
    events = []
    for event in chronicle.events:
        known = [tellings[key] for key in event.tellings if key in tellings]
        if len(known) == len(event.tellings):
            events.append(event)
        elif known:
            events.append(_gathered(chronicle, event, known))
    events.sort(key=lambda one: (one.day or "", one.key))
    return Chronicle(chronicle.process, tuple(events), tellings, sayings, chronicle.copies, chronicle.passages)


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
