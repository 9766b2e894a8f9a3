"""A telling as vectors: what the words of its trigger and its sentence mean, and its weighed words.

The encoder is trained so that triggers of one act lie near each other, see training/trainer/same.py.
Its weights have 4 bits, one ONNX file, checked against their hash when loaded. Each text goes through alone, on one
core, several side by side: how activations are rounded would depend on a batch's make-up, and with it the results.
Triggers that share a text go through together; what is of each of them is float, so that a vector depends on its own
text and trigger alone, to the last bit.
"""

from __future__ import annotations

import functools
import gzip
import importlib.resources
import itertools
import math
import os
import threading
import tomllib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from pourparler.errors import ModelFileError
from pourparler.model.files import check_file, read_card
from pourparler.model.words import case_of, words

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)
_VOWELS = frozenset("aeiouy")
_ENDINGS = (("sses", "ss"), ("ies", "y"), ("ied", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"))
_KEPT_S = ("ss", "us", "is")  # no plural: "press", "virus", "crisis"
_KEPT = 4_096  # vectors of the tellings seen last, 6 KB each
_MOST_PIECES = 250  # word pieces of a text; what lies beyond has no say


class Marked(Protocol):
    """A text with a trigger, ``text[start:end]``."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@functools.cache
def settings() -> dict[str, Any]:
    """Return data/same.toml: what is set by hand."""
    return tomllib.loads((_data() / "same.toml").read_text(encoding="utf-8"))


def _data() -> Path:
    return Path(str(importlib.resources.files("pourparler.archive"))) / "data"


def shipped(name: str, folder: Path | None = None) -> Path:
    """Return the path of a fitted file that is the one named in same.json; raises ModelFileError for another."""
    root = folder or _folder()
    card = read_card(root / "same.json")
    if name not in card["sha256"]:
        raise ModelFileError(
            f"{root / 'same.json'} does not name {name}. Train it anew with training/trainer/same.py."
        )
    check_file(root / name, card["sha256"][name], made_by="train the weights anew with training/trainer/same.py")
    return root / name


def hashes() -> dict[str, str]:
    """Return the hashes of the fitted files by name, as same.json gives them; each is checked when it is loaded."""
    return dict(read_card(_folder() / "same.json")["sha256"])


def _folder() -> Path:
    """Return the folder of what is fitted: the package's, or the one that POURPARLER_SAME names."""
    named = os.environ.get("POURPARLER_SAME")
    return Path(named) if named else _data()


def numbered(items: Iterable[T], of: Callable[[T], Key]) -> tuple[Ints, list[Key]]:
    """Return for each item the number of what ``of`` gives of it, and what has these numbers, in order."""
    seen: dict[Key, int] = {}
    numbers = [seen.setdefault(of(item), len(seen)) for item in items]
    return np.array(numbers, np.int64), list(seen)


def cut(
    text: str, triggers: Sequence[tuple[int, int]], pieces: Callable[[list[str]], list[list[int]]]
) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Return a text's word pieces, their letter case, and the half-open piece range of each trigger.

    ``pieces`` gives the pieces of each word. A trigger that lies beyond the first 250 pieces, or holds no word, gets
    the range of what begins the text: that has seen all of it.
    """
    spans = words(text)
    made = pieces([text[a:b] for a, b in spans])
    ends = np.cumsum([1, *map(len, made)]).tolist()
    ids = [piece for word in made for piece in word][:_MOST_PIECES]
    case = [case_of(text[a:b]) for (a, b), word in zip(spans, made, strict=True) for _ in word][:_MOST_PIECES]
    ranges = []
    for start, end in triggers:
        at = [n for n, (a, b) in enumerate(spans) if a < end and b > start]
        low, high = (ends[at[0]], min(ends[at[-1] + 1], len(ids) + 1)) if at else (0, 1)
        ranges.append((low, high) if low < high else (0, 1))
    return [101, *ids, 102], [0, *case, 0], ranges


class Encoder:
    """The shipped weights: texts with triggers in, vectors out. Raises ModelFileError saying what to do."""

    def __init__(self, folder: Path | None = None, *, threads: int = 0) -> None:
        weights = shipped("same.onnx", folder)
        self.version: str = read_card(weights.parent / "same.json")["version"]
        # The reader's own helpers: one way to load weights and to cut words into pieces.
        from pourparler.model.reader import CPU, _cores, _session, network

        self._pieces = network().pieces
        self._pool = ThreadPoolExecutor(threads or _cores(), "meaning")
        self._session = _session(weights, (CPU,))
        self._kept: dict[tuple[str, int, int], Floats] = {}
        self._lock = threading.Lock()

    def vectors(self, tellings: Sequence[Marked]) -> Floats:
        """Return vectors [n, 2 d]: of each telling d of the trigger and d of the text, both of length 1.

        Texts that several tellings share go through once. The last vectors are kept: a desk joins each new report to
        the same neighbours.
        """
        length = settings()["window"]["text"]
        wanted = [(one.text[:length], one.start, one.end) for one in tellings]
        with self._lock:
            made = {one: self._kept[one] for one in wanted if one in self._kept}
        made.update(self._make(sorted(set(wanted) - made.keys())))
        with self._lock:
            # Those asked for now stand last; the first go.
            left = {one: vector for one, vector in self._kept.items() if one not in made} | made
            self._kept = dict(itertools.islice(left.items(), max(0, len(left) - _KEPT), None))
        return np.stack([made[one] for one in wanted]) if wanted else np.zeros((0, 2), np.float32)

    def _make(self, wanted: Sequence[tuple[str, int, int]]) -> dict[tuple[str, int, int], Floats]:
        """Return the vector [2 d] of each text with a trigger, several texts side by side."""
        spans: dict[str, list[tuple[int, int]]] = {}
        for text, start, end in wanted:
            spans.setdefault(text, []).append((start, end))
        # Copied: a row of an array would keep all of the array.
        return {
            (text, start, end): vector.copy()
            for (text, triggers), found in zip(
                spans.items(), self._pool.map(self._run, spans, spans.values()), strict=True
            )
            for (start, end), vector in zip(triggers, found, strict=True)
        }

    def _run(self, text: str, triggers: Sequence[tuple[int, int]]) -> Floats:
        """Return vectors [k, 2 d] of the triggers of one text."""
        pieces, case, ranges = cut(text, triggers, self._pieces)
        inside = np.zeros((len(triggers), len(pieces)), np.float32)
        for row, (low, high) in enumerate(ranges):
            inside[row, low:high] = 1 / (high - low)
        feeds = {"pieces": np.array(pieces, np.int64), "case": np.array(case, np.int64), "triggers": inside}
        [out] = self._session.run(["vectors"], feeds)
        found: Floats = out
        return found


@functools.cache
def encoder() -> Encoder:
    """Return the shipped encoder, or that of the folder which POURPARLER_SAME names; loaded once a process."""
    return Encoder()


def vectors(tellings: Sequence[Marked]) -> Floats:
    """Return vectors [n, 2 d] of tellings: of each the trigger's and the text's, both of length 1."""
    return encoder().vectors(tellings)


class Stemmer:
    """Stems of words by rules, enough to see that "acquires" and "acquired" are one word.

    Takes the forms of lemmas that no rule makes, and the particles of phrasal verbs.
    """

    def __init__(self, irregular: Mapping[str, Iterable[str]], particles: Iterable[str]) -> None:
        self._lemmas = {form: lemma for lemma, forms in irregular.items() for form in forms}
        self._particles = frozenset(particles)

    def stem(self, word: str) -> str:
        """Return a word in lower case without its ending; "stopped", "stops" and "stop" have one stem."""
        word = self._lemmas.get(word.lower(), word.lower())
        for ending, other in _ENDINGS:
            if word.endswith(ending) and len(word) > len(ending) + 1:
                return _bare(word.removesuffix(ending) + other)
        if word.endswith("s") and len(word) > 3 and not word.endswith(_KEPT_S):
            word = word[:-1]
        for ending in ("ing", "ed"):
            left = word.removesuffix(ending)
            if left != word and len(left) > 2 and not _VOWELS.isdisjoint(left):
                doubled = len(left) > 3 and left[-1] == left[-2] and left[-1] not in "lsz"
                return _bare(left[:-1] if doubled else left)
        return _bare(word)

    def head(self, trigger: str) -> str:
        """Return the stem of the word that a trigger is about: the one before its first particle, else its last."""
        found = [trigger[a:b] for a, b in words(trigger)]
        found = [word for word in found if word[0].isalnum()] or [trigger]
        for word, after in itertools.pairwise(found):
            if after.lower() in self._particles:
                return self.stem(word)
        return self.stem(found[-1])


def _bare(word: str) -> str:
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


@functools.cache
def stemmer() -> Stemmer:
    """Return the stemmer of data/same.toml."""
    return Stemmer(settings()["irregular"], settings()["words"]["particles"])


@functools.lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of a word; the commonest are kept."""
    return stemmer().stem(word)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a stem says: the logarithm of how many reports there are to one that has it."""

    reports: int
    counts: dict[str, int]

    def of(self, stem: str) -> float:
        """Return the weight; a stem that is not in the table counts as seen in two reports."""
        return math.log((self.reports + 1) / (self.counts.get(stem, 2) + 1))


@functools.cache
def weights() -> Weights:
    """Return the shipped table, data/same.words.gz: the number of reports, then stems and counts."""
    head, *rows = gzip.decompress((_data() / "same.words.gz").read_bytes()).decode("utf-8").splitlines()
    pairs = (row.split("\t") for row in rows)
    return Weights(int(head), {stem: int(count) for stem, count in pairs})


@dataclass(frozen=True, slots=True)
class Rows:
    """Weighed stems of texts, each row of length 1: ``keys`` are row x width + stem, rising.

    Sums over rows do not depend on how stems are numbered: a weight is above 1.8, the length of a row before it is
    made 1 below 300, and sums of products of such float32 numbers are exact in float64.
    """

    width: int
    keys: Ints
    values: Floats
    first: Ints

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]], numbers: dict[str, int]) -> Rows:
        """Return a row for the stems of each text; stems that have no number yet are given the next one."""
        width, keys, values, first, table = 1 << 32, [], [], [0], weights()
        for row, stems in enumerate(texts):
            weighed = {one: (1 + math.log(n)) * table.of(one) for one, n in Counter(stems).items()}
            length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
            entries = sorted(
                (numbers.setdefault(one, len(numbers)), value / length) for one, value in weighed.items()
            )
            keys += [row * width + number for number, _ in entries]
            values += [value for _, value in entries]
            first.append(len(keys))
        return cls(width, np.array(keys, np.int64), np.array(values, np.float32), np.array(first, np.int64))

    def cosines(self, a: Ints, b: Ints) -> Floats:
        """Return the cosine of each row of ``a`` with that of ``b``."""
        pair, entry, found, at = self._met(a, self, b)
        product = np.where(found, self.values[entry] * self.values[at], 0.0)
        return np.bincount(pair, product, len(a)).astype(np.float32)

    def shares(self, a: Ints, other: Rows, b: Ints) -> Floats:
        """Return what share of the squared weight of each row of ``a`` stands in the other's row of ``b``."""
        pair, entry, found, _ = self._met(a, other, b)
        return np.bincount(pair, np.where(found, self.values[entry] ** 2, 0.0), len(a)).astype(np.float32)

    def _met(self, a: Ints, other: Rows, b: Ints) -> tuple[Ints, Ints, NDArray[np.bool_], Ints]:
        """Return for all entries of rows ``a``: their pair, their place, whether the other's row has it, where."""
        size = self.first[a + 1] - self.first[a]
        pair = np.repeat(np.arange(len(a)), size)
        entry = np.arange(len(pair)) - np.repeat(np.cumsum(size) - size, size) + self.first[a][pair]
        found, at = other._find(b[pair] * self.width + self.keys[entry] % self.width)
        return pair, entry, found, at

    def has(self, row: Ints, number: Ints) -> NDArray[np.bool_]:
        """Return whether a row holds the stem of that number."""
        return self._find(row * self.width + number)[0]

    def _find(self, wanted: Ints) -> tuple[NDArray[np.bool_], Ints]:
        if not len(self.keys):
            return np.zeros(len(wanted), np.bool_), np.zeros(len(wanted), np.int64)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return self.keys[at] == wanted, at
