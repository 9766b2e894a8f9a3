"""A list in pages: which rows are shown, and the addresses of the pages around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turned:
    """Rows ``first`` to ``last`` of ``total``, as the macro ``turn`` of _pieces.html takes them."""

    first: int
    last: int
    total: int
    back: str | None
    on: str | None


def turned(
    rows: Sequence[T], *, number: int, most: int, path: str, asked: Sequence[tuple[str, str]]
) -> tuple[Sequence[T], Turned]:
    """Return the rows of a page (the last one where there are fewer pages) and how to go on from there."""
    pages = max(1, -(-len(rows) // most))
    number = min(number, pages)
    begin = (number - 1) * most
    shown = rows[begin : begin + most]

    def at(other: int) -> str:
        return f"{path}?{urlencode([*((k, v) for k, v in asked if v), ('page', str(other))])}"

    return shown, Turned(
        begin + 1 if shown else 0,
        begin + len(shown),
        len(rows),
        at(number - 1) if number > 1 else None,
        at(number + 1) if number < pages else None,
    )
