"""What a batch leaves behind: Parquet shards of records and a list of the units of work that are finished.

    OUT/batch.json                            what this folder is
    OUT/records/month=2023-05/UNIT.parquet    one record a row, by month of publication, or "unknown"
    OUT/again/UNIT.parquet                    where reports came from that were read in another unit, or another row
    OUT/rejected/UNIT.parquet                 what could not be taken in or read, and why
    OUT/notes/UNIT.parquet                    what was taken in, but not quite as it stood
    OUT/actors/HASH.toml                      the user's own actors by which it was read
    OUT/finished/UNIT.json                    the unit is done: its counts, its files, the hash of what they hold

A unit is named by the hash of its documents and of what read them. Only files that a finished unit lists count.
Months, not days: archives of news span decades, and a unit of a few hundred reports in no order would leave a file
for nearly each of them (24 years: 8,766 days, 288 months); column ``day`` has the day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pourparler.archive.folders import Folder, is_address, short
from pourparler.archive.sums import Summed
from pourparler.errors import BatchError
from pourparler.knowledge.actors import list_hash

if TYPE_CHECKING:
    import pyarrow

FORMAT = "pourparler/batch/1"
MARK = "batch.json"
FINISHED = "finished"
ACTORS = "actors"
UNKNOWN = "unknown"

_TEXT = "string"
# Of each kind of shard the columns with their types.
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "records": (
        ("key", _TEXT), ("run", _TEXT), ("day", _TEXT), ("publisher", _TEXT), ("id", _TEXT), ("title", _TEXT),
        ("published", _TEXT), ("url", _TEXT), ("language", _TEXT), ("text", _TEXT), ("content", _TEXT),
        ("source", _TEXT), ("place", _TEXT), ("number", "int64"), ("events", "int32"), ("statements", "int32"),
        ("record", _TEXT),
    ),
    "again": (
        ("key", _TEXT), ("id", _TEXT), ("language", _TEXT), ("source", _TEXT), ("place", _TEXT),
        ("number", "int64"), ("rank", "int64"),
    ),
    "rejected": (
        ("kind", _TEXT), ("reason", _TEXT), ("source", _TEXT), ("place", _TEXT), ("key", _TEXT), ("run", _TEXT),
        ("number", "int64"), ("document", _TEXT),
    ),
    "notes": (("source", _TEXT), ("note", _TEXT)),
}  # fmt: skip
# Rows in memory at a time; a report may have a million characters, and its record several times that.
_ROWS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Summed):
    """How much was taken in, and what it gave.

    ``again`` are reports that were read elsewhere, ``unread`` those the reader failed on, ``rejected`` all that was
    set aside, those included.
    """

    documents: int = 0
    records: int = 0
    again: int = 0
    events: int = 0
    statements: int = 0
    rejected: int = 0
    unread: int = 0
    notes: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Counts):
    """A finished unit: what it was made of and what it gave.

    ``records_hash`` and ``rest_hash`` are sums of hashes of rows: those of several units are added up, in any order.
    """

    unit: str
    run: str
    source: str
    files: tuple[str, ...]
    records_hash: str
    rest_hash: str


def path_of(unit: str) -> str:
    """Return the path of the file that says that a unit is finished."""
    return f"{FINISHED}/{unit}.json"


def to_json(body: Finished) -> bytes:
    """Return what stands in the file of a finished unit."""
    return json.dumps(asdict(body), sort_keys=True, indent=0).encode("utf-8")


def from_json(data: bytes, name: str) -> Finished:
    """Return the finished unit that a file holds; raises BatchError where it holds none."""
    try:
        body = json.loads(data)
        if lacking := sorted({one.name for one in fields(Finished)}.difference(body)):
            raise ValueError(f"it lacks {', '.join(lacking)}")
        return Finished(**{**body, "files": tuple(map(str, body["files"]))})
    except (ValueError, TypeError, KeyError) as error:
        advice = "Remove the file and run: pourparler batch read, which does this unit again"
        raise BatchError(name, f"it is no list of a finished unit ({error})", advice) from error


def is_output(name: str) -> bool:
    """Return whether a path or address is a folder that a batch wrote."""
    if not is_address(name):
        # Without pyarrow, which takes a third of a second to load and is needed for no other path.
        return (Path(name) / MARK).is_file()
    try:
        return Folder.at(name).has(MARK)
    except BatchError:
        return False


def opened(name: str) -> Folder:
    """Return the folder that a batch wrote; raises BatchError for another."""
    folder = Folder.at(name)
    if not folder.has(MARK):
        raise BatchError(
            name, f"no batch was written here (it has no {MARK})", "Give the OUT of: pourparler batch read"
        )
    try:
        found = json.loads(folder.read(MARK)).get("format")
    except (ValueError, AttributeError) as error:
        raise BatchError(f"{name}/{MARK}", "it cannot be read", "Give the OUT of: pourparler batch read") from error
    if found != FORMAT:
        raise BatchError(name, f"it is of format {found}, and this version knows {FORMAT}", "Install a newer version")
    return folder


def begin(name: str) -> Folder:
    """Return the folder for a batch to write to, marked as such; raises BatchError where other things stand in it."""
    folder = Folder.at(name)
    if folder.has(MARK):
        return opened(name)
    if other := folder.names(""):
        problem = f"the folder is not empty and no batch was written there ({other[0]})"
        raise BatchError(name, problem, "Give a new folder")
    folder.write(MARK, json.dumps({"format": FORMAT}).encode())
    return folder


def finished(folder: Folder) -> Iterator[Finished]:
    """Yield the finished units by name."""
    for path in folder.names(FINISHED):
        yield from_json(folder.read(path), f"{folder.name}/{path}")


def keep_list(folder: Folder, body: bytes) -> None:
    """Write the list of the user's own actors by which a batch reads."""
    folder.write(f"{ACTORS}/{list_hash(body)}.toml", body)


