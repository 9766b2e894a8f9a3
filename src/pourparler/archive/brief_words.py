"""Sentences of a brief in the making: pieces of text, each with the keys of the words that it rests on."""

from __future__ import annotations

import calendar
import datetime
import functools
import importlib.resources
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pourparler.archive.chronicle import Chronicle
from pourparler.archive.views.common import listed
from pourparler.archive.views.lines import is_plural

_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Drafted:
    """A piece of a sentence, and the keys of tellings and sayings that it is made from (never none)."""

    text: str
    keys: tuple[str, ...]


Sentence = tuple[Drafted, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """What a brief is made from: a chronicle as of its last day, and the days it is about, both included."""

    chronicle: Chronicle
    first: datetime.date
    last: datetime.date

    def holds(self, day: str | None) -> bool:
        """True where a day (ISO 8601) lies within."""
        return day is not None and self.first.isoformat() <= day[:10] <= self.last.isoformat()

    @property
    def period(self) -> str:
        """The days in words: "1 to 7 May 2023"."""
        return spoken(self.first.isoformat(), self.last.isoformat())


@functools.cache
def words(table: str) -> Mapping[str, str]:
    """Return a table of data/brief.toml."""
    path = importlib.resources.files("pourparler.archive") / "data" / "brief.toml"
    found: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))[table]
    return found


def piece(table: str, name: str, keys: Iterable[str], **fields: str) -> Drafted:
    """Return a template filled in, with the keys it rests on."""
    return Drafted(words(table)[name].format(**fields), tuple(dict.fromkeys(keys)))


def sentence(*pieces: Drafted) -> Sentence:
    """Return a sentence of the pieces that rest on something; a first piece that rests on nothing leaves none.

    Pieces of the same words are one, which rests on what each of them does.
    """
    if not pieces or not pieces[0].keys:
        return ()
    kept: dict[str, Drafted] = {}
    for one in pieces:
        if one.keys:
            same = kept.get(one.text)
            kept[one.text] = Drafted(one.text, tuple(dict.fromkeys((*same.keys, *one.keys)))) if same else one
    first, *rest = kept.values()
    return (Drafted(first.text[:1].upper() + first.text[1:], first.keys), *rest)


def spoken(first: str | None, last: str | None = None) -> str:
    """Return a day, or a span of days, in words: "4 May 2023", "1 to 4 May 2023"."""
    if not first:
        return "on a day not told"
    a = datetime.date.fromisoformat(first[:10])
    b = datetime.date.fromisoformat((last or first)[:10])
    end = f"{b.day} {calendar.month_name[b.month]} {b.year:04}"
    if a == b:
        return end
    begin = str(a.day)
    if (a.year, a.month) != (b.year, b.month):
        begin += f" {calendar.month_name[a.month]}"
    if a.year != b.year:
        begin += f" {a.year:04}"
    return f"{begin} to {end}"


def people(names: Sequence[str]) -> str:
    """Return names joined, those beyond four counted."""
    every = list(dict.fromkeys(names))
    if len(every) > _MOST_NAMES:
        return f"{', '.join(every[: _MOST_NAMES - 1])} and {len(every) - _MOST_NAMES + 1} more"
    return listed(every)


def form(table: str, name: str, names: Sequence[str]) -> str:
    """Return the name of the template's form for one, or for several, whose names those are."""
    several = len(set(names)) > 1 or any(map(is_plural, names))
    return f"{name}_many" if several and f"{name}_many" in words(table) else name


def many(count: int, thing: str) -> str:
    """Return a count with its thing: "1 event", "1,204 events"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
