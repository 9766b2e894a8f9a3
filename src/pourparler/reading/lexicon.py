"""Closed word classes the components ask for, from one data file."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pronouns:
    """``singular``: every pronoun that is looked up; ``person``: those that stand for a person."""

    singular: frozenset[str]
    person: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Words that mark a pair, and the nouns that tell whether people, states or either are meant; ``offices`` are
    those of the people whose title says it."""

    marks: frozenset[str]
    either: frozenset[str]
    people: frozenset[str]
    states: frozenset[str]
    offices: frozenset[str]


@functools.cache
def _data() -> dict[str, dict[str, list[str]]]:
    path = importlib.resources.files("pourparler.reading") / "data" / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@functools.cache
def pronouns() -> Pronouns:
    data = _data()["pronouns"]
    return Pronouns(frozenset(data["person"] + data["thing"]), frozenset(data["person"]))


@functools.cache
def pairs() -> Pairs:
    data = _data()["pairs"]
    return Pairs(*(frozenset(data[name]) for name in ("marks", "any", "people", "states", "offices")))


@functools.cache
def family_first() -> frozenset[str]:
    return frozenset(_data()["names"]["family_first"])


@functools.cache
def determiners() -> frozenset[str]:
    return frozenset(_data()["determiners"]["words"])


@functools.cache
def scheduled() -> frozenset[str]:
    return frozenset(_data()["scheduled"]["words"])


@functools.cache
def looking_ahead() -> frozenset[str]:
    """Words between an act and a time that say the time is still to come: "agreed to meet on"."""
    return frozenset(_data()["scheduled"]["ahead"]) | scheduled()


@functools.cache
def futures() -> frozenset[str]:
    return frozenset(_data()["scheduled"]["futures"])


@functools.cache
def done_acts() -> frozenset[str]:
    """Verbs of what is done by hand or by going between others: who signs says nothing."""
    return frozenset(_data()["saying"]["done"])


@functools.cache
def topics() -> frozenset[str]:
    """Words between talks and what they are about."""
    return frozenset(_data()["scheduled"]["topics"])


@functools.cache
def articles() -> frozenset[str]:
    """Arabic articles within names: "Abu Bakr al-Baghdadi"."""
    return frozenset(_data()["names"]["articles"])


@functools.cache
def members() -> frozenset[str]:
    return frozenset(_data()["members"]["words"])


@functools.cache
def holders() -> frozenset[str]:
    return frozenset(_data()["holders"]["words"])


@functools.cache
def edges() -> frozenset[str]:
    """Words that neither begin nor end the words of an actor."""
    return frozenset(_data()["edges"]["words"])


@functools.cache
def reciprocals() -> frozenset[tuple[str, str]]:
    """Pairs of words that say that each did it to the other: "each other", "one another"."""
    data = _data()["reciprocal"]
    return frozenset(zip(data["words"], data["seconds"], strict=True))


@functools.cache
def onsets() -> frozenset[str]:
    """Words after which a date is the first day of something that goes on ("began on", "since")."""
    return frozenset(_data()["time"]["onsets"])


@functools.cache
def quotation_marks() -> frozenset[str]:
    return frozenset(_data()["quotation"]["marks"])


@dataclass(frozen=True, slots=True)
class Belonging:
    """Words that tie somebody to a person named: prepositions before, genitives behind; ``modifiers`` may stand
    between the preposition and a title."""

    prepositions: frozenset[str]
    genitives: frozenset[str]
    modifiers: frozenset[str]


@functools.cache
def belonging() -> Belonging:
    data = _data()["belonging"]
    return Belonging(*(frozenset(data[name]) for name in ("prepositions", "genitives", "modifiers")))


@functools.cache
def negations() -> frozenset[str]:
    return frozenset(_data()["negation"]["words"])


@functools.cache
def saying() -> tuple[frozenset[str], frozenset[str]]:
    """Words that only help a verb ("has", "repeatedly"), and verbs of plain saying."""
    return frozenset(_data()["saying"]["helpers"]), frozenset(_data()["saying"]["verbs"])


@functools.cache
def unnamed() -> frozenset[str]:
    """Words before "anonymity" where somebody speaks without a name."""
    return frozenset(_data()["saying"]["unnamed"])


@functools.cache
def callers() -> frozenset[str]:
    """Words behind "call" where something is called for."""
    return frozenset(_data()["saying"]["callers"])


@functools.cache
def titles() -> frozenset[str]:
    """Titles that stand right before a person's name ("president")."""
    return frozenset(_data()["titles"]["words"])


@functools.cache
def ranks() -> frozenset[str]:
    """Words that stand before a title and belong to it ("prime", "foreign")."""
    return frozenset(_data()["titles"]["ranks"])


@functools.cache
def quantities() -> frozenset[str]:
    """Words that only say how many ("more than")."""
    return frozenset(_data()["quantities"]["words"])


@functools.cache
def relatives() -> frozenset[str]:
    """Words that begin a clause about somebody: "who", "whose"."""
    return frozenset(_data()["quantities"]["relatives"])


@functools.cache
def name_joints() -> frozenset[str]:
    """Small words and marks inside names: "Omar al-Bashir", "Ursula von der Leyen"."""
    return frozenset(_data()["titles"]["joints"])
