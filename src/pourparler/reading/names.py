"""Names: people, organisations, places, from the network's tags."""

from __future__ import annotations

from pourparler.model.labels import NAMES
from pourparler.reading.draft import Draft, Name


class Names:
    name = "reading.names.v1"
    needs = frozenset({"layers"})
    gives = frozenset({"names"})

    def __call__(self, draft: Draft) -> None:
        if draft.layers is None:
            return
        labels = draft.layers.names.argmax(-1).tolist()
        out: list[Name] = []
        i = 0
        while i < len(labels):
            if not labels[i]:
                i += 1
                continue
            kind, j = (labels[i] - 1) // 2, i + 1
            while j < len(labels) and labels[j] == 2 * kind + 2:
                j += 1
            out.append(Name((i, j), NAMES.types[kind]))
            i = j
        draft.names = tuple(out)
