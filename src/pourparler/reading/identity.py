"""Who is spoken of, while mentions are being joined: one cluster for one actor, and when two are one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pourparler import knowledge
from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Range
from pourparler.record import ActorKind

# What an actor is found by: a kind of sign, and the sign.
Tag = tuple[str, str | tuple[str, ...]]
BODIES = ("organization", "armed_group", "group")
_BEHIND = 8  # mentions back that a name in brackets may belong to


@dataclass(slots=True)
class Cluster:
    """Mentions that stand for one actor, while they are being joined."""

    name: Range
    kind: ActorKind
    country: str | None = None
    sector: str | None = None
    role: str | None = None
    mentions: set[Range] = field(default_factory=set)
    also: list[Range] = field(default_factory=list)  # short names given in brackets: "(ELN)"
    last: Range = (0, 0)  # the mention added last; mentions are added in the order of the text

    def add(self, words: Range) -> None:
        self.mentions.add(words)
        self.last = words


class Clusters:
    """Everybody told of so far, in order; ``like`` finds who may be meant by their words, whatever their number.

    With each mention compared with each actor a report of 44,000 characters that names 1,200 took 5 seconds.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._every: list[Cluster] = []
        self._at: dict[int, int] = {}
        self._by: dict[Tag, dict[int, Cluster]] = {}

    def __iter__(self) -> Iterator[Cluster]:
        return iter(self._every)

    def append(self, cluster: Cluster) -> None:
        self._at[id(cluster)] = len(self._every)
        self._every.append(cluster)
        self.found_by(cluster, cluster.name)

    def found_by(self, cluster: Cluster, words: Range) -> None:
        """Let a cluster be found by words from now on: its name, or a short one."""
        for tag in _tags(self._draft, cluster, words):
            self._by.setdefault(tag, {})[self._at[id(cluster)]] = cluster

    def like(self, fresh: Cluster) -> list[Cluster]:
        """Return the clusters that may be the same as another, in order."""
        found: dict[int, Cluster] = {}
        for tag in _tags(self._draft, fresh, fresh.name, asked=True):
            found |= self._by.get(tag, {})
        return [found[at] for at in sorted(found)]

    def ending_in(self, noun: str) -> Iterator[Cluster]:
        """Yield the bodies whose name ends in a noun."""
        for cluster in self._by.get(("noun", noun), {}).values():
            if cluster.kind in BODIES and key(self._draft, cluster.name)[-1:] == [noun]:
                yield cluster


def _tags(draft: Draft, cluster: Cluster, words: Range, *, asked: bool = False) -> set[Tag]:
    """Return what words are found by, or with ``asked`` what they find: two that ``same`` takes for one share a tag.

    A name finds its initials, not another name that has the same.
    """
    found = key(draft, words)
    if not found:
        return set()
    out: set[Tag] = {("name", _singular(names)) for names in (found, _without_members(draft, words))}
    if len(found) == 1 or cluster.kind == "person":
        out |= {("word", found[0]), ("word", found[-1])}
    if cluster.kind == "state" and cluster.country:
        out.add(("country", cluster.country))
    if cluster.kind in BODIES:
        joined, initials = "".join(found).replace(".", ""), _initials(found)
        capitals, letters = _capitals(draft, words), draft.word(words[1] - 1) if len(found) == 1 else ""
        if asked:
            out |= {("joined", joined), ("initials", joined), ("joined", initials)}
            out |= {("capitals", letters), ("letters", capitals)}
        else:
            out |= {("joined", joined), ("initials", initials), ("capitals", capitals), ("letters", letters)}
            out.add(("noun", found[-1]))
    return {tag for tag in out if tag[1]}


def _singular(names: Sequence[str]) -> tuple[str, ...]:
    return (*names[:-1], names[-1].rstrip("s"))


def _capitals(draft: Draft, words: Range) -> str:
    return "".join(draft.word(i)[0] for i in range(*words) if draft.word(i)[0].isupper())


def key(draft: Draft, words: Range) -> list[str]:
    return [w for w in draft.lowered(words) if w not in lexicon.determiners() and w[:1].isalnum()]


