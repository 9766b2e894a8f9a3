"""Acts: the words that evoke one, its PLOVER type, and the words that fill its roles."""

from __future__ import annotations

from pourparler import codebook
from pourparler.model.labels import TRIGGERS
from pourparler.reading.draft import Argument, Draft, Range, Trigger
from pourparler.reading.settings import settings
from pourparler.reading.spans import arguments


class Triggers:
    name = "reading.triggers.v1"
    needs = frozenset({"layers", "names", "sentences"})
    gives = frozenset({"triggers"})

    def __call__(self, draft: Draft) -> None:
        out: list[Trigger] = []
        for sentence in draft.sentences:
            out += self._sentence(draft, sentence)
        draft.triggers = tuple(out)

    def _sentence(self, draft: Draft, sentence: Range) -> list[Trigger]:
        assert draft.layers is not None
        evoked = self._evoked(draft, sentence)
        probabilities = draft.layers.trigger
        out: list[Trigger] = []
        i = sentence[0]
        while i < sentence[1]:
            begins = probabilities[i, 1::2]
            kind = int((begins + probabilities[i, 2::2]).argmax())
            score = float(begins[kind] + probabilities[i, 2 + 2 * kind])
            low = TRIGGERS.types[kind] in evoked.get(i, ())
            limit = settings().trigger_with_cue if low else settings().trigger
            total = float(1 - probabilities[i, 0])
            if total < limit:
                if total > 0.6 * limit:
                    draft.set_aside("unlikely_event", (i, i + 1), f"{TRIGGERS.types[kind]} at {total:.2f}")
                i += 1
                continue
            j = i + 1
            # Inside a trigger the types may waver ("established a border crossing"): it ends where a word
            # rather begins another one, or is rather outside.
            while j < sentence[1] and probabilities[j, 2::2].sum() > max(probabilities[j, 1::2].sum(), 0.4):
                j += 1
            out.append(self._trigger(draft, (i, j), TRIGGERS.types[kind], max(score, total * 0.8)))
            i = j
        return out

    @staticmethod
    def _evoked(draft: Draft, sentence: Range) -> dict[int, set[str]]:
        out: dict[int, set[str]] = {}
        for hit in codebook.load().types_evoked(draft.lowered(sentence)):
            out.setdefault(sentence[0] + hit.start_word, set()).add(hit.type)
        return out

    @staticmethod
    def _trigger(draft: Draft, words: Range, kind: str, score: float) -> Trigger:
        at = settings()
        found: list[Argument] = []
        for role in ("source", "target"):
            found += arguments(draft, role, words[0], threshold=at.argument, fallback=at.argument_fallback)
        found += arguments(draft, "place", words[0], threshold=at.place)
        return Trigger(words, kind, min(score, 1.0), tuple(found))
