"""The written forms of an English verb."""

from __future__ import annotations

from collections.abc import Mapping

_VOWELS = "aeiou"


def forms(lemma: str, irregular: Mapping[str, list[str]]) -> set[str]:
    """Return the lemma with its third person, past and -ing forms.

    Makes a few that nobody writes ("sended" beside "sent"): they cost nothing, since no text has them.
    """
    out = {lemma, *irregular.get(lemma, ())}
    if lemma.endswith("e"):
        return out | {lemma + "s", lemma + "d", (lemma if lemma.endswith("ee") else lemma[:-1]) + "ing"}
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return out | {lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"}
    ending = "es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s"
    out |= {lemma + ending, lemma + "ed", lemma + "ing"}
    if len(lemma) > 2 and lemma[-1] not in _VOWELS + "wxy" and lemma[-2] in _VOWELS and lemma[-3] not in _VOWELS:
        out |= {lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
    return out


def plural(noun: str) -> str:
    """Return the plural of an English noun that follows the rules."""
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
