"""Speed: documents and words a second in one process, start to first record, peak memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pourparler import Document, read, read_many
from pourparler.model.reader import network
from pourparler.model.split import sentences
from pourparler.model.words import words

_FIRST = """
import pourparler
pourparler.read("The ministers of Armenia and Azerbaijan met in Washington on Monday.", published="2023-05-04")
"""
_RUNS = 3


def measure(path: Path) -> dict[str, Any]:
    """Return documents_per_second, tokens_per_second, encoder_ratio, startup_s and peak_mb.

    ``startup_s`` is the best of three fresh processes from start to the first record of a short text;
    a token is a word or mark as the reader cuts them; ``encoder_ratio`` is the time of the whole read over that
    of the encoder's forward passes alone, the same texts in turn three times, the best of each kept; ``peak_mb``
    is this process's largest resident size.
    """
    documents = [Document(id, text, published=day) for id, text, day in _documents(path)]
    startup = min(_startup() for _ in range(_RUNS))
    read("Warm up: ministers met in Washington.")
    whole, alone = [], []
    for _ in range(_RUNS):
        whole.append(_timed(lambda: sum(1 for _ in read_many(documents))))
        alone.append(_timed(lambda: _encode(documents)))
    done, seconds = len(documents), min(whole)
    tokens = sum(len(words(document.text)) for document in documents)
    return {
        "documents": done,
        "documents_per_second": round(done / seconds, 2),
        "tokens_per_second": round(tokens / seconds, 1),
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
    for document in documents:
        spans = words(document.text)
        cut = [document.text[start:end] for start, end in spans]
        if cut:
            network().encode(cut, sentences(document.text, spans))


def _documents(path: Path) -> list[tuple[str, str, str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".jsonl":
        return [("1", text, None)]
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [(str(row["id"]), row["text"], row.get("published")) for row in rows]


def _startup() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FIRST], check=True)  # noqa: S603
    return time.perf_counter() - began
