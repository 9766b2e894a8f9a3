"""Finding a person's name in any text, whatever its case, accents, invisible and percent signs; and where it is."""

from __future__ import annotations

import functools
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pourparler.errors import ArchiveError

MASK = "█"
# Between the words of a name: blanks, a hyphen, a line end; nothing at all in an address or an account's name.
_BETWEEN = r"[\W_]{0,5}"
_BEGIN, _END, _REST = r"(?<![^\W_])", r"(?![^\W_])", r"[^\W_]{0,80}"
_WORD = re.compile(r"[^\W_]+")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# A surname of fewer letters stands in too many other words' places to be looked for alone.
_SHORTEST = 3

Range = tuple[int, int]


@functools.lru_cache(maxsize=1 << 16)
def _plain(char: str) -> str:
    """Return a character without case and accents; nothing for one that is not seen (soft hyphen, joiners, marks)."""
    # Decomposed before too: a bold or small capital is a capital only then.
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(c for c in parts if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return a text without case and accents, and for each of its characters where in ``text`` it stands."""
    if text.isascii():
        return text.lower(), range(len(text))
    out: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        plain = _plain(char)
        out.append(plain)
        places.extend([at] * len(plain))
    return "".join(out), places


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded."""
    return tuple(_WORD.findall(_folded(name)[0]))


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as it is looked for: in full, and by further spellings; and by the last word alone.

    ``phrases`` are sequences of folded words, of which a last one that ends with "*" stands for all that begin so.
    """

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @property
    def last(self) -> str:
        """The surname, folded."""
        return self.words[-1]

    def full(self, text: str) -> list[Range]:
        """Return where the name in full, or a further spelling, stands in a text."""
        return _found(_pattern(self.phrases), text)

    def surname(self, text: str) -> list[Range]:
        """Return where the surname stands alone or with others; nowhere where it has fewer than three letters."""
        return _found(_pattern(((self.last,),)), text) if len(self.last) >= _SHORTEST else []

    def parts(self, text: str) -> list[Range]:
        """Return where any word of the name stands."""
        return _found(_pattern(tuple((word,) for word in self.words)), text)


def name_of(name: str, aliases: Iterable[str] = ()) -> Name:
    """Return a name to look for; raises ArchiveError where it is too short to be one.

    Args:
        name: given name and surname; the surname last.
        aliases: further spellings, masked wherever they stand; ``Pashin*`` is every word that begins so.
    """
    words = words_of(name)
    if len("".join(words)) < _SHORTEST:
        raise ArchiveError(f"person {name!r}: that is no name to look for. Give the full name")
    phrases = [words, (words[-1], *words[:-1])]
    for alias in aliases:
        found = words_of(alias)
        if len("".join(found)) < _SHORTEST:
            raise ArchiveError(f"alias {alias!r}: it would be found everywhere. Give three letters at least")
        phrases.append((*found[:-1], found[-1] + "*") if alias.rstrip().endswith("*") else found)
    return Name(words, tuple(dict.fromkeys(phrases)))


@functools.lru_cache(maxsize=64)
def _pattern(phrases: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    def one(words: tuple[str, ...]) -> str:
        begins = words[-1].endswith("*")
        joined = _BETWEEN.join(re.escape(word.rstrip("*")) for word in words)
        return joined + (_REST if begins else "") + _END

    # The longest first: of several that begin at one place it is taken.
    ordered = sorted(phrases, key=lambda words: -len("".join(words)))
    return re.compile(_BEGIN + "(?:" + "|".join(map(one, ordered)) + ")")


def _found(pattern: re.Pattern[str], text: str) -> list[Range]:
    plain, at = _decoded(text)
    folded, places = _folded(plain)
    ends = ((match, _after(plain, places[match.end() - 1])) for match in pattern.finditer(folded))
    return [(at[places[match.start()]], at[end]) for match, end in ends]


def _decoded(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with the letters for percent signs ("%C3%B6"), and where each of them, and the end, stands."""
    if not _PERCENT.search(text):
        return text, range(len(text) + 1)
    out: list[str] = []
    at: list[int] = []
    done = 0
    for found in _PERCENT.finditer(text):
        out.append(text[done : found.start()])
        at.extend(range(done, found.start()))
        done = found.start()
        # What is no UTF-8 stays a byte each, so that the places hold.
        for char in urllib.parse.unquote_to_bytes(found[0]).decode("utf-8", "surrogateescape"):
            out.append(char)
            at.append(done)
            done += 3 * len(char.encode("utf-8", "surrogateescape"))
    return "".join((*out, text[done:])), [*at, *range(done, len(text) + 1)]


def _after(text: str, last: int) -> int:
    """Return the end of a match whose last letter is at ``last``: its accents, and signs not seen, belong to it."""
    end = last + 1
    while end < len(text) and not _plain(text[end]):
        end += 1
    return end


def masked(text: str, ranges: Iterable[Range]) -> str:
    """Return a text with ranges masked, character by character: it is as long as before."""
    out = list(text)
    for start, end in ranges:
        out[start:end] = MASK * (end - start)
    return "".join(out)