def same(draft: Draft, one: Cluster, other: Cluster) -> bool:
    a, b = key(draft, one.name), key(draft, other.name)
    if not a or not b:
        return False
    if a == b:
        return True
    if one.kind == other.kind == "person":
        return (a[-1] == b[-1] and (len(a) == 1 or len(b) == 1 or a[0] == b[0])) or _family(one, a, b)
    if one.kind == "person" and other.kind == "group" and len(b) == 1:
        # "Sullivan" at the head of a sentence, after "Jake Sullivan": the network need not know it for a name.
        return (a[-1] == b[0] or _family(one, a, b)) and draft.word(other.name[0])[0].isupper()
    if one.kind == other.kind == "state":
        return one.country == other.country and one.country is not None
    if one.kind == other.kind == "organization":
        one_word, other_word = ("".join(words).replace(".", "") for words in (a, b))  # "U.N." is "UN"
        if one_word == other_word or _initials(a) == other_word or _initials(b) == one_word:
            return True
    if one.kind not in BODIES or other.kind not in BODIES:
        return False
    return any(_one_body(draft, name, other.name) for name in (one.name, *one.also))


def _family(one: Cluster, a: Sequence[str], b: Sequence[str]) -> bool:
    """True where one word is what somebody is called whose country sets that first: "Kim" of "Kim Jong Un"."""
    return len(b) == 1 < len(a) and a[0] == b[0] and one.country in lexicon.family_first()


def _one_body(draft: Draft, one: Range, other: Range) -> bool:
    """True for two names of a body: its members ("M23 rebels"; of one that is listed, "Houthi" and "the Houthis"),
    its initials. Names listed side by side (NATO, the OSCE) are not those of one."""
    a, b = (_without_members(draft, words) for words in (one, other))
    if a == b or (_singular(a) == _singular(b) and _listed(draft, one, other)):
        return True
    return _shortens(draft, one, other) or _shortens(draft, other, one)


def _listed(draft: Draft, *names: Range) -> bool:
    return all(knowledge.known_actor(draft.text(words)) for words in names)


def _without_members(draft: Draft, words: Range) -> list[str]:
    """Return the key of a name without "rebels" or "fighters" behind words with a capital."""
    found = key(draft, words)
    named = words[1] - words[0] > 1 and any(c.isupper() for c in draft.text((words[0], words[1] - 1)))
    return found[:-1] if named and len(found) > 1 and found[-1] in lexicon.members() else found


def _initials(words: Sequence[str]) -> str:
    return "".join(w[0] for w in words if w not in ("of", "for", "and", "the", "on")) if len(words) > 1 else ""


def _shortens(draft: Draft, short: Range, long: Range) -> bool:
    """True where a word of capitals has the initials of the capital words: "RSF", "the paramilitary Rapid Support
    Forces"."""
    word = draft.word(short[1] - 1)
    return len(key(draft, short)) == 1 and len(word) > 1 and word == _capitals(draft, long)


def fuller(draft: Draft, one: Range, other: Range) -> bool:
    """True where another name of a body is the better one: told in full, or without its members ("M23", not "M23
    rebels")."""
    if _shortens(draft, one, other):
        return True
    a, b = key(draft, one), key(draft, other)
    return len(b) < len(a) and _without_members(draft, one) == b


def bracketed(draft: Draft, words: Range, links: dict[Range, list[Cluster]]) -> Cluster | None:
    """Return the body whose short name stands in brackets right behind it: "the National Liberation Army (ELN)"."""
    first, last = words
    if first < 2 or draft.word(first - 1) != "(" or draft.lowered((last, last + 1)) != [")"]:
        return None
    before = (m for m in itertools.islice(reversed(links), _BEHIND) if m[1] == first - 1)
    return next((c for m in before for c in links[m] if c.kind in BODIES), None)


def definite(draft: Draft, words: Range, clusters: Clusters) -> Cluster | None:
    """Return the only body whose name ends in the noun that stands alone behind "the": "the army" is Sudan's."""
    first, last = words
    if last - first == 2:
        first += 1
    article = draft.lowered((max(0, first - 1), first))
    if article != ["the"] or last - first != 1 or draft.word(first)[0].isupper():
        return None
    found = list(itertools.islice(clusters.ending_in(draft.lowered((first, last))[0]), 2))
    return found[0] if len(found) == 1 else None
