"""Outlets by their names: which of them a word asks for, by parts of the name or by the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pourparler.archive.search import fold

# Before a name: all of it, as it is written. No word of a name begins so, for folding takes signs away.
_WHOLE = "="


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet: its ``name`` as reports write it, and the ``folded`` words of it between blanks."""

    name: str
    folded: str


def named(publisher: str | None) -> tuple[str, ...]:
    """Return the outlets that a publisher column names: "Reuters; BBC" are two, an empty one names none."""
    return tuple(name.strip() for name in (publisher or "").split(";") if name.strip())


def outlet(name: str) -> Outlet:
    """Return the outlet of a name."""
    return Outlet(name, f" {fold(name)} ")


def whole(name: str) -> str:
    """Return the word that asks for the outlet of this very name, and for no other that has it in its name."""
    return _WHOLE + name


def asked_for(words: Iterable[str]) -> Callable[[Outlet], bool]:
    """Return what tells the outlets that one of some words asks for; all are asked for where there are none.

    A word is words of the name side by side ("bbc" is BBC and BBC News), or after "=" the whole name ("=BBC").
    """
    given = list(words)
    names = {word.removeprefix(_WHOLE).strip() for word in given if word.startswith(_WHOLE)}
    parts = [f" {folded} " for word in given if not word.startswith(_WHOLE) and (folded := fold(word))]

    def fits(one: Outlet) -> bool:
        return not given or one.name in names or any(part in one.folded for part in parts)

    return fits


def unknown(word: str, known: Iterable[str], *, listed: int) -> str:
    """Return what to tell whoever asks for an outlet that is not there; some of those that are, are listed."""
    every = sorted(set(known))
    more = f" and {len(every) - listed} more" if len(every) > listed else ""
    there = f"There are {', '.join(every[:listed])}{more}"
    if word.startswith(_WHOLE):
        return f"no outlet has the whole name {word.removeprefix(_WHOLE).strip()!r}. {there}"
    return f"no outlet is called {word!r}. {there}"
