"""The wording of a report: its words without case, accents, punctuation and filling words, names and numbers marked.

What fills a place in a sentence (a name, a number) is kept with the words around it, so that "2 killed in Kherson"
and "5 killed in Kharkiv" are seen to tell different things.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import itertools
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pourparler.archive.numbers import number_words

Kind = Literal["word", "name", "number", "negation", "end", "break"]

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]|_|\n")
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
# "cease-fire" and "ceasefire" are one word; "Armenian-led" stays two.
_COMPOUND = re.compile(r"\b([a-z]+)-(?=[a-z])")
_ENDS = frozenset(".!?;\n")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
# Digits beyond these are an identifier rather than a number.
_MOST_DIGITS = 18
# A sentence in which more than so many of 10 words begin with a capital is a headline: capitals tell nothing there.
_HEADLINE = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its form without case and accents ("#12" for twelve), and what it is."""

    form: str
    kind: Kind


Filler = frozenset[str]
Slot = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """``words``: forms in order; ``pairs``: neighbouring forms; ``names``, ``numbers``: forms that are one.

    ``slots``: the names (of one or several words) and numbers that stand beside given words; the first part of a slot
    says on which side. ``negated``: pairs of words that a negation parts.
    """

    words: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]
    names: frozenset[str]
    numbers: frozenset[str]
    slots: Mapping[Slot, frozenset[Filler]]
    negated: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Tables:
    stop: frozenset[str]
    negations: frozenset[str]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    factors: Mapping[str, int]
    common: frozenset[str]
    denials: frozenset[str]
    opposites: tuple[tuple[frozenset[str], frozenset[str]], ...]


def settings() -> dict[str, Any]:
    """Return data/copies.toml."""
    path = importlib.resources.files("pourparler.archive") / "data" / "copies.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@functools.cache
def _tables() -> _Tables:
    folder = importlib.resources.files("pourparler.archive") / "data"
    lines = (folder / "common_words.txt").read_text(encoding="utf-8").splitlines()
    data = settings()["text"]
    return _Tables(
        frozenset(data["stop"]),
        frozenset(data["negations"]),
        {word: n for word, n in number_words().items() if word not in data["factors"] and word not in data["stop"]},
        data["ordinals"],
        data["factors"],
        frozenset(line for line in lines if not line.startswith("#")),
        frozenset(data["denials"]),
        tuple((frozenset(one), frozenset(other)) for one, other in data["opposites"]),
    )


def opposed(a: frozenset[str], b: frozenset[str]) -> bool:
    """True where one of two sets of words has an act and the other one what undoes it, or one has a denial."""
    tables = _tables()
    return bool((a | b) & tables.denials) or any(
        (one & a and other & b) or (one & b and other & a) for one, other in tables.opposites
    )


def bare(text: str) -> str:
    """Return a text without accents and compatibility forms; case stays."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c))


# "GENEVA (Reuters) - ", "YEREVAN, Armenia -- ": an agency's head, before the first sentence.
_HEAD = re.compile(
    r"(?:[A-Z][A-Z'. ]{2,30}(?:, ?[A-Z][A-Za-z'. ]{0,30})?,?\s?(?:\([^()\n]{1,30}\))?|\([^()\n]{1,30}\))"
    r"\s?(?:--|[-–—])\s"
)


@functools.cache
def _formulas() -> tuple[re.Pattern[str], ...]:
    """Return patterns for an agency's name set apart, for a desk's head, and for a sentence of a desk's."""
    data = settings()["text"]
    agencies, heads, phrases = ("|".join(map(re.escape, data[name])) for name in ("agencies", "heads", "formulas"))
    return (
        re.compile(rf"\((?:{agencies})\)|[-–—] ?(?:{agencies})\.?\s*$", re.IGNORECASE),
        re.compile(rf"^\s*(?:{heads})(?: ?\d)? ?[:–—-]", re.IGNORECASE),
        # No line ends among the blanks: with them 16,000 of them took 11 s, and four times as long for twice as many.
        re.compile(rf"(?:^|(?<=[.!?;\n]))[ (]*(?:{phrases})\b[^.!?;\n]{{0,80}}(?:[.!?;\n]|$)", re.IGNORECASE),
    )


