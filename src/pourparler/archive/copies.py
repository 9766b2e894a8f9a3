"""Copies: reports that repeat another, word for word or lightly edited. They are recorded, and count as no news.

A report's signature (271 bytes, worth keeping) tells which others may be alike: MinHash over the words that count.
Those are compared word by word. A copy keeps most words and their order, and it keeps the facts: war repeats itself
with other numbers and places, so two short reports that fill one place of a sentence with different names or numbers
are no copies, however alike they are.

datasketch makes the signatures. Bands are compared here, as sorted columns: pairs too far apart in time never meet,
and 84,003 reports need 40 MB for it, where a hash table for each of 42 bands needs a set for each report and band.
"""

from __future__ import annotations

import datetime
import functools
import heapq
import itertools
import math
import operator
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from pourparler.archive.likeness import Likeness, compare
from pourparler.archive.wording import Wording, digest, features, settings, wording
from pourparler.errors import ArchiveError

if TYPE_CHECKING:
    from datasketch import MinHash

Method = Literal["exact", "near"]
EXACT: Method = "exact"
NEAR: Method = "near"

# First byte of a signature; another number where signatures come out otherwise.
_VERSION = 1
_HEAD = 1 + 16 + 2
# No near copy is as sure as an exact one.
_SURE = 0.9999
_UNDATED = -1_000_000
# Pairs whose signatures are compared at a time: 126 hashes of 2 bytes each, twice.
_CHUNK = 50_000
# Wordings held for the next comparison; pairs come in order of days, so that few are needed.
_WORDINGS = 512


@dataclass(frozen=True, slots=True)
class Paper:
    """A report to compare. ``published`` is YYYY-MM-DD, a time may follow."""

    key: str
    text: str
    published: str | None = None
    publisher: str | None = None


# What finds the text of a paper that does not hold it.
TextOf = Callable[[Paper], str]


@dataclass(frozen=True, slots=True)
class Link:
    """Two reports that are copies, by key, ``a`` before ``b`` in byte order; ``score``: the chance that they
    are, 1.0 for the same words."""

    a: str
    b: str
    method: Method
    score: float


