"""Mentions: the noun phrases, names and pronouns of a document, from its trees, and what the words of each tell."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pourparler.model.trees import Tree

Range = tuple[int, int]
PRONOUNS = frozenset({"he", "she", "it", "they", "i", "we", "you", "this", "these", "here", "there"})
_HEADS = frozenset({"NOUN", "PROPN", "NUM", "X", "SYM"})
_NO_HEADS = frozenset({"flat", "fixed", "goeswith", "nummod", "compound:prt", "nmod:desc", "punct", "case", "cc"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer"})
_OUTSIDE = frozenset(
    "appos cc conj discourse dep parataxis list orphan reparandum vocative cop aux mark expl nsubj nsubj:pass "
    "nsubj:outer csubj".split()
)
_BEFORE = frozenset("case obl obl:unmarked advcl acl nmod".split())
_OF_CLAUSES = frozenset("advmod advcl ccomp obl obl:unmarked".split())
_ROLES = {"nsubj:outer": "nsubj", "nmod:poss": "poss", "iobj": "obj", "obl:agent": "obl", "nmod:unmarked": "nmod"}
_EMPTY = frozenset("DET PUNCT ADP CCONJ PART PRON".split())
_ONE = frozenset({"he", "she", "it", "i", "this", "here", "there"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document of n words: its ``sentences`` (half-open word ranges), its tree, and the kind of name that each word
    is part of (PER, ORG, LOC, EVT; empty for none)."""

    words: Sequence[str]
    sentences: Sequence[Range]
    tree: Tree
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words (a half-open range) that may stand for something, with what tells what they can stand for.

    ``head``: the word that the others hang on; ``sort``: a pronoun's family (he, she, it, they, i, we, you, this,
    these, here, there), else name, noun, or both (joined by "and"); ``article``: definite, pointing, indefinite,
    owned, counted or bare; ``gender``: he, she, person, group, time, place, a kind of name, or empty; ``number``:
    one, many or empty; ``role``: the head's relation; ``kind``: the kind of name; ``lemma``: the head's, or a name's
    last part; ``key``: lowered words without articles; ``core``: lemmas of the head and of what stands before it;
    ``tail``: lowered words behind it; ``above``: the word that the head hangs on, -1 for none; ``clause`` and
    ``verb``: the nearest verb above it, and its lemma.
    """

    words: Range
    head: int
    sort: str
    article: str
    gender: str
    number: str
    role: str
    kind: str
    lemma: str
    key: tuple[str, ...]
    core: frozenset[str]
    tail: tuple[str, ...]
    sentence: int
    quoted: bool
    above: int
    clause: int
    verb: str


@functools.cache
def lists() -> dict[str, dict[str, frozenset[str]]]:
    """Return the word lists of data/coreference.toml, by group and name."""
    path = importlib.resources.files("pourparler.reading") / "data" / "coreference.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {group: {key: frozenset(words) for key, words in named.items()} for group, named in data.items()}


@functools.cache
def _group(name: str) -> dict[str, str]:
    """Return each word of a group of the data with the list it stands in, the first where it stands in several."""
    out: dict[str, str] = {}
    for key, words in lists()[name].items():
        for word in words:
            out.setdefault(word, key)
    return out


def mentions(text: Parsed, *, given: Sequence[Range] | None = None) -> list[Mention]:
    """Return the noun phrases, names and pronouns of a document in their order, the longer first; ``given`` takes
    these ranges instead."""
    grown = _Grown(text)
    if given is None:
        heads = {words: head for head in range(len(text.words)) for words in grown.phrases(head)}
    else:
        heads = {words: grown.head_of(words) for words in given}
    found = sorted(heads.items(), key=lambda item: (item[0][0], -item[0][1]))
    return _with_genders([grown.mention(words, head) for words, head in found])


def _with_genders(found: list[Mention]) -> list[Mention]:
    """Give people of whom only the last name stands the gender that a first name or a title shows elsewhere."""
    known = {m.lemma: m.gender for m in found if m.sort == "name" and m.gender in ("he", "she")}
    return [
        replace(m, gender=known[m.lemma]) if m.sort == "name" and m.gender == "person" and m.lemma in known else m
        for m in found
    ]


class _Grown:
    """The phrases of a document's trees."""

    def __init__(self, text: Parsed) -> None:
        n = len(text.words)
        self.text = text
        self.low, self.high = list(range(n)), list(range(1, n + 1))
        self.kids: list[list[int]] = [[] for _ in range(n)]
        self.sentence = [s for s, (first, last) in enumerate(text.sentences) for _ in range(first, last)]
        self.quoted = _quoted(text)
        for i, head in enumerate(text.tree.heads):
            if head:
                self.kids[head - 1].append(i)
            # The network's heads may run in a circle: each word is told to its heads once.
            seen = {i}
            while head and head - 1 not in seen:
                seen.add(head - 1)
                self.low[head - 1], self.high[head - 1] = min(self.low[head - 1], i), max(self.high[head - 1], i + 1)
                head = text.tree.heads[head - 1]

    def phrases(self, head: int) -> Iterator[Range]:
        """Yield the ranges that a word is the head of: its phrase, and the phrase with what it is joined to."""
        tree, word = self.text.tree, self.text.words[head].lower()
        upos, relation = tree.upos[head], tree.relations[head]
        if upos in ("PRON", "ADV"):
            above = tree.heads[head] - 1
            relative = word == "that" and above >= 0 and tree.relations[above] == "acl:relcl"
            adverb = word in ("here", "there")
            if word in _group("pronouns") and adverb == (upos == "ADV") and relation != "expl" and not relative:
                yield head, head + 1
            return
        if upos not in _HEADS or relation in _NO_HEADS or (upos == "NUM" and relation == "compound"):
            return
        first, last = self._phrase(head)
        yield first, last
        joined = [k for k in self.kids[head] if tree.relations[k] == "conj" and tree.upos[k] in _HEADS]
        if joined:
            yield first, max(last, self._phrase(joined[-1])[1])

    def _phrase(self, head: int) -> Range:
        """Return the words of a head without what GUM leaves out: clauses' parts, appositions, what is joined."""
        relations = self.text.tree.relations
        clause = any(relations[k] == "cop" or relations[k] in _SUBJECTS for k in self.kids[head])
        first, last = head, head + 1
        for kid in reversed([k for k in self.kids[head] if k < head]):
            if relations[kid] == "punct":
                continue
            if relations[kid] in _OUTSIDE | _BEFORE or (clause and relations[kid] in _OF_CLAUSES):
                break
            first = self.low[kid]
        for kid in [k for k in self.kids[head] if k > head]:
            if relations[kid] == "punct":
                continue
            bracket = self.text.words[self.low[kid] - 1] == "("
            if relations[kid] in _OUTSIDE or bracket or (clause and relations[kid] in _OF_CLAUSES):
                break
            last = self.high[kid]
        return self._trimmed(first, last, head)

    def _trimmed(self, first: int, last: int, head: int) -> Range:
        while first < head and self.text.tree.upos[first] == "PUNCT":
            first += 1
        while last > head + 1 and self.text.tree.upos[last - 1] == "PUNCT" and self.text.words[last - 1] not in ")]":
            last -= 1
        return first, last

    def head_of(self, words: Range) -> int:
        """Return the word of a range whose own head stands outside, the first of several."""
        heads = self.text.tree.heads
        return next((i for i in range(*words) if not words[0] < heads[i] <= words[1]), words[0])

    def mention(self, words: Range, head: int) -> Mention:
        """Return a range of words with all that is told of it."""
        text, tree = self.text, self.text.tree
        first, last = words
        low = [word.lower() for word in text.words[first:last]]
        alone = len(low) == 1
        sort = _group("pronouns").get(low[0], "") if alone and tree.upos[head] in ("PRON", "ADV", "DET") else ""
        joined = any(tree.relations[k] == "conj" and k < last for k in self.kids[head])
        sort = sort or ("both" if joined else "name" if tree.upos[head] == "PROPN" else "noun")
        end = max([head, *(k for k in self.kids[head] if tree.relations[k] == "flat")])
        core = range(first, last if joined else end + 1)
        relation, clause = tree.relations[head], self._clause(head)
        return Mention(
            words,
            head,
            sort,
            self._article(words, head),
            self._gender(words, head, end, sort),
            self._number(head, sort),
            _ROLES.get(relation, relation),
            text.names[head],
            tree.lemmas[end] if sort != "both" else "and",
            _key(low),
            frozenset(tree.lemmas[i] for i in core if tree.upos[i] not in _EMPTY),
            tuple(w for w in low[end + 1 - first :] if w not in lists()["marks"]["genitive"]),
            self.sentence[head],
            self.quoted[head],
            tree.heads[head] - 1,
            clause,
            tree.lemmas[clause],
        )

    def _clause(self, head: int) -> int:
        """Return the nearest verb above a word, or what stands at the top."""
        seen: set[int] = set()
        while head not in seen and self.text.tree.heads[head]:
            seen.add(head)
            head = self.text.tree.heads[head] - 1
            if self.text.tree.upos[head] == "VERB":
                break
        return head

    def _article(self, words: Range, head: int) -> str:
        relations, found = self.text.tree.relations, "bare"
        for kid in self.kids[head]:
            if words[0] <= kid < head:
                if relations[kid] in ("det", "det:predet"):
                    return _group("determiners").get(self.text.words[kid].lower(), "bare")
                if relations[kid] == "nmod:poss":
                    return "owned"
                found = "counted" if relations[kid] == "nummod" else found
        return found

    def _gender(self, words: Range, head: int, end: int, sort: str) -> str:
        if sort not in ("name", "noun"):
            return sort if sort in ("he", "she") else ""
        tree = self.text.tree
        if sort == "noun":
            return _group("nouns").get(tree.lemmas[head], "")
        before = [self.text.words[i].lower() for i in range(words[0], end + 1)]
        told = [_group("titles").get(w) or _group("nouns").get(w) for w in before[:-1]]
        told += [_group("first").get(before[0]) if len(before) > 1 and self.text.names[head] == "PER" else None]
        for gender in ("she", "he"):
            if gender in told:
                return gender
        kind = self.text.names[head]
        return "person" if kind == "PER" else kind

    def _number(self, head: int, sort: str) -> str:
        if sort not in ("name", "noun"):
            return "one" if sort in _ONE else "" if sort == "you" else "many"
        word, lemma = self.text.words[head].lower(), self.text.tree.lemmas[head]
        many = word in lists()["number"]["many"] or (word != lemma and word.endswith("s"))
        return "many" if many else "one"


def _quoted(text: Parsed) -> list[bool]:
    """Return for each word whether it stands within quotation marks; a straight mark opens and closes."""
    marks, inside = lists()["marks"], False
    out: list[bool] = []
    for word in text.words:
        if word in marks["opening"]:
            inside = True
        elif word in marks["closing"]:
            inside = False
        elif word in marks["straight"]:
            inside = not inside
        out.append(inside)
    return out


def _key(low: Sequence[str]) -> tuple[str, ...]:
    out = [word for word in low if word not in lists()["marks"]["genitive"]] or list(low)
    while len(out) > 1 and out[0] in _group("determiners"):
        out = out[1:]
    return tuple(out)
