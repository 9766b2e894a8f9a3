"""The timeline drawn in lanes: one for each side and mediator, events as dots, those of several lanes tied."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pourparler.archive.process import Process
from pourparler.archive.views.timeline import Moment, standing_out
from pourparler.export.scale import Scale, Tick, next_month, span, steps
from pourparler.export.view import printable

# Dots drawn at most: more hide each other and make the page heavy. The weightiest are kept.
MOST_DOTS = 320
# So many events are named.
NAMED = 12
_ROW = 17.0
_LANE = 34.0
_STRIP = 54.0
_LETTER = 5.9  # average width of a letter of 11 px, measured with the page's font
_LETTERS = 28
_COOPERATION = frozenset(("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"))


@dataclass(frozen=True, slots=True)
class Dot:
    """An event in one lane. ``kind`` is fact, ahead or claim; ``number`` is given to those that are named."""

    x: float
    y: float
    r: float
    type: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A line between the lanes of one event."""

    x: float
    top: float
    bottom: float
    type: str
    kind: str


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an event above the lanes and the line down to its dot; ``back``: its words stand left of it."""

    number: int
    text: str
    back: bool
    y: float
    x: float
    bottom: float
    type: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Events of a month: cooperation stands up, conflict hangs down."""

    x: float
    y: float
    width: float
    height: float
    tone: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: whose it is and where its line is."""

    name: str
    y: float
    side: bool


@dataclass(frozen=True, slots=True)
class Lanes:
    """A drawing, in pixels, for one width of screen; ``size`` is its name in the style sheet."""

    size: str
    width: float
    height: float
    left: float
    right: float
    strip: float
    busiest: str
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    ties: tuple[Tie, ...]
    dots: tuple[Dot, ...]
    names: tuple[Name, ...]


def named(rows: Sequence[Moment], count: int = NAMED) -> tuple[Moment, ...]:
    """Return the events that stand out, by day."""
    return standing_out(rows, count)


def drawings(rows: Sequence[Moment], process: Process) -> tuple[Lanes, ...]:
    """Return the drawing for wide, middle and narrow screens; empty where no event has a day."""
    dated = [(datetime.date.fromisoformat(row.day), row) for row in rows if row.day]
    bounds = span((day for day, _ in dated), ahead=True)
    if bounds is None:
        return ()
    first, last = bounds
    # What stands out and is told as fact is drawn, though it is among the last.
    facts = [datetime.date.fromisoformat(row.day) for row in named(rows) if row.day and row.standing == "fact"]
    last = max([last, *map(next_month, facts)])
    return tuple(
        _drawing(size, width, Scale(first, last, left, width - 18), dated, named(rows), process)
        for size, width, left in (("wide", 1180.0, 172.0), ("middle", 780.0, 170.0), ("narrow", 328.0, 6.0))
    )


def _drawing(
    size: str,
    width: float,
    scale: Scale,
    dated: Sequence[tuple[datetime.date, Moment]],
    tops: Sequence[Moment],
    process: Process,
) -> Lanes:
    drawn = [(day, row) for day, row in dated if scale.holds(day)]
    # What lies outside the drawing keeps its number in the list.
    every = [(n, row, datetime.date.fromisoformat(row.day or "")) for n, row in enumerate(tops, 1)]
    inside = [(n, row, scale.x(day)) for n, row, day in every if scale.holds(day)]
    places = [x for _, _, x in inside]
    named_rows = _name_rows([row for _, row, _ in inside], places, 0.0 if size == "narrow" else width)
    head = 6 + _ROW * (1 + max((row for row, _, _ in named_rows), default=0))
    lanes = _lanes(process, head + _STRIP + 12, gap=_LANE + (10 if size == "narrow" else 0))
    at = {lane.name: lane.y for lane in lanes}
    names = [
        Name(
            n,
            text,
            back,
            13 + _ROW * row,
            x,
            min((at[lane] for lane in map(printable, top.lanes)), default=head),
            top.type,
        )
        for (n, top, x), (row, text, back) in zip(inside, named_rows, strict=True)
    ]
    bars, busiest = _bars(drawn, scale, head + _STRIP / 2)
    shown = sorted(drawn, key=lambda one: (-one[1].weight, one[1].event))[:MOST_DOTS]
    heaviest = max((row.weight for _, row in shown), default=1.0) or 1.0
    shown.sort(key=lambda one: (one[1].weight, one[1].event))
    ties, dots = _marks(shown, scale, at, heaviest, titled=size == "wide")
    bottom = max(at.values()) + 20
    return Lanes(
        size, width, bottom + 22, scale.left, scale.right, head + _STRIP / 2, busiest, lanes, scale.ticks(),
        bars, ties, dots, tuple(names),
    )  # fmt: skip


def _lanes(process: Process, top: float, *, gap: float) -> tuple[Lane, ...]:
    every = [(one.name, True) for one in process.sides] + [(one.name, False) for one in process.mediators]
    return tuple(Lane(printable(name), round(top + gap * (n + 0.6), 1), side) for n, (name, side) in enumerate(every))


def _name_rows(tops: Sequence[Moment], places: Sequence[float], width: float) -> list[tuple[int, str, bool]]:
    """Return row, words and whether they stand left of the place, for each event; no words where ``width`` is 0."""
    texts = [_short(row) if width else "" for row in tops]
    sizes = [26 + _LETTER * len(text) for text in texts]
    back, limit = [False] * len(tops), width
    for n in reversed(range(len(tops))):
        # Words that would run over the edge, or over the line of one that turned, stand left where there is room.
        if width and places[n] + sizes[n] > limit and places[n] > sizes[n]:
            back[n], limit = True, places[n]
    forth, turned = ([n for n, one in enumerate(back) if one is wanted] for wanted in (False, True))
    turned.reverse()
    above = steps([width - places[n] for n in turned], [sizes[n] for n in turned])
    below = steps([places[n] for n in forth], [sizes[n] for n in forth])
    first = 1 + max(above, default=-1)
    rows = dict(zip((*turned, *forth), (*above, *(first + row for row in below)), strict=True))
    return [(rows[n], texts[n], back[n]) for n in range(len(tops))]


def _short(row: Moment) -> str:
    words = printable(f"{row.words} · {row.place or ', '.join(row.lanes)}")
    return words if len(words) <= _LETTERS else words[: _LETTERS - 1].rstrip() + "…"


def _marks(
    shown: Sequence[tuple[datetime.date, Moment]],
    scale: Scale,
    at: dict[str, float],
    heaviest: float,
    *,
    titled: bool,
) -> tuple[tuple[Tie, ...], tuple[Dot, ...]]:
    ties, dots = [], []
    for day, row in shown:
        x, kind = scale.x(day), row.standing
        places = [at[lane] for lane in map(printable, row.lanes) if lane in at]
        if len(places) > 1:
            ties.append(Tie(x, min(places), max(places), row.type, kind))
        r = round(1.8 + 5.2 * (row.weight / heaviest) ** 2, 1)
        title = f"{row.day}: {printable(row.line)}" if titled else ""
        dots += [Dot(x, y, r, row.type, kind, title) for y in places]
    return tuple(ties), tuple(dots)


def _bars(drawn: Sequence[tuple[datetime.date, Moment]], scale: Scale, middle: float) -> tuple[tuple[Bar, ...], str]:
    """Return the bars of all months, and the fullest month with its count ("2020-10: 41")."""
    counts: defaultdict[tuple[datetime.date, str], int] = defaultdict(int)
    for day, row in drawn:
        if row.standing != "ahead":
            counts[day.replace(day=1), "coop" if row.type in _COOPERATION else "force"] += 1
    if not counts:
        return (), ""
    most = max(counts.values())
    fullest = max(counts, key=lambda key: (counts[key], key))
    bars = []
    for (month, tone), count in sorted(counts.items()):
        # The root keeps a month of one event to be seen beside a month of war.
        height = round((_STRIP / 2 - 3) * (count / most) ** 0.5, 1)
        x = scale.x(month)
        end = min(next_month(month), scale.last)
        width = max(scale.x(end) - x - 0.6, 0.8)
        bars.append(Bar(x, middle - height if tone == "coop" else middle, round(width, 1), height, tone))
    return tuple(bars), f"{fullest[0].isoformat()[:7]}: {most:,}"
