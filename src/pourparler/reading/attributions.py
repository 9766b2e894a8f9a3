"""Who says what: cues of attribution with the words of speaker and content."""

from __future__ import annotations

from pourparler.reading.draft import Attribution, Draft, Range
from pourparler.reading.settings import settings
from pourparler.reading.spans import arguments


class Attributions:
    name = "reading.attributions.v1"
    needs = frozenset({"layers", "names", "sentences"})
    gives = frozenset({"attributions"})

    def __call__(self, draft: Draft) -> None:
        if draft.layers is None:
            return
        scores = 1 - draft.layers.cue[:, 0]
        out: list[Attribution] = []
        i, n = 0, len(scores)
        while i < n:
            if scores[i] < settings().cue:
                i += 1
                continue
            j = i + 1
            while j < n and scores[j] >= settings().cue and draft.layers.cue[j, 2] > draft.layers.cue[j, 1]:
                j += 1
            self._add(draft, (i, j), float(scores[i:j].mean()), out)
            i = j
        draft.attributions = tuple(out)

    @staticmethod
    def _add(draft: Draft, cue: Range, score: float, out: list[Attribution]) -> None:
        content = arguments(draft, "content", cue[0], threshold=0.5)
        if not content:
            draft.set_aside("cue_without_content", cue, "a cue of attribution, but no words that it introduces")
            return
        speakers = arguments(draft, "speaker", cue[0], threshold=0.5, fallback=0.25)
        out.append(Attribution(cue, tuple(speakers), tuple(content), score))
