"""Plurals that stand for two: "both sides", "the two ministers", "both countries"."""

from __future__ import annotations

import bisect
import itertools
from collections import Counter
from collections.abc import Iterator

from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Range
from pourparler.reading.identity import Cluster, Clusters, key

_MENTIONS = 60  # how many mentions back two countries are looked for side by side
_NEAR = 150  # words back that the two were named
_ACTS = 60  # how many acts back they are looked for in

# The mentions joined so far, in the order of the text, with whom each stands for.
Links = dict[Range, list[Cluster]]


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


def pair(draft: Draft, words: Range, clusters: Clusters, links: Links) -> list[Cluster]:
    """Return the two actors that "both sides" or "the two ministers" stand for, or none.

    "The two ministers" are the two people named last. Countries and sides are the two countries that the report
    most often names side by side ("Armenia and Azerbaijan"), else the two named last; sides that are no two countries
    are the two that act on each other ("the army" and "the RSF"). "The parties" are these or nobody told before.
    ``links`` are the mentions before the words, in order, with whom they stand for. It takes as long whatever stands
    more than some mentions and acts back: floods of plurals are read in a time that grows with their number alone.
    """
    if words not in draft.plurals:
        return []
    acting = {id(cluster) for mention in _acting(draft, words) for cluster in links.get(mention, ())}
    lowered, cue = set(draft.lowered(words)), lexicon.pairs()
    if not lowered & cue.marks:
        return _opposed(draft, words, links, acting, least=2)
    last = [m for m in itertools.islice(reversed(links), _MENTIONS * 2) if words[0] - m[1] < _NEAR]
    near = list({id(c): c for m in last for c in reversed(links[m]) if id(c) not in acting}.values())
    if lowered & cue.people:
        noun = draft.lowered(words)[-1]
        people = [c for c in near if c.kind == "person" and _may_be(c, noun)][:2]
        return people[::-1] if len(people) == 2 else []
    chosen = _side_by_side(draft, links, acting)
    if not chosen and lowered & cue.either and (sides := _opposed(draft, words, links, acting)):
        return sides
    chosen = chosen or list(dict.fromkeys(c.country for c in near if c.country and c.kind != "place"))[:2]
    return [_state(clusters, country, words) for country in chosen] if len(chosen) == 2 else []


def _may_be(person: Cluster, noun: str) -> bool:
    """False for a person whose title is another: no president is of "the two defence ministers"."""
    if noun not in lexicon.pairs().offices or not person.role:
        return True
    return noun.removesuffix("s") in person.role.lower().split()


def _acting(draft: Draft, words: Range) -> set[Range]:
    """Return the words of whoever acts on the two, and so is none of them: "he invited both presidents"."""
    first, last = draft.sentence_of(words[0])
    low, high = (bisect.bisect_left(draft.triggers, i, key=lambda t: t.words[0]) for i in (first, last))
    touched = [t for t in draft.triggers[low:high] if any(_touch(a.words, words) for a in t.role("target"))]
    acting = {a.words for t in touched for a in t.role("source") if not _touch(a.words, words)}
    # "He told both leaders": whom the cue is followed by is spoken to.
    at = bisect.bisect_right(draft.attributions, words[0], key=lambda a: a.cue[1])
    told = draft.attributions[at - 1] if at else None
    return acting | {s.words for s in told.speakers} if told and told.cue[1] == words[0] else acting


def _touch(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _inside(one: Range, other: Range) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _opposed(draft: Draft, words: Range, links: Links, acting: set[int], *, least: int = 1) -> list[Cluster]:
    """Return the two, one of them no state, that act on each other or together in the most acts before the words:
    "the government and the rebels began a ceasefire"; none where there are none."""
    last = bisect.bisect_right(draft.triggers, draft.sentence_of(words[0])[0], key=lambda t: t.words[1])
    seen: Counter[tuple[int, int]] = Counter()
    bodies: dict[int, Cluster] = {}
    for trigger in draft.triggers[max(0, last - _ACTS) : last]:
        found = [[links[a.words] for a in trigger.role(role) if a.words in links] for role in ("source", "target")]
        ends = [[c for one in every if len(one) == 1 for c in one if _is_side(c, acting)] for every in found]
        bodies |= {id(c): c for every in ends for c in every}
        order = {key: n for n, key in enumerate(bodies)}
        names = [{order[id(c)] for c in every} for every in ends]
        if not names[1] and len(names[0]) == 2:
            names = [names[0], names[0]]
        seen.update(sorted({(min(a, b), max(a, b)) for a in names[0] for b in names[1] if a != b}))
    listed = list(bodies.values())
    for (a, b), times in seen.most_common():
        one, other = listed[a], listed[b]
        apart = set(key(draft, one.name)).isdisjoint(key(draft, other.name))  # no "Houthis" and their delegation
        if times >= least and apart and (one.kind, other.kind) != ("state", "state") and not _abroad(one, other):
            return [one, other]
    return []


def _is_side(cluster: Cluster, acting: set[int]) -> bool:
    return cluster.kind not in ("person", "place") and id(cluster) not in acting


def _abroad(one: Cluster, other: Cluster) -> bool:
    """True for a state and people of another: "Athens" and "Turkish troops" are not the two sides."""
    group, state = (one, other) if one.kind == "group" else (other, one)
    return (group.kind, state.kind) == ("group", "state") and group.country not in (None, state.country)


def _side_by_side(draft: Draft, links: Links, acting: set[int]) -> list[str]:
    """Return the two countries whose names or people stand most often on both sides of an "and" before the words."""
    owned = lexicon.determiners()  # the "his" of "his Cambodian counterpart" stands beside nobody
    last = itertools.islice(reversed(links), 2 * _MENTIONS)
    before = sorted(m for m in last if not owned.issuperset(draft.lowered(m)))
    # "U.S. and Saudi mediators" names neither: a name inside a longer mention is none of the two.
    whole = [m for k, m in enumerate(before) if not any(_inside(m, o) for o in before[max(0, k - 3) : k + 4])]
    mentions = [(m, c.country) for m in whole for c in links[m] if c.country and id(c) not in acting]
    seen: Counter[tuple[str, ...]] = Counter()
    for (one, first), (other, second) in itertools.pairwise(mentions[-_MENTIONS:]):
        gap = draft.lowered((one[1], other[0])) if one[1] <= other[0] else []
        # "The Thai prime minister and his Cambodian counterpart" stand side by side too.
        joint = [word for word in gap if word not in lexicon.determiners()]
        if first != second and joint and joint[-1] == "and" and len(joint) <= 2:
            seen[tuple(sorted((str(first), str(second))))] += 1
    return list(seen.most_common(1)[0][0]) if seen else []


def _state(clusters: Clusters, country: str, words: Range) -> Cluster:
    """Return the state of a country, made here where only its people or bodies were named so far."""
    for cluster in clusters:
        if cluster.kind == "state" and cluster.country == country:
            return cluster
    made = Cluster(words, "state", country, "GOV")
    clusters.append(made)
    return made
