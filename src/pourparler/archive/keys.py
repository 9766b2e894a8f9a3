"""Keys that depend on content alone: the same report, run or telling has the same key in every archive."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from pourparler.record import Document, Event, Record, Run, Statement


def _hash(kind: str, *parts: object) -> str:
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return kind + hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def report_key(document: Document) -> str:
    """Return the key of a report: its text, title, day, publisher and address, whatever id it was given."""
    return _hash("r", document.text, document.title, document.published, document.publisher, document.url)


def run_body(run: Run) -> str:
    """Return the run as JSON, keys in order."""
    return json.dumps({name: getattr(run, name) for name in Run.__slots__}, sort_keys=True)


def run_key(run: Run) -> str:
    """Return the key of a run: versions and hashes of all that made a record."""
    return _hash("v", run_body(run))


def telling_keys(report: str, record: Record) -> Iterator[tuple[str, Event]]:
    """Yield each event with the key of its telling.

    That is: report, trigger, type, and a number where one trigger has two events of a type.
    The same act found at the same words by two runs has the same key.
    """
    seen: Counter[tuple[int, int, str]] = Counter()
    for event in record.events:
        trigger = event.evidence[0]
        at = (trigger.start, trigger.end, event.type)
        yield _hash("t", report, *at, seen[at]), event
        seen[at] += 1


def statement_keys(report: str, record: Record) -> Iterator[tuple[str, Statement]]:
    """Yield each statement with its key: report, cue, act, and a number where one cue has two."""
    seen: Counter[tuple[int, int, str]] = Counter()
    for statement in record.statements:
        at = (statement.cue.start, statement.cue.end, statement.act)
        yield _hash("s", report, *at, seen[at]), statement
        seen[at] += 1


def verdict_key(*parts: object) -> str:
    """Return the key of a verdict: all that it says."""
    return _hash("j", *parts)


def event_key(first: str) -> str:
    """Return the key of an event joined from tellings, of which ``first`` is the earliest one's key."""
    return "e" + first[1:]
