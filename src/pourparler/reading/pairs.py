"""Plurals that stand for two: "both sides", "the two ministers", "both countries"."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Range
from pourparler.reading.identity import Cluster, key

_MENTIONS = 60  # how many mentions back two countries are looked for side by side
_NEAR = 150  # words back that the two were named


def plurals(draft: Draft) -> Iterator[Range]:
    """Yield "both sides", "the two ministers", "the two foreign ministers": a mark and a noun that fit a pair; and
    "the parties", who may be one.

    "Two men were arrested" tells of two who are new (so at 19 of the 20 places of the exam's training part that have
    no article there), "twenty-two countries" of more; "both the United States and Russia" names whom it means.
    """
    cue = lexicon.pairs()
    nouns = cue.people | cue.states | cue.either
    for i, word in enumerate(draft.lowered((0, len(draft.words)))):
        the = i > 0 and draft.word(i - 1).lower() in ("the", "these", "those")
        if the and word in cue.either:
            yield i - 1, i + 1
        if word not in cue.marks or (word == "two" and not the):
            continue
        for j in range(i + 1, min(i + 4, len(draft.words))):
            if draft.word(j).lower() in nouns and not draft.names_in((j, j + 1)):
                if word != "both" or draft.lowered((j + 1, j + 2)) != ["and"]:
                    yield (i - the, j + 1)
                break
            if not draft.word(j).isalpha():
                break


def pair(draft: Draft, words: Range, lowered: list[str], clusters: list[Cluster]) -> list[Cluster]:
    """Return the two actors that "both sides" or "the two ministers" stand for, or none.

    "The two ministers" are the two people named last. Countries and sides are the two countries that the report
    most often names side by side ("Armenia and Azerbaijan"), else the two named last; sides that are no two countries
    are the two that act on each other ("the army" and "the RSF"). "The parties" are these or nobody told before.
    """
    if words not in draft.plurals:
        return []
    acting = _acting(draft, words)
    others = [c for c in clusters if acting.isdisjoint(c.mentions)]
    if not set(lowered) & lexicon.pairs().marks:
        return _opposed(draft, words, others, least=2)
    near = sorted((c for c in others if 0 <= words[0] - c.last[1] < _NEAR), key=lambda c: c.last)
    if set(lowered) & lexicon.pairs().people:
        people = [c for c in near if c.kind == "person" and _may_be(c, lowered[-1])][-2:]
        return people if len(people) == 2 else []
    recent = list(dict.fromkeys(c.country for c in reversed(near) if c.country and c.kind != "place"))[:2]
    chosen = _side_by_side(draft, words, others)
    if not chosen and set(lowered) & lexicon.pairs().either and (sides := _opposed(draft, words, others)):
        return sides
    chosen = chosen or recent
    return [_state(clusters, country, words) for country in chosen] if len(chosen) == 2 else []


def _may_be(person: Cluster, noun: str) -> bool:
    """False for a person whose title is another: no president is of "the two defence ministers"."""
    if noun not in lexicon.pairs().offices or not person.role:
        return True
    return noun.removesuffix("s") in person.role.lower().split()


def _acting(draft: Draft, words: Range) -> set[Range]:
    """Return the words of whoever acts on the two, and so is none of them: "he invited both presidents"."""
    touched = [t for t in draft.triggers if any(_touch(a.words, words) for a in t.role("target"))]
    acting = {a.words for t in touched for a in t.role("source") if not _touch(a.words, words)}
    # "He told both leaders": whom the cue is followed by is spoken to.
    return acting | {s.words for a in draft.attributions if a.cue[1] == words[0] for s in a.speakers}


def _touch(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _opposed(draft: Draft, words: Range, clusters: list[Cluster], *, least: int = 1) -> list[Cluster]:
    """Return the two, one of them no state, that act on each other or together in the most acts before the words:
    "the government and the rebels began a ceasefire"; none where there are none."""
    seen: Counter[tuple[int, int]] = Counter()
    owner = {m: n for n, c in enumerate(clusters) if c.kind not in ("person", "place") for m in c.mentions}
    for trigger in draft.triggers:
        if trigger.words[1] > draft.sentence_of(words[0])[0]:
            break
        ends = [{owner[a.words] for a in trigger.role(role) if a.words in owner} for role in ("source", "target")]
        if not ends[1] and len(ends[0]) == 2:
            ends = [ends[0], ends[0]]
        seen.update(sorted({(min(a, b), max(a, b)) for a in ends[0] for b in ends[1] if a != b}))
    for (a, b), times in seen.most_common():
        one, other = clusters[a], clusters[b]
        apart = set(key(draft, one.name)).isdisjoint(key(draft, other.name))  # no "Houthis" and their delegation
        if times >= least and apart and (one.kind, other.kind) != ("state", "state") and not _abroad(one, other):
            return [one, other]
    return []


def _abroad(one: Cluster, other: Cluster) -> bool:
    """True for a state and people of another: "Athens" and "Turkish troops" are not the two sides."""
    group, state = (one, other) if one.kind == "group" else (other, one)
    return (group.kind, state.kind) == ("group", "state") and group.country not in (None, state.country)


def _side_by_side(draft: Draft, words: Range, clusters: list[Cluster]) -> list[str]:
    """Return the two countries whose names or people stand most often on both sides of an "and" before the words."""
    every = {m for c in clusters for m in c.mentions}
    mentions = sorted(
        (m, c.country)
        for c in clusters
        for m in c.mentions
        if c.country and m[1] <= words[0] and not any(o != m and o[0] <= m[0] and m[1] <= o[1] for o in every)
    )
    seen: Counter[tuple[str, ...]] = Counter()
    for (one, first), (other, second) in itertools.pairwise(mentions[-_MENTIONS:]):
        gap = draft.lowered((one[1], other[0])) if one[1] <= other[0] else []
        if first != second and gap and gap[-1] == "and" and len(gap) <= 2:
            seen[tuple(sorted((str(first), str(second))))] += 1
    return list(seen.most_common(1)[0][0]) if seen else []


def _state(clusters: list[Cluster], country: str, words: Range) -> Cluster:
    """Return the state of a country, made here where only its people or bodies were named so far."""
    for cluster in clusters:
        if cluster.kind == "state" and cluster.country == country:
            return cluster
    clusters.append(Cluster(words, "state", country, "GOV"))
    return clusters[-1]
