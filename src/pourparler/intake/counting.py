"""About how many reports a source holds, for a progress bar."""

from __future__ import annotations

from pourparler.errors import IntakeError
from pourparler.intake.parquet import parquet_count
from pourparler.intake.sources import Source
from pourparler.intake.streams import Stream

_MARKS = {"jsonl": b"\n", "csv": b"\n", "mbox": b"\nFrom ", "warc": b"\nWARC-Type: response"}
# Counted whole up to here; what is larger is reckoned from its beginning: unpacking 2 GB would take half a minute.
_COUNTED = 64 * 1024 * 1024


def count(source: Source) -> int:
    """Return the number of reports: rows of Parquet, lines of JSONL, about so many rows, messages or pages else.

    Never raises: what is wrong with a source is told when it is read.
    """
    if source.path is None:
        return 1
    try:
        if source.kind == "parquet":
            return max(1, parquet_count(source.path, source.name))
        return max(1, _marks(source)) if source.kind in _MARKS else 1
    except (OSError, IntakeError, ValueError):
        return 1


def _marks(source: Source) -> int:
    assert source.path is not None
    mark = _MARKS[source.kind]
    size = source.path.stat().st_size
    found, end = 0, b""
    with Stream(source.path, source.name) as stream:
        while data := stream.read(1 << 20):
            found += (end + data).count(mark)
            end = data[-len(mark) + 1 :] if len(mark) > 1 else b""
            if stream.tell() > _COUNTED:
                found = int(found * size / max(1, min(size, stream.packed_at)))
                break
    return found + (source.kind == "mbox") - (source.kind == "csv")