def body(text: str) -> str:
    """Return a text without what an agency or a desk puts around a report; all of it where nothing else is left."""
    # A line may end anywhere; a paragraph ends a sentence.
    out = "\n".join(" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(text))
    head = _HEAD.match(out)
    out = out[head.end() :] if head else out
    for pattern in _formulas():
        out = pattern.sub(" ", out)
    return _COMPOUND.sub(r"\1", out if any(c.isalnum() for c in out) else text)


_JOINED = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%$€£¥]")


def digest(text: str) -> bytes:
    """Return 16 bytes that are equal where two texts differ only in case, accents, blanks, quotes, hyphens, other
    punctuation and the commas inside numbers; none (b"") for a text without letters and digits."""
    parts: list[str] = []
    for found in _JOINED.findall(bare(text).casefold()):
        if not found[0].isdecimal():
            parts.append(found)
            continue
        number = found.replace(",", "") if _GROUPED.fullmatch(found) else found
        # Without the blank, "1-2" and "12" would be one.
        parts.append(f" {number}" if parts and parts[-1][-1:].isdecimal() else number)
    if not any(part[-1].isalnum() for part in parts):
        return b""
    return hashlib.blake2b("".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def words(text: str) -> list[Word]:
    """Return the words of a text that count, with the ends of sentences and other breaks between them."""
    out: list[Word] = []
    for sentence in _sentences(bare(body(text))):
        out += _known(sentence)
        out.append(Word("^", "end"))
    return out


def features(text: str) -> list[str]:
    """Return the different words of a text that count, sorted: what its signature is made of."""
    return sorted({word.form for word in words(text) if word.kind not in ("end", "break")})


def _sentences(text: str) -> Iterator[list[str]]:
    sentence: list[str] = []
    for token in _TOKEN.findall(text):
        if token in _ENDS:
            if sentence:
                yield sentence
            sentence = []
        else:
            sentence.append(token)
    if sentence:
        yield sentence


def _known(tokens: Sequence[str]) -> list[Word]:
    """Return the words of a sentence with their kinds, numbers put together, filling words as breaks."""
    tables = _tables()
    folded = [token.replace(".", "").casefold() if token[0].isalpha() else token for token in tokens]
    plain = _capitals_tell(tokens)
    out: list[Word] = []
    at, initial = 0, True
    while at < len(tokens):
        form = folded[at]
        if number := _number(folded, at):
            out.append(Word(f"#{number[0]}", "number"))
            at, initial = number[1], False
            continue
        at += 1
        if form in tables.negations or _is_not(folded, at - 1):
            out.append(Word("not", "negation"))
        elif not form[0].isalpha() or form in tables.stop:
            out.append(Word("", "break"))
        else:
            certain = plain and not initial
            name = tokens[at - 1][0].isupper() if certain else form not in tables.common
            out.append(Word(form, "name" if name else "word"))
        initial = initial and not form[0].isalpha()
    return out


def _is_not(tokens: Sequence[str], at: int) -> bool:
    """True at the "n" or "didn" of "n't" and "didn't"."""
    return tokens[at][-1] == "n" and tokens[at + 2 : at + 3] == ["t"] and not tokens[at + 1].isalnum()


def _capitals_tell(tokens: Sequence[str]) -> bool:
    """True where some words of a sentence, but not most, begin with a capital, the first word apart."""
    letters = [token for token in tokens[1:] if token[0].isalpha() and len(token) > 3]
    capitals = sum(token[0].isupper() for token in letters)
    return 0 < capitals * 10 <= _HEADLINE * len(letters) or len(letters) < 4


def _number(tokens: Sequence[str], at: int) -> tuple[str, int] | None:
    """Return the number that begins at a token ("1,200", "two hundred", "3rd"), and the token behind."""
    tables, token = _tables(), tokens[at]
    after = at + 1
    if token[0].isdecimal():
        digits = token.replace(",", "") if _GROUPED.fullmatch(token) else token
        if after < len(tokens) and tokens[after] in _ORDINAL:
            return f"{digits}.", after + 1
        if (not digits.isdecimal() and digits.count(".") != 1) or len(digits) > _MOST_DIGITS or "," in digits:
            return digits, after
        value: float = float(digits) if "." in digits else int(digits)
    elif token in tables.ordinals:
        return f"{tables.ordinals[token]}.", after
    elif token in tables.numbers:
        value, after = _tens(tokens, at)
    elif token in tables.factors:
        value = tables.factors[token]
    else:
        return None
    while after < len(tokens) and tokens[after] in tables.factors and value < 1e15:
        value, after = value * tables.factors[tokens[after]], after + 1
    return f"{round(value, 6):.10g}" if value != int(value) else str(int(value)), after


def _tens(tokens: Sequence[str], at: int) -> tuple[int, int]:
    numbers = _tables().numbers
    value, after = numbers[tokens[at]], at + 1
    if 20 <= value < 100 and value % 10 == 0:
        unit = after + (tokens[after : after + 1] == ["-"])
        if unit < len(tokens) and 0 < numbers.get(tokens[unit], 0) < 10:
            return value + numbers[tokens[unit]], unit + 1
    return value, after


def wording(text: str) -> Wording:
    """Return what comparing needs of a text."""
    found = words(text)
    units = _units(found)
    counting = [word for word in found if word.kind not in ("end", "break")]
    forms = tuple(word.form for word in counting)
    line = [word.form for word in found if word.kind != "break"]
    pairs = frozenset((a, b) for a, b in itertools.pairwise(line) if a != "^" and b != "^")
    negated = {(a, b) for a, n, b in zip(line, line[1:], line[2:], strict=False) if n == "not" and "^" not in (a, b)}
    names, numbers = (frozenset(word.form for word in counting if word.kind == kind) for kind in ("name", "number"))
    return Wording(forms, pairs, names, numbers, _slots(units), frozenset(negated))


def _units(found: Sequence[Word]) -> list[tuple[tuple[str, ...], Kind]]:
    """Return words in order, names of several words in one."""
    out: list[tuple[tuple[str, ...], Kind]] = [(("^",), "end")]
    joined = False
    for word in found:
        if word.kind == "break":
            joined = False
            continue
        if word.kind == "name" and joined and out[-1][1] == "name":
            out[-1] = ((*out[-1][0], word.form), "name")
        else:
            out.append(((word.form,), word.kind))
        joined = word.kind == "name"
    return out


def _slots(units: Sequence[tuple[tuple[str, ...], Kind]]) -> dict[Slot, frozenset[Filler]]:
    slots: defaultdict[Slot, set[Filler]] = defaultdict(set)
    for i, (forms, kind) in enumerate(units):
        if kind not in ("name", "number") or not 0 < i < len(units) - 1:
            continue
        filler = frozenset(forms)
        left, right = units[i - 1][0][-1], units[i + 1][0][0]
        if "^" not in (left, right):  # the first word of a sentence has a lead put before it, or is one
            slots["between", left, right].add(filler)
        if left != "^" and i > 1:
            slots["after", units[i - 2][0][-1] if len(units[i - 1][0]) == 1 else units[i - 1][0][-2], left].add(
                filler
            )
        if right != "^" and i + 2 < len(units):
            slots["before", right, units[i + 1][0][1] if len(units[i + 1][0]) > 1 else units[i + 2][0][0]].add(filler)
    return {slot: frozenset(fillers) for slot, fillers in slots.items()}
