"""What a person should look at first: the tellings that the reader is least sure of, and why."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from pourparler.archive import schema
from pourparler.archive.binding import bonds
from pourparler.archive.candidates import date_of
from pourparler.archive.chronicle import members
from pourparler.archive.process import Process
from pourparler.archive.store import Archive
from pourparler.archive.told import JOINED_COLUMNS, Joined, Party, Telling, events, joined_of

_FACTS = ("happened", "ongoing", "did_not_happen")
# How much each reason weighs beside the chance (0 to 1) that a telling is wrong.
_DIFFERING = 0.25
_CLAIM_AS_FACT = 0.25
# How many days apart an event may lie that a telling could be joined with.
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Doubt:
    """A telling (its key), how doubtful it is (0 sure, 1.5 most doubtful), and why, in words."""

    telling: str
    score: float
    reasons: tuple[str, ...]


def doubts(archive: Archive, *, process: Process | None = None) -> list[Doubt]:
    """Return the tellings that no verdict is about, of a process or all, the most doubtful first."""
    with archive.reading() as connection:
        wanted = None if process is None else set(members(connection, process))
        bound = {key for one in bonds(connection) for key in (one.a.key, one.b.key) if key}
        differing = _differing(connection)
        said = _said(connection)
        at, told = schema.telling.c, schema.told.c
        joined = schema.telling.join(schema.told, told.telling == at.key)
        columns = (at.key, at.report, at.status, at.start, at.saying, at.confidence, told.event)
        query = select(*columns).select_from(joined).where(at.verdict.is_(None))
        out: list[Doubt] = []
        for row in connection.execute(query):
            if row.key in bound or (wanted is not None and row.key not in wanted):
                continue
            claim = row.saying is None and row.status in _FACTS and _inside(row.start, said.get(row.report, []))
            out.append(_doubt(row.key, row.confidence, differing.get(row.event, ()), claim=claim))
    return sorted(out, key=lambda one: (-one.score, one.telling))


def _doubt(key: str, confidence: float, fields: Iterable[str], *, claim: bool) -> Doubt:
    score, reasons = 1 - confidence, [f"confidence {confidence:.2f}"]
    if fields := sorted(set(fields)):
        score += _DIFFERING
        reasons.append(f"tellings differ on {', '.join(fields)}")
    if claim:
        score += _CLAIM_AS_FACT
        reasons.append("told as fact inside what somebody says")
    return Doubt(key, round(score, 4), tuple(reasons))


def _differing(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return, for events with several tellings, the fields on which these differ."""
    query = select(*JOINED_COLUMNS).where(schema.event.c.tellings > 1)
    found = (joined_of(row) for row in connection.execute(query))
    return {one.key: tuple(version.field for version in one.versions) for one in found if one.versions}


def _said(connection: Connection) -> dict[str, list[tuple[int, int, int, int]]]:
    """Return, by report, where cue and content of its statements stand."""
    at = schema.saying.c
    out: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    query = select(at.report, at.start, at.end, at.content_start, at.content_end).where(at.content_start.is_not(None))
    for report, *places in connection.execute(query):
        out[report].append((places[0], places[1], places[2], places[3]))
    return out


def _inside(start: int, said: Sequence[tuple[int, int, int, int]]) -> bool:
    """True where an act stands in what somebody says, and is not itself a saying, which the report does tell."""
    speaks = any(cue <= start < end for cue, end, _, _ in said)
    return not speaks and any(begin <= start < end for _, _, begin, end in said)


def near(connection: Connection, telling: Telling, *, most: int = 9) -> list[Joined]:
    """Return the events that a telling could belong to: within a week, those with most parties in common first."""
    day = date_of(telling.day)
    if day is None:
        return []
    span = [(day + datetime.timedelta(days=n)).isoformat() for n in range(-_DAYS, _DAYS + 1) if _within(day, n)]
    found = events(connection, schema.event.c.day.in_(span), schema.event.c.key != telling.event)
    mine = _names(telling.parties)

    def rank(one: Joined) -> tuple[int, bool, int, str]:
        apart = abs(((date_of(one.day) or day) - day).days)
        return (-len(mine & _names(one.parties)), one.type != telling.type, apart, one.key)

    return sorted(found, key=rank)[:most]


def _within(day: datetime.date, n: int) -> bool:
    return 0 < day.toordinal() + n <= datetime.date.max.toordinal()


def _names(parties: Iterable[Party]) -> set[str]:
    return {name for party in parties for name in (party.who, party.country) if name}
