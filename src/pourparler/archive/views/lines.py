"""An event in a short line of plain words, made from its parts: "Armenia's defence ministry accuses Azerbaijan"."""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pourparler.archive.numbers import counting_words
from pourparler.archive.told import Joined, Party
from pourparler.archive.views.common import listed, rules
from pourparler.knowledge import countries_in, country_name

_MOST = 3  # names told of one side; of more, the rest is counted


@dataclass(frozen=True, slots=True)
class Verb:
    """The forms of a verb: with "they", with "she", the infinitive, the participle."""

    plural: str
    singular: str
    infinitive: str
    participle: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How an act of a type is told: done to somebody, by several to each other, by one alone, suffered, as a noun."""

    forms: Verb | None
    pair: Verb | None
    alone: Verb | None
    passive: Verb | None
    noun: str


@functools.cache
def _table() -> Mapping[str, Wording]:
    path = importlib.resources.files("pourparler.archive") / "data" / "views1_lines.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))

    def verb(one: Mapping[str, Any], form: str) -> Verb | None:
        return Verb(*one[form]) if form in one else None

    return {
        name: Wording(verb(one, "forms"), verb(one, "pair"), verb(one, "alone"), verb(one, "passive"), one["noun"])
        for name, one in data.items()
    }


@functools.cache
def _wording(type: str, mode: str | None) -> Wording:
    """Return how an act is told: each form of its mode where there is one, else of its type."""
    table = _table()
    own, general = table.get(f"{type}/{mode}"), table[type]
    if own is None:
        return general
    return Wording(
        own.forms or general.forms,
        own.pair or general.pair,
        own.alone or general.alone,
        own.passive or general.passive,
        own.noun,
    )


# Types under which so much falls that the report's own words say more than any verb of ours.
_WIDE = frozenset(("AGREE", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"))


def line(event: Joined, words: str = "", *, says: Sequence[str] = ()) -> str:
    """Return the line of an event; ``words`` are its trigger, ``says`` names those whose word it is, if a claim."""
    sources, targets = event.sources, event.targets
    who, whom = shown(sources), shown(targets)
    wording = _wording(event.type, event.mode)
    if who and event.type in _WIDE and event.status in ("happened", "ongoing") and _tells(words):
        told = f"{listed(who)}: “{words}”" + (f" ({listed(whom)})" if whom else "")
    else:
        told = _told(event.status, wording, who, whom, _many(sources, who), _many(targets, whom))
    if event.place and not any(event.place in name for name in (*who, *whom)):
        told += f", {event.place}"
    if says and event.status in ("alleged", "denied"):
        told += f", {'according to' if event.status == 'alleged' else 'denied by'} {listed(tuple(says)[:_MOST])}"
    return told[:1].upper() + told[1:]


def _tells(words: str) -> bool:
    """True where a trigger is more than a verb and its particle: "signed a deal", but not "agreed to"."""
    first, _, rest = words.partition(" ")
    return bool(first) and len(rest) > 3


def shown(parties: Sequence[Party]) -> tuple[str, ...]:
    """Return the names of parties for a line: each once, none that another one holds, at most three."""
    return _shown(tuple(_within(party) for party in parties))


def _within(party: Party) -> str:
    """Return who a party is, as it stands within a sentence: "two officers", where a report begins with them."""
    first, _, rest = party.who.partition(" ")
    return f"{first.lower()} {rest}" if rest and party.kind == "group" and first.lower() in _counts() else party.who


@functools.lru_cache(maxsize=32_768)
def _shown(named: tuple[str, ...]) -> tuple[str, ...]:
    every = tuple(dict.fromkeys(named))
    held = [one for one in every if not any(one != other and one in other for other in every)]
    counts = _counts()
    # "Fifteen" and "two more" name nobody.
    who = [one for one in held if not all(word in counts for word in re.split(r"[\s-]+", one.lower()))] or held
    return (*who[: _MOST - 1], f"{len(who) - _MOST + 1} more") if len(who) > _MOST else tuple(who)


@functools.cache
def _counts() -> frozenset[str]:
    return frozenset((*counting_words(), "more", "others", "several", "dozens", "hundreds", "both"))


def _many(parties: Sequence[Party], named: Sequence[str]) -> bool:
    """True where the verb stands in the plural: several, or one that is named in the plural."""
    if len(named) != 1:
        return True
    kind = next(party.kind for party in parties if _within(party) == named[0])
    group = kind == "group" and named[0].endswith("s") and not named[0].endswith(("ss", "States", "Nations"))
    return kind != "person" and (group or is_plural(named[0]))


@functools.lru_cache(maxsize=32_768)
def is_plural(name: str) -> bool:
    """True for a name that stands for several: "Rights groups", "Armed Forces", "Palestinians", but not "Abbas"."""
    last = (name.split() or [""])[-1]
    if not last.endswith("s") or last.endswith("ss"):
        return False
    if last.islower():
        return " of " not in name  # "ministry of foreign affairs"
    countries = [country_name(one.alpha3) or last for one in countries_in(last)]
    return last.lower() in rules()["lines"]["plural"] or any(last not in name for name in countries)


def _told(status: str, words: Wording, who: Sequence[str], whom: Sequence[str], many: bool, them: bool) -> str:
    if not who:
        if whom and words.passive:
            return f"{listed(whom)} {_said(status, words.passive, many=them)}"
        return words.noun + (f": {listed(whom)}" if whom else "") + _aside(status)
    if whom and words.forms:
        return f"{listed(who)} {_said(status, words.forms, many=many)} {listed(whom)}"
    if len(who) > 1 and words.pair:
        return f"{listed(who)} {_said(status, words.pair, many=True)}"
    if words.alone:
        return f"{listed(who)} {_said(status, words.alone, many=many)}"
    return f"{listed(who)}: {words.noun}{_aside(status)}"


def _said(status: str, verb: Verb, *, many: bool) -> str:
    """Return the verb as the status has it: "meets", "is to meet", "is said to have met", "did not meet"."""
    if status in ("happened", "ongoing"):
        return verb.plural if many else verb.singular
    before, participle = _BEFORE[status]
    be = "are " if many else "is "
    return (be if before[0] else "") + before[1] + (verb.participle if participle else verb.infinitive)


# What stands before the verb (with "is" or "are" before it, or without), and whether the verb is a participle.
_BEFORE = {
    "did_not_happen": ((False, "did not "), False),
    "planned": ((True, "to "), False),
    "possible": ((False, "may "), False),
    "called_for": ((True, "called on to "), False),
    "alleged": ((True, "said to have "), True),
    "denied": ((True, "said not to have "), True),
}
_ASIDES = {
    "planned": " (planned)",
    "possible": " (possible)",
    "called_for": " (called for)",
    "alleged": " (alleged)",
    "denied": " (denied)",
    "did_not_happen": " (did not take place)",
}


def _aside(status: str) -> str:
    return _ASIDES.get(status, "")