@dataclass(frozen=True, slots=True)
class Copy:
    """A report that repeats another, the first published one of its group; ``score``: the chance that it does, the
    product of those of the links between."""

    report: str
    of: str
    method: Method
    score: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What the chance of a copy is made of; see data/copies.toml."""

    constant: float
    both: float
    order: float
    changes: float
    foreign: float
    per: int
    most: float


@dataclass(frozen=True, slots=True)
class Settings:
    """data/copies.toml."""

    days: int
    long: int
    bands: int
    rows: int
    estimate: float
    neighbours: int
    least: float
    words_per_change: int
    weights: Weights

    def chance(self, found: Likeness) -> float:
        """Return the chance (0 to 1) that wordings so alike are copies: 0.0 where too many facts differ."""
        if not found.size or found.changes > found.size // self.words_per_change:
            return 0.0
        rule = self.weights
        changes, foreign = (min(n * rule.per / found.size, rule.most) for n in (found.changes, found.foreign))
        total = rule.constant + rule.both * found.both + rule.order * found.order
        return 1 / (1 + math.exp(-(total + rule.changes * changes + rule.foreign * foreign)))


@functools.cache
def shipped() -> Settings:
    """Return the settings of data/copies.toml."""
    data = settings()
    weights = Weights(**data["weights"])
    return Settings(**{name: data[name] for name in Settings.__slots__ if name != "weights"}, weights=weights)


def signature(text: str) -> bytes:
    """Return the signature of a text: the same on every machine, with a digest of its wording and MinHash values.

    Keep it beside the report: signatures of another version are made anew where they are used.
    """
    found = features(text)
    sketch = _sketch()
    sketch.clear()
    if found:
        sketch.update_batch([form.encode("utf-8", "surrogatepass") for form in found])
    values: bytes = sketch.hashvalues.astype(
        "<u2"
    ).tobytes()  # the low halves: they are equal by chance in one of 65,536 cases
    count = min(len(found), 65_535).to_bytes(2, "little")
    return bytes((_VERSION,)) + digest(text).ljust(16, b"\0") + count + values


@functools.cache
def _sketch() -> MinHash:
    from datasketch import MinHash

    rule = shipped()
    return MinHash(num_perm=rule.bands * rule.rows, seed=1, scheme="affine32")


def _is_current(kept: bytes | None) -> bool:
    rule = shipped()
    return kept is not None and len(kept) == _HEAD + 2 * rule.bands * rule.rows and kept[0] == _VERSION


def find_copies(papers: Iterable[Paper], *, signatures: Mapping[str, bytes] | None = None) -> list[Copy]:
    """Return every report that repeats an earlier one, by key; ``signatures`` are kept ones, by key.

    What comes out does not depend on the order of what goes in.

    Raises:
        ArchiveError: two papers have one key.
    """
    every = list(papers)
    return group(every, links(every, signatures=signatures))


def links(
    papers: Iterable[Paper],
    *,
    signatures: Mapping[str, bytes] | None = None,
    new: Collection[str] | None = None,
    text_of: TextOf = operator.attrgetter("text"),
) -> list[Link]:
    """Return pairs of copies, by key. With ``new``, only pairs with at least one of these keys are looked for: with
    them and the links known before, ``group`` gives what all papers at once would give.

    Of reports with the same words, one for each day is compared with others. ``text_of`` is asked for the few texts
    that are compared word by word, and for those whose signature is lacking: papers need hold none.

    Raises:
        ArchiveError: two papers have one key.
    """
    shelf = _Shelf.of(papers, signatures or {}, new, text_of)
    out = {(one.a, one.b): one for one in shelf.near()}
    out.update({(one.a, one.b): one for one in shelf.exact()})
    return [out[pair] for pair in sorted(out)]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Papers in order of publication, with days (``_UNDATED`` where unknown), digests and sketches, one a row."""

    papers: tuple[Paper, ...]
    days: npt.NDArray[np.int64]
    digests: tuple[bytes, ...]
    counts: npt.NDArray[np.int64]
    sketches: npt.NDArray[np.uint16]
    fresh: npt.NDArray[np.bool_]
    text_of: TextOf

    @classmethod
    def of(
        cls,
        papers: Iterable[Paper],
        kept: Mapping[str, bytes],
        new: Collection[str] | None,
        text_of: TextOf,
    ) -> _Shelf:
        every = sorted(papers, key=_order)
        keys = {paper.key for paper in every}
        if len(keys) < len(every):
            raise ArchiveError("two reports to compare have one key. Give each report a key of its own")
        rule = shipped()
        sketches = np.empty((len(every), rule.bands * rule.rows), np.uint16)
        digests, counts = [], np.empty(len(every), np.int64)
        for i, paper in enumerate(every):
            found = kept.get(paper.key)
            sign = found if found is not None and _is_current(found) else signature(text_of(paper))
            digests.append(sign[1:17].rstrip(b"\0") and sign[1:17])
            counts[i] = int.from_bytes(sign[17:_HEAD], "little")
            sketches[i] = np.frombuffer(sign, "<u2", offset=_HEAD)
        days = np.array([_day(paper.published) for paper in every], np.int64)
        fresh = np.array([new is None or paper.key in new for paper in every], np.bool_)
        return cls(tuple(every), days, tuple(digests), counts, sketches, fresh, text_of)

    def exact(self) -> Iterator[Link]:
        """Yield links between neighbours, by day, of the same words."""
        rule = shipped()
        for group_ in self._same().values():
            for i, j in itertools.pairwise(group_):
                near = self.days[i] == _UNDATED or self.days[j] - self.days[i] <= rule.days
                if (near or self.counts[i] >= rule.long) and (self.fresh[i] or self.fresh[j]):
                    yield self._link(i, j, EXACT, 1.0)

    def near(self) -> Iterator[Link]:
        """Yield links between reports of other words that are copies all the same."""
        rule = shipped()

        @functools.lru_cache(maxsize=_WORDINGS)
        def told(i: int) -> Wording:
            return wording(self.text_of(self.papers[i]))

        for i, j in self._candidates():
            if self.digests[i] != self.digests[j]:
                chance = rule.chance(compare(told(i), told(j)))
                if chance >= rule.least:
                    yield self._link(i, j, NEAR, min(round(chance, 4), _SURE))

    def _same(self) -> dict[bytes, list[int]]:
        """Return the rows of each digest, in order of days, those without a day first."""
        out: defaultdict[bytes, list[int]] = defaultdict(list)
        for i in np.argsort(self.days, kind="stable").tolist():
            if self.digests[i]:
                out[self.digests[i]].append(i)
        return out

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Yield pairs of rows that may be alike: one band of their sketches is equal, and they are near in time."""
        rows = np.array(sorted(self._different()), np.int64)
        found: npt.NDArray[np.int64] = np.empty(0, np.int64)
        for band in range(shipped().bands) if len(rows) > 1 else ():
            found = np.union1d(found, self._in_band(rows, band))
        for code in found.tolist():
            yield divmod(code, len(self.papers))

    def _different(self) -> Iterator[int]:
        """Yield one row for each digest and day."""
        for group_ in self._same().values():
            for _, of_day in itertools.groupby(group_, lambda i: int(self.days[i])):
                first = next(of_day)
                if self.counts[first]:
                    yield first

    def _in_band(self, rows: npt.NDArray[np.int64], band: int) -> npt.NDArray[np.int64]:
        """Return pairs that a band brings together and whose whole sketches look alike: row * papers + row."""
        rule = shipped()
        values = self.sketches[rows, band * rule.rows : (band + 1) * rule.rows].astype(np.uint64)
        keys = values @ (np.uint64(1) << np.arange(0, 16 * rule.rows, 16, dtype=np.uint64))
        order = np.lexsort((rows, self.days[rows], keys))
        keys, rows = keys[order], rows[order]
        days = self.days[rows]
        left = np.arange(len(rows))
        out: list[npt.NDArray[np.int64]] = []
        for step in range(1, rule.neighbours + 1):
            left = left[left + step < len(rows)]
            right = left + step
            near = (days[right] - days[left] <= rule.days) | (days[left] == _UNDATED)
            left = left[(keys[left] == keys[right]) & near]
            if not len(left):
                break
            out += self._alike(rows[left], rows[left + step])
        return np.concatenate(out) if out else np.empty(0, np.int64)

    def _alike(self, a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
        wanted = self.fresh[a] | self.fresh[b]
        a, b = a[wanted], b[wanted]
        least = shipped().estimate * self.sketches.shape[1]
        for at in range(0, len(a), _CHUNK):
            one, other = a[at : at + _CHUNK], b[at : at + _CHUNK]
            alike = np.count_nonzero(self.sketches[one] == self.sketches[other], axis=1) >= least
            one, other = one[alike], other[alike]
            yield np.minimum(one, other) * len(self.papers) + np.maximum(one, other)

    def _link(self, i: int, j: int, method: Method, score: float) -> Link:
        a, b = sorted((self.papers[i].key, self.papers[j].key))
        return Link(a, b, method, score)


def _order(paper: Paper) -> tuple[bool, str, str]:
    return paper.published is None, paper.published or "", paper.key


def _day(published: str | None) -> int:
    try:
        return datetime.date.fromisoformat((published or "")[:10]).toordinal()
    except ValueError:  # a year alone, or a month: no day to be near to
        return _UNDATED


def group(
    papers: Iterable[Paper], found: Iterable[Link], *, text_of: TextOf = operator.attrgetter("text")
) -> list[Copy]:
    """Return the copies that links make, by key, each of the first published one that it hangs together with.

    The same rules hold between both ends as for a link: likely enough, and near in time unless the same long text.
    ``text_of`` is asked for the text of those that are far in time: papers need hold none.
    """
    beside: defaultdict[str, list[Link]] = defaultdict(list)
    for link in found:
        beside[link.a].append(link)
        beside[link.b].append(link)
    linked = {paper.key: paper for paper in sorted(papers, key=_order) if paper.key in beside}
    out: dict[str, Copy] = {}
    originals: set[str] = set()
    for paper in linked.values():
        if paper.key not in out:
            originals.add(paper.key)
            for copy in _reached(paper, beside, linked, text_of):
                if copy.report not in originals:
                    out.setdefault(copy.report, copy)
    return [out[key] for key in sorted(out)]


def _reached(
    original: Paper, beside: Mapping[str, Sequence[Link]], papers: Mapping[str, Paper], text_of: TextOf
) -> Iterator[Copy]:
    """Yield all that hang together with an original, each by the likeliest way."""
    waiting = [(-1.0, original.key)]
    seen: set[str] = set()
    while waiting:
        negative, key = heapq.heappop(waiting)
        if key in seen or key not in papers:
            continue
        seen.add(key)
        if key != original.key:
            if not _within(original, papers[key], negative, text_of):
                continue
            yield Copy(key, original.key, EXACT if negative == -1.0 else NEAR, round(-negative, 4))
        for link in beside[key]:
            heapq.heappush(waiting, (negative * link.score, link.b if link.a == key else link.a))


def _within(original: Paper, copy: Paper, negative: float, text_of: TextOf) -> bool:
    rule = shipped()
    days = [_day(one.published) for one in (original, copy)]
    if _UNDATED in days or abs(days[0] - days[1]) <= rule.days:
        return -negative >= rule.least
    return negative == -1.0 and len(features(text_of(copy))) >= rule.long
