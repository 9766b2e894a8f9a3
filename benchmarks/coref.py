"""Coreference within documents: clusters of mentions on gold tokens and sentences, with the network's own trees.

Files are CoNLL-U as GUM has it, gzip-compressed where the name ends in .gz; what stands for one thing is told by
``Entity=`` in the last column. Singletons are left out on both sides, as OntoNotes and the CoNLL tasks do: a gold
mention that nothing else goes back to is no mention here, and neither is one of ours.
"""

from __future__ import annotations

import gzip
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import clusters as scores
from benchmarks.clusters import Count
from benchmarks.treebank import sentences
from pourparler.model.labels import NAMES
from pourparler.model.reader import network
from pourparler.model.trees import parse
from pourparler.reading import coreference
from pourparler.reading.mentions import Parsed

Span = tuple[int, int]
_ENTITY = re.compile(r"(?:^|\|)Entity=([^|]*)")
_MARK = re.compile(r"(\(?)([^()]+)(\)?)")
_MEASURES = {"muc": scores.muc, "b3": scores.b_cubed, "ceafe": scores.ceaf_e, "mention": scores.found}


@dataclass(frozen=True, slots=True)
class Told:
    """A document as GUM tells it: words, sentences (half-open word ranges), and the mentions of each entity."""

    name: str
    words: tuple[str, ...]
    sentences: tuple[Span, ...]
    entities: tuple[tuple[Span, ...], ...]

    @property
    def clusters(self) -> list[tuple[Span, ...]]:
        """The entities with two mentions or more."""
        return [spans for spans in self.entities if len(spans) > 1]


def measure(path: Path, *, errors: list[str] | None = None) -> dict[str, Any]:
    """Return muc_f1, b3_f1, ceafe_f1 and their mean conll_f1, and mention_f1, in percent, counted over all documents.

    gold_mentions_conll_f1 is conll_f1 where the mentions of gold's clusters are given. Singletons are left out of
    both sides. ``errors`` collects a line for each two neighbours of a cluster that only one side puts together.
    """
    total = dict.fromkeys(_MEASURES, Count())
    given = dict.fromkeys(_MEASURES, Count())
    count = {"documents": 0, "words": 0, "gold_mentions": 0, "gold_clusters": 0, "mentions": 0, "clusters": 0}
    for told in documents(path):
        text, gold = parsed(told), told.clusters
        ours = coreference.clusters(text)
        fixed = coreference.clusters(text, given=[span for cluster in gold for span in cluster])
        for key, score in _MEASURES.items():
            total[key] += score(gold, ours)
            given[key] += score(gold, fixed)
        row = (1, len(told.words), *_sizes(gold), *_sizes(ours))
        count = {key: value + more for (key, value), more in zip(count.items(), row, strict=True)}
        if errors is not None:
            errors += [*_apart(told, gold, ours, "parted"), *_apart(told, ours, gold, "joined")]
    figures = {f"{key}_f1": round(100 * value.f1, 1) for key, value in total.items()}
    return {**count, "conll_f1": _conll(total), **figures, "gold_mentions_conll_f1": _conll(given)}


def _conll(total: dict[str, Count]) -> float:
    return round(100 * (total["muc"].f1 + total["b3"].f1 + total["ceafe"].f1) / 3, 1)


def _sizes(found: Sequence[Sequence[Span]]) -> tuple[int, int]:
    return sum(map(len, found)), len(found)


def _apart(told: Told, one: Sequence[Sequence[Span]], other: Sequence[Sequence[Span]], verb: str) -> Iterator[str]:
    """Yield a line for each two neighbours of a cluster of one side that the other side does not put together."""
    owner = {span: at for at, cluster in enumerate(other) for span in cluster}
    for cluster in one:
        for a, b in itertools.pairwise(sorted(cluster)):
            if owner.get(a, -1) != owner.get(b, -2):
                first, second = (" ".join(told.words[slice(*span)]) for span in (a, b))
                yield f"{told.name}: {verb} {first!r} ({a[0]}) and {second!r} ({b[0]})"


def parsed(told: Told) -> Parsed:
    """Return a document with the network's own trees and names."""
    tags = network().read(told.words, told.sentences).names.argmax(-1).tolist()
    names = [NAMES.types[(tag - 1) // 2] if tag else "" for tag in tags]
    return Parsed(told.words, told.sentences, parse(network(), told.words, told.sentences), names)


def documents(path: Path) -> Iterator[Told]:
    """Yield the documents of a CoNLL-U file; raises ValueError where marks of entities do not close."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    for part in re.split(r"(?m)^(?=# newdoc id = )", text):
        rows = list(sentences(part))
        if rows:
            name = re.match(r"# newdoc id = (\S+)", part)
            ends = list(itertools.accumulate(map(len, rows), initial=0))
            flat = [row for sentence in rows for row in sentence]
            words = tuple(row[1] for row in flat)
            yield Told(name[1] if name else "", words, tuple(itertools.pairwise(ends)), _entities(flat))


def _entities(rows: Sequence[Sequence[str]]) -> tuple[tuple[Span, ...], ...]:
    """Return the spans of each entity, in the order in which they end."""
    out: dict[str, list[Span]] = {}
    begun: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        found = _ENTITY.search(row[9])
        for opens, body, closes in _MARK.findall(found[1] if found else ""):
            key = body.split("-")[0]
            if opens:
                begun.setdefault(key, []).append(i)
            if closes:
                if not begun.get(key):
                    raise ValueError(f"word {i + 1} ({row[1]!r}): entity {key} ends where none began")
                out.setdefault(key, []).append((begun[key].pop(), i + 1))
    if any(begun.values()):
        raise ValueError(f"entities that do not end: {', '.join(key for key, at in begun.items() if at)}")
    return tuple(tuple(spans) for spans in out.values())
