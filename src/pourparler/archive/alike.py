"""How likely two tellings are one act: from their words, from what they mean, and from what the reader says of them.

The chance that words and meaning give is fitted (training/trainer/same.py, on ECB+). Type, days, actors and place,
which no set with same-event labels has, lower it by factors that are set by hand (data/same.toml). A score depends on
its two tellings alone: words are weighed by a table that is shipped, not by the other tellings.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pourparler.archive.meaning import Floats, Ints, Rows, numbered, settings, shipped, stem, stemmer, weights
from pourparler.model.words import words

# What features() gives of a pair, in order. Cosines: of the triggers' and of the texts' vectors; of the weighed words
# of both reports, of both texts, of what stands near the triggers, of the texts' names and numbers. Whether the
# triggers' heads have one stem, and what share of it they begin with; whether report and text are the same; how rare
# the more common head is. How much of a text's names, of its words, of what stands near its trigger, and whether its
# head, is in the other's report: the lesser and the greater of both directions.
NAMES = (
    "trigger", "meaning", "report", "text", "near", "names", "stem", "prefix", "same_report", "same_text", "rare",
    "names_low", "names_high", "text_low", "text_high", "near_low", "near_high", "head_low", "head_high",
)  # fmt: skip
_CHUNK = 100_000  # pairs worked on at a time: some 100 MB


class Told(Protocol):
    """What is looked at of a telling; see Telling."""

    @property
    def report(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def context(self) -> str: ...
    @property
    def type(self) -> str | None: ...
    @property
    def actors(self) -> frozenset[str]: ...
    @property
    def places(self) -> frozenset[str]: ...
    @property
    def first(self) -> datetime.date | None: ...
    @property
    def last(self) -> datetime.date | None: ...
    @property
    def published(self) -> datetime.date | None: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """One report's telling of an act: the sentences around its trigger, ``text[start:end]``, and what is known of it.

    ``actors`` and ``places`` are normalised names; ``first`` and ``last`` the days of the act where the report gives
    them; ``context`` how the report begins (without one, the text stands for it).
    """

    key: str
    report: str
    text: str
    start: int
    end: int
    type: str | None = None
    actors: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    first: datetime.date | None = None
    last: datetime.date | None = None
    published: datetime.date | None = None
    context: str = ""


def head(telling: Told) -> str:
    """Return the stem of a telling's trigger."""
    return stemmer().head(telling.text[telling.start : telling.end])


def content(text: str) -> list[str]:
    """Return the stems of a text's words and numbers, without those that every text has."""
    return [stem(word) for word in _words(text)]


