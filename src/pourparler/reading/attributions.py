"""Who says what: cues of attribution with the words of speaker and content."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pourparler import codebook
from pourparler.reading import lexicon
from pourparler.reading.draft import Argument, Attribution, Draft, Range, Trigger
from pourparler.reading.overlaps import Overlaps
from pourparler.reading.settings import settings
from pourparler.reading.spans import arguments, cut_where, groups

_GAP = 4  # words between two pieces of one thing said; more is somebody else's text
_UNSURE = 0.25  # as much less sure of a speaker than of another, the network is not sure
_OPENING = (("“", "”"), ("``", "''"), ("«", "»"), ("„", "“"))
_MARKS = frozenset(",.;:")


class Attributions:
    name = "reading.attributions.v3"
    needs = frozenset({"layers", "names", "sentences", "triggers"})
    gives = frozenset({"attributions"})

    def __call__(self, draft: Draft) -> None:
        if draft.layers is None:
            return
        scores = 1 - draft.layers.cue[:, 0]
        acts = Overlaps((*trigger.words, trigger) for trigger in draft.triggers)
        out: list[Attribution] = []
        i, n = 0, len(scores)
        while i < n:
            if scores[i] < settings().cue:
                i += 1
                continue
            j = i + 1
            while j < n and scores[j] >= settings().cue and draft.layers.cue[j, 2] > draft.layers.cue[j, 1]:
                j += 1
            if cue := _saying(draft, (i, j), scores):
                self._add(draft, cue, float(scores[i:j].mean()), acts, out)
            else:
                draft.set_aside("cue_without_verb", (i, j), "a cue of attribution, but no word in it says anything")
            i = max(j, cue[1] if cue else j)
        draft.attributions = tuple(out)

    @staticmethod
    def _add(draft: Draft, cue: Range, score: float, acts: Overlaps[Trigger], out: list[Attribution]) -> None:
        if act := _act_at(acts, cue) or _talks_held(draft, acts, cue) or _by_hand(draft, acts, cue):
            draft.set_aside("cue_is_an_act", cue, f"{act} is done, not said")
            return
        content = _pieces(draft, cue) or _clause(draft, cue, score)
        if not content:
            draft.set_aside("cue_without_content", cue, "a cue of attribution, but no words that it introduces")
            return
        speakers = arguments(draft, "speaker", cue[0], threshold=0.5, fallback=0.25)
        here = draft.sentence_of(cue[0])
        # A pronoun or name beside the cue is the speaker; what the network adds from afar only says the same again.
        speakers = [s for s in speakers if here[0] <= s.words[0] < here[1]] or speakers
        speakers = _together(speakers, cue)
        out.append(Attribution(cue, tuple(speakers), tuple(content), score))


def _saying(draft: Draft, cue: Range, scores: NDArray[np.float32]) -> Range | None:
    """Return the words of a cue; where all of them only help ("has repeatedly"), with the verb of saying close behind
    ("has repeatedly denied"), or None where there is none or where it is a cue of its own.

    One cue in twenty was such a word in the 1,450 reports that were looked at: "the ministry has said".
    """
    helpers, verbs = lexicon.saying()
    if not helpers.issuperset(draft.lowered(cue)):
        return cue
    for i in range(cue[1], min(cue[1] + _GAP, draft.sentence_of(cue[0])[1])):
        word = draft.word(i).lower()
        if scores[i] >= settings().cue:
            return None
        if word in verbs or codebook.load().act_of([word]):
            return cue[0], i + 1
        if word not in helpers:
            return None
    return None


def _together(speakers: list[Argument], cue: Range) -> list[Argument]:
    """Return the speakers without those that many words part from the nearest of whom the network is sure: who is
    told of ("A committee chaired by ... met, a source said") speaks no word."""
    ordered = sorted(speakers, key=lambda s: s.words)
    if len(ordered) < 2:
        return speakers
    sure = max(s.score for s in ordered) - _UNSURE
    first = last = min((k for k, s in enumerate(ordered) if s.score >= sure), key=lambda k: _far(ordered[k], cue))
    while first > 0 and ordered[first].words[0] - ordered[first - 1].words[1] <= _GAP:
        first -= 1
    while last + 1 < len(ordered) and ordered[last + 1].words[0] - ordered[last].words[1] <= _GAP:
        last += 1
    return ordered[first : last + 1]


def _far(speaker: Argument, cue: Range) -> int:
    return max(cue[0] - speaker.words[1], speaker.words[0] - cue[1])


def _act_at(acts: Overlaps[Trigger], cue: Range) -> str | None:
    """Return the material act whose words the cue is: "shelled" says nothing, however sure the network is."""
    return next((act.type for act in acts.touching(*cue) if codebook.load().types[act.type].quad in (2, 4)), None)


def _talks_held(draft: Draft, acts: Overlaps[Trigger], cue: Range) -> str | None:
    """Return CONSULT where the cue only says that talks took place: "held talks with" tells of nothing said."""
    if lexicon.holders().isdisjoint(draft.lowered(cue)):
        return None
    found = (trigger.type for trigger in acts.touching(cue[0], cue[1] + 1))
    return "CONSULT" if "CONSULT" in found else None


def _by_hand(draft: Draft, acts: Overlaps[Trigger], cue: Range) -> str | None:
    """Return the type of an act that is no saying, though none of force or help: a treaty signed, talks mediated."""
    found = next((trigger.type for trigger in acts.touching(*cue)), None)
    return found if not lexicon.done_acts().isdisjoint(draft.lowered(cue)) else None


def _pieces(draft: Draft, cue: Range) -> list[Argument]:
    """Return what is said, in pieces: gaps of a few words are part of it, stray words far from it are not."""
    assert draft.layers is not None
    role = draft.layers.role("content", cue[0])
    joined: list[Argument] = []
    for words, score in cut_where(groups(role, threshold=0.4), lambda i: _breaks(draft, i) or _ends(draft, cue, i)):
        before = joined[-1] if joined else None
        if before and _goes_on(draft, before.words[1], words[0], cue):
            joined[-1] = Argument("content", (before.words[0], words[1]), max(before.score, score))
        else:
            joined.append(Argument("content", words, score))
    bare = (_openly(draft, piece) for piece in joined)
    whole = [a for piece in bare if piece and (a := _without_marks(draft, piece, cue))]
    here = draft.sentence_of(cue[0])
    own = [a for a in whole if here[0] <= a.words[0] < here[1]]
    longest = max((a.words[1] - a.words[0] for a in own), default=0)
    longest = longest if longest > 1 else max((a.words[1] - a.words[0] for a in whole), default=0)
    return [
        a
        for a in whole
        if a.words[1] - a.words[0] >= min(3, longest)
        and (here[0] <= a.words[0] < here[1] or (a.score >= settings().argument_far and not _apart(draft, a, cue)))
    ]


def _clause(draft: Draft, cue: Range, score: float) -> list[Argument]:
    """Return the rest of the sentence where "that" begins it right behind a cue: "Hamas denied that ..."."""
    last = draft.sentence_of(cue[0])[1]
    if draft.lowered((cue[1], cue[1] + 1)) != ["that"]:
        return []
    whole = _without_marks(draft, Argument("content", (cue[1], last), score), cue)
    return [whole] if whole else []


def _goes_on(draft: Draft, end: int, start: int, cue: Range) -> bool:
    """True where what is said goes on over a short gap that holds neither the cue nor a paragraph's end."""
    if start - end > _GAP or end <= cue[0] < start:
        return False
    return not any(_breaks(draft, i) or _ends(draft, cue, i) for i in range(end, start + 1))


