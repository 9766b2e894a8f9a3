"""Parquet: one report a row, read row group by row group and in batches of bounded size."""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pourparler.errors import IntakeError
from pourparler.intake.apart import parts_apart, too_much
from pourparler.intake.columns import HEADER_ADVICE, has_text, known_names, row_of
from pourparler.intake.limits import LIMITS
from pourparler.intake.spots import Found, Items, Spot
from pourparler.intake.streams import MOST_GROWTH, UNSUSPICIOUS
from pourparler.intake.text import check_size

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

_BATCH_BYTES = LIMITS.parquet_bytes
_MOST_ROWS = LIMITS.parquet_rows
# Characters, and rows, that come from the process apart at a time, about.
_PART = 1 << 18
_PART_ROWS = 1000
_ADVICE = "Write the file again, or give it as JSONL"
# What damaged pages come to, beside pyarrow's own errors: words that are no UTF-8, days beyond the calendar, words
# that a dictionary does not hold, values of a kind that Python has none for.
_DAMAGE = (OSError, ValueError, ArithmeticError, LookupError, TypeError, NotImplementedError)


def parquet_rows(path: Path, name: str) -> Items:
    """Yield each row of a Parquet file; a row group that is damaged is one error, the next ones are read.

    It is parsed apart, however small it is: damage makes pyarrow end the process that it runs in, or ask for any
    memory. Raises IntakeError where that happens, where the file is no Parquet or has no column ``text``.
    """
    number = 0
    try:
        for spot, found in from_parts(parts_apart("parquet", name, _at(path)), name):
            number = spot.number
            yield spot, found
    except (OSError, ValueError) as error:
        where = f"after row {number}, " if number else ""
        raise IntakeError(name, f"{where}{too_much()}", _ADVICE) from error


def from_parts(parts: Iterable[list[dict[str, Any]]], name: str) -> Items:
    """Yield the rows that ``parts_here`` gave, as they came from JSON."""
    for row in itertools.chain.from_iterable(parts):
        spot = Spot(name, "row", row["number"])
        yield spot, spot.error(row["problem"], row["advice"]) if "problem" in row else row["columns"]


def parquet_count(path: Path, name: str) -> int:
    """Return the number of rows that a Parquet file says it has; raises IntakeError, OSError or ValueError."""
    return sum(parts_apart("parquet count", name, _at(path)))


def _at(path: Path) -> dict[str, str]:
    # The process may have been started in another folder.
    return {"path": os.fspath(path.absolute())}


def count_here(name: str, *, path: str) -> Iterator[int]:
    """Yield the number of rows, in the process apart."""
    with _opened(Path(path), name) as file:
        yield int(file.metadata.num_rows)


