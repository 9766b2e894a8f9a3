"""A situation brief: what reports tell of a process for some days, each sentence with the words it rests on.

Sentences are templates (data/brief.toml) filled from the fields of views: nothing is said without a telling or a
saying, and what only somebody claims is told as their word.
"""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.asof import as_of
from pourparler.archive.brief_sections import Drafts, sections
from pourparler.archive.brief_words import Sentence as Drafted
from pourparler.archive.brief_words import Window, words
from pourparler.archive.chronicle import chronicle
from pourparler.archive.process import Process
from pourparler.archive.quoting import Quoted, Quotes, Source
from pourparler.archive.store import Archive
from pourparler.errors import ArchiveError

# Reports named for one piece of a sentence; more are counted.
MOST_CITED = 4


@dataclass(frozen=True, slots=True)
class Citation:
    """The number of a report among the brief's references, and its words for this piece of the sentence."""

    number: int
    quoted: Quoted


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence with what it rests on (at least one); ``more`` reports that say so are not named."""

    text: str
    citations: tuple[Citation, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one or more pieces."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The sentence without its references."""
        return "".join(piece.text for piece in self.pieces) + "."


@dataclass(frozen=True, slots=True)
class Section:
    """A section; ``note`` says how to take it, ``empty`` what to say where it has no sentence, ``left`` how many more
    sentences there are than are shown, and ``whole`` which command lists all."""

    id: str
    title: str
    note: str
    empty: str
    sentences: tuple[Sentence, ...]
    left: int
    whole: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A report that the brief rests on, with every passage quoted from it."""

    number: int
    source: Source
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief about the days ``first`` to ``last``, both included, as of the last one.

    ``whole`` is the command that lists every telling of these days, those too that no sentence names.
    """

    process: Process
    first: datetime.date
    last: datetime.date
    period: str
    empty: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    whole: str

    def sentences(self) -> Iterator[Sentence]:
        """Yield all sentences in order."""
        for section in self.sections:
            yield from section.sentences


def brief(archive: Archive, process: Process, first: datetime.date, last: datetime.date) -> Brief:
    """Return the brief of a process about some days; raises ArchiveError where the last comes before the first.

    Only reports that were out on the last day count: a brief about a week of 2023 says what was known then.
    """
    if last < first:
        raise ArchiveError(f"the last day, {last}, comes before the first, {first}. Swap --from and --to")
    window = Window(as_of(chronicle(archive, process), last), first, last)
    drafted = tuple(sections(window))
    keys = [key for one in drafted for said in one.sentences[: one.most] for piece in said for key in piece.keys]
    citing = _Citing(Quotes.load(archive, window.chronicle, keys))
    named = {"process": shlex.quote(process.name), "first": first.isoformat(), "last": last.isoformat()}
    made = tuple(_section(one, citing, named) for one in drafted)
    nothing = words("empty")["all"] if not any(one.sentences for one in made) else ""
    whole = words("whole")["all"].format(**named)
    return Brief(process, first, last, window.period, nothing, made, citing.references(), whole)


def _section(drafts: Drafts, citing: _Citing, named: Mapping[str, str]) -> Section:
    shown = tuple(citing.sentence(one) for one in drafts.sentences[: drafts.most])
    empty = words("empty").get(drafts.id, "") if not shown else ""
    note = words("notes").get(drafts.id, "")
    left = len(drafts.sentences) - len(shown)
    whole = words("whole").get(drafts.id, "").format(**named)
    return Section(drafts.id, words("titles")[drafts.id], note, empty, shown, left, whole)


class _Citing:
    """Numbers reports in the order in which sentences cite them."""

    def __init__(self, quotes: Quotes) -> None:
        self._quotes = quotes
        self._numbers: dict[str, int] = {}
        self._quoted: dict[str, dict[str, Quoted]] = {}

    def sentence(self, drafted: Drafted) -> Sentence:
        """Return a sentence with numbered references."""
        return Sentence(tuple(self._piece(one.text, one.keys) for one in drafted))

    def _piece(self, text: str, keys: Sequence[str]) -> Piece:
        found, more = self._quotes.best(keys, most=MOST_CITED)
        return Piece(text, tuple(self._citation(one) for one in found), more)

    def _citation(self, quoted: Quoted) -> Citation:
        report = quoted.source.report
        number = self._numbers.setdefault(report, len(self._numbers) + 1)
        self._quoted.setdefault(report, {})[quoted.key] = quoted
        return Citation(number, quoted)

    def references(self) -> tuple[Reference, ...]:
        """Return the reports cited so far, by number."""
        out = []
        for report, number in self._numbers.items():
            quotes = tuple(self._quoted[report].values())
            out.append(Reference(number, quotes[0].source, quotes))
        return tuple(out)