def features(tellings: Sequence[Told], vectors: Floats, pairs: Ints) -> Floats:
    """Return features [m, 19], named as in NAMES, of pairs [m, 2] of numbers of tellings.

    ``vectors`` [n, d] are theirs, by ``meaning.vectors``.
    """
    pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
    measured = _Measured(tellings, vectors)
    chunks = np.array_split(pairs, max(1, -(-len(pairs) // _CHUNK)))
    return np.concatenate([measured.features(chunk) for chunk in chunks])


def likely(found: Floats) -> NDArray[np.bool_]:
    """Return which pairs are worth a score: of 15,211 true ones of ECB+'s training part all but 16 are."""
    return (found[:, 2] > 0.1) | (found[:, 6] > 0) | (found[:, 0] > 0.6)


def words_alone(tellings: Sequence[Told], vectors: Floats, pairs: Ints) -> Floats:
    """Return the chance [m] that pairs [m, 2] are one act, by their words and what they mean: the fitted part."""
    found = features(tellings, vectors, pairs)
    model = fitted()
    inner = np.tanh(_weighed((found - model.mean) / model.spread, model.inner, model.inner_bias))
    chance = 1 / (1 + np.exp(-_weighed(inner, model.outer[:, None], model.outer_bias)[:, 0]))
    return np.where(likely(found), chance, 0).astype(np.float32)


def _weighed(rows: Floats, weights: Floats, bias: Floats) -> Floats:
    """Return rows @ weights + bias, added up one column after another.

    Numpy's product adds in an order that depends on the number of rows: a pair's last digits would on other pairs.
    """
    out = np.tile(bias, (len(rows), 1))
    for column, weight in zip(rows.T, weights, strict=True):
        out += column[:, None] * weight
    return out


def probabilities(tellings: Sequence[Told], vectors: Floats, pairs: Ints) -> Floats:
    """Return how likely [m] pairs [m, 2] of numbers of tellings are one act, 0 to 1.

    ``vectors`` [n, d] are the tellings', by ``meaning.vectors``. Without type, days, actors and places this is a
    chance; with them it is the chance times factors that are set, good for ranking and for thresholds.
    """
    pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
    chance = words_alone(tellings, vectors, pairs)
    for at in np.flatnonzero(chance > 0).tolist():
        chance[at] *= compatible(tellings[pairs[at, 0]], tellings[pairs[at, 1]])
    return chance


def compatible(a: Told, b: Told) -> float:
    """Return the product of the factors, 0 to 1, by which what is known of two tellings lowers their chance.

    What one of both does not tell lowers nothing.
    """
    set_by = settings()["factors"]
    out = 1.0
    if a.type and b.type and a.type != b.type:
        out *= set_by["other_type"]
    for one, other, factor in (
        (a.actors, b.actors, set_by["other_actors"]),
        (a.places, b.places, set_by["other_places"]),
    ):
        if one and other and one.isdisjoint(other):
            out *= factor
    if a.first and b.first:
        apart = _days_apart((a.first, a.last or a.first), (b.first, b.last or b.first))
        out *= _by_days(apart, set_by["days"])
    elif a.published and b.published:
        out *= _by_days(abs((a.published - b.published).days), set_by["published"])
    return float(out)


def _days_apart(a: tuple[datetime.date, datetime.date], b: tuple[datetime.date, datetime.date]) -> int:
    """Return the days between two ranges of days, 0 where they overlap."""
    return max(0, (a[0] - b[1]).days, (b[0] - a[1]).days)


def _by_days(apart: int, factors: Sequence[float]) -> float:
    """Return the factor for so many days apart; beyond the list the last one holds."""
    return factors[min(apart, len(factors) - 1)]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A network of one inner layer from features to the logarithm of the odds, and its threshold."""

    mean: Floats
    spread: Floats
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats
    threshold: float


@functools.cache
def fitted() -> Fitted:
    """Return data/same.npz; raises ModelFileError where it is not the one that the encoder goes with."""
    with np.load(shipped("same.npz")) as file:
        values = {name: file[name] for name in file.files}
    return Fitted(**{**values, "threshold": float(values["threshold"])})


class _Measured:
    """The words of tellings, ready to be compared."""

    def __init__(self, tellings: Sequence[Told], vectors: Floats) -> None:
        window, numbers = settings()["window"], dict[str, int]()
        self.vectors = vectors
        self.report, contexts = numbered(
            tellings, lambda one: (one.report, (one.context or one.text)[: window["context"]])
        )
        self.text, texts = numbered(tellings, lambda one: (one.report, one.text[: window["text"]]))
        self.reports = Rows.of((content(text) for _, text in contexts), numbers)
        self.texts = Rows.of((content(text) for _, text in texts), numbers)
        self.names = Rows.of((_names(text) for _, text in texts), numbers)
        self.near = Rows.of((_near(one, window["near"]) for one in tellings), numbers)
        self.head, self.heads = numbered(tellings, head)
        stems = np.array([numbers.setdefault(one, len(numbers)) for one in self.heads], np.int64)
        self.stem = stems[self.head] if len(stems) else stems
        rare = np.array([weights().of(one) / 10 for one in self.heads], np.float32)
        self.rare = rare[self.head] if len(rare) else rare

    def features(self, pairs: Ints) -> Floats:
        a, b = pairs.T
        ra, rb, ta, tb = self.report[a], self.report[b], self.text[a], self.text[b]
        ha, hb = self.head[a], self.head[b]
        half = self.vectors.shape[1] // 2
        product = self.vectors[a] * self.vectors[b]
        columns = (
            product[:, :half].sum(1),
            product[:, half:].sum(1),
            _once(self.reports.cosines, ra, rb),
            _once(self.texts.cosines, ta, tb),
            self.near.cosines(a, b),
            _once(self.names.cosines, ta, tb),
            ha == hb,
            _once(self._prefixes, ha, hb),
            ra == rb,
            ta == tb,
            np.minimum(self.rare[a], self.rare[b]),
            *_both(self.names.shares(ta, self.reports, rb), self.names.shares(tb, self.reports, ra)),
            *_both(self.texts.shares(ta, self.reports, rb), self.texts.shares(tb, self.reports, ra)),
            *_both(self.near.shares(a, self.reports, rb), self.near.shares(b, self.reports, ra)),
            *_both(self.reports.has(rb, self.stem[a]), self.reports.has(ra, self.stem[b])),
        )
        return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)

    def _prefixes(self, a: Ints, b: Ints) -> Floats:
        each = zip(a.tolist(), b.tolist(), strict=True)
        return np.array([_prefix(self.heads[i], self.heads[j]) for i, j in each], np.float32)


def _both(one: NDArray[Any], other: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the lesser and the greater of both directions: a pair has no order."""
    return np.minimum(one, other), np.maximum(one, other)


def _prefix(a: str, b: str) -> float:
    same = itertools.takewhile(lambda two: two[0] == two[1], zip(a, b, strict=False))
    return sum(1 for _ in same) / max(len(a), len(b), 1)


def _once(measure: Callable[[Ints, Ints], Floats], a: Ints, b: Ints) -> Floats:
    """Measure each two rows once, however often a pair names them, in either order."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    width = int(high.max(initial=0)) + 1
    keys, back = np.unique(low * width + high, return_inverse=True)
    return measure(keys // width, keys % width)[back]


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(settings()["words"]["common"])


def _words(text: str) -> list[str]:
    found = (text[a:b] for a, b in words(text))
    return [word for word in found if word[0].isalnum() and word.lower() not in _common()]


def _names(text: str) -> list[str]:
    """Return the stems of words with a capital and of numbers: names, and the first words of sentences."""
    return [stem(word) for word in _words(text) if word[0].isupper() or word[0].isdigit()]


def _near(telling: Told, reach: int) -> list[str]:
    text, spans = telling.text, words(telling.text)
    before = [span for span in spans if span[1] <= telling.start][-reach:]
    after = [span for span in spans if span[0] >= telling.end][:reach]
    return content(" ".join(text[a:b] for a, b in [*before, *after]))
