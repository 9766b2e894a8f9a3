"""Texts that make a regular expression work hard: its own repeats, again and again, ending in what does not match."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_PROBES = "aZ7_ \n.,-'’\"(!<&:/é½\x00"
_ENDS = ("", "\x00", "\n", "!", "a")
_MOST_CHARACTERS = 10
_SLOW = 0.001
Find = Callable[[str], object]


def growth(pattern: re.Pattern[Any], find: Find, *, length: int = 4000) -> str | None:
    """Return the pump by which the time grows faster than the text, or None.

    A linear pattern takes some 0.1 ms for 4,000 characters, a quadratic one 8 ms and more, an exponential one a
    millisecond for 16 already: so what takes less is linear, and the rest is measured at a quarter of the length.
    """
    for before, pump, end in pumps(pattern):

        def timed(count: int, before: str = before, pump: str = pump, end: str = end) -> float:
            return _least(find, before + pump * (count // len(pump)) + end)

        def steep() -> bool:
            short = any(timed(count) > _SLOW for count in (16, 24, 100, 400))
            return short or (timed(length) > _SLOW and timed(length) > 8 * timed(length // 4))

        # Four times over: a processor that is taken away for a moment made a linear pattern look steep, once in a
        # few thousand measurements; a steep one is so each time.
        if all(steep() for _ in range(4)):
            return f"{before!r} + {pump!r} * n + {end!r}"
    return None


def _least(find: Find, text: str) -> float:
    """Return seconds for one search; where it was slow, the least of three."""
    least = float("inf")
    for _ in range(3):
        # Time of the processor: on a busy machine the clock goes on while others work.
        begun = time.thread_time()
        find(text)
        least = min(least, time.thread_time() - begun)
        if least < _SLOW:
            break
    return least


def pumps(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what comes before, what is repeated, and what comes at the end."""
    words = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    # A pattern that was compiled from a text carries the flag of Unicode, which a text has anyway.
    tree = parser.parse(words, pattern.flags & ~(re.UNICODE | re.DEBUG))
    found = list(dict.fromkeys(_repeated(tree, "")))
    own = [one for one in words if not one.isalnum() and one not in "\\[](){}|?*+^$"]
    characters = [*dict.fromkeys([*itertools.chain.from_iterable(pump for _, pump in found[:6]), *own])]
    characters = characters[:_MOST_CHARACTERS]
    pairs = ("".join(pair) for pair in itertools.product(characters, repeat=2))
    bodies = dict.fromkeys([*(("", one) for one in (*characters, *pairs)), *found])
    for before, pump in bodies:
        for end in _ENDS:
            if pump:
                yield before, pump, end


def _repeated(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield (what leads there, what is repeated) for every repeat of a pattern, at any depth."""
    for op, given in tree:
        if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
            _, most, body = given
            if most > 2:
                yield from ((before, one) for one in _samples(body))
            yield from _repeated(body, before)
        elif op is code.SUBPATTERN:
            yield from _repeated(given[-1], before)
        elif op is code.BRANCH:
            for branch in given[1]:
                yield from _repeated(branch, before)
        elif op in (code.ASSERT, code.ASSERT_NOT):
            yield from _repeated(given[1], before)
        before += next(iter(_samples([(op, given)])), "")


def _samples(tree: Any) -> list[str]:
    """Return a few texts that match a piece of a pattern, assertions not heeded."""
    out = [""]
    for op, given in tree:
        out = [one + two for one in out for two in _of_one(op, given)][:6]
    return list(dict.fromkeys(out))


def _of_one(op: Any, given: Any) -> list[str]:
    if op is code.LITERAL:
        return [chr(given)]
    if op in (code.NOT_LITERAL, code.IN, code.ANY):
        return _members(op, given)
    if op in (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT):
        least, _, body = given
        return [one * max(1, least) for one in _samples(body)]
    if op is code.SUBPATTERN:
        return _samples(given[-1])
    if op is code.BRANCH:
        return [one for branch in given[1] for one in _samples(branch)[:2]][:6]
    return [""]


def _members(op: Any, given: Any) -> list[str]:
    """Return a few characters of a class: of those that are probed, else the first of its own."""
    if op is code.ANY:
        return ["a", ".", " "]
    state = parser.State()
    state.str = ""
    piece = parser.SubPattern(state, [(op, given)])
    from re import _compiler as compiler  # type: ignore[attr-defined]

    fits = compiler.compile(piece)
    own = [chr(one[1]) for one in given if one[0] is code.LITERAL] if op is code.IN else []
    return [one for one in dict.fromkeys([*own[:3], *_PROBES]) if fits.fullmatch(one)][:4]
