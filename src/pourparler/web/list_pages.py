"""Which rows of a long list a page shows, and the addresses of the pages around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from pourparler.web.questions import href

# Rows of a page.
ROWS = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """The first and last row shown, of how many; the page's number; addresses of the pages around it, or None."""

    first: int
    last: int
    total: int
    number: int
    of: int
    back: str | None
    on: str | None


NOTHING = Turn(0, 0, 0, 1, 1, None, None)


def number_of(params: QueryParams, name: str = "page") -> int:
    """Return the number of the page that an address asks for, 1 for anything that is none."""
    words = params.get(name, "1")
    return max(1, int(words)) if words.isascii() and words.isdecimal() and len(words) < 8 else 1


def turn_of(path: str, asked: Any, total: int, number: int) -> Turn:
    """Return where a page stands; a number beyond the last page is the last page's."""
    pages = max(1, -(-total // ROWS))
    number = min(number, pages)
    first = (number - 1) * ROWS
    return Turn(
        first + 1 if total else 0,
        min(total, first + ROWS),
        total,
        number,
        pages,
        href(path, asked, ("page", number - 1)) if number > 1 else None,
        href(path, asked, ("page", number + 1)) if number < pages else None,
    )
