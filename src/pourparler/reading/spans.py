"""Word probabilities to word ranges."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence

from pourparler import knowledge
from pourparler.model.layers import Role
from pourparler.reading import lexicon
from pourparler.reading.draft import Argument, Draft, Range
from pourparler.reading.settings import settings

_DATELINE = 12  # words of a dateline at most
_RANKS = 6  # words of a title before a name at most
_DASHES = frozenset({"-", "–", "—"})


def groups(role: Role, *, threshold: float) -> Iterator[tuple[Range, float]]:
    """Yield runs of words above the threshold, cut where a word begins another argument."""
    inside, begin = role.inside.tolist(), role.begin.tolist()
    n, i = len(inside), 0
    while i < n:
        if inside[i] < threshold:
            i += 1
            continue
        j = i + 1
        while j < n and inside[j] >= threshold and not (begin[j] > 0.5 and begin[j] > begin[i] * 0.6):
            j += 1
        yield (role.first + i, role.first + j), sum(inside[i:j]) / (j - i)
        i = j


def trimmed(draft: Draft, words: Range) -> Range | None:
    """Return a range without punctuation, conjunctions and prepositions at its edges.

    None where nothing is left but determiners: no actor is called "the".
    """
    first, last = words
    edges = lexicon.edges()
    if aside := _aside(draft, words):
        last = aside
    while first < last and _is_edge(draft.word(first), edges):
        first += 1
    while first < last and (_is_edge(draft.word(last - 1), edges) or draft.word(last - 1) in ("the", "a", "an")):
        last -= 1
    if all(draft.word(i).lower() in lexicon.determiners() for i in range(first, last)):
        return None
    return first, last


def _aside(draft: Draft, words: Range) -> int | None:
    """Return where brackets that end a range begin, where a short name is in them: "the National Liberation Army
    (ELN)" is told apart from "ELN", "(R-Arizona)" is no name."""
    found = [draft.word(i) for i in range(*words)]
    at = found.index("(", 1) if "(" in found[1:] else None
    if at is None or [w for w in found[at + 2 :] if w != ")"] or not found[at + 1 : at + 2]:
        return None
    short = found[at + 1]
    return words[0] + at if short.isalpha() and short.isupper() and len(short) > 1 else None


def _is_edge(word: str, edges: frozenset[str]) -> bool:
    return word.lower() in edges or not any(c.isalnum() for c in word)


def arguments(draft: Draft, role: str, predicate: int, *, threshold: float, fallback: float = 1.0) -> list[Argument]:
    """Return the words that fill a role of the predicate, grown to whole names.

    Words of another sentence than the predicate's must be surer: most arguments stand in its own.
    """
    assert draft.layers is not None
    at = draft.layers.role(role, predicate)
    here = draft.sentence_of(predicate)
    found = [
        (words, score)
        for words, score in _by_line(draft, groups(at, threshold=threshold))
        if here[0] <= words[0] < here[1] or score >= settings().argument_far
    ]
    if not found:
        near = at.inside.copy()
        near[: max(0, here[0] - at.first)], near[max(0, here[1] - at.first) :] = 0, 0
        if near.max(initial=0) >= fallback:
            found = list(groups(Role(at.first, near, at.begin), threshold=float(near.max()) * 0.7))[:1]
    found = [piece for words, score in found for piece in _parted(draft, words, score)]
    found += _conjoined(draft, found, at)
    out: list[Argument] = []
    for words, score in found:
        # Grown last: the "in" of "Moon Jae-in" is no preposition.
        whole = (bare := _bare(draft, words, role)) and _grown(draft, bare)
        if whole and out and _go_together(draft, out[-1].words, whole):
            out[-1] = Argument(role, (out[-1].words[0], whole[1]), max(score, out[-1].score))
        elif whole:
            whole = _titled(draft, whole)
            if out and out[-1].words[1] == whole[0] and lexicon.quantities().issuperset(draft.lowered(out[-1].words)):
                out.pop()  # "more than" + "4,000 inmates"
            out = [a for a in out if not (whole[0] <= a.words[0] and a.words[1] <= whole[1])]
            if not any(a.words[0] < whole[1] and whole[0] < a.words[1] for a in out):
                out.append(Argument(role, whole, score))
    return out


