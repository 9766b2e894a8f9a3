"""Parquet: one report a row, read row group by row group and in batches of bounded size."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pourparler.errors import IntakeError
from pourparler.intake.columns import HEADER_ADVICE, has_text, known_names
from pourparler.intake.limits import LIMITS
from pourparler.intake.spots import Items, Spot
from pourparler.intake.streams import MOST_GROWTH, UNSUSPICIOUS

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

_BATCH_BYTES = LIMITS.parquet_bytes
_MOST_ROWS = LIMITS.parquet_rows
_ADVICE = "Write the file again, or give it as JSONL"
# What damaged pages come to, beside pyarrow's own errors: words that are no UTF-8, days beyond the calendar, words
# that a dictionary does not hold, values of a kind that Python has none for.
_DAMAGE = (OSError, ValueError, ArithmeticError, LookupError, TypeError, NotImplementedError)


def parquet_rows(path: Path, name: str) -> Items:
    """Yield each row of a Parquet file; a row group that is damaged is one error, the next ones are read.

    Raises IntakeError where the file is no Parquet or has no column ``text``.
    """
    import pyarrow.parquet

    try:
        # Column chunks are streamed, not read ahead whole: a row group may be as large as the file.
        plain = pyarrow.parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
        with plain:
            wanted = _wanted(plain, name)
            # A dictionary stays one: a text of a megabyte that stands in a million rows takes 50 KB of the file.
            words = [column for column in wanted if _is_words(plain.schema_arrow.field(column).type)]
        file = pyarrow.parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False, read_dictionary=words)
    except (pyarrow.ArrowException, OSError, ValueError) as error:  # names of columns that are no UTF-8
        raise IntakeError(name, f"it cannot be read as Parquet ({_short(error)})", _ADVICE) from error
    with file:
        if not sum(file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)):
            raise IntakeError(name, "there is no row in it", "Give a file that holds a report")
        first, packed = 1, path.stat().st_size
        for group in range(file.metadata.num_row_groups):
            yield from _group(file, group, wanted, Spot(name, "row", first), packed)
            first += file.metadata.row_group(group).num_rows


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
