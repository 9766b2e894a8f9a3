"""Reports to work on: those of the examples, and where they are, short ones of the shared data."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

from tests.endure.endure_commands import ROOT

EXAMPLES = (ROOT / "examples" / "talks.jsonl", ROOT / "examples" / "armenia-azerbaijan" / "reports.jsonl")
SHARED = ROOT.parent / "shared" / "data" / "wiki_current_events" / "reports.dev.jsonl.gz"


def example_lines(number: int | None = None) -> list[str]:
    """Return the reports of the examples, or so many of them from the beginning, as lines of JSON."""
    lines = [line for path in EXAMPLES for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return lines[:number]


def shared_lines(number: int) -> list[str]:
    """Return so many of the newest short reports of the shared data as lines of JSON; none where it is not there."""
    if not SHARED.is_file() or not number:
        return []
    with gzip.open(SHARED, "rt", encoding="utf-8") as stream:
        rows = (json.loads(line) for line in stream)
        chosen = [row for row in rows if row["conflict"] and row["date"] >= "2023-09"]
    return [
        json.dumps(
            {"id": row["id"], "text": row["text"], "published": row["date"], "publisher": (row["sources"] or [""])[0]}
        )
        for row in itertools.islice(chosen, number)
    ]


def written(path: Path, lines: list[str]) -> Path:
    """Write lines into a file; return its path."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
