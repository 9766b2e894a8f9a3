"""First steps: words, sentences, the network's layers, time expressions."""

from __future__ import annotations

import datetime

from pourparler.model import split
from pourparler.model.reader import Network
from pourparler.model.words import words
from pourparler.reading.draft import Draft
from pourparler.reading.timex import find_times


class Words:
    name = "reading.words.v1"
    needs = frozenset({"document"})
    gives = frozenset({"words"})

    def __call__(self, draft: Draft) -> None:
        draft.words = words(draft.document.text)


class Sentences:
    name = "reading.sentences.v1"
    needs = frozenset({"words"})
    gives = frozenset({"sentences"})

    def __call__(self, draft: Draft) -> None:
        draft.sentences = split.sentences(draft.document.text, draft.words)


class Encode:
    """Runs the network once; every later component reads from its layers."""

    name = "reading.encode.v1"
    needs = frozenset({"words", "sentences"})
    gives = frozenset({"layers"})

    def __init__(self, net: Network) -> None:
        self._net = net

    def __call__(self, draft: Draft) -> None:
        if draft.words:
            draft.layers = self._net.read([draft.word(i) for i in range(len(draft.words))], draft.sentences)


class Times:
    name = "reading.times.v1"
    needs = frozenset({"document"})
    gives = frozenset({"times"})

    def __call__(self, draft: Draft) -> None:
        draft.times = find_times(draft.document.text, published=published_day(draft))


def published_day(draft: Draft) -> datetime.date | None:
    """Return the day of publication, or None where the report has none."""
    value = draft.document.published
    return datetime.date.fromisoformat(value[:10]) if value else None
