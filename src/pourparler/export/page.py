"""Records as one self-contained page: the report highlighted, events beside it, a timeline; no request leaves it."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TextIO

from pourparler.errors import ExportError
from pourparler.export.view import TITLES, EventView, Group, StatementView, events, heading, source_line, statements
from pourparler.record import Record

MOST_REPORTS = 200  # beyond, a page is slow on a phone; an archive has better ways in


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the report with the ids of what it is evidence for; ``type`` colours it, ``first`` is a trigger."""

    text: str
    ids: str
    type: str
    first: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A day of the timeline: its place from 0 to 100, and the events of that day."""

    day: str
    left: float
    views: tuple[EventView, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the template shows of one record."""

    number: int
    title: str
    line: str
    url: str | None
    right_to_left: bool
    segments: tuple[Segment, ...]
    groups: tuple[tuple[Group, str, tuple[EventView, ...]], ...]
    statements: tuple[StatementView, ...]
    timeline: tuple[Dot, ...]
    rejected: int
    run: str


def write(records: Iterable[Record], stream: TextIO) -> None:
    """Write one page for all records; raises ExportError for more than MOST_REPORTS."""
    from jinja2 import Environment, StrictUndefined

    sheets = []
    for number, record in enumerate(records, 1):
        if number > MOST_REPORTS:
            raise ExportError(f"a page holds at most {MOST_REPORTS} reports: give fewer, or use --format jsonl")
        sheets.append(sheet(record, number))
    folder = importlib.resources.files("pourparler.export") / "data"
    style, script, body = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.css", "page.js", "page.html.jinja")
    )
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(body)
    html = template.render(
        sheets=sheets, style=style, script=script, style_hash=_sha256(style), script_hash=_sha256(script)
    )
    stream.write(html.encode("utf-8", "replace").decode("utf-8"))


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def sheet(record: Record, number: int) -> Sheet:
    """Return what the page shows of a record; ``number`` keeps the ids of several reports apart."""
    found = events(record)
    url = record.document.url
    run = record.run
    return Sheet(
        number,
        heading(record),
        source_line(record),
        url if url and url.startswith(("https://", "http://")) else None,
        _right_to_left(record.document.text),
        segments(record, number),
        tuple((g, title, tuple(v for v in found if v.group == g)) for g, title in TITLES.items()),
        tuple(statements(record)),
        timeline(found),
        len(record.rejected),
        f"pourparler {run.version}, code {run.code[:8]}, codebook {run.codebook[:8]}, model {run.model[:8]}",
    )


def _right_to_left(text: str) -> bool:
    letters = [c for c in text[:2000] if c.isalpha()]
    return bool(letters) and sum("֐" <= c <= "ࣿ" for c in letters) > len(letters) / 2


def segments(record: Record, number: int) -> tuple[Segment, ...]:
    """Return the report cut where evidence begins or ends; joined they are the report."""
    text = record.document.text
    spans = [
        (quote.start, quote.end, f"r{number}-{event.id}", event.type, at == 0)
        for event in record.events
        for at, quote in enumerate(event.evidence)
    ]
    for event in record.events:
        more = (event.time.span if event.time else None, event.place.span if event.place else None)
        spans += [(s.start, s.end, f"r{number}-{event.id}", event.type, False) for s in more if s]
    cuts = sorted({0, len(text)} | {s[0] for s in spans} | {s[1] for s in spans})
    begin, stop = (_by_place(spans, end) for end in (0, 1))
    out, here = [], set[int]()
    for start, end in itertools.pairwise(cuts):
        here = (here | begin.get(start, set())) - stop.get(start, set())
        over = [spans[n] for n in sorted(here)]
        ids = " ".join(dict.fromkeys(s[2] for s in over))
        triggers = [s for s in over if s[4]]
        out.append(Segment(text[start:end], ids, (triggers or over)[0][3] if over else "", bool(triggers)))
    return tuple(out)


def _by_place(spans: Sequence[tuple[int, int, str, str, bool]], end: Literal[0, 1]) -> dict[int, set[int]]:
    """Return which spans begin (or end) at each place, by their numbers."""
    out: dict[int, set[int]] = {}
    for n, span in enumerate(spans):
        out.setdefault(span[end], set()).add(n)
    return out


def timeline(found: Iterable[EventView]) -> tuple[Dot, ...]:
    """Return the days on which something is told to have happened or to be due, spaced by time and by order.

    Half of a day's place is its date, half its rank: one old date does not push all others into a corner.
    """
    days: dict[str, list[EventView]] = {}
    for view in found:
        if view.start:
            days.setdefault(view.start[:10], []).append(view)
    ordered = sorted(days)
    if not ordered:
        return ()
    numbers = [_ordinal(day) for day in ordered]
    width = max(numbers[-1] - numbers[0], 1)
    step = max(len(ordered) - 1, 1)
    return tuple(
        Dot(day, round(50 * (at - numbers[0]) / width + 50 * rank / step, 1), tuple(days[day]))
        for rank, (day, at) in enumerate(zip(ordered, numbers, strict=True))
    )


def _ordinal(day: str) -> int:
    import datetime

    return datetime.date.fromisoformat(day).toordinal()
