"""Words to sentences: full stops, quotation marks, paragraphs, and a list of abbreviations."""

from __future__ import annotations

import functools
import importlib.resources

_TERMINAL = {".", "!", "?", "…", "。", "؟", "।"}
_CLOSING = {'"', "'", "”", "’", ")", "]", "»"}


@functools.cache
def _abbreviations() -> frozenset[str]:
    path = importlib.resources.files("pourparler.model") / "data" / "abbreviations.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def sentences(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return half-open word ranges, one a sentence; every word is in exactly one."""
    out: list[tuple[int, int]] = []
    first = 0
    for i in range(len(words)):
        if i + 1 == len(words) or _ends(text, words, i):
            out.append((first, i + 1))
            first = i + 1
    return out


def _ends(text: str, words: list[tuple[int, int]], i: int) -> bool:
    gap = text[words[i][1] : words[i + 1][0]]
    if "\n" in gap and _new_paragraph(text, words, i, gap):
        return True
    if not gap:
        return False
    j = i
    while j > 0 and text[words[j][0] : words[j][1]] in _CLOSING and words[j - 1][1] == words[j][0]:
        j -= 1
    last = text[words[j][0] : words[j][1]]
    follows = text[words[i + 1][0]]
    if last in _TERMINAL:
        if last == "." and j > 0 and words[j - 1][1] == words[j][0]:
            before = text[words[j - 1][0] : words[j - 1][1]]
            initial = len(before) == 1 and before.isupper() and not _on_x(text, words, j - 1)
            if before in _abbreviations() or initial:
                return False
        return not follows.islower()
    return last.endswith(".") and len(last) > 2 and follows.isupper() and _starter(text, words, i + 1)


def _on_x(text: str, words: list[tuple[int, int]], i: int) -> bool:
    """True for the network of short messages ("wrote on X."), which is nobody's initial."""
    return i > 0 and text[slice(*words[i])] == "X" and text[slice(*words[i - 1])] == "on"


def _starter(text: str, words: list[tuple[int, int]], i: int) -> bool:
    """After "U.S." a sentence starts only with a word that seldom follows it inside one."""
    return text[words[i][0] : words[i][1]] in {"The", "In", "On", "A", "It", "He", "She", "They", "But", "At"}


def _new_paragraph(text: str, words: list[tuple[int, int]], i: int, gap: str) -> bool:
    """A line break ends a sentence at a blank line, or where the line before looks finished or is a heading."""
    if gap.count("\n") > 1:
        return True
    last = text[words[i][1] - 1]
    return last in _TERMINAL or last in _CLOSING or last in ":;" or text[words[i + 1][0]].isupper()
