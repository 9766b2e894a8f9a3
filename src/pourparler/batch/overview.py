"""What a batch's output holds: counts, and hashes by which two outputs are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pourparler.archive import shards
from pourparler.archive.folders import Folder
from pourparler.batch.writing import sums
from pourparler.errors import BatchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview(shards.Counts):
    """Counts of an output. ``records_hash`` tells what was read, ``rest_hash`` where it arrived and what was set
    aside; both are the same however the work was cut, ordered, broken off and gone on with."""

    units: int
    runs: tuple[tuple[str, int], ...]
    records_hash: str
    rest_hash: str


def overview(name: str, *, check: bool = False) -> Overview:
    """Return what an output holds, as its finished units say; with ``check`` all files are read and compared.

    Raises BatchError where there is none, and where files are not what their units say.
    """
    folder = shards.opened(name)
    counts, units = shards.Counts(), 0
    runs: Counter[str] = Counter()
    read, rest = shards.Sum(), shards.Sum()
    for unit in shards.finished(folder):
        if check:
            _check(folder, unit)
        counts, units = counts + unit, units + 1
        runs[unit.run] += unit.records
        read.plus(unit.records_hash)
        rest.plus(unit.rest_hash)
    return Overview(
        **asdict(counts),
        units=units,
        runs=tuple(sorted(runs.items())),
        records_hash=str(read),
        rest_hash=str(rest),
    )


def _check(folder: Folder, unit: shards.Finished) -> None:
    read, rest = sums(_rows(folder, unit))
    if (str(read), str(rest)) != (unit.records_hash, unit.rest_hash):
        path = shards.path_of(unit.unit)
        problem = "its files do not hold what was written"
        raise BatchError(f"{folder.name}/{path}", problem, "Remove that file and run: pourparler batch read")


def _rows(folder: Folder, unit: shards.Finished) -> Iterator[tuple[str, dict[str, object]]]:
    columns = {
        "records": ["key", "run", "content", "source", "place", "id"],
        "again": ["key", "source", "place", "id"],
        "rejected": ["kind", "reason", "source", "place"],
    }
    for kind, chosen in columns.items():
        for row in shards.rows(folder, unit, kind, chosen):
            yield kind, row
