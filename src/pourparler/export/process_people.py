"""More tables of a process' page: promises, people and bodies with their offices."""

from __future__ import annotations

from collections.abc import Sequence

from pourparler.archive.views.actors import Actor
from pourparler.archive.views.commitments import Commitment, State
from pourparler.export.process_parts import Cell, Part, Row, back, chosen, days, labelled, listed
from pourparler.export.view import printable

_STATE = {"kept": "good", "broken": "bad", "overdue": "due", "open": "open", "offered": "open"}
# Promises with a day, and those that something became of, come before open ones without.
_TELLING: tuple[State, ...] = ("broken", "kept", "overdue", "open", "offered")


def commitments(rows: Sequence[Commitment], command: str) -> Part:
    """Return the promises that something became of or that have a day, then the latest open ones."""
    kept, left = chosen(
        rows,
        rank=lambda row: (row.due is None, _TELLING.index(row.state), back(row.day), row.words),
        order=lambda row: (row.day, row.due or "", row.words),
    )
    states: list[str] = [row.state for row in rows]
    counted = ", ".join(f"{states.count(state):,} {state}" for state in _TELLING)
    return Part(
        "commitments", "Commitments", counted,
        "Who promised what by when. Kept and broken rest on a later event that a report tells as fact; what is "
        "only offered is told as such.",
        ("Promised", "What", "Due", "Stands"), tuple(_commitment(row) for row in kept), left, command,
        tiles=tuple((f"{states.count(state):,}", f"promises {state}") for state in ("kept", "broken", "overdue")),
    )  # fmt: skip


def _commitment(row: Commitment) -> Row:
    late = (f"{row.days_late} days late",) if row.days_late else ()
    doubted = ("claimed to be broken",) if row.doubted_by else ()
    moved = labelled("moved", tuple(printable(one) for one in row.moved))
    who = listed(row.who) or listed(row.sides) or "somebody"
    return Row(
        (
            Cell(row.day, "day"),
            Cell(f"“{printable(row.words)}”", "main", subs=(who, *labelled("to", row.whom), *moved)),
            Cell(row.due or "no day", "day"),
            Cell(
                row.state,
                tone=_STATE[row.state],
                subs=(*late, *doubted, printable(row.why.partition(", words shared")[0])),
            ),
        ),
        (*row.tellings, *row.sayings, *row.moved_by, *row.accepted_by, *row.kept_by, *row.broken_by, *row.doubted_by),
    )


def actors(rows: Sequence[Actor], command: str) -> Part:
    """Return those who take part most, with the titles that reports give them."""
    kept, left = chosen(
        rows,
        rank=lambda row: (-(row.events + row.claimed + row.statements), row.name),
        order=lambda row: (-(row.events + row.claimed + row.statements), row.name),
    )
    return Part(
        "actors", "Actors", f"{len(rows):,}",
        "Who takes part most, in which offices, with how many events as fact and by claim, and with whom.",
        ("Who", "Office, as reports give it", "For", "Events", "Claimed", "Said"),
        tuple(_actor(row) for row in kept), left, command,
    )  # fmt: skip


def _actor(row: Actor) -> Row:
    held = sorted(row.titles, key=lambda one: (-one.times, one.title))[:3]
    titles = tuple(f"{printable(one.title)}, {days(one.first_seen, one.last_seen)}" for one in held)
    partners = tuple(f"{one.name} ({one.events})" for one in row.partners[:3])
    return Row(
        (
            Cell(printable(row.name), "main", subs=labelled("with", partners)),
            Cell("; ".join(titles)),
            Cell(printable(row.side or "")),
            Cell(f"{row.events:,}", "num"),
            Cell(f"{row.claimed:,}", "num"),
            Cell(f"{row.statements:,}", "num"),
        ),
        (*row.tellings[:1], *row.sayings[:1]),
    )
