"""What components pass on while one report is read: a fixed set of layers, each filled once."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from pourparler.knowledge import ResolvedPlace
from pourparler.model.layers import Layers
from pourparler.reading.timex import TimeExpression
from pourparler.record import Actor, Document, Event, Quote, Rejected, Span, Statement, quote

Range = tuple[int, int]  # half-open range of word numbers


@dataclass(frozen=True, slots=True)
class Argument:
    """Words that fill a role of a predicate, with the network's mean probability."""

    role: str
    words: Range
    score: float


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that evoke an act, its PLOVER type, and the words that fill its roles."""

    words: Range
    type: str
    score: float
    arguments: tuple[Argument, ...]

    def role(self, name: str) -> list[Argument]:
        return [a for a in self.arguments if a.role == name]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Cue words with the words of the speaker and of what is said."""

    cue: Range
    speakers: tuple[Argument, ...]
    content: tuple[Argument, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name found in the text: PER, ORG or LOC."""

    words: Range
    kind: str


@dataclass(frozen=True, slots=True)
class Toponym:
    """Words that name a place, and which place that is; None where none the gazetteer knows is meant."""

    words: Range
    place: ResolvedPlace | None
    demonym: bool  # "Armenian": of a place rather than its name


@dataclass(slots=True)
class Draft:
    """A report on its way to a record. Components fill the layers they declare and read only what they need."""

    document: Document
    words: list[tuple[int, int]] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)  # the words' texts, and the same in lower case: made when first
    small: list[str] = field(default_factory=list)  # asked for (72,000 times in 106 reports)
    sentences: list[Range] = field(default_factory=list)
    layers: Layers | None = None
    times: tuple[TimeExpression, ...] = ()
    names: tuple[Name, ...] = ()
    toponyms: tuple[Toponym, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    actors: tuple[Actor, ...] = ()
    plurals: tuple[Range, ...] = ()  # "both sides", "the two ministers": filled with actor_of
    actor_of: dict[Range, tuple[str, ...]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    event_words: dict[str, Range] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    rejected: list[Rejected] = field(default_factory=list)

    def word(self, i: int) -> str:
        if len(self.cut) != len(self.words):
            self._cut()
        return self.cut[i]

    def lowered(self, words: Range) -> list[str]:
        if len(self.small) != len(self.words):
            self._cut()
        return self.small[words[0] : words[1]]

    def _cut(self) -> None:
        text = self.document.text
        self.cut = [text[start:end] for start, end in self.words]
        self.small = [word.lower() for word in self.cut]

    def span(self, words: Range) -> Span:
        """Return the code points of a word range."""
        return Span(self.words[words[0]][0], self.words[words[1] - 1][1])

    def text(self, words: Range) -> str:
        span = self.span(words)
        return self.document.text[span.start : span.end]

    def quote(self, words: Range) -> Quote:
        """Return the words of a range with their place in the report."""
        return quote(self.document.text, self.words[words[0]][0], self.words[words[1] - 1][1])

    def sentence_of(self, word: int) -> Range:
        """Return the sentence (a word range) that holds a word."""
        return self.sentences[bisect.bisect_right(self.sentences, word, key=lambda s: s[0]) - 1]

    def opens_line(self, word: int) -> bool:
        """True where a sentence begins at a word on a new line: behind a headline, a paragraph, an item of a list."""
        return (
            word > 0
            and self.sentence_of(word)[0] == word
            and "\n" in self.document.text[self.words[word - 1][1] : self.words[word][0]]
        )

    def words_at(self, start: int, end: int) -> Range | None:
        """Return the word range that code points touch, or None where they touch none."""
        first = bisect.bisect_right(self.words, start, key=lambda w: w[1])
        last = bisect.bisect_left(self.words, end, key=lambda w: w[0])
        return (first, last) if first < last else None

    def names_in(self, words: Range) -> tuple[Name, ...]:
        """Return the names that touch a word range; names stand in order and do not overlap."""
        first = bisect.bisect_right(self.names, words[0], key=lambda n: n.words[1])
        last = bisect.bisect_left(self.names, words[1], key=lambda n: n.words[0])
        return self.names[first:last]

    def set_aside(self, reason: str, words: Range, detail: str) -> None:
        self.rejected.append(Rejected(reason, self.span(words), detail))
