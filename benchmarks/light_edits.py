"""Light editing, as a second outlet does it to a report: one function for each kind of edit.

Each takes a text and a source of chance, and returns the edited text; the same text where there is nothing to edit.
Facts stay: no name and no number is exchanged, except by ``changed_fact``, which makes another report of it.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_TABLES: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("light_edits.toml").read_text(encoding="utf-8"))
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“'])")
_DENYING = frozenset({"no", "not", "never", "without", "nor", "neither"})
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Edit = Callable[[str, random.Random], str]


def typos(text: str, chance: random.Random) -> str:
    """Misspell a word, or two of a longer text: a letter lost, doubled, swapped with the next, or another one."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for i in chance.sample(long, min(len(long), 1 + len(words) // 40)):
        word, at = words[i], chance.randrange(1, len(words[i]) - 1)
        words[i] = chance.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + chance.choice(_LETTERS) + word[at + 1 :],
            )
        )
    return " ".join(words)


def synonyms(text: str, chance: random.Random) -> str:
    """Replace one word of twenty, at least one, by another of the same meaning."""
    return _exchanged(text, chance, {word: chance.choice(new) for word, new in _TABLES["synonyms"].items()})


def spelling(text: str, chance: random.Random) -> str:
    """Spell all words in the British way, or all in the American one."""
    british: dict[str, str] = _TABLES["spelling"]
    table = british if chance.random() < 0.5 else {new: old for old, new in british.items()}
    return _exchanged(text, chance, table, everywhere=True)


def tense(text: str, chance: random.Random) -> str:
    """Put the verbs of the report into the past."""
    return _exchanged(text, chance, _TABLES["tense"], everywhere=True)


def numerals(text: str, chance: random.Random) -> str:
    """Write numbers in digits, or in words where they are in digits."""
    table: dict[str, str] = _TABLES["numerals"]
    new = _exchanged(text, chance, table, everywhere=True)
    return new if new != text else _exchanged(text, chance, {digits: word for word, digits in table.items()})


def order(text: str, chance: random.Random) -> str:
    """Swap two neighbouring sentences."""
    sentences = _SENTENCE.split(text)
    if len(sentences) < 2:
        return text
    at = chance.randrange(len(sentences) - 1)
    sentences[at : at + 2] = sentences[at + 1], sentences[at]
    return " ".join(sentences)


def lead_added(text: str, chance: random.Random) -> str:
    """Put a dateline, the agency's name or a mark of the desk before the text."""
    return str(chance.choice(_TABLES["added"]["datelines"])) + text


def tail_added(text: str, chance: random.Random) -> str:
    """Put the agency's name or the desk's formula behind the text."""
    return text + str(chance.choice(_TABLES["added"]["tails"]))


