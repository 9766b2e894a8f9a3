"""Sentences that may tell of a deadline moved: found when a process is loaded, since often no event is theirs."""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib

SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of a text begins and ends."""
    ends = [found.end() for found in SENTENCE_END.finditer(text)]
    return [(start, end) for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if start < end]


def moving(text: str) -> tuple[tuple[int, str], ...]:
    """Return the sentences of a text with a word for moving deadlines (data/views1.toml), each with its place."""
    if not _words().search(text):
        return ()
    found = [(start, text[start:end].rstrip()) for start, end in sentences(text)]
    return tuple((start, words) for start, words in found if _words().search(words))


@functools.cache
def _words() -> re.Pattern[str]:
    path = importlib.resources.files("pourparler.archive") / "data" / "views1.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))["commitments"]
    longest_first = sorted((*data["prolonged"], *data["put_off"]), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