def _bare(draft: Draft, words: Range, role: str) -> Range | None:
    """Return a range trimmed, without a relative clause behind a comma (", who led the team") and, but for places,
    without a time; None where nobody is left ("Thursday", "whose lawmakers"). Who speaks keeps the clause: so it is
    in PolNeAR, where F1 of the source would be 1.7 points lower."""
    first, last = words
    if role == "place":
        return trimmed(draft, words)
    if draft.word(first).lower() == "whose":
        return None
    if role == "speaker":
        bare = trimmed(draft, words)
        return _timeless(draft, bare) if bare else None
    relative = lexicon.relatives()
    clause = (k for k in range(first + 2, last) if draft.word(k - 1) == "," and draft.word(k).lower() in relative)
    bare = trimmed(draft, (first, next(clause, last)))
    return _timeless(draft, bare) if bare else None


def _timeless(draft: Draft, words: Range) -> Range | None:
    """Return a range without the time at its end: nobody is called "Thursday" or "the council in October"."""
    span = draft.span(words)
    at = bisect.bisect_left(draft.times, span.end, key=lambda t: t.start)
    time = draft.times[at - 1] if at else None
    if time is None or time.end < span.end or any(n.words[1] == words[1] for n in draft.names_in(words)):
        return words
    before = (draft.words_at(time.start, time.end) or words)[0]
    if before <= words[0] or draft.lowered((words[0], before)) == ["since"]:
        return None
    return trimmed(draft, (words[0], before)) if draft.word(before - 1).lower() in ("in", "on", "since") else words


def _go_together(draft: Draft, one: Range, other: Range) -> bool:
    """True for two runs that are one: a title and the name behind it ("his Azerbaijani counterpart" + "Jeyhun
    Bayramov"), what an "of" joins ("a group" + "Azerbaijani citizens"); "the governments of Chile and Argentina" are
    two."""
    if one[1] == other[0]:
        return _is_person(draft, other)
    if draft.lowered((one[1], other[0])) != ["of"] or draft.names_in(one):
        return False
    return not any(n.kind == "LOC" and n.words == other for n in draft.names_in(other))


def _titled(draft: Draft, words: Range) -> Range:
    """Grow a range that begins with a person's title or name by the title and the country before it: "Thai" +
    "Prime Minister Anutin Charnvirakul"."""
    first = words[0]
    titles, ranks = lexicon.titles(), lexicon.titles() | lexicon.ranks()
    if not any(n.kind == "PER" for n in draft.names_in(words)):
        return words
    if draft.word(first).lower() not in ranks and not _is_person(draft, words):
        return words
    here = max(draft.sentence_of(first)[0], first - _RANKS)
    while first > here and draft.word(first - 1).lower() in ranks:
        first -= 1
    if titles.isdisjoint(draft.lowered((first, words[1]))) or first == here:
        return words
    country = [n for n in draft.names_in((first - 1, first)) if n.kind == "LOC" and n.words[1] == first]
    return (country[0].words[0], words[1]) if country else (first, words[1])


def cut_where(found: Iterable[tuple[Range, float]], breaks: Callable[[int], bool]) -> Iterator[tuple[Range, float]]:
    """Yield runs of words cut before each word that something breaks at."""
    for (first, last), score in found:
        for i in range(first + 1, last):
            if breaks(i):
                yield (first, i), score
                first = i
        yield (first, last), score


def _by_line(draft: Draft, found: Iterable[tuple[Range, float]]) -> Iterator[tuple[Range, float]]:
    """Yield runs of words cut where a line begins a sentence: no argument goes on from a headline into the text.

    "LIMA, 3 May - Police fired": a town's capitals that begin a sentence are nobody.
    """
    for (first, last), score in cut_where(found, draft.opens_line):
        first = max(first, _dateline_end(draft, first))
        if first < last:
            yield (first, last), score


