"""Long reports in windows that agree at the seams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PIECES = 380  # a window's pieces; training windows hold 260 words, about 340 pieces
_OVERLAP = 90  # words two neighbouring windows share


@dataclass(frozen=True, slots=True)
class Window:
    """Words first..last went through the network together; core_first..core_last are decided by this pass."""

    first: int
    last: int
    core_first: int
    core_last: int


def plan(lengths: Sequence[int], sentences: Sequence[tuple[int, int]]) -> Iterator[Window]:
    """Yield windows of whole sentences whose cores cover every word once.

    Neighbours share context; the middle of what they share is the seam, so that each word is decided where
    it has context on both sides. A sentence longer than a window is cut.
    """
    units = list(_units(lengths, sentences))
    i, core = 0, 0
    while i < len(units):
        j, room = i, PIECES
        while j < len(units) and (j == i or units[j][2] <= room):
            room -= units[j][2]
            j += 1
        if j == len(units):
            yield Window(units[i][0], units[-1][1], core, units[-1][1])
            return
        back = j
        while back > i + 1 and units[j - 1][1] - units[back - 1][0] <= _OVERLAP:
            back -= 1
        # The next window must reach beyond this one, or its core would be empty.
        while back < j and sum(unit[2] for unit in units[back : j + 1]) > PIECES:
            back += 1
        seam = units[(back + j) // 2][0] if back < j else units[j][0]
        yield Window(units[i][0], units[j - 1][1], core, seam)
        i, core = back, seam


def _units(lengths: Sequence[int], sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    for first, last in sentences:
        start, used = first, 0
        for word in range(first, last):
            if used + lengths[word] > PIECES:
                yield start, word, used
                start, used = word, 0
            used += lengths[word]
        yield start, last, used
