"""What has a day as a calendar (RFC 5545): whole days, and ids that stay the same from one export to the next."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

import icalendar

from pourparler.archive.views.agenda import Item
from pourparler.export.rows import EventRow
from pourparler.export.view import printable

# What is known only to lie within a longer time would cover the calendar: left out, and counted.
_LONGEST = 31
_STATES = {"due": "TENTATIVE", "passed without news": "TENTATIVE", "postponed": "TENTATIVE", "cancelled": "CANCELLED"}
_STATUS = {"did_not_happen": "CANCELLED", "planned": "TENTATIVE", "possible": "TENTATIVE", "called_for": "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a calendar: ``first`` and ``last`` day, when it was last told of, and its words.

    ``key`` makes its id: two entries of a calendar never share it.
    """

    key: str
    first: datetime.date
    last: datetime.date
    told: datetime.date
    summary: str
    description: str
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    status: str = "CONFIRMED"
    category: str | None = None


def write(rows: Iterable[EventRow], stream: IO[bytes]) -> int:
    """Write events as a calendar; return how many have no day, or only a time of over a month, and were left out."""
    entries, left_out = [], 0
    for row in rows:
        entry = entry_of(row)
        if entry is None:
            left_out += 1
        else:
            entries.append(entry)
    write_entries(entries, stream)
    return left_out


def write_agenda(rows: Iterable[Item], stream: IO[bytes]) -> None:
    """Write an agenda as a calendar; what was moved stands on its last day, under the same id as before."""
    write_entries((entry for row in rows if (entry := _item(row))), stream)


def write_entries(entries: Iterable[Entry], stream: IO[bytes]) -> None:
    """Write entries as a calendar."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//pourparler//events//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        calendar.add_component(_component(entry))
    stream.write(calendar.to_ical())


def day(words: str | None) -> datetime.date | None:
    """Return the day that an ISO day or time begins with; None where there is none that a calendar knows."""
    try:
        return datetime.date.fromisoformat((words or "")[:10])
    except ValueError:
        return None


def entry_of(row: EventRow) -> Entry | None:
    """Return the entry of an event, or None where it has no day."""
    first = day(row.first or row.day)
    last = day(row.last) or first
    if first is None or last is None or not 0 <= (last - first).days < _LONGEST:
        return None
    told = max((found for one in row.told if (found := day(one.published))), default=first)
    return Entry(
        row.event, first, last, told, _summary(row), _description(row), row.place, row.latitude, row.longitude,
        _STATUS.get(row.status, "CONFIRMED"), row.type,
    )  # fmt: skip


def _item(row: Item) -> Entry | None:
    first, last = day(row.day), day(row.last)
    if first is None or last is None:
        return None
    told = day(row.announced[-1].told) if row.announced else None
    lines = [
        f"announced {one.told} for {one.day}{f', {one.publisher}' if one.publisher else ''}" for one in row.announced
    ]
    lines += [f"moved: {words}" for words in row.moved]
    lines += [f"took place on {row.took_place}"] if row.took_place else []
    keys = (row.announced[0].tellings if row.announced else ()) + row.tellings
    return Entry(
        f"agenda-{keys[0]}", first, max(first, last), told or first, f"{row.what} ({row.state})",
        "\n".join([*lines, f"tellings {' '.join(row.tellings)}"]), row.place,
        status=_STATES.get(row.state, "CONFIRMED"), category=row.type,
    )  # fmt: skip


def _summary(row: EventRow) -> str:
    who = ", ".join(one.name for one in row.sources) or "somebody"
    whom = f" → {', '.join(one.name for one in row.targets)}" if row.targets else ""
    return f"{row.type}: {who}{whom} ({row.status.replace('_', ' ')})"


def _description(row: EventRow) -> str:
    lines = [f"“{printable(one.words)}” ({_source(one.publisher, one.published, one.report)})" for one in row.told]
    lines += [f"only the word of {printable(', '.join(row.says))}"] if row.says else []
    lines += [f"{one.field}: {printable(one.value)} ({printable(', '.join(one.outlets))})" for one in row.versions]
    lines += ["the day is that of publication"] if row.basis == "publication" else []
    return "\n".join([*lines, f"event {row.event}"])


def _source(publisher: str | None, published: str | None, report: str) -> str:
    return ", ".join(printable(part) for part in (publisher, published, f"report {report}") if part)


def _component(entry: Entry) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", f"{entry.key}@pourparler")
    # When it was told, not when it was exported: the same archive gives the same calendar.
    made.add("dtstamp", datetime.datetime.combine(entry.told, datetime.time(), datetime.UTC))
    made.add("dtstart", entry.first)
    if entry.last < datetime.date.max:
        made.add("dtend", entry.last + datetime.timedelta(days=1))
    made.add("summary", printable(entry.summary))
    made.add("description", "\n".join(printable(line) for line in entry.description.split("\n")))
    made.add("status", entry.status)
    made.add("transp", "TRANSPARENT")
    if entry.category:
        made.add("categories", [entry.category])
    if entry.place:
        made.add("location", printable(entry.place))
    if entry.latitude is not None and entry.longitude is not None:
        made.add("geo", (entry.latitude, entry.longitude))
    return made