def lists(folder: Folder) -> Iterator[bytes]:
    """Yield the lists of own actors by which a batch was read; raises BatchError for one that was changed since."""
    for path in folder.names(ACTORS):
        body = folder.read(path)
        if path != f"{ACTORS}/{list_hash(body)}.toml":
            problem = "it is not the list of own actors that was read with"
            raise BatchError(f"{folder.name}/{path}", problem, "Remove it; the archive does without it")
        yield body


def rows(folder: Folder, unit: Finished, kind: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the rows of a unit's files of one kind, a few at a time in memory; raises BatchError for damaged ones."""
    import pyarrow
    import pyarrow.parquet

    for path in unit.files:
        if not path.startswith(f"{kind}/"):
            continue
        try:
            with folder.opened(path) as stream, pyarrow.parquet.ParquetFile(stream, pre_buffer=False) as file:
                for batch in file.iter_batches(_ROWS, columns=columns, use_threads=False):
                    yield from batch.to_pylist()
        except (pyarrow.ArrowException, OSError) as error:
            problem = f"it cannot be read ({short(error)})"
            advice = f"Remove {folder.name}/{path_of(unit.unit)} and run: pourparler batch read, which does it again"
            raise BatchError(f"{folder.name}/{path}", problem, advice) from error


def schema(kind: str) -> pyarrow.Schema:
    """Return the columns of a kind of shard for pyarrow."""
    import pyarrow

    return pyarrow.schema([(name, getattr(pyarrow, of)()) for name, of in COLUMNS[kind]])


class Sum:
    """A hash of rows that does not depend on their order: SHA-256 of each, added up modulo 2 to the 256th.

    It tells two outputs apart; it is no proof against somebody who makes rows on purpose to have the same sum.
    """

    def __init__(self, value: str = "") -> None:
        self._value = int(value, 16) if value else 0

    def add(self, *parts: object) -> None:
        """Add a row."""
        row = json.dumps(parts, ensure_ascii=True).encode("ascii")
        self._value = (self._value + int.from_bytes(hashlib.sha256(row).digest())) % (1 << 256)

    def plus(self, value: str) -> None:
        """Add the sum of other rows."""
        self._value = (self._value + int(value, 16)) % (1 << 256)

    def __str__(self) -> str:
        return f"{self._value:064x}"
