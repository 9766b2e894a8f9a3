"""Finding in a new reading what a verdict was about: by its words in the report, not by the run that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

# same: the very telling; moved: the type at words that overlap; changed: such words, read as another type;
# gone: neither, though another telling may stand in the same passage.
How = Literal["same", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The telling a verdict is about: where it stood in which report, as run ``run`` read it.

    ``types`` are the type that was read and, where a person had corrected it, the corrected one. ``seen`` is the run
    whose reading the person saw: another one than ``run`` where the telling was kept from an older reading.
    """

    report: str
    telling: str
    run: str
    seen: str
    start: int
    end: int
    words: str
    types: tuple[str, ...]
    passage: tuple[int, int]

    def as_json(self) -> dict[str, Any]:
        """Return the anchor as table ``verdict`` keeps it."""
        return asdict(self)


def anchor_of(data: Mapping[str, Any]) -> Anchor:
    """Return the anchor that ``as_json`` wrote."""
    return Anchor(**{**data, "types": tuple(data["types"]), "passage": tuple(data["passage"])})


@dataclass(frozen=True, slots=True)
class Match:
    """What a reading has in an anchor's place; ``key`` is None where it is gone.

    ``near`` says what stands in its passage instead ("ACCUSE “accused”"), empty where nothing does.
    """

    how: How
    key: str | None
    near: str = ""


Row = Mapping[str, Any]


def find(anchor: Anchor, rows: Mapping[str, Row], *, known: Callable[[], frozenset[str]]) -> Match:
    """Return what a reading has in an anchor's place.

    Args:
        rows: the tellings of the report in that reading, by key.
        known: gives the keys of all tellings that the anchor's own run read in the report. One of these, found again
            by its key, is itself and nobody else: a neighbour never takes the place of what is gone.
    """
    if anchor.telling in rows:
        return Match("same", anchor.telling)
    others = known()
    fresh = [row for key, row in rows.items() if key not in others]
    over = [row for row in fresh if row["start"] < anchor.end and anchor.start < row["end"]]
    alike = [row for row in over if row["type"] in anchor.types]
    if over:
        best = min(alike or over, key=lambda row: _distance(anchor, row))
        return Match("moved" if alike else "changed", best["key"])
    return Match("gone", None, _near(anchor, fresh))


def _distance(anchor: Anchor, row: Row) -> tuple[int, str]:
    return abs(row["start"] - anchor.start) + abs(row["end"] - anchor.end), row["key"]


def _near(anchor: Anchor, rows: Iterable[Row]) -> str:
    begin, stop = anchor.passage
    inside = [row for row in rows if begin <= row["start"] < stop]
    nearest = min(inside, key=lambda row: _distance(anchor, row), default=None)
    return f"{nearest['type']} “{nearest['words']}”" if nearest else ""
