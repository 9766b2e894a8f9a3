"""Text to words, as the treebanks cut them: clitics and punctuation stand alone, offsets are kept."""

from __future__ import annotations

import re

# Order matters: addresses and abbreviations first, then clitics, numbers, plain words, any other character.
# Every alternative consumes at least one character and none nests repeats, so matching is linear.
_WORD = re.compile(
    r"""
    https?://[^\s<>"]{1,2000}              # addresses stay whole
  | (?:[^\W\d_]\.){2,10}                   # U.S., U.N.
  | \d+(?:[.,:]\d+)*                       # 1,200  3.5  09:30
  | [^\W\d_]+?(?=n['’]t\b)                 # do|n't
  | n['’]t\b
  | ['’](?:s|re|ve|ll|d|m)\b
  | [^\W\d_]+
  | [^\s]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def words(text: str) -> list[tuple[int, int]]:
    """Return the half-open code-point ranges of the words of a text, in order."""
    return [match.span() for match in _WORD.finditer(text)]


def case_of(word: str) -> int:
    """Return the letter-case class that the reader is told, its encoder being uncased.

    0 no letter, 1 lower, 2 Capitalised, 3 ALL CAPITALS (two or more), 4 mixed.
    """
    if not any(c.isalpha() for c in word):
        return 0
    if word.islower():
        return 1
    if word[:1].isupper() and (len(word) == 1 or word[1:].islower()):
        return 2
    return 3 if word.isupper() else 4
