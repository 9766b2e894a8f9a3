"""Rows of JSON Lines files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any


def rows(path: Path) -> list[Any]:
    """Return the rows of a JSON Lines file, gzip-compressed where its name ends in .gz.

    Lines end at a line feed alone: texts of the news hold other characters that Python takes for line ends.
    """
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]
