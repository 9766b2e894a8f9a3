"""The tables of a process' page: what each view's rows say, which are shown, and how many are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pourparler.archive.views.claims import Claim
from pourparler.archive.views.meetings import Round
from pourparler.archive.views.positions import Position
from pourparler.export.relation_charts import Chart
from pourparler.export.view import printable

# Rows of a table; what is left out is counted, with the command that lists it.
MOST_ROWS = 40
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: ``kind`` is its class ("main", "day", "num", ""), ``tone`` makes it a tag, ``subs`` stand below."""

    text: str
    kind: str = ""
    tone: str = ""
    subs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with the keys of what it rests on."""

    cells: tuple[Cell, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section with a table; ``tiles`` are numbers of it for the head of the page, with what each counts."""

    id: str
    title: str
    counted: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    left: int
    command: str
    charts: tuple[Chart, ...] = ()
    tiles: tuple[tuple[str, str], ...] = ()


def chosen(rows: Iterable[T], *, rank: Callable[[T], object], order: Callable[[T], object]) -> tuple[list[T], int]:
    """Return the first rows by ``rank``, in ``order``, and how many are left out."""
    every = sorted(rows, key=rank)  # type: ignore[arg-type]
    return sorted(every[:MOST_ROWS], key=order), max(0, len(every) - MOST_ROWS)  # type: ignore[arg-type]


def days(first: str | None, last: str | None = None) -> str:
    """Return a day, or two as "2023-05-01 to 05-04"."""
    if not first:
        return "day unknown"
    if not last or last == first:
        return first
    return f"{first} to {last[5:] if last[:4] == first[:4] else last}"


def listed(names: Sequence[str], *, most: int = 4) -> str:
    """Return names joined, the rest counted: "A, B and 3 more"."""
    shown = [printable(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def labelled(label: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return a line of names under a label, or nothing where there is none."""
    return (f"{label}: {listed(names)}",) if names else ()


_MEETING = {
    "held": "good", "claimed": "claim", "planned": "open", "no news": "due", "postponed": "due", "cancelled": "bad",
    "refused": "bad",
}  # fmt: skip


def meetings(rows: Sequence[Round], command: str) -> Part:
    """Return the rounds of talks, the latest and most told ones."""
    kept, left = chosen(rows, rank=lambda row: (-row.outlets, back(row.first)), order=lambda row: row.first or "9999")
    held = sum(row.status == "held" for row in rows)
    return Part(
        "meetings", "Meetings", f"{held:,} held of {len(rows):,} known",
        "Rounds of talks: who sat there, who mediated, what came of it and what was announced for next.",
        ("When", "Who", "How", "Stands"), tuple(_meeting(row) for row in kept), left, command,
        tiles=((f"{held:,}", "meetings held"),),
    )  # fmt: skip


def back(day: str | None) -> tuple[int, ...]:
    """Return a key that sorts later days first."""
    return tuple(-ord(sign) for sign in day or "")


def _meeting(row: Round) -> Row:
    who = "; ".join(listed(seat.names) or printable(seat.member) for seat in row.who)
    subs = (
        *labelled("mediators", row.mediators), *labelled("also", row.others),
        *(f"outcome: {printable(one.line)}" for one in row.outcome[:3]),
        *(f"next: {days(one.day, one.last)}, {printable(one.place or one.line)}" for one in row.next[:2]),
    )  # fmt: skip
    return Row(
        (
            Cell(days(row.first, row.last), "day"),
            Cell(who or "parties not named", "main", subs=subs),
            Cell(row.format, subs=(printable(row.place),) if row.place else ()),
            Cell(row.status, tone=_MEETING.get(row.status, "")),
        ),
        (*row.tellings, *row.sayings),
    )


_STANDING = {
    "confirmed by both": "good", "confirmed by a third party": "good", "told as fact": "good", "denied": "bad",
    "one side's word only": "claim",
}  # fmt: skip


def claims(rows: Sequence[Claim], command: str) -> Part:
    """Return the claims told most, those that accuse first."""
    kept, left = chosen(
        rows,
        rank=lambda row: (
            row.kind != "accusation",
            -(bool(row.accuser) + bool(row.accused)),
            -len(row.outlets),
            -row.times,
            back(row.last_said),
        ),
        order=lambda row: (row.first_said or "", row.key),
    )
    alone = sum(row.standing == "one side's word only" for row in rows)
    return Part(
        "claims", "Claims", f"{len(rows):,}, {alone:,} of them one side's word only",
        "Who says what about whom, and what speaks for and against it. None of this is told here as fact.",
        ("First said", "Who of whom", "Claim", "Stands"), tuple(_claim(row) for row in kept), left, command,
        tiles=((f"{alone:,}", "claims on one side's word only"),),
    )  # fmt: skip


def _claim(row: Claim) -> Row:
    words = f"“{printable(row.content or row.words)}”"
    said = f"{row.times} reports, last {row.last_said}" if row.times > 1 else ""
    who = f"{printable(row.accuser) or 'somebody'} → {printable(row.accused) or 'nobody named'}"
    return Row(
        (
            Cell(row.first_said or "", "day", subs=(said,) if said else ()),
            Cell(who, subs=(row.kind, *((f"act of {row.day}",) if row.day else ()))),
            Cell(words, "main", subs=(*labelled("said by", row.said_by), *labelled("of", row.said_of))),
            Cell(
                row.standing, tone=_STANDING.get(row.standing, ""),
                subs=(*labelled("denied by", row.denied_by), *labelled("confirmed by", row.confirmed_by),
                      *((f"counter-claims: {len(row.countered_by)}",) if row.countered_by else ())),
            ),
        ),
        (*row.tellings, *row.sayings, *row.evidence),
    )  # fmt: skip


_STANCE = {"demands": "due", "rejects": "bad", "accepts": "good", "reaffirms": "open"}


def positions(rows: Sequence[Position], command: str) -> Part:
    """Return what sides and mediators hold, the most said first."""
    kept, left = chosen(
        rows, rank=lambda row: (-row.times, row.side, row.topic), order=lambda row: (row.side, row.topic, row.stance)
    )
    return Part(
        "positions", "Positions", f"{len(rows):,} topics",
        "What each side demands, rejects and accepts, in its latest words.",
        ("Whose", "Position", "Stance", "Said"), tuple(_position(row) for row in kept), left, command,
    )  # fmt: skip


def _position(row: Position) -> Row:
    turns = tuple(f"{turn.day or 'day unknown'}: {turn.before}, then {turn.after}" for turn in row.changes[-2:])
    return Row(
        (
            Cell(printable(row.side), subs=labelled("to", row.towards)),
            Cell(printable(row.words), "main", subs=(f"topic: {printable(row.topic)}", *turns)),
            Cell(row.stance, tone=_STANCE.get(row.stance, "")),
            Cell(days(row.first_said, row.last_said), "day", subs=(f"{row.times} times",) if row.times > 1 else ()),
        ),
        (*row.tellings, *row.sayings),
    )