def _dateline_end(draft: Draft, i: int) -> int:
    """Return where the dateline ends that word i stands in, 0 where it stands in none: capitals, perhaps a date, a
    dash between blanks."""
    first, last = draft.sentence_of(i)
    if i - first >= _DATELINE or len(draft.word(first)) < 3 or not draft.word(first).isupper():
        return 0
    for k in range(first + 1, min(first + _DATELINE, last)):
        word = draft.word(k)
        if word in _DASHES and draft.words[k - 1][1] < draft.words[k][0]:
            return k + 1 if i <= k else 0
        if word.islower():
            break
    return 0


def _parted(draft: Draft, words: Range, score: float) -> Iterator[tuple[Range, float]]:
    """Yield the two of a run that names a person on either side of an "and": "Kim Jong Un and President Moon"."""
    low = draft.lowered(words)
    if joint := _two_countries(draft, words):
        yield (words[0], joint), score
        yield (joint + 1, words[1]), score
        return
    titles = lexicon.titles()
    named = [name for name in draft.names_in(words) if name.kind == "PER"]
    people = [name for name in named if titles.isdisjoint(draft.lowered(name.words))]
    for at in (words[0] + n for n, word in enumerate(low) if word == "and"):
        before = [name for name in people if words[0] <= name.words[0] and name.words[1] == at]
        if before and any(at < name.words[0] and name.words[1] == words[1] for name in people):
            yield (words[0], at), score
            yield (at + 1, words[1]), score
            return
    yield words, score


def _two_countries(draft: Draft, words: Range) -> int | None:
    """Return where the "and" of "Russian and Ukrainian delegations" stands: two countries before one noun."""
    low = draft.lowered(words)
    at = words[0] + low.index("and") if "and" in low else 0
    countries = [n.words for n in draft.names_in(words) if n.kind == "LOC"]
    before = next((n for n in countries if n[1] == at), None)
    behind = next((n for n in countries if n[0] == at + 1), None)
    if before is None or behind is None or behind[1] == words[1]:
        return None
    alone = lexicon.determiners().issuperset(draft.lowered((words[0], before[0])))
    return at if alone and knowledge.is_demonym(draft.text(behind)) else None


def _conjoined(draft: Draft, found: list[tuple[Range, float]], role: Role) -> list[tuple[Range, float]]:
    """Return the people that an "and" joins to a person who fills the role: "Mirzoyan and Bayramov", the one of whom
    the network is surer; half of what is asked of others is enough for the second."""
    out: list[tuple[Range, float]] = []
    taken = {i for words, _ in found for i in range(*words)}
    for words, _ in found:
        names = draft.names_in(words)
        joint = words[1]
        if not names or names[-1].kind != "PER" or names[-1].words[1] != joint:
            continue
        behind = draft.names_in((joint + 1, joint + 2)) if draft.lowered((joint, joint + 1)) == ["and"] else ()
        other = next((n for n in behind if n.words[0] == joint + 1 and n.kind == "PER"), None)
        if other is None or not taken.isdisjoint(range(*other.words)):
            continue
        inside = role.inside[other.words[0] - role.first : other.words[1] - role.first]
        if len(inside) and float(inside.mean()) >= settings().argument / 2:
            out.append((other.words, float(inside.mean())))
    return out


def _is_person(draft: Draft, words: Range) -> bool:
    names = draft.names_in(words)
    return bool(names) and names[0].kind == "PER" and names[0].words[0] == words[0]


def _grown(draft: Draft, words: Range) -> Range:
    """Grow a range to the whole of the names it cuts through."""
    first, last = words
    for name in draft.names_in(words):
        first, last = min(first, name.words[0]), max(last, name.words[1])
    return first, last


def whom(draft: Draft, arguments: Sequence[Argument]) -> tuple[str, ...]:
    """Return the ids of the actors that arguments stand for, each once; a piece of a plural stands for both."""
    out: list[str] = []
    for argument in arguments:
        at = bisect.bisect_left(draft.plurals, (argument.words[1], 0))  # plurals stand in order
        whole = at and argument.words[0] < draft.plurals[at - 1][1]
        out += [a for a in draft.actor_of.get(draft.plurals[at - 1] if whole else argument.words, ()) if a not in out]
    return tuple(out)
