"""A process: one conflict and its talks, described in a TOML file.

name = "armenia-azerbaijan"
title = "Armenia and Azerbaijan"
since = 2020-09-01
places = ["Nagorno-Karabakh", "Lachin"]
words = ["Karabakh", "Zangezur corridor"]

[[side]]
name = "Armenia"
countries = ["ARM"]
names = ["Artsakh Defence Army"]

[[mediator]]
name = "Russia"
countries = ["RUS"]
"""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pourparler.archive.search import fold
from pourparler.archive.told import Party
from pourparler.errors import ProcessError
from pourparler.knowledge import country_name

_KEYS = ("name", "title", "since", "until", "places", "words", "side", "mediator")
_MEMBER_KEYS = ("name", "countries", "names")


@dataclass(frozen=True, slots=True)
class Member:
    """A side, or a mediator: countries (alpha-3) whose actors count, and names of actors beyond those."""

    name: str
    countries: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def has(self, party: Party) -> bool:
        """True where a party acts for this member: by its country, or by a name that stands whole within its own."""
        return self.named(party.country, fold(f"{party.name} {party.holder or ''}"))

    def named(self, country: str | None, folded: str) -> bool:
        """True where an actor of a country, whose name and holder are ``folded``, acts for this member."""
        return (country is not None and country in self.countries) or self.by_name(folded)

    def by_name(self, folded: str) -> bool:
        """True where one of the names stands whole within a folded name."""
        return any(f" {fold(name)} " in f" {folded} " for name in self.names)


def first_of(members: Iterable[Member], country: str | None, folded: str) -> str | None:
    """Return the name of the member that an actor acts for: by name before by country, earlier ones first."""
    every = tuple(members)
    for one in every:
        if one.by_name(folded):
            return one.name
    return next((one.name for one in every if country is not None and country in one.countries), None)


@dataclass(frozen=True, slots=True)
class Process:
    """A conflict and its talks. ``words`` and ``places`` make reports relevant that name but one side."""

    name: str
    title: str
    sides: tuple[Member, ...]
    mediators: tuple[Member, ...] = ()
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    path: Path | None = field(default=None, compare=False)

    def member(self, party: Party) -> str | None:
        """Return the name of the side or mediator that a party acts for, sides first; None where it is neither."""
        return self.side(party) or first_of(self.mediators, *_known(party))

    def side(self, party: Party) -> str | None:
        """Return the name of the side that a party acts for, or None."""
        return first_of(self.sides, *_known(party))


def _known(party: Party) -> tuple[str | None, str]:
    return party.country, fold(f"{party.name} {party.holder or ''}")


def load(path: Path) -> Process:
    """Return the process that a file describes; raises ProcessError naming the file, the key and what to write."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ProcessError(f"{path}: there is no such file. Make one with: pourparler process new") from error
    except OSError as error:
        raise ProcessError(f"{path}: it cannot be read ({error.strerror}). Check the path") from error
    except UnicodeDecodeError as error:
        raise ProcessError(f"{path}: not UTF-8 at byte {error.start}. Save it as UTF-8") from error
    # A number of thousands of digits is a ValueError, lists in lists without end are a RecursionError.
    except (ValueError, RecursionError) as error:
        raise ProcessError(f"{path}: not TOML: {error}. See docs/process.md for the form") from error
    return _process(data, path)


def _process(data: Mapping[str, Any], path: Path) -> Process:
    if unknown := sorted(set(data) - set(_KEYS)):
        raise ProcessError(f"{path}: {unknown[0]!r} is no key of a process. The keys are {', '.join(_KEYS)}")
    sides = _members(data, "side", path)
    if len(sides) < 2:
        raise ProcessError(
            f"{path}: a process has at least two sides. Write [[side]] with name and countries for each"
        )
    members = sides + _members(data, "mediator", path)
    if len({_shown(one.name) for one in members}) < len(members):
        raise ProcessError(f"{path}: two sides or mediators have one name. Give each its own")
    name = _text(data, "name", path, default=path.stem)
    since, until = _day(data, "since", path), _day(data, "until", path)
    if since and until and since > until:
        raise ProcessError(f"{path}: since is later than until. Correct one of them")
    return Process(
        name, _text(data, "title", path, default=name), sides, members[len(sides) :],
        _texts(data, "places", path), _texts(data, "words", path), since, until, path,
    )  # fmt: skip


def _members(data: Mapping[str, Any], kind: str, path: Path) -> tuple[Member, ...]:
    rows = data.get(kind, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProcessError(f"{path}: {kind} is no list of tables. Write [[{kind}]] before each")
    out = []
    for row in rows:
        if unknown := sorted(set(row) - set(_MEMBER_KEYS)):
            raise ProcessError(
                f"{path}: {unknown[0]!r} is no key of a {kind}. The keys are {', '.join(_MEMBER_KEYS)}"
            )
        member = Member(_text(row, "name", path), _texts(row, "countries", path), _texts(row, "names", path))
        if not member.countries and not member.names:
            raise ProcessError(f"{path}: {kind} {member.name!r} has neither countries nor names. Give one of them")
        for code in member.countries:
            if country_name(code) is None:
                raise ProcessError(f"{path}: {code!r} is no country. Give alpha-3 codes of ISO 3166-1, such as ARM")
        out.append(member)
    return tuple(out)


def _text(data: Mapping[str, Any], key: str, path: Path, *, default: str | None = None) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or not _shown(value).strip():
        raise ProcessError(f'{path}: {key} is missing or no text. Write {key} = "..."')
    return value


def _texts(data: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and fold(one) for one in value):
        raise ProcessError(f'{path}: {key} is no list of words. Write {key} = ["...", "..."]')
    return tuple(value)


def _day(data: Mapping[str, Any], key: str, path: Path) -> datetime.date | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if not isinstance(value, datetime.date):
        raise ProcessError(f"{path}: {key} is no day. Write {key} = 2020-09-01, without quotes")
    return value


def dumps(process: Process) -> str:
    """Return the file of a process, as ``load`` reads it."""
    lines = [f"name = {_quoted(process.name)}", f"title = {_quoted(process.title)}"]
    lines += [
        f"{key} = {day.isoformat()}" for key, day in (("since", process.since), ("until", process.until)) if day
    ]
    lines += [f"{key} = {_listed(words)}" for key, words in (("places", process.places), ("words", process.words))]
    for kind, members in (("side", process.sides), ("mediator", process.mediators)):
        for one in members:
            lines += ["", f"[[{kind}]]", f"name = {_quoted(one.name)}"]
            lines += [f"countries = {_listed(one.countries)}"] if one.countries else []
            lines += [f"names = {_listed(one.names)}"] if one.names else []
    return "\n".join(lines) + "\n"


def _shown(word: str) -> str:
    """Return what a page shows of a word: two names are one where they differ in what nobody sees."""
    return "".join(c for c in word if c.isprintable())


def _quoted(word: str) -> str:
    # A JSON string is a TOML string, but for the escaped half of a pair, which no name should hold.
    return json.dumps(_shown(word), ensure_ascii=False)


def _listed(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(word) for word in words) + "]"
