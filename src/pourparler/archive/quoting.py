"""The words that rows of views rest on: passages with the words that say it, and the reports they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from pourparler.archive import schema
from pourparler.archive.chronicle import Chronicle
from pourparler.archive.rows import passage
from pourparler.archive.sql import portions
from pourparler.archive.store import Archive
from pourparler.archive.told import Saying, Telling

# A statement wider than this is shown by its cue: the words between would fill the page.
_WIDE = 500
# Words of a title made from the report's beginning, where it has none.
_TITLE = 90


@dataclass(frozen=True, slots=True)
class Source:
    """A report as somebody finds it again; ``title`` is its first words where it has none; a copy repeats another."""

    report: str
    published: str | None
    publisher: str | None
    title: str
    url: str | None
    copy: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of a report: ``words`` is the passage, ``words[start:end]`` what says it; ``key`` is whose words.

    ``says`` names those whose word it is; empty where the report tells it in its own voice.
    """

    key: str
    source: Source
    words: str
    start: int
    end: int
    says: tuple[str, ...]
    confidence: float

    @property
    def parts(self) -> tuple[str, str, str]:
        """The passage before, of and after the words."""
        return self.words[: self.start], self.words[self.start : self.end], self.words[self.end :]


class Quotes:
    """Looks up words by the keys of tellings and sayings; ``load`` reads the reports of many keys at once."""

    def __init__(self, chronicle: Chronicle, texts: Mapping[str, tuple[Source, str]]) -> None:
        self._chronicle = chronicle
        self._texts = texts

    @classmethod
    def load(cls, archive: Archive, chronicle: Chronicle, keys: Iterable[str]) -> Quotes:
        """Return the quotes of the keys; keys that the chronicle does not have are passed over."""
        reports = {report for key in keys if (report := _report(chronicle, key))}
        with archive.reading() as connection:
            return cls(chronicle, dict(_texts(connection, chronicle, sorted(reports))))

    def quote(self, key: str) -> Quoted | None:
        """Return the words of a telling or saying; None for a key that the chronicle does not have."""
        telling = self._chronicle.tellings.get(key)
        if telling is not None:
            return self._telling(telling)
        saying = self._chronicle.sayings.get(key)
        return self._saying(saying) if saying is not None else None

    def best(self, keys: Sequence[str], *, most: int) -> tuple[tuple[Quoted, ...], int]:
        """Return the words of at most so many keys, one a report, no copies where others are, and how many are left.

        Of one report the surest is taken; reports come by day of publication.
        """
        found = [one for key in dict.fromkeys(keys) if (one := self.quote(key))]
        by_report: dict[str, Quoted] = {}
        for one in sorted(found, key=lambda one: (-one.confidence, one.key)):
            by_report.setdefault(one.source.report, one)
        ranked = sorted(by_report.values(), key=lambda one: (one.source.copy, -one.confidence, one.key))
        kept = sorted(ranked[:most], key=lambda one: (one.source.published or "", one.key))
        return tuple(kept), len(ranked) - len(kept)

    def _telling(self, telling: Telling) -> Quoted:
        words = self._chronicle.passages[telling.key]
        start, end = telling.start - telling.passage_start, telling.end - telling.passage_start
        saying = self._chronicle.sayings.get(telling.saying or "")
        says = tuple(dict.fromkeys(party.who for party in saying.speakers)) if saying else ()
        source = self._texts[telling.report][0]
        return Quoted(telling.key, source, words, start, end, says, telling.confidence)

    def _saying(self, saying: Saying) -> Quoted:
        source, text = self._texts[saying.report]
        start, end = saying.start, saying.end
        if saying.content_start is not None and saying.content_end is not None:
            low, high = min(start, saying.content_start), max(end, saying.content_end)
            if high - low <= _WIDE:
                start, end = low, high
        begin, stop = passage(text, start, end)
        says = tuple(dict.fromkeys(party.who for party in saying.speakers))
        return Quoted(saying.key, source, text[begin:stop], start - begin, end - begin, says, saying.confidence)


def _report(chronicle: Chronicle, key: str) -> str | None:
    one: Telling | Saying | None = chronicle.tellings.get(key) or chronicle.sayings.get(key)
    return one.report if one else None


def _texts(
    connection: Connection, chronicle: Chronicle, keys: Sequence[str]
) -> Iterator[tuple[str, tuple[Source, str]]]:
    report = schema.report.c
    for portion in portions(keys):
        query = select(report.key, report.published, report.publisher, report.title, report.url, report.text)
        for row in connection.execute(query.where(report.key.in_(portion))).all():
            title = " ".join((row.title or "").split()) or _beginning(row.text)
            copy = row.key in chronicle.copies
            yield row.key, (Source(row.key, row.published, row.publisher, title, row.url, copy), row.text)


def _beginning(text: str) -> str:
    words = " ".join(text[: 4 * _TITLE].split())
    return words if len(words) <= _TITLE else words[:_TITLE].rsplit(" ", 1)[0] + " …"