def tail_cut(text: str, chance: random.Random) -> str:
    """Leave out the end: up to a quarter of the sentences, else what follows the last comma, else a few words."""
    sentences = _SENTENCE.split(text)
    if len(sentences) > 3:
        return " ".join(sentences[: -chance.randint(1, len(sentences) // 4)])
    head, comma, tail = text.rpartition(", ")
    if comma and len(tail.split()) * 4 <= len(text.split()):
        return f"{head}."
    words = text.split(" ")
    return " ".join(words[: -max(1, len(words) // 10)]) + "."


def lead_cut(text: str, chance: random.Random) -> str:
    """Leave out the beginning: the first sentence of four or more, else what stands before an early comma."""
    sentences = _SENTENCE.split(text)
    if len(sentences) > 3:
        return " ".join(sentences[1:])
    lead, comma, rest = text.partition(", ")
    if not comma or len(lead.split()) * 5 > len(text.split()):
        return text
    return rest[:1].upper() + rest[1:]


def punctuation(text: str, chance: random.Random) -> str:
    """Set quotes, dashes and commas otherwise; drop the last full stop."""
    table = str.maketrans({'"': "“", "'": "’", "–": "-", "—": "-", ";": ","} if '"' in text else {"“": '"', "”": '"'})
    new = text.translate(table)
    commas = [found.start() for found in re.finditer(r",(?=\s)", new)]
    if commas:
        at = chance.choice(commas)
        new = new[:at] + new[at + 1 :]
    return new.rstrip(".") if chance.random() < 0.5 else new


def capitals(text: str, chance: random.Random) -> str:
    """Put the first sentence, or all, in capitals or in a headline's."""
    first, *rest = _SENTENCE.split(text)
    new = chance.choice((first.upper(), first.title(), first[:1] + first[1:].lower()))
    return " ".join((new, *rest))


def blanks(text: str, chance: random.Random) -> str:
    """Break lines, double blanks, blanks that do not break."""
    return "".join(chance.choice((" ", " ", " ", "\n", "  ", "\u00a0")) if c == " " else c for c in text)


def articles(text: str, chance: random.Random) -> str:
    """Leave out half of the articles."""
    return re.sub(r"\b(?:the|a|an) ", lambda found: "" if chance.random() < 0.5 else found[0], text)


def adverb(text: str, chance: random.Random) -> str:
    """Put an adverb somewhere into the text."""
    words = text.split(" ")
    words.insert(chance.randrange(1, len(words) + 1), chance.choice(_TABLES["added"]["adverbs"]))
    return " ".join(words)


def word_lost(text: str, chance: random.Random) -> str:
    """Leave out a word of small letters, or two of a longer text."""
    words = text.split(" ")
    small = [i for i, word in enumerate(words) if word.isalpha() and word.islower() and word not in _DENYING]
    lost = set(chance.sample(small, min(len(small), 1 + len(words) // 40)))
    return " ".join(word for i, word in enumerate(words) if i not in lost)


KINDS: Mapping[str, Edit] = {
    one.__name__: one
    for one in (
        typos, synonyms, spelling, tense, numerals, order, lead_added, tail_added, tail_cut, lead_cut, punctuation,
        capitals, blanks, articles, adverb, word_lost,
    )
}  # fmt: skip


def edited(text: str, chance: random.Random) -> tuple[str, tuple[str, ...]]:
    """Return a text after one to four edits of different kinds, and which; unedited only where no kind applies."""
    wanted = chance.randint(1, 4)
    done: list[str] = []
    for name in chance.sample(list(KINDS), len(KINDS)):
        new = KINDS[name](text, chance)
        if new != text and new.strip():
            text = new
            done.append(name)
        if len(done) == wanted:
            break
    return text, tuple(done)


def changed_fact(text: str, chance: random.Random) -> str:
    """Exchange a number for another one: what is told is another event, or a new state of it."""
    numbers = list(re.finditer(r"(?<![\w.,-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w-]|[.,]\d)", text))
    if not numbers:
        return text
    found = chance.choice(numbers)
    value = int(found[0].replace(",", ""))
    new = value + chance.choice((1, 2, 3, 7, 12)) + value // 10
    return text[: found.start()] + (f"{new:,}" if "," in found[0] else str(new)) + text[found.end() :]


def _exchanged(text: str, chance: random.Random, table: Mapping[str, str], *, everywhere: bool = False) -> str:
    """Exchange words by a table: all of them, or one of twenty words of the text.

    Words with a capital are parts of names, but for the first one; digits beside a stop or a dash, of a number.
    """
    either = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    inside = list(re.finditer(rf"(?<![\w$£€.,-])(?:{either})(?![\w-]|[.,]\d)", text))
    first = re.match(rf"(?:{either})(?![\w-]|[.,]\d)", text, re.IGNORECASE)
    found = [first, *inside] if first and text[0].isupper() else inside
    if not everywhere:
        found = sorted(
            chance.sample(found, min(len(found), 1 + len(text.split()) // 20)), key=lambda one: one.start()
        )
    for one in reversed(found):
        new = table[one[0].lower()]
        new = new[:1].upper() + new[1:] if one[0][0].isupper() else new
        text = text[: one.start()] + new + text[one.end() :]
    return text
