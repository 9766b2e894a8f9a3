"""A process as one page that works offline: timeline in lanes, relations, tables, years; no script, no request."""

from __future__ import annotations

import base64
import datetime
import hashlib
import importlib.resources
import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import pourparler
from pourparler.archive.asof import seen_from
from pourparler.archive.chronicle import Chronicle, chronicle
from pourparler.archive.process import Process
from pourparler.archive.quoting import Quoted, Quotes
from pourparler.archive.store import Archive
from pourparler.archive.views import (
    actors,
    agenda,
    ceasefire,
    changes,
    claims,
    commitments,
    meetings,
    positions,
    relations,
    timeline,
)
from pourparler.archive.views.timeline import Moment
from pourparler.export import process_parts, process_people, process_plans
from pourparler.export.lanes import Lanes, drawings, named
from pourparler.export.process_parts import Part, listed
from pourparler.export.relation_charts import Pair, pairs
from pourparler.export.view import printable

# Events of a year that are shown, and reports whose words are shown for a row.
MOST_OF_A_YEAR = 40
MOST_WORDS = 3
_KEY = (
    ("CONSULT", "talks, agreements, support"),
    ("AID", "help, withdrawal, release"),
    ("ACCUSE", "accusations, demands, threats"),
    ("ASSAULT", "force, constraint, sanctions"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number at the head of the page, what it counts, and the part that tells more."""

    count: str
    what: str
    part: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year: its weightiest events by day, how many are left out, and how much was cooperation and conflict."""

    name: str
    counted: str
    coop: int
    force: int
    width: float
    coop_width: float
    rows: tuple[Moment, ...]
    left: int
    command: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template shows."""

    title: str
    sides: str
    mediators: str
    period: str
    counted: str
    events: str
    alt: str
    drawn: str
    drawings: tuple[Lanes, ...]
    key: tuple[tuple[str, str], ...]
    named: tuple[Moment, ...]
    tiles: tuple[Tile, ...]
    pairs: tuple[Pair, ...]
    pairs_left: int
    relations_note: str
    relations_command: str
    parts: tuple[Part, ...]
    years: tuple[Year, ...]
    made: str

    def keys(self) -> Iterator[str]:
        """Yield the keys of all that the page rests on."""
        for row in (*self.named, *(row for year in self.years for row in year.rows)):
            yield from row.tellings
        for pair in self.pairs:
            for turn in pair.turns:
                yield from turn.keys
        for part in self.parts:
            for one in part.rows:
                yield from one.keys


def write(archive: Archive, process: Process, stream: IO[str], *, today: datetime.date | None = None) -> None:
    """Write the page of a process as of a day (absent: the last day of publication)."""
    told = chronicle(archive, process)
    shown = page(told, today=today)
    quotes = Quotes.load(archive, told, shown.keys())
    stream.write(render(shown, quotes))


def render(shown: Page, quotes: Quotes) -> str:
    """Return the page as HTML."""
    from jinja2 import Environment, StrictUndefined

    folder = importlib.resources.files("pourparler.export") / "data"
    look, more, body = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.css", "process.css", "process.html.jinja")
    )
    style = look + more
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(line=printable, outlets=_outlets)
    template = environment.from_string(body)
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    html = template.render(
        page=shown, style=style, style_hash=digest, words=lambda keys: quotes.best(keys, most=MOST_WORDS)
    )
    # A lone half of a pair, which a report may hold, is no UTF-8.
    return html.encode("utf-8", "replace").decode("utf-8")


def _outlets(quotes: Sequence[Quoted]) -> str:
    """Return who tells it, for the line that opens the words."""
    names = dict.fromkeys(printable(one.source.publisher or "publisher unknown") for one in quotes)
    return listed(tuple(names), most=2)


def page(told: Chronicle, *, today: datetime.date | None = None) -> Page:
    """Return all that the page of a chronicle shows, as of a day where one is given."""
    told, process = seen_from(told, today), told.process
    rows = timeline.view(told, today=today)
    found, more = pairs(
        relations.view(told, today=today), changes.changes(told, today=today), changes.alerts(told, today=today),
        [one.name for one in process.sides],
    )  # fmt: skip
    parts = _parts(told, today)
    outlets = {name for event in told.events for name in event.outlets}
    reports = {one.report for one in told.tellings.values()}
    copies = len(reports & told.copies)
    return Page(
        title=printable(process.title),
        sides=listed([one.name for one in process.sides]),
        mediators=listed([one.name for one in process.mediators], most=9),
        period=_period(process, rows),
        counted=f"{len(rows):,} events told {len(told.tellings):,} times in {len(reports):,} reports"
        f" ({copies:,} of them copies) by {len(outlets):,} outlets",
        events=f"{len(rows):,}",
        alt=_alt(rows, process),
        drawn=_drawn(rows),
        drawings=drawings(rows, process),
        key=_KEY,
        named=named(rows),
        tiles=_tiles(rows, parts),
        pairs=found,
        pairs_left=more,
        relations_note="Events of each month from one to the other, as reports tell them as fact; hatched, what only "
        "somebody claims. Every chart has its own height: the numbers at its left are the fullest month's.",
        relations_command=_command(process, "relations"),
        parts=parts,
        years=tuple(_years(rows, process)),
        made=f"Made by Pourparler {pourparler.__version__} from the reports named here; every line opens the words "
        "it rests on. What a reader misread, it misread: judge by the words.",
    )


def _command(process: Process, view: str) -> str:
    # Commands find a process by its file, which may be called otherwise.
    name = process.path.stem if process.path else process.name
    return f"pourparler process {view} {shlex.quote(printable(name))}"


def _period(process: Process, rows: Sequence[Moment]) -> str:
    days = [row.day for row in rows if row.day and row.standing != "ahead"]
    first = process.since.isoformat() if process.since else min(days, default="")
    last = process.until.isoformat() if process.until else max(days, default="")
    return f"{first} to {last}" if first and last else "no day known"


def _alt(rows: Sequence[Moment], process: Process) -> str:
    lanes = listed([one.name for one in (*process.sides, *process.mediators)], most=9)
    return f"{len(rows):,} events in lanes of {lanes}; the ones that stand out are listed below"


def _drawn(rows: Sequence[Moment]) -> str:
    undated = sum(row.day is None for row in rows)
    gone = f" {undated:,} events without a day are not drawn." if undated else ""
    return (
        "Above, events of each month (heights by the square root of their number); below, each event in the lanes of "
        f"those who take part, the weightiest drawn and the ones that stand out numbered.{gone}"
    )


def _parts(told: Chronicle, today: datetime.date | None) -> tuple[Part, ...]:
    process = told.process
    every = (
        process_parts.claims(claims.view(told, today=today), _command(process, "claims")),
        process_parts.meetings(meetings.view(told, today=today), _command(process, "meetings")),
        process_people.commitments(commitments.view(told, today=today), _command(process, "commitments")),
        process_plans.agenda(agenda.view(told, today=today), _command(process, "agenda")),
        process_plans.ceasefire(ceasefire.view(told, today=today), _command(process, "ceasefire")),
        process_parts.positions(positions.view(told, today=today), _command(process, "positions")),
        process_people.actors(actors.view(told, today=today), _command(process, "actors")),
    )
    return tuple(part for part in every if part.rows)


def _tiles(rows: Sequence[Moment], parts: Sequence[Part]) -> tuple[Tile, ...]:
    standing = [row.standing for row in rows]
    tiles = [
        Tile(f"{standing.count('fact'):,}", "events told as fact", "timeline"),
        Tile(f"{standing.count('claim'):,}", "only claimed", "timeline"),
        Tile(f"{standing.count('ahead'):,}", "planned, possible or called for", "timeline"),
    ]
    return tuple(tiles) + tuple(Tile(count, what, part.id) for part in parts for count, what in part.tiles)


def _years(rows: Sequence[Moment], process: Process) -> Iterator[Year]:
    by_year: defaultdict[str, list[Moment]] = defaultdict(list)
    for row in rows:
        by_year[row.day[:4] if row.day else "Day unknown"].append(row)
    fullest = max((len(found) for found in by_year.values()), default=1)
    for name in sorted(by_year):
        found = by_year[name]
        heaviest = {row.event for row in sorted(found, key=lambda row: (-row.weight, row.event))[:MOST_OF_A_YEAR]}
        coop, force = sum(row.score > 0 for row in found), sum(row.score < 0 for row in found)
        width = max(4.0, round(160 * len(found) / fullest, 1))
        yield Year(
            name, f"{len(found):,} events", coop, force, width, round(width * coop / max(coop + force, 1), 1),
            tuple(row for row in found if row.event in heaviest), len(found) - len(heaviest),
            _command(process, "timeline") + (f" --since {name} --until {name}" if name.isdigit() else ""),
        )  # fmt: skip
