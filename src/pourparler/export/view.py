"""What every format for people shows of a record: events in three groups, names, dates, whose word it is."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
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


# Marks set on one letter: Vietnamese has two, Hebrew with vowels and accents four; sixty cover the lines around.
_MOST_MARKS = 4
# Control characters that JSON lets stand, separators of lines, and what changes the direction of writing.
_LOUD = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return text for a terminal or a table cell: one line, no control or direction-changing characters.

    Of marks set on one letter it has four at most.
    """
    flat = " ".join(text.split())
    # Most text is printable as it is, and Python knows that ten times as fast as is found out below.
    if flat.isprintable() and (flat.isascii() or not _flood().search(flat)):
        return flat
    out: list[str] = []
    marks = 0
    for c in flat:
        category = unicodedata.category(c)
        if category in ("Cc", "Cf", "Cs", "Co") or _is_none(c):
            continue  # what is not shown parts no marks either
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            out.append(c)
    return "".join(out)


def quiet_json(text: str) -> str:
    """Return JSON that says the same and drives no terminal: what would turn or cut its lines stands as escapes."""
    return text if text.isascii() and "\x7f" not in text else _LOUD.sub(lambda c: f"\\u{ord(c[0]):04x}", text)


@functools.cache
def _flood() -> re.Pattern[str]:
    """Return what finds more marks in a row than are shown."""
    planes = (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0))  # all there are: from 0x1F000 on only selectors
    marks = "".join(c for c in map(chr, planes) if unicodedata.category(c) in ("Mn", "Me"))
    return re.compile(f"[{marks}]{{{_MOST_MARKS + 1}}}")


def _is_none(c: str) -> bool:
    """True for what Unicode promises never to use: no XML may hold it, and XLSX and GraphML are XML."""
    return "\ufdd0" <= c <= "\ufdef" or ord(c) & 0xFFFE == 0xFFFE


def names(record: Record, ids: Iterable[str]) -> str:
    """Return the names of actors, in order, joined by commas and an "and"."""
    return _joined(_known(record), ids)


def _known(record: Record) -> dict[str, str]:
    return {actor.id: printable(actor.name) for actor in record.actors}


def _joined(known: Mapping[str, str], ids: Iterable[str]) -> str:
    found = [known[i] for i in ids if i in known]
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " and " + found[-1] if found else ""


def events(record: Record) -> list[EventView]:
    """Return the events of a record in words, in the order of the text."""
    known = _known(record)
    speakers = {s.id: _joined(known, s.speakers) for s in record.statements}
    out = []
    for event in sorted(record.events, key=lambda e: e.evidence[0].start):
        time = event.time
        when = "" if time is None else time.start if time.start == time.end else f"{time.start} to {time.end}"
        out.append(
            EventView(
                event,
                _GROUP_OF[event.status],
                _joined(known, event.sources),
                _joined(known, event.targets),
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
    known = _known(record)
    speakers = {s.id: _joined(known, s.speakers) for s in record.statements}
    ordered = sorted(record.statements, key=lambda s: s.cue.start)
    return [
        StatementView(
            s,
            speakers[s.id],
            _joined(known, s.addressees),
            _act(s, speakers),
            " … ".join(printable(c.text) for c in s.content),
        )
        for s in ordered
    ]


def _act(statement: Statement, speakers: Mapping[str, str]) -> str:
    """Return the act in words, with whom it answers."""
    act = statement.act.replace("_", " ")
    answered = [name for other in statement.answers if (name := speakers.get(other))]
    return f"{act}, answering {answered[0]}" if answered else act


def heading(record: Record) -> str:
    """Return what a report is called: its title, else its first line where it is a line of its own, else its first
    words."""
    document = record.document
    if document.title:
        return printable(document.title)
    line, _, behind = document.text.strip().partition("\n")
    first = printable(line[:300] if behind.startswith("\n") or not behind else document.text[:300])
    return first if len(first) <= 80 else first[:77].rsplit(" ", 1)[0] + " …"


def source_line(record: Record) -> str:
    """Return publisher, day and id of a report in one line."""
    document = record.document
    parts = [document.publisher, document.published, document.id]
    return " · ".join(printable(part) for part in parts if part)
