"""Events with coordinates as GeoJSON (RFC 7946): points with all that a row says as properties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import IO

from pourparler.export.flat import json_text
from pourparler.export.rows import EventRow, TellingRow


def write(rows: Iterable[EventRow | TellingRow], stream: IO[str]) -> int:
    """Write a collection of points; return how many rows have no coordinates and were left out."""
    left_out = written = 0
    stream.write('{"type": "FeatureCollection", "features": [')
    for row in rows:
        if row.latitude is None or row.longitude is None:
            left_out += 1
            continue
        stream.write(",\n" if written else "\n")
        feature = {
            "type": "Feature",
            "id": row.event if isinstance(row, EventRow) else row.telling,
            "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
            "properties": asdict(row),
        }
        stream.write(json_text(feature))
        written += 1
    stream.write("\n]}\n")
    return left_out
