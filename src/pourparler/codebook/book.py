"""Loads, checks and hashes the codebook; answers which type, mode, act or sector words evoke."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import tomllib
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pourparler.codebook.inflection import forms, plural
from pourparler.errors import CodebookError
from pourparler.record import Act, EventType

_QUADS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Mode:
    """A finer kind of a type; ``words`` are the word forms that tell it, ``score`` is its intensity."""

    name: str
    score: float
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class EventTypeEntry:
    """One PLOVER type. ``quad`` 1 verbal cooperation .. 4 material conflict; ``score`` -10..+10."""

    name: str
    definition: str
    quad: int
    score: float
    symmetric: bool
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    near_misses: tuple[str, ...]
    modes: tuple[Mode, ...]


@dataclass(frozen=True, slots=True)
class Evoked:
    """A word (number ``start_word``, up to ``end_word``) that evokes a type, with the lemma that says so."""

    type: str
    start_word: int
    end_word: int
    lemma: str
    pos: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """The checked data; made by ``load`` or ``parse``."""

    version: str
    hash: str
    decisions: Mapping[str, str]
    types: Mapping[str, EventTypeEntry]
    evokers: Mapping[str, tuple[tuple[str, str, str], ...]]
    acts: Mapping[str, str]
    sectors: Mapping[str, str]
    ceasefires: frozenset[str]
    breaches: frozenset[str]
    compounds: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]

    def types_evoked(self, words: Sequence[str]) -> Iterator[Evoked]:
        """Yield what each lowered word evokes: a word may evoke several types."""
        for i, word in enumerate(words):
            for kind, lemma, pos in self.evokers.get(word, ()):
                yield Evoked(kind, i, i + 1, lemma, pos)

    def mode_of(self, type: str, words: Iterable[str]) -> str | None:
        """Return the first mode, in the file's order, that one of the lowered words tells."""
        present = frozenset(self._joined(words))
        return next((mode.name for mode in self.types[type].modes if mode.words & present), None)

    def score(self, type: str, mode: str | None) -> float:
        """Return the intensity (-10..+10) of a mode, or of the type where no mode is known."""
        entry = self.types[type]
        return next((m.score for m in entry.modes if m.name == mode), entry.score)

    def act_of(self, words: Iterable[str]) -> str | None:
        """Return the speech act that the first telling cue word performs."""
        return next((self.acts[word] for word in words if word in self.acts), None)

    def sector_of(self, words: Iterable[str]) -> str | None:
        """Return the PLOVER sector that the last telling word names ("the police officers" is COP)."""
        return next((self.sectors[word] for word in reversed(self._joined(words)) if word in self.sectors), None)

    def is_ceasefire_violation(self, words: Iterable[str]) -> bool:
        """True where the words name a ceasefire and its breach."""
        present = frozenset(self._joined(words))
        return bool(present & self.ceasefires and present & self.breaches)

    def _joined(self, words: Iterable[str]) -> list[str]:
        """Return words, those of an entry of several made one again: a text's "cease-fire" comes as three."""
        given, out, i = tuple(words), list[str](), 0
        while i < len(given):
            begun = self.compounds.get(given[i], ())
            name, length = next(((n, len(p)) for n, p in begun if p == given[i : i + len(p)]), (given[i], 1))
            out.append(name)
            i += length
        return out


@functools.cache
def load() -> Codebook:
    """Return the shipped codebook; raises CodebookError naming the file and the entry that is wrong."""
    folder = importlib.resources.files("pourparler.codebook") / "data"
    return parse(
        (folder / "types.toml").read_text(encoding="utf-8"), (folder / "words.toml").read_text(encoding="utf-8")
    )


def parse(types: str, words: str) -> Codebook:
    """Return the codebook that two TOML texts hold (types; words of acts, sectors and ceasefires)."""
    book, lexicon = _toml("types.toml", types), _toml("words.toml", words)
    try:
        entries = {name: _entry(name, data) for name, data in book["types"].items()}
        _check_complete(entries)
        irregular: dict[str, list[str]] = lexicon["irregular"]
        acts = _spread(lexicon["acts"], irregular)
        sectors = {word: sector for sector, names in lexicon["sectors"].items() for word in names}
        ceasefires = frozenset(lexicon["ceasefire"]["names"])
        modes = (word for entry in entries.values() for mode in entry.modes for word in mode.words)
        unknown = sorted(set(acts.values()) - set(typing.get_args(Act)))
        if unknown:
            raise CodebookError(f"words.toml: acts.{unknown[0]} is no speech act of the record; correct its name")
        return Codebook(
            version=book["version"],
            hash=hashlib.sha256(f"{types}\x1f{words}".encode()).hexdigest(),
            decisions=book["decisions"],
            types=entries,
            evokers=_evokers(entries.values(), irregular),
            acts=acts,
            sectors=sectors,
            ceasefires=ceasefires,
            breaches=frozenset(_spread({"x": lexicon["ceasefire"]["breaches"]}, irregular)),
            compounds=_compounds({*sectors, *ceasefires, *modes}),
        )
    except KeyError as error:
        raise CodebookError(f"codebook: the entry {error} is missing; add it or install pourparler again") from error


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{name}: not TOML ({error}); correct it or install pourparler again") from error


def _entry(name: str, data: dict[str, Any]) -> EventTypeEntry:
    modes = tuple(Mode(key, float(m["score"]), frozenset(m["words"])) for key, m in data.get("modes", {}).items())
    if data["quad"] not in _QUADS:
        raise CodebookError(f"types.toml: types.{name}.quad is {data['quad']}; it must be 1, 2, 3 or 4")
    for score in (data["score"], *(mode.score for mode in modes)):
        if not -10 <= score <= 10:
            raise CodebookError(f"types.toml: types.{name} has the score {score}; scores go from -10 to +10")
    return EventTypeEntry(
        name,
        data["definition"],
        data["quad"],
        float(data["score"]),
        data["symmetric"],
        tuple(data["verbs"]),
        tuple(data["nouns"]),
        tuple(data["near_misses"]),
        modes,
    )


def _check_complete(entries: Mapping[str, EventTypeEntry]) -> None:
    wanted = set(typing.get_args(EventType))
    if wrong := sorted(wanted ^ set(entries)):
        raise CodebookError(f"types.toml: the types must be PLOVER's 16; {', '.join(wrong)} is missing or unknown")


def _spread(groups: Mapping[str, list[str]], irregular: Mapping[str, list[str]]) -> dict[str, str]:
    return {form: name for name, lemmas in groups.items() for lemma in lemmas for form in forms(lemma, irregular)}


def _compounds(names: Iterable[str]) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return the entries of several words, by the first, with the words that a text is cut into: a hyphen is one."""
    out: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
    for name in sorted(names):
        parts = tuple(name.replace("-", " - ").split())
        if len(parts) > 1:
            out[parts[0]] = (*out.get(parts[0], ()), (name, parts))
    return out


def _evokers(
    entries: Iterable[EventTypeEntry], irregular: Mapping[str, list[str]]
) -> dict[str, tuple[tuple[str, str, str], ...]]:
    out: dict[str, list[tuple[str, str, str]]] = {}
    for entry in entries:
        for pos, lemmas in (("verb", entry.verbs), ("noun", entry.nouns)):
            for lemma in lemmas:
                for form in sorted(forms(lemma, irregular) if pos == "verb" else {lemma, plural(lemma)}):
                    out.setdefault(form, []).append((entry.name, lemma, pos))
    return {form: tuple(found) for form, found in out.items()}