def parts_here(name: str, *, path: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a file, some at a time, as JSON can hold them, in the process apart."""
    part: list[dict[str, Any]] = []
    size = 0
    for spot, found in rows_here(Path(path), name):
        row = _plain(spot, found)
        part.append(row)
        size += sum(len(words) for words in row.get("columns", {}).values() if words)
        if size > _PART or len(part) >= _PART_ROWS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _plain(spot: Spot, found: Found) -> dict[str, Any]:
    """Return the known columns of a row as texts, or what is wrong with it."""
    try:
        if isinstance(found, IntakeError):
            raise found
        columns = dataclasses.asdict(row_of(cast(Mapping[str, Any], found), spot))
        check_size(str(spot), sum(len(words) for words in columns.values() if words), most=LIMITS.row_line)
    except IntakeError as error:
        return {"number": spot.number, "problem": error.problem, "advice": error.advice}
    return {"number": spot.number, "columns": columns}


def rows_here(path: Path, name: str) -> Items:
    """Do what ``parquet_rows`` does, whatever it takes."""
    with _opened(path, name) as file:
        wanted = _wanted(file, name)
        if not sum(file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)):
            raise IntakeError(name, "there is no row in it", "Give a file that holds a report")
        first, packed = 1, path.stat().st_size
        for group in range(file.metadata.num_row_groups):
            yield from _group(file, group, wanted, Spot(name, "row", first), packed)
            first += file.metadata.row_group(group).num_rows


def _opened(path: Path, name: str) -> pyarrow.parquet.ParquetFile:
    """Open a file; raises IntakeError where it is no Parquet."""
    import pyarrow.parquet

    try:
        # Column chunks are streamed, not read ahead whole: a row group may be as large as the file. Dictionaries are
        # not kept as such: pyarrow would make one of all texts of a row group (300 MB took 1.4 GB and 15 s, not 0.5).
        return pyarrow.parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:  # names of columns that are no UTF-8
        raise IntakeError(name, f"it cannot be read as Parquet ({_short(error)})", _ADVICE) from error


def _wanted(file: pyarrow.parquet.ParquetFile, name: str) -> dict[str, str]:
    """Return the columns to read, with our names for them; raises IntakeError where they are of no use."""
    schema = file.schema_arrow
    if len(schema) > LIMITS.row_columns:
        raise IntakeError(name, f"{len(schema):,} columns, more than {LIMITS.row_columns:,}", HEADER_ADVICE)
    names = {column: column.strip().lower() for column in schema.names}
    if not has_text(names.values()):
        shown = ", ".join(names)[:120] or "nothing"
        raise IntakeError(name, f"the column 'text' is missing (it has: {shown})", HEADER_ADVICE)
    wanted = {column: known for column, known in names.items() if known in known_names()}
    for column in wanted:
        kind = schema.field(column).type
        if kind.num_fields and not (kind.num_fields == 1 and _is_words(kind.field(0).type)):
            raise IntakeError(name, f"the column {column!r} is {str(kind)[:80]}, not text", "Write it as a string")
    return wanted


def _is_words(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return any(
        test(kind) for test in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    )


def _group(
    file: pyarrow.parquet.ParquetFile, group: int, wanted: Mapping[str, str], begin: Spot, packed: int
) -> Items:
    """Yield the rows of a row group, which begin at a spot; ``packed`` is the size of the file."""
    import pyarrow

    # What its columns say of themselves is not asked: pyarrow ends the whole process where that contradicts itself.
    about = file.metadata.row_group(group)
    name, first = begin.name, begin.number
    size = max(1, min(_MOST_ROWS, _BATCH_BYTES * about.num_rows // max(1, about.total_byte_size)))
    number, last = first, first + about.num_rows - 1
    if about.total_byte_size > max(UNSUSPICIOUS, MOST_GROWTH * packed):
        spot = Spot(name, "row", number)
        size_told = f"{about.total_byte_size:,} bytes"
        problem = f"rows {number} to {last} grow more than {MOST_GROWTH}-fold when unpacked ({size_told})"
        yield spot, spot.error(problem, _ADVICE)
        return
    try:
        for batch in file.iter_batches(size, row_groups=[group], columns=list(wanted), use_threads=False):
            for row in _rows(batch, wanted):
                yield Spot(name, "row", number), row
                number += 1
        if number <= last:  # damaged pages can end a column early without a word
            spot = Spot(name, "row", number)
            yield spot, spot.error(f"rows {number} to {last} are missing", _ADVICE)
    except (pyarrow.ArrowException, *_DAMAGE) as error:
        spot = Spot(name, "row", number)
        yield spot, spot.error(f"rows {number} to {last} cannot be read ({_short(error)})", _ADVICE)


def _rows(batch: pyarrow.RecordBatch, wanted: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    names = [wanted[column] for column in batch.schema.names]
    for cells in itertools.zip_longest(*(_values(column) for column in batch.columns)):
        yield dict(zip(names, cells, strict=True))


def _values(column: pyarrow.Array) -> Iterator[Any]:
    """Yield a column's values one by one, so that only one row's texts are held."""
    import pyarrow

    if not pyarrow.types.is_dictionary(column.type):
        return map(_value, column)
    words = column.dictionary
    return (None if at is None else _value(words[at]) for at in column.indices.to_pylist())


def _value(cell: pyarrow.Scalar) -> Any:
    """Return what a cell holds; a string that is not UTF-8 as bytes, so that only its row is lost."""
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return cell.as_buffer().to_pybytes() if hasattr(cell, "as_buffer") else b"\xff"


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