def _ends(draft: Draft, cue: Range, i: int) -> bool:
    """True where the sentence of a cue ends at word i and no quotation goes on: what is said in the next sentence
    ("... by Friday. Hamas denied that ...") has its own cue, or is the reporter's."""
    first, last = draft.sentence_of(cue[0])
    return last == i and not _quoting(draft.text((first, last)))


def _quoting(text: str) -> bool:
    """True where a quotation is open at a text's end."""
    return text.count('"') % 2 == 1 or any(text.rfind(a) > text.rfind(b) for a, b in _OPENING)


def _openly(draft: Draft, piece: Argument) -> Argument | None:
    """Return a piece without "speaking on condition of anonymity because ...": why no name is told is not said."""
    first, words = piece.words[0], draft.lowered(piece.words)
    for at, word in enumerate(words):
        if word == "anonymity" and lexicon.unnamed().intersection(words[max(0, at - 3) : at]):
            comma = max((k for k in range(at) if words[k] == ","), default=0)
            return Argument(piece.role, (first, first + comma), piece.score) if comma else None
    return piece


def _apart(draft: Draft, piece: Argument, cue: Range) -> bool:
    """True where a paragraph ends between cue and piece, and the piece is no quotation."""
    if any(draft.word(i) in lexicon.quotation_marks() for i in range(*piece.words)):
        return False
    low, high = sorted((cue[0], piece.words[0]))
    return any(_breaks(draft, i) for i in range(low + 1, high + 1))


def _breaks(draft: Draft, i: int) -> bool:
    """True where a new line begins a sentence at word i, outside quotation."""
    return draft.opens_line(i) and draft.word(i) not in lexicon.quotation_marks()


def _without_marks(draft: Draft, piece: Argument, cue: Range) -> Argument | None:
    """Return a piece without commas and full stops at its edges, an article behind the cue with
    the words behind it, none before it; quotation marks stay, they say it is a quote."""
    first, last = piece.words
    while first < last and draft.word(first) in _MARKS:
        first += 1
    while first < last and draft.word(last - 1) in _MARKS:
        last -= 1
    if first < last and lexicon.determiners().issuperset(draft.lowered((first, last))):
        last = _clause_end(draft, last) if first >= cue[1] else first  # "the" alone says nothing
    return Argument(piece.role, (first, last), piece.score) if first < last else None


def _clause_end(draft: Draft, i: int) -> int:
    """Return where the words from i on come to a mark, to an "and" or to the sentence's end."""
    end = draft.sentence_of(i - 1)[1]
    stops = (k for k in range(i, end) if not draft.word(k)[0].isalnum() or draft.word(k) in ("and", "but"))
    return next(stops, end)
