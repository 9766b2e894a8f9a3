"""Sources to read in batches: short reports in own words, some bad, some standing twice."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

_PLACES = ("Geneva", "Vienna", "Oslo", "Doha", "Astana", "Nairobi", "Cairo", "Rome")
_PAIRS = (("Armenia", "Azerbaijan"), ("Sudan", "South Sudan"), ("Russia", "Ukraine"), ("Serbia", "Kosovo"))
_WORDS = (
    "The foreign ministers of {a} and {b} met in {place} on Tuesday and agreed to exchange {n} prisoners.",
    "{a} accused {b} of shelling {n} villages near the border. {b} denied it.",
    "{b} threatened to leave the talks in {place} unless {a} withdraws {n} soldiers, its spokesman said.",
    "Mediators in {place} called on {a} and {b} to keep the ceasefire after {n} days of fighting.",
)


def report(n: int) -> dict[str, str]:
    """Return report number ``n``, of some month between 2019 and 2024."""
    a, b = _PAIRS[n % 4]
    text = _WORDS[(n // 4) % 4].format(a=a, b=b, place=_PLACES[n % 8], n=n + 2)
    day = f"{2019 + n % 6}-{n % 12 + 1:02}-{n % 28 + 1:02}"
    return {"id": f"n{n}", "text": text, "published": day, "publisher": f"Outlet {n % 5}"}


def write(folder: Path, *, count: int = 96) -> tuple[str, ...]:
    """Write JSONL, packed JSONL with bad rows and repetitions, Parquet, CSV and a text; return their names."""
    import pyarrow
    import pyarrow.parquet

    folder.mkdir(exist_ok=True)
    rows = [report(n) for n in range(count)]
    third = count // 3
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[:third]))
    again = [row | {"id": f"again-{row['id']}"} for row in (*rows[:8], *rows[-4:])]
    lines = [json.dumps(row) for row in rows[third : 2 * third]]
    lines[3:3] = [
        "{broken",
        json.dumps({"id": "empty", "text": ""}),
        json.dumps({"id": "d", "text": "x", "published": "?"}),
    ]
    lines += [json.dumps(row) for row in again]
    (folder / "b.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows[2 * third :]), folder / "c.parquet")
    (folder / "d.csv").write_text("id,text\nwithout-day,Armenia met Azerbaijan in Rome.\n")
    (folder / "e.txt").write_text("Ukraine accused Russia of shelling two towns.\x00 Russia denied it.\n")
    return tuple(str(folder / name) for name in ("a.jsonl", "b.jsonl.gz", "c.parquet", "d.csv", "e.txt"))
