"""Acts: the words that evoke one, its PLOVER type, and the words that fill its roles."""

from __future__ import annotations

import dataclasses

from pourparler import codebook
from pourparler.model.labels import TRIGGERS
from pourparler.reading import lexicon
from pourparler.reading.draft import Argument, Draft, Range, Trigger
from pourparler.reading.settings import settings
from pourparler.reading.spans import arguments, trimmed

_SEEN = 0.6  # from this share of its threshold on, an act that is not taken is named among what was set aside
_OF_GAP = 3  # words between "meeting" and "talks": "of the peace"


class Triggers:
    name = "reading.triggers.v3"
    needs = frozenset({"layers", "names", "sentences"})
    gives = frozenset({"triggers"})

    def __call__(self, draft: Draft) -> None:
        out: list[Trigger] = []
        for sentence in draft.sentences:
            found = _joined(draft, self._sentence(draft, sentence))
            out += _whole(draft, found)
        draft.triggers = tuple(out)

    def _sentence(self, draft: Draft, sentence: Range) -> list[Trigger]:
        assert draft.layers is not None
        evoked = self._evoked(draft, sentence)
        probabilities = draft.layers.trigger
        totals = (1 - probabilities[slice(*sentence), 0]).tolist()
        least = _SEEN * min(settings().trigger, settings().trigger_with_cue)
        out: list[Trigger] = []
        i = sentence[0]
        while i < sentence[1]:
            total = totals[i - sentence[0]]
            if total <= least:
                i += 1
                continue
            begins = probabilities[i, 1::2]
            kind = int((begins + probabilities[i, 2::2]).argmax())
            score = float(begins[kind] + probabilities[i, 2 + 2 * kind])
            low = TRIGGERS.types[kind] in evoked.get(i, ())
            limit = settings().trigger_with_cue if low else settings().trigger
            if total < limit:
                if total > _SEEN * limit:
                    draft.set_aside("unlikely_event", (i, i + 1), f"{TRIGGERS.types[kind]} at {total:.2f}")
                i += 1
                continue
            j = i + 1
            # Inside a trigger the types may waver ("established a border crossing"): it ends where a word
            # rather begins another one, or is rather outside.
            while j < sentence[1] and probabilities[j, 2::2].sum() > max(probabilities[j, 1::2].sum(), 0.4):
                j += 1
            if trimmed(draft, (i, j)) is None:
                draft.set_aside("no_content_word", (i, j), f"{TRIGGERS.types[kind]} on words that name no act")
            else:
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
        here = draft.sentence_of(words[0])
        for role in ("source", "target"):
            given = arguments(draft, role, words[0], threshold=at.argument, fallback=at.argument_fallback)
            near = [a for a in given if here[0] <= a.words[0] < here[1]]
            found += near if near and role == "source" and _in_words(kind) else given
        where = arguments(draft, "place", words[0], threshold=at.place)
        found += [a for a in where if not (codebook.load().types[kind].symmetric and _topic(draft, words, a))]
        return Trigger(words, kind, min(score, 1.0), tuple(found))


def _topic(draft: Draft, words: Range, place: Argument) -> bool:
    """True where talks are about a place, not there: "talks on Western Sahara"; "met on Cyprus" they did."""
    between = [w for w in draft.lowered((words[1], place.words[0])) if w not in lexicon.determiners()]
    noun = any(e.pos == "noun" for e in codebook.load().types_evoked(draft.lowered((words[1] - 1, words[1]))))
    return noun and len(between) == 1 and between[0] in lexicon.topics()


def _in_words(kind: str) -> bool:
    """True for what one side says: who says it stands in the sentence. Sources that the network adds from others
    were wrong in the reports that were looked at; on the exam's development part they change no figure."""
    entry = codebook.load().types[kind]
    return entry.quad in (1, 3) and not entry.symmetric


def _joined(draft: Draft, found: list[Trigger]) -> list[Trigger]:
    """Join triggers that touch, where one of them has no word that evokes an act ("unilaterally" + "closed")."""
    out: list[Trigger] = []
    for trigger in found:
        before = out[-1] if out else None
        if (
            before
            and before.words[1] == trigger.words[0]
            and not (_evokes(draft, before) and _evokes(draft, trigger))
        ):
            keep = before if _evokes(draft, before) or before.score > trigger.score else trigger
            out[-1] = dataclasses.replace(keep, words=(before.words[0], trigger.words[1]))
        else:
            out.append(trigger)
    return out


def _evokes(draft: Draft, trigger: Trigger) -> bool:
    return any(True for _ in codebook.load().types_evoked(draft.lowered(trigger.words)))


def _whole(draft: Draft, found: list[Trigger]) -> list[Trigger]:
    """Set aside an act that only names the whole of another: "the final meeting of the peace talks" is one act."""
    out: list[Trigger] = []
    for trigger in found:
        before = out[-1] if out else None
        gap = draft.lowered((before.words[1], trigger.words[0])) if before else []
        if before and before.type == trigger.type and gap[:1] == ["of"] and len(gap) <= _OF_GAP:
            draft.set_aside("part_of_phrase", trigger.words, f"names the whole of which {before.type} is a part")
            more = [a for a in trigger.arguments if not any(_overlap(a, b) for b in before.arguments)]
            out[-1] = dataclasses.replace(before, arguments=before.arguments + tuple(more))
        else:
            out.append(trigger)
    return out


def _overlap(one: Argument, other: Argument) -> bool:
    return one.words[0] < other.words[1] and other.words[0] < one.words[1]
