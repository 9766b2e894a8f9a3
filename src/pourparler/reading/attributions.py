"""Who says what: cues of attribution with the words of speaker and content."""

from __future__ import annotations

from pourparler import codebook
from pourparler.reading import lexicon
from pourparler.reading.draft import Argument, Attribution, Draft, Range, Trigger
from pourparler.reading.overlaps import Overlaps
from pourparler.reading.settings import settings
from pourparler.reading.spans import arguments, cut_where, groups

_GAP = 4  # words between two pieces of one thing said; more is somebody else's text
_MARKS = frozenset(",.;:")


class Attributions:
    name = "reading.attributions.v2"
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
            self._add(draft, (i, j), float(scores[i:j].mean()), acts, out)
            i = j
        draft.attributions = tuple(out)

    @staticmethod
    def _add(draft: Draft, cue: Range, score: float, acts: Overlaps[Trigger], out: list[Attribution]) -> None:
        if act := _act_at(acts, cue) or _talks_held(draft, acts, cue):
            draft.set_aside("cue_is_an_act", cue, f"{act} is done, not said")
            return
        content = _pieces(draft, cue)
        if not content:
            draft.set_aside("cue_without_content", cue, "a cue of attribution, but no words that it introduces")
            return
        speakers = arguments(draft, "speaker", cue[0], threshold=0.5, fallback=0.25)
        here = draft.sentence_of(cue[0])
        # A pronoun or name beside the cue is the speaker; what the network adds from afar only says the same again.
        speakers = [s for s in speakers if here[0] <= s.words[0] < here[1]] or speakers
        out.append(Attribution(cue, tuple(speakers), tuple(content), score))


def _act_at(acts: Overlaps[Trigger], cue: Range) -> str | None:
    """Return the material act whose words the cue is: "shelled" says nothing, however sure the network is."""
    found = (trigger.type for trigger in acts.touching(*cue))
    return next((type_ for type_ in found if codebook.load().types[type_].quad in (2, 4)), None)


def _talks_held(draft: Draft, acts: Overlaps[Trigger], cue: Range) -> str | None:
    """Return CONSULT where the cue only says that talks took place: "held talks with" tells of nothing said."""
    if lexicon.holders().isdisjoint(draft.lowered(cue)):
        return None
    found = (trigger.type for trigger in acts.touching(cue[0], cue[1] + 1))
    return "CONSULT" if "CONSULT" in found else None


def _pieces(draft: Draft, cue: Range) -> list[Argument]:
    """Return what is said, in pieces: gaps of a few words are part of it, stray words far from it are not."""
    assert draft.layers is not None
    role = draft.layers.role("content", cue[0])
    joined: list[Argument] = []
    for words, score in cut_where(groups(role, threshold=0.4), lambda i: _breaks(draft, i)):
        before = joined[-1] if joined else None
        if before and _goes_on(draft, before.words[1], words[0], cue):
            joined[-1] = Argument("content", (before.words[0], words[1]), max(before.score, score))
        else:
            joined.append(Argument("content", words, score))
    whole = [a for piece in joined if (a := _without_marks(draft, piece, cue))]
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


def _goes_on(draft: Draft, end: int, start: int, cue: Range) -> bool:
    """True where what is said goes on over a short gap that holds neither the cue nor a paragraph's end."""
    if start - end > _GAP or end <= cue[0] < start:
        return False
    return not any(_breaks(draft, i) for i in range(end, start + 1))


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
