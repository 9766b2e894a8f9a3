"""Speed: documents and words a second in one process, start to first record, peak memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.lines import rows as rows_of
from pourparler import Document, read, read_many
from pourparler.model.reader import network
from pourparler.model.split import sentences
from pourparler.model.words import words
from pourparler.reading.parallel import ordered

_FIRST = """
import pourparler
pourparler.read("The ministers of Armenia and Azerbaijan met in Washington on Monday.", published="2023-05-04")
"""
_RUNS = 5


def measure(path: Path) -> dict[str, Any]:
    """Return documents_per_second, tokens_per_second, pieces_per_second, encoder_ratio, startup_s and peak_mb.

    ``startup_s`` is the best of three fresh processes from start to the first record of a short text; a token is a
    word or mark as the reader cuts them, a piece what the encoder counts as one; ``encoder_ratio`` is the time of the
    whole read over that of the encoder's forward passes alone, the same texts in turn five times, the best of each
    kept; ``peak_mb`` is this process's largest resident size.
    """
    documents = [Document(id, text, published=day) for id, text, day in _documents(path)]
    startup = min(_startup() for _ in range(3))
    read("Warm up: ministers met in Washington.")
    whole, alone = [], []
    for _ in range(_RUNS):
        whole.append(_timed(lambda: sum(1 for _ in read_many(documents))))
        alone.append(_timed(lambda: _encode(documents)))
    done, seconds = len(documents), min(whole)
    cut = [[document.text[start:end] for start, end in words(document.text)] for document in documents]
    tokens, pieces = sum(map(len, cut)), sum(len(word) for text in cut for word in network().pieces(text))
    return {
        "documents": done,
        "documents_per_second": round(done / seconds, 2),
        "tokens_per_second": round(tokens / seconds, 1),
        "pieces_per_second": round(pieces / seconds, 1),
        "encoder_ratio": round(seconds / min(alone), 2),
        "startup_s": round(startup, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _encode(documents: Sequence[Document]) -> None:
    """Cut the texts into words and run the encoder over the same windows as reading does, and nothing else."""
    net = network()

    def one(document: Document) -> int:
        spans = words(document.text)
        cut = [document.text[start:end] for start, end in spans]
        return net.encode(cut, sentences(document.text, spans)) if cut else 0

    sum(ordered(one, documents, threads=net.threads + 1))


def _documents(path: Path) -> list[tuple[str, str, str | None]]:
    if path.suffix == ".txt":
        return [("1", path.read_text(encoding="utf-8"), None)]
    return [(str(row["id"]), row["text"], row.get("published")) for row in rows_of(path)]


def _startup() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FIRST], check=True)  # noqa: S603
    return time.perf_counter() - began
