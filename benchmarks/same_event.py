"""Same event: which event mentions of different reports are one act, with gold mentions.

Files are JSON Lines as ECB+ and MEANTIME are kept, gzip-compressed where the name ends in .gz. Mentions of all
documents of a file go in one pool; neither topic nor the name of a document is used, only texts and spans. Where a
document lists validated sentences, only their mentions count (ECB+'s own evaluation); where the file has no such list
(MEANTIME), all do, and a document whose list is empty has none. Singletons are kept on both sides, as is usual.
"""

from __future__ import annotations

import gzip
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from benchmarks.clusters import Count, b_cubed, muc
from pourparler.archive import alike, meaning
from pourparler.archive.alike import Telling
from pourparler.archive.clusters import Ints, clusters

# The rule that the field compares with: one head, in reports that lie near each other. Set on ECB+'s training topics.
_LEMMA_REPORTS = 0.25


@dataclass(frozen=True, slots=True)
class Told:
    """A gold mention of an event; ``topic`` parts what is trained on, and goes into no vector or score.

    ``subtopic`` names the news story that the document tells, empty where the set has none.
    """

    telling: Telling
    cluster: str
    topic: int | str
    subtopic: str = ""


def measure(path: Path, *, errors: list[str] | None = None) -> dict[str, Any]:
    """Return muc_f1, b3_f1, ceafe_f1 and their mean conll_f1, in percent, and the number of mentions and clusters.

    lemma_conll_f1 is that of the rule "one head stem, in reports whose weighed words have a cosine above 0.25". The
    same two figures with ``subtopics`` in their names are of pairs within the set's own subtopics alone, as much of
    what is published is measured; they flatter, since nobody sorts the news by story beforehand.
    seconds_per_1000 what vectors, scores of all pairs and clusters take for a thousand mentions. ``errors`` collects
    a line for each two neighbours of a cluster that only one side puts together.
    """
    told = list(documents(path))
    began = time.perf_counter()
    tellings = [one.telling for one in told]
    pairs = np.stack(np.triu_indices(len(told), 1), 1)
    vectors = meaning.vectors(tellings)
    chances = alike.words_alone(tellings, vectors, pairs)
    kept = chances > 0
    ours = clusters(len(told), pairs[kept], chances[kept], threshold=alike.fitted().threshold)
    seconds = time.perf_counter() - began
    if errors is not None:
        errors += _apart(told, ours)
    return {
        "documents": len({one.telling.report for one in told}),
        "mentions": len(told),
        "gold_clusters": len({one.cluster for one in told}),
        "clusters": len(ours),
        **conll(told, ours),
        "lemma_conll_f1": conll(told, _by_lemma(tellings, pairs))["conll_f1"],
        **_within(told, pairs[kept], chances[kept], pairs),
        "seconds_per_1000": round(1000 * seconds / len(told), 2),
    }


def documents(path: Path) -> Iterator[Told]:
    """Yield the event mentions of a file that count, in the file's order."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    # Lines may hold other separators (U+2028) inside their strings.
    for row in (json.loads(line) for line in text.split("\n") if line.strip()):
        lines = row["text"].split("\n")
        begins = np.cumsum([0, *(len(line) + 1 for line in lines)]).tolist()
        counting = row.get("validated_sentences")
        for mention in row["mentions"]:
            number = mention["sentence"]
            if mention["is_event"] and (counting is None or number in counting):
                start = min(span[0] for span in mention["spans"]) - begins[number]
                end = max(span[1] for span in mention["spans"]) - begins[number]
                key = f"{row['doc_id']}/{mention['id']}"
                telling = Telling(key, row["doc_id"], lines[number], start, end, context=row["text"])
                yield Told(telling, mention["cluster"], row["topic"], row.get("subtopic", ""))


def conll(told: Sequence[Told], ours: Sequence[Sequence[int]]) -> dict[str, float]:
    """Return muc_f1, b3_f1, ceafe_f1 and conll_f1, in percent, of clusters of numbers of mentions."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        by_name[one.cluster].append(number)
    gold = list(by_name.values())
    found = {"muc": muc(gold, ours), "b3": b_cubed(gold, ours), "ceafe": ceaf_e(gold, ours)}
    mean = sum(count.f1 for count in found.values()) / 3
    return {f"{name}_f1": round(100 * count.f1, 2) for name, count in found.items()} | {
        "conll_f1": round(100 * mean, 2)
    }


def ceaf_e(gold: Sequence[Sequence[int]], ours: Sequence[Sequence[int]]) -> Count:
    """Return CEAF-e as ``benchmarks.clusters`` does, fast enough for the thousands of clusters of a whole file."""
    owner = {mention: at for at, cluster in enumerate(ours) for mention in cluster}
    shared = np.zeros((len(gold), len(ours)))
    for at, cluster in enumerate(gold):
        for mention in cluster:
            shared[at, owner[mention]] += 1
    sizes = np.array([len(one) for one in gold])[:, None] + np.array([len(one) for one in ours])[None]
    likeness = 2 * shared / sizes
    total = float(likeness[linear_sum_assignment(likeness, maximize=True)].sum())
    return Count(total, len(gold), total, len(ours))


def _within(told: Sequence[Told], likely: Ints, chances: NDArray[np.float32], pairs: Ints) -> dict[str, float]:
    """Return the figures within gold subtopics; none where the set has no subtopics."""
    names, numbers = np.unique([one.subtopic for one in told], return_inverse=True)
    if len(names) < 2:
        return {}
    near, all_near = (numbers[some[:, 0]] == numbers[some[:, 1]] for some in (likely, pairs))
    ours = clusters(len(told), likely[near], chances[near], threshold=alike.fitted().threshold)
    lemma = _by_lemma([one.telling for one in told], pairs[all_near])
    return {
        "subtopics_conll_f1": conll(told, ours)["conll_f1"],
        "subtopics_lemma_conll_f1": conll(told, lemma)["conll_f1"],
    }


def _by_lemma(tellings: Sequence[Telling], pairs: Ints) -> list[list[int]]:
    found = alike.features(tellings, np.zeros((len(tellings), 2), np.float32), pairs)
    stem, report = (found[:, alike.NAMES.index(name)] for name in ("stem", "report"))
    linked = pairs[(stem > 0) & (report > _LEMMA_REPORTS)].tolist()
    of = {number: [number] for number in range(len(tellings))}
    for a, b in linked:
        if of[a] is not of[b]:
            of[a] += of[b]
            of.update(dict.fromkeys(of[b], of[a]))
    return list({id(group): group for group in of.values()}.values())


def _apart(told: Sequence[Told], ours: Sequence[Sequence[int]]) -> Iterator[str]:
    """Yield a line for each two neighbours of a cluster of one side that the other does not put together."""
    gold: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        gold[one.cluster].append(number)
    owner = {number: at for at, cluster in enumerate(ours) for number in cluster}
    for verb, groups, whose in (
        ("parted", list(gold.values()), lambda n: owner[n]),
        ("joined", ours, lambda n: told[n].cluster),
    ):
        for group in groups:
            for a, b in itertools.pairwise(group):
                if whose(a) != whose(b):
                    yield f"{verb} {_shown(told[a].telling)} and {_shown(told[b].telling)}"


def _shown(one: Telling) -> str:
    return f"{one.text[one.start : one.end]!r} ({one.key})"
