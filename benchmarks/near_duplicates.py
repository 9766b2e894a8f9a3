"""Near duplicates: lightly edited copies of reports, hidden among all the originals, and how many of them are found.

Half of the reports, by a hash of their key, served to set the thresholds; copies are made of the other half.
"""

from __future__ import annotations

import datetime
import itertools
import random
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.light_edits import changed_fact, edited
from benchmarks.lines import rows as rows_of
from pourparler.archive.copies import Copy, Paper, find_copies
from pourparler.archive.search import fold

# Copies made, at most.
_SAMPLE = 3000
# An outlet takes a report over within so many days.
_LATER = 3
# Look-alikes: different reports that share so much of their words (Jaccard), so many days apart.
_ALIKE = 0.5
_NEIGHBOURS = 14
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Made:
    """A copy made by editing, of an original, with the kinds of its edits."""

    paper: Paper
    of: str
    kinds: tuple[str, ...]


def measure(path: Path, *, seed: int = 1, errors: list[str] | None = None, half: int = 1) -> dict[str, Any]:
    """Return precision, recall and f1 in percent over pairs with a copy made by light editing, with counts.

    A pair of such a copy and anything but its original is wrong. ``recall_by_kind``: of copies with that edit.
    ``found_among_originals``: pairs of originals taken for copies, which no gold says right or wrong.
    ``look_alikes``: pairs of different reports with half their words in common, of neighbouring days, or of one story
    where the file says so (``subtopic``), ``look_alikes_found``: those taken for copies; ``precision_look_alikes``
    counts all of them as wrong, true copies among them too. ``changed``: one number exchanged in a report of at most
    60 words; ``changed_found``: taken for copies. Halves are 0 (for setting thresholds) and 1.
    """
    originals = _papers(rows_of(path))
    chance = random.Random(seed)  # noqa: S311 (a sample, no secret)
    ours = [
        paper for paper in originals if zlib.crc32(paper.key.encode()) % 2 == half and len(paper.text.split()) > 4
    ]
    sample = chance.sample(ours, min(len(ours), _SAMPLE))
    made = [one for paper in sample if (one := _edited(paper, chance)).kinds]
    begun, worked = time.perf_counter(), time.process_time()
    found = find_copies([*originals, *(one.paper for one in made)])
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    pairs = set(pairs_of(found))
    true = {_pair(one.paper.key, one.of) for one in made}
    with_copy = {pair for pair in pairs if any(key.startswith("edited:") for key in pair)}
    right = with_copy & true
    if errors is not None:
        errors += _shown(originals, made, with_copy ^ true)
    alone = pairs - with_copy
    alike = set(look_alikes(originals, rows_of(path)))
    return {
        "reports": len(originals),
        "copies": len(made),
        "pairs_found": len(with_copy),
        **_rates(len(right), len(with_copy), len(true)),
        "recall_by_kind": _by_kind(made, right),
        "found_among_originals": len(alone),
        "look_alikes": len(alike),
        "look_alikes_found": len(alike & alone),
        "precision_look_alikes": _percent(len(right), len(right) + len(with_copy - true) + len(alike & alone)),
        **_changed(sample, chance),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(worked, 1),
    }


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _papers(rows: Sequence[dict[str, Any]]) -> list[Paper]:
    return [
        Paper(
            row.get("id") or row["doc_id"], row["text"], row.get("published") or row.get("date"), row.get("publisher")
        )
        for row in rows
    ]


def _edited(paper: Paper, chance: random.Random) -> Made:
    text, kinds = edited(paper.text, chance)
    return Made(Paper(f"edited:{paper.key}", text, _later(paper.published, chance), "Another"), paper.key, kinds)


def _later(published: str | None, chance: random.Random) -> str | None:
    if published is None:
        return None
    day = datetime.date.fromisoformat(published[:10])
    return str(day + datetime.timedelta(days=chance.randint(0, _LATER)))


