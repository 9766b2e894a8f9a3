"""Who is spoken of, while mentions are being joined: one cluster for one actor, and when two are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pourparler import knowledge
from pourparler.reading import lexicon
from pourparler.reading.draft import Draft, Range
from pourparler.record import ActorKind

BODIES = ("organization", "armed_group", "group")


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
    """True where one word is the family name of somebody whose country sets it first: "Kim" of "Kim Jong Un"."""
    return len(b) == 1 < len(a) and a[0] == b[0] and one.country in lexicon.family_first()


def _one_body(draft: Draft, one: Range, other: Range) -> bool:
    """True for two names of a body: its members ("M23 rebels"; of one that is listed, "Houthi" and "the Houthis"),
    its initials. Names listed side by side (NATO, the OSCE) are not those of one."""
    a, b = (_without_members(draft, words) for words in (one, other))
    if a == b or (a[:-1] == b[:-1] and a[-1].rstrip("s") == b[-1].rstrip("s") and _listed(draft, one, other)):
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
    capitals = [draft.word(i)[0] for i in range(*long) if draft.word(i)[0].isupper()]
    return len(key(draft, short)) == 1 and 1 < len(capitals) == len(word) and word == "".join(capitals)


def fuller(draft: Draft, one: Range, other: Range) -> bool:
    """True where another name of a body is the better one: told in full, or without its members ("M23", not "M23
    rebels")."""
    if _shortens(draft, one, other):
        return True
    a, b = key(draft, one), key(draft, other)
    return len(b) < len(a) and _without_members(draft, one) == b


def bracketed(draft: Draft, words: Range, clusters: Sequence[Cluster]) -> Cluster | None:
    """Return the body whose short name stands in brackets right behind it: "the National Liberation Army (ELN)"."""
    first, last = words
    if first < 2 or draft.word(first - 1) != "(" or draft.lowered((last, last + 1)) != [")"]:
        return None
    return next((c for c in clusters if c.kind in BODIES and c.last[1] == first - 1), None)


def definite(draft: Draft, words: Range, clusters: Sequence[Cluster]) -> Cluster | None:
    """Return the only body whose name ends in the noun that stands alone behind "the": "the army" is Sudan's."""
    first, last = words
    if last - first == 2:
        first += 1
    article = draft.lowered((max(0, first - 1), first))
    if article != ["the"] or last - first != 1 or draft.word(first)[0].isupper():
        return None
    noun = draft.lowered((first, last))
    found = [c for c in clusters if c.kind in BODIES and key(draft, c.name)[-1:] == noun]
    return found[0] if len(found) == 1 else None
