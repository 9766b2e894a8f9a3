"""Who accuses whom, as a matrix: sides and mediators first, then others by how often; the rest in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pourparler.archive.process import Process
from pourparler.archive.views.claims import Claim

# Names beyond the sides and mediators that have a row or column of their own; more cannot be read.
_MOST_OTHERS = 6
# In an address: nobody is named, and all names without a row or column.
NOBODY, REST = "-", "*"


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column: ``value`` is what asks for it in an address, ``count`` how many claims it has."""

    label: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Cell:
    """How many claims one makes of another, and the address that lists them; ``heat`` is 0 to 5."""

    accuser: int
    accused: int
    count: int
    heat: int
    href: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """``cells`` has a tuple for each accuser with a cell for each accused, those without claims too."""

    accusers: tuple[Line, ...]
    accused: tuple[Line, ...]
    cells: tuple[tuple[Cell, ...], ...]


def matrix(rows: Sequence[Claim], process: Process) -> Matrix:
    """Return the matrix of claims; every claim is in exactly one cell."""
    accusers = _lines((row.accuser for row in rows), process)
    accused = _lines((row.accused for row in rows), process)
    down, across = _places(accusers), _places(accused)
    counts = Counter(
        (down.get(row.accuser or NOBODY, down.get(REST, 0)), across.get(row.accused or NOBODY, across.get(REST, 0)))
        for row in rows
    )
    most = max(counts.values(), default=1)
    return Matrix(
        accusers,
        accused,
        tuple(
            tuple(_cell(a, b, counts[a, b], most, accusers[a], accused[b], process) for b in range(len(accused)))
            for a in range(len(accusers))
        ),
    )


def _cell(a: int, b: int, count: int, most: int, accuser: Line, accused: Line, process: Process) -> Cell:
    asked = urlencode({"process": process.name, "accuser": accuser.value, "accused": accused.value})
    heat = -(-5 * count // most) if count else 0
    return Cell(a, b, count, heat, f"/claims?{asked}#ledger")


def own_lines(names: Iterable[str], process: Process) -> tuple[str, ...]:
    """Return the names that have a line of their own, in the order of the lines; "-" stands for nobody."""
    counts = Counter(name or NOBODY for name in names)
    members = [one.name for one in (*process.sides, *process.mediators) if counts[one.name]]
    others = [name for name in counts if name not in members and name != NOBODY]
    others.sort(key=lambda name: (-counts[name], name))
    shown = others if len(others) <= _MOST_OTHERS + 1 else others[:_MOST_OTHERS]
    return (*members, *shown, *([NOBODY] if counts[NOBODY] else []))


def _lines(names: Iterable[str], process: Process) -> tuple[Line, ...]:
    every = list(names)
    counts = Counter(name or NOBODY for name in every)
    own = own_lines(every, process)
    left = [name for name in counts if name not in own]
    lines = [Line("nobody named" if name == NOBODY else name, name, counts[name]) for name in own]
    if left:
        lines.append(Line(f"{len(left)} others", REST, sum(counts[name] for name in left)))
    return tuple(lines)


def _places(lines: Sequence[Line]) -> dict[str, int]:
    return {line.value: at for at, line in enumerate(lines)}