def pairs_of(found: Iterable[Copy]) -> Iterator[tuple[str, str]]:
    """Yield all pairs within the groups that copies make, each sorted."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for copy in found:
        groups[copy.of].update((copy.of, copy.report))
    for keys in groups.values():
        yield from itertools.combinations(sorted(keys), 2)


def _rates(right: int, found: int, true: int) -> dict[str, float]:
    return {
        "precision": _percent(right, found),
        "recall": _percent(right, true),
        "f1": _percent(2 * right, found + true),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _by_kind(made: Sequence[Made], right: set[tuple[str, str]]) -> dict[str, float]:
    every, good = Counter[str](), Counter[str]()
    for one in made:
        every.update(one.kinds)
        if _pair(one.paper.key, one.of) in right:
            good.update(one.kinds)
    return {kind: _percent(good[kind], every[kind]) for kind in sorted(every)}


def look_alikes(papers: Sequence[Paper], rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield pairs of different reports that one could take for copies: of one story, else alike and near in time."""
    if all("subtopic" in row for row in rows):
        stories: defaultdict[str, list[str]] = defaultdict(list)
        for row, paper in zip(rows, papers, strict=True):
            stories[row["subtopic"]].append(paper.key)
        for keys in stories.values():
            yield from itertools.combinations(sorted(keys), 2)
    elif all(paper.published for paper in papers):
        yield from _alike(sorted(papers, key=lambda paper: (paper.published or "", paper.key)))


def _alike(papers: Sequence[Paper]) -> Iterator[tuple[str, str]]:
    """Yield pairs of papers, in order of days, that share many words but are not the same."""
    known: dict[str, int] = {}
    words = [sorted({known.setdefault(word, len(known)) for word in fold(paper.text).split()}) for paper in papers]
    counts = np.array([len(one) for one in words])
    ends = np.concatenate(([0], np.cumsum(counts)))
    table = csr_matrix(
        (np.ones(ends[-1], np.int32), np.concatenate([np.array(one, np.int64) for one in words]), ends),
        shape=(len(papers), len(known)),
    )
    days = np.array([datetime.date.fromisoformat((paper.published or "")[:10]).toordinal() for paper in papers])
    for at in range(0, len(papers), _ROWS):
        last = min(at + _ROWS, len(papers))
        until = int(np.searchsorted(days, days[last - 1] + _NEIGHBOURS, "right"))
        shared = (table[at:last] @ table[at:until].T).tocoo()
        a, b = shared.row + at, shared.col + at
        likeness = shared.data / (counts[a] + counts[b] - shared.data)
        wanted = (b > a) & (likeness >= _ALIKE) & (days[b] - days[a] <= _NEIGHBOURS)
        for i, j in zip(a[wanted].tolist(), b[wanted].tolist(), strict=True):
            if fold(papers[i].text) != fold(papers[j].text):
                yield _pair(papers[i].key, papers[j].key)


def _changed(sample: Sequence[Paper], chance: random.Random) -> dict[str, Any]:
    """Count short reports with one number exchanged, and those of them that are taken for copies."""
    count = found = 0
    for paper in sample:
        text = changed_fact(paper.text, chance) if len(paper.text.split()) <= 60 else paper.text
        if text != paper.text:
            count += 1
            found += bool(find_copies([paper, Paper(f"changed:{paper.key}", text, paper.published)]))
    return {"changed": count, "changed_found": found}


def _shown(papers: Sequence[Paper], made: Sequence[Made], wrong: set[tuple[str, str]]) -> Iterator[str]:
    texts = {paper.key: paper.text for paper in (*papers, *(one.paper for one in made))}
    kinds = {one.paper.key: one.kinds for one in made}
    for a, b in sorted(wrong):
        word = "missed" if f"edited:{a}" == b or f"edited:{b}" == a else "wrong"
        yield f"{word} {kinds.get(a) or kinds.get(b)}\n  {a}: {texts[a][:400]!r}\n  {b}: {texts[b][:400]!r}"
