"""Text with marks: cut where a mark begins or ends, however marks overlap; joined, the pieces are the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pourparler.archive.search import Phrase, fold

Kind = Literal["trigger", "party", "evidence", "cue", "found"]
# Where marks lie on each other, the first of these is what a piece looks like.
_ORDER: tuple[Kind, ...] = ("trigger", "found", "cue", "party", "evidence")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of a text that is marked for a telling or saying (``key``); ``type`` colours it."""

    start: int
    end: int
    kind: Kind
    key: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: ``look`` is its foremost kind ("" for bare text), ``keys`` what it is marked for.

    ``begins`` are keys whose trigger or cue begins here: links to the words lead to this piece.
    """

    text: str
    look: Kind | Literal[""]
    type: str
    keys: tuple[str, ...]
    begins: tuple[str, ...]


def pieces(text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """Return ``text[start:end]`` in pieces; marks that reach beyond it are cut off, empty ones left out.

    It goes through the text once, with the marks that are open: 1,000,000 characters with 20,000 marks take 0.1 s.
    """
    stop = len(text) if end is None else min(end, len(text))
    cut = [
        Mark(max(one.start, start), min(one.end, stop), one.kind, one.key, one.type)
        for one in marks
        if max(one.start, start) < min(one.end, stop)
    ]
    opening = sorted(cut, key=lambda one: (one.start, one.end))
    bounds = sorted({start, stop} | {one.start for one in cut} | {one.end for one in cut})
    out: list[Piece] = []
    over: list[Mark] = []
    at = 0
    for begin, until in itertools.pairwise(bounds):
        over = [one for one in over if one.end > begin]
        while at < len(opening) and opening[at].start == begin:
            over.append(opening[at])
            at += 1
        out.append(_piece(text[begin:until], begin, over))
    return tuple(out)


def _piece(words: str, begin: int, over: Sequence[Mark]) -> Piece:
    if not over:
        return Piece(words, "", "", (), ())
    first = min(over, key=lambda one: _ORDER.index(one.kind))
    keys = tuple(dict.fromkeys(one.key for one in sorted(over, key=lambda m: _ORDER.index(m.kind)) if one.key))
    begins = [one.key for one in over if one.kind in ("trigger", "cue") and one.start == begin and one.key]
    return Piece(words, first.kind, first.type, keys, tuple(dict.fromkeys(begins)))


def hits(text: str, phrases: Sequence[Phrase], *, most: int = 40) -> Iterator[Mark]:
    """Yield the places of a text where words that were searched for stand, at most so many."""
    wanted = [phrase for phrase in phrases if not phrase.absent]
    if not wanted:
        return
    words = [(fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]
    found = 0
    for at in range(len(words)):
        for phrase in wanted:
            here = [word for word, _, _ in words[at : at + len(phrase.words)]]
            if _fits(here, phrase):
                yield Mark(words[at][1], words[at + len(phrase.words) - 1][2], "found")
                found += 1
                break
        if found >= most:
            return


def _fits(here: Sequence[str], phrase: Phrase) -> bool:
    if len(here) != len(phrase.words) or tuple(here[:-1]) != phrase.words[:-1]:
        return False
    return here[-1].startswith(phrase.words[-1]) if phrase.begins else here[-1] == phrase.words[-1]
