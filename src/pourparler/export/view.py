"""What every format for people shows of a record: events in three groups, names, dates, whose word it is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pourparler.record import Event, Record, Statement

Group = Literal["facts", "ahead", "claims"]
TITLES: dict[Group, str] = {
    "facts": "What the report says happened",
    "ahead": "Planned, called for, possible",
    "claims": "Claims: only somebody's word",
}
_GROUP_OF: dict[str, Group] = {
    "happened": "facts",
    "ongoing": "facts",
    "did_not_happen": "facts",
    "planned": "ahead",
    "possible": "ahead",
    "called_for": "ahead",
    "alleged": "claims",
    "denied": "claims",
}


@dataclass(frozen=True, slots=True)
class EventView:
    """An event in words. ``says`` is whose word it rests on; ``start`` is ISO, empty where no day is known;
    ``basis`` tells whether the day is stated or only the day of publication."""

    event: Event
    group: Group
    who: str
    whom: str
    when: str
    start: str
    basis: str
    status: str
    where: str
    words: str
    says: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement in words."""

    statement: Statement
    who: str
    to: str
    act: str
    words: str


def printable(text: str) -> str:
    """Return text for a terminal or a table cell: one line, no control or direction-changing characters."""
    flat = " ".join(text.split())
    return "".join(c for c in flat if c == " " or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


def names(record: Record, ids: Iterable[str]) -> str:
    """Return the names of actors, in order, joined by commas and an "and"."""
    known = {actor.id: actor.name for actor in record.actors}
    found = [printable(known[i]) for i in ids if i in known]
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " and " + found[-1] if found else ""


def events(record: Record) -> list[EventView]:
    """Return the events of a record in words, in the order of the text."""
    speakers = {s.id: names(record, s.speakers) for s in record.statements}
    out = []
    for event in sorted(record.events, key=lambda e: e.evidence[0].start):
        time = event.time
        when = "" if time is None else time.start if time.start == time.end else f"{time.start} to {time.end}"
        out.append(
            EventView(
                event,
                _GROUP_OF[event.status],
                names(record, event.sources),
                names(record, event.targets),
                when,
                time.start if time else "",
                time.basis if time else "",
                event.status.replace("_", " "),
                printable(event.place.name) if event.place else "",
                printable(event.evidence[0].text),
                speakers.get(event.statement or "", ""),
            )
        )
    return out


def statements(record: Record) -> list[StatementView]:
    """Return the statements of a record in words, in the order of the text."""
    ordered = sorted(record.statements, key=lambda s: s.cue.start)
    return [
        StatementView(
            s,
            names(record, s.speakers),
            names(record, s.addressees),
            _act(record, s),
            " … ".join(printable(c.text) for c in s.content),
        )
        for s in ordered
    ]


def _act(record: Record, statement: Statement) -> str:
    """Return the act in words, with whom it answers."""
    act = statement.act.replace("_", " ")
    answered = [name for s in record.statements if s.id in statement.answers if (name := names(record, s.speakers))]
    return f"{act}, answering {answered[0]}" if answered else act


def heading(record: Record) -> str:
    """Return what a report is called: its title, else its first words."""
    document = record.document
    if document.title:
        return printable(document.title)
    first = printable(document.text[:300])
    return first if len(first) <= 80 else first[:77].rsplit(" ", 1)[0] + " …"


def source_line(record: Record) -> str:
    """Return publisher, day and id of a report in one line."""
    document = record.document
    parts = [document.publisher, document.published, document.id]
    return " · ".join(printable(part) for part in parts if part)
