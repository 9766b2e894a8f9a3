"""What stands on the page of a report: what a run read in it, as marks on its words and as lines beside them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, select

from pourparler.archive import keys, schema, told
from pourparler.archive.kept import document_of, inflated, run_of, unpacked
from pourparler.archive.rows import rows_of
from pourparler.archive.told import Party, Saying, Telling, parties_of
from pourparler.archive.views.common import Standing, standing, titled
from pourparler.archive.views.lines import line
from pourparler.record import Document, Record, Rejected
from pourparler.web.event_lines import SHORTEST, as_event, marks_of
from pourparler.web.marking import Mark

# A part of a report that is shown on one page, in characters. Nearly all reports are shorter than that.
LONGEST = 50_000


@dataclass(frozen=True, slots=True)
class ReadBy:
    """A run that read the report, and when."""

    run: str
    version: str
    model: str
    at: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a long report that is shown on a page of its own: the text from ``start`` to ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a run read in a part: tellings and statements in the order of the text, marks, and what was set aside."""

    tellings: tuple[Telling, ...]
    sayings: tuple[Saying, ...]
    marks: tuple[Mark, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class TellingLine:
    """An event of the report beside its words; ``event`` is None where the archive shows it no longer."""

    key: str
    event: str | None
    line: str
    type: str
    mode: str | None
    status: str
    standing: Standing
    day: str | None
    dated: bool
    place: str | None
    says: tuple[str, ...]
    confidence: float
    verdict: str | None


@dataclass(frozen=True, slots=True)
class SayingLine:
    """A statement of the report; ``about`` and ``answers`` are keys of tellings and statements of this report."""

    key: str
    speakers: tuple[str, ...]
    addressees: tuple[str, ...]
    act: str
    content: str
    quoted: bool
    about: tuple[str, ...]
    answers: tuple[str, ...]


def parts_of(text: str) -> tuple[Part, ...]:
    """Return the parts of a text, of 40,000 to 50,000 characters, cut at line ends or blanks where there are some."""
    out, start = [], 0
    while len(text) - start > LONGEST:
        low, high = start + SHORTEST, start + LONGEST
        at = max(text.rfind("\n", low, high), 0) or max(text.rfind(" ", low, high), 0)
        end = at + 1 if at else high
        out.append(Part(start, end))
        start = end
    return (*out, Part(start, len(text)))


def runs_of(connection: Connection, key: str) -> tuple[ReadBy, ...]:
    """Return the runs that read a report, newest first."""
    record, run = schema.record, schema.run
    joined = record.join(run, run.c.key == record.c.run)
    query = select(run.c.key, run.c.body, run.c.at).select_from(joined).where(record.c.report == key)
    rows = connection.execute(query.order_by(run.c.n.desc())).all()
    made = ((row.key, run_of(row.body), row.at) for row in rows)
    return tuple(ReadBy(name, one.version, one.model[:8], at) for name, one, at in made)


def shown_reading(connection: Connection, key: str, run: str | None, part: Part) -> Read:
    """Return what the archive shows of a part: the newest reading with all verdicts, ``run`` being that."""
    of, said = schema.telling.c, schema.saying.c
    found = told.tellings(connection, of.report == key, of.start >= part.start, of.start < part.end)
    tellings = sorted(found, key=lambda one: (one.start, one.key))
    heard = told.sayings(connection, said.report == key, said.start >= part.start, said.start < part.end)
    sayings = sorted(heard, key=lambda one: (one.start, one.key))
    marks = [mark for one in tellings for mark in marks_of(one)] + [_cue(one) for one in sayings]
    rejected: tuple[Rejected, ...] = ()
    if run is not None:
        record = _read_in(connection, key, run, part)
        marks += _evidence(key, record)
        rejected = record.rejected
    return Read(tuple(tellings), tuple(sayings), tuple(marks), rejected)


def old_reading(connection: Connection, key: str, run: str, part: Part) -> Read:
    """Return what an older run read in a part, without verdicts."""
    record = _read_in(connection, key, run, part, whole=True)
    made = rows_of(key, run, record)
    of = schema.told.c
    events = {row.telling: row.event for row in connection.execute(
        select(of.telling, of.event).where(of.telling.in_([one["key"] for one in made.tellings]))
    )}  # fmt: skip
    tellings = tuple(_telling(one, events) for one in made.tellings)
    sayings = tuple(_saying(one) for one in made.sayings)
    marks = [mark for one in tellings for mark in marks_of(one)] + [_cue(one) for one in sayings]
    return Read(tellings, sayings, (*marks, *_evidence(key, record)), record.rejected)


def telling_lines(read: Read) -> Iterator[TellingLine]:
    """Yield the events of a report as lines."""
    speakers = {one.key: _who(one.speakers) for one in read.sayings}
    for one in read.tellings:
        says = speakers.get(one.saying or "", ())
        day = one.first or one.day
        yield TellingLine(
            one.key, one.event or None, line(as_event(one), one.words, says=says), one.type, one.mode, one.status,
            standing(one.status), day[:10] if day else None, one.basis in ("stated", "inferred"), one.place, says,
            one.confidence, one.verdict,
        )  # fmt: skip


def saying_lines(read: Read) -> Iterator[SayingLine]:
    """Yield the statements of a report as lines."""
    for one in read.sayings:
        people = _who(one.speakers), _who(one.addressees)
        yield SayingLine(one.key, *people, one.act, one.content, one.quoted, one.about, one.answers)


def _who(parties: Sequence[Party]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(titled(party) for party in parties))


def _cue(one: Saying) -> Mark:
    return Mark(one.start, one.end, "cue", one.key)


def _evidence(report: str, record: Record) -> Iterator[Mark]:
    """Yield the words beyond the trigger that say an event: further evidence, its time, its place."""
    for key, event in keys.telling_keys(report, record):
        times = (event.time.span,) if event.time and event.time.span else ()
        places = (event.place.span,) if event.place else ()
        for span in (*event.evidence[1:], *times, *places):
            yield Mark(span.start, span.end, "evidence", key, event.type)


def _read_in(connection: Connection, key: str, run: str, part: Part, *, whole: bool = False) -> Record:
    """Return what a run read in a part of a report; statements and actors too where ``whole``.

    Building all objects of a report of 1,000,000 characters takes 3 s, its JSON alone 0.3 s.
    """
    record, made = schema.record, schema.run
    query = select(record.c.body, made.c.body.label("made")).select_from(
        record.join(made, made.c.key == record.c.run)
    )
    row = connection.execute(query.where(record.c.report == key, record.c.run == run)).one()
    data: dict[str, Any] = json.loads(inflated(row.body))
    within = {
        "events": [one for one in data["events"] if part.start <= one["evidence"][0]["start"] < part.end],
        "statements": [one for one in data["statements"] if whole and part.start <= one["cue"]["start"] < part.end],
        "rejected": [one for one in data["rejected"] if part.start <= one["span"]["start"] < part.end],
        "actors": data["actors"] if whole else [],
    }
    document = document_of(connection, key) if whole else Document(key, "")
    body = zlib.compress(json.dumps({**data, **within}).encode("ascii"), 0)
    return unpacked(body, document, run_of(row.made))


_FIELDS = tuple(one.name for one in fields(Telling))


def _telling(row: dict[str, Any], events: dict[str, str]) -> Telling:
    own: dict[str, Any] = {"event": events.get(row["key"], ""), "parties": parties_of(row["sides"])}
    return Telling(**{name: own[name] if name in own else row[name] for name in _FIELDS})


def _saying(row: dict[str, Any]) -> Saying:
    lists: dict[str, Iterable[Any]] = {name: tuple(json.loads(row[name])) for name in ("about", "answers")}
    people = {name: parties_of(row[name]) for name in ("speakers", "addressees")}
    return Saying(**{one.name: {**row, **lists, **people}[one.name] for one in fields(Saying)})
