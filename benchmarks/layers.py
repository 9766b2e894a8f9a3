"""Run the reader's first components over gold tokens, or over a text, and give the draft."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from pourparler.model.reader import network
from pourparler.reading.components import default
from pourparler.reading.draft import Draft
from pourparler.reading.pipeline import Component
from pourparler.record import Document


@functools.cache
def _components() -> tuple[Component, ...]:
    return default(network())


def draft_of_text(id: str, text: str, *, last: str, published: str | None = None) -> Draft:
    """Return the draft of a text after the component ``last`` (the middle part of its name, "attributions")."""
    draft = Draft(Document(id, text, published=published))
    _run(draft, _components(), last)
    return draft


def draft_of_tokens(tokens: Sequence[str], *, last: str) -> Draft:
    """Return the draft of one sentence given in tokens: they are joined by blanks and not cut again."""
    text = " ".join(tokens)
    draft = Draft(Document("tokens", text))
    at = 0
    for token in tokens:
        draft.words.append((at, at + len(token)))
        at += len(token) + 1
    draft.sentences = [(0, len(tokens))]
    skipped = ("words", "sentences", "bounds")
    _run(draft, tuple(c for c in _components() if c.name.split(".")[1] not in skipped), last)
    return draft


def _run(draft: Draft, components: Sequence[Component], last: str) -> None:
    for component in components:
        component(draft)
        if component.name.split(".")[1] == last:
            return
    raise ValueError(f"no component {last}")
