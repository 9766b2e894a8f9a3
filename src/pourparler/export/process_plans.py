"""More tables of a process' page: what is due, and how ceasefires held, week by week."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from pourparler.archive.views.agenda import Item
from pourparler.archive.views.ceasefire import Truce, Violation, Week
from pourparler.export.process_parts import Cell, Part, Row, back, chosen, days, labelled, listed
from pourparler.export.relation_charts import Bar, Chart
from pourparler.export.scale import Scale, span
from pourparler.export.view import printable

_STATE = {
    "due": "open", "took place": "good", "passed without news": "due", "postponed": "due", "cancelled": "bad",
}  # fmt: skip
_ORDER = ("due", "postponed", "passed without news", "cancelled", "took place")
_HIGH = 70.0


def agenda(rows: Sequence[Item], command: str) -> Part:
    """Return what is due, then what was put off or passed without news, the latest first."""
    kept, left = chosen(
        rows,
        rank=lambda row: (_ORDER.index(row.state), back(row.day), row.what),
        order=lambda row: (row.state != "due", back(row.day) if row.state != "due" else (), row.day, row.what),
    )
    states = [row.state for row in rows]
    return Part(
        "agenda", "Agenda", f"{states.count('due'):,} due of {len(rows):,} announced",
        "What was announced for a day: what is due first, then the latest of what is past.",
        ("When", "What", "Stands"), tuple(_item(row) for row in kept), left, command,
        tiles=((f"{states.count('due'):,}", "due"),),
    )  # fmt: skip


def _item(row: Item) -> Row:
    took = (f"on {row.took_place}",) if row.took_place and row.took_place != row.day else ()
    subs = (
        *((f"in {printable(row.place)}",) if row.place and row.place not in row.what else ()),
        *(f"moved: {printable(one)}" for one in row.moved[-3:]),
    )
    return Row(
        (
            Cell(days(row.day, row.last), "day"),
            Cell(printable(row.what), "main", subs=subs),
            Cell(row.state, tone=_STATE[row.state], subs=took),
        ),
        (*row.tellings, *row.sayings, *row.settled_by),
    )


def ceasefire(rows: Sequence[Week], command: str) -> Part:
    """Return the weeks in which a truce was declared or broken, with a drawing of all weeks."""
    kept, left = chosen(
        rows,
        rank=lambda row: (not row.declared, -(row.alleged + row.facts), back(row.monday)),
        order=lambda row: row.monday,
    )
    alleged, facts = sum(row.alleged for row in rows), sum(row.facts for row in rows)
    return Part(
        "ceasefire", "Ceasefire", f"{alleged:,} breaches alleged, {facts:,} told as fact",
        "Weeks in which a truce was declared or a breach is told. In the drawing: breaches told as fact in full, "
        "alleged ones hatched; the green bar, a truce in force as far as reports say.",
        ("Week", "What is told", "Blamed"), tuple(_week(row) for row in kept), left, command,
        charts=_charts(rows),
    )  # fmt: skip


def _week(row: Week) -> Row:
    declared = [f"Truce declared: {_truce(one)}" for one in row.declared]
    broken = [printable(one.line) + _way(one) for one in row.violations]
    lines = [*declared, *broken]
    rest = (f"and {len(lines) - 5} more",) if len(lines) > 5 else ()
    return Row(
        (
            Cell(row.week, "day", subs=(f"from {row.monday}",)),
            Cell(lines[0] if lines else "truce in force", "main", subs=(*lines[1:5], *rest)),
            Cell("", subs=tuple(_blamed(one) for one in row.by_side)),
        ),
        (*row.tellings, *row.sayings),
    )


def _blamed(counts: str) -> str:
    """Return "Name: 2 alleged, 1 fact" of "Name: 2 alleged, 1 fact, 0 denied"."""
    name, _, rest = printable(counts).rpartition(": ")
    return f"{name}: {', '.join(one for one in rest.split(', ') if not one.startswith('0 '))}"


def _truce(row: Truce) -> str:
    mediators = f" through {listed(row.mediators)}" if row.mediators else ""
    end = f", until {row.until}" if row.until else ""
    return f"{listed(row.sides)}{mediators}, from {row.since}{end}"


def _way(row: Violation) -> str:
    denied = labelled("denied by", row.denied_by)
    return f" ({'; '.join((row.way if row.way != 'fact' else 'told as fact', *denied))})"


def _charts(rows: Sequence[Week]) -> tuple[Chart, ...]:
    mondays = [datetime.date.fromisoformat(row.monday) for row in rows]
    bounds = span(mondays)
    most = max((row.alleged + row.facts for row in rows), default=0)
    if bounds is None or not most:
        return ()
    sizes = (("wide", 1180.0), ("middle", 780.0), ("narrow", 328.0))
    return tuple(_chart(size, width, Scale(*bounds, 24.0, width - 8), rows, most) for size, width in sizes)


def _chart(size: str, width: float, scale: Scale, rows: Sequence[Week], most: int) -> Chart:
    zero = _HIGH + 8
    wide = round(max(scale.x(scale.first + datetime.timedelta(days=7)) - scale.left - 0.4, 1.4), 1)
    bars: list[Bar] = []
    truces = {one.tellings: one for row in rows for one in (*row.declared, *row.in_force)}
    for one in truces.values():
        begin, end = _within(one.since, scale), _within(one.until or scale.last.isoformat(), scale)
        bars.append(Bar(scale.x(begin), zero + 3, round(max(scale.x(end) - scale.x(begin), 1.4), 1), 5, "held"))
    for row in rows:
        x, at = scale.x(datetime.date.fromisoformat(row.monday)), zero
        for count, tone in ((row.facts, "force"), (row.alleged, "claimed force")):
            if count and scale.holds(datetime.date.fromisoformat(row.monday)):
                height = round(_HIGH * count / most, 1)
                at -= height
                bars.append(Bar(x, round(at, 1), wide, height, tone))
    alt = f"Breaches alleged and told as fact in {len(rows):,} weeks, at most {most:,} in one"
    return Chart(
        size, width, zero + 30, scale.left, width - 8, zero, f"{most:,}", "", scale.ticks(), tuple(bars), (), alt
    )


def _within(day: str, scale: Scale) -> datetime.date:
    return min(max(datetime.date.fromisoformat(day), scale.first), scale.last)
