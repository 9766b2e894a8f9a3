"""Parquet: one report a row, read row group by row group and in batches of bounded size."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pourparler.errors import IntakeError
from pourparler.intake.columns import HEADER_ADVICE, has_text, known_names
from pourparler.intake.spots import Items, Spot

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

_BATCH_BYTES = 16 * 1024 * 1024
_MOST_ROWS = 1024
_ADVICE = "Write the file again, or give it as JSONL"


def parquet_rows(path: Path, name: str) -> Items:
    """Yield each row of a Parquet file; a row group that is damaged is one error, the next ones are read.

    Raises IntakeError where the file is no Parquet or has no column ``text``.
    """
    import pyarrow.parquet

    try:
        # Column chunks are streamed, not read ahead whole: a row group may be as large as the file.
        file = pyarrow.parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except (pyarrow.ArrowException, OSError) as error:
        raise IntakeError(name, f"it cannot be read as Parquet ({_short(error)})", _ADVICE) from error
    with file:
        names = {column: column.strip().lower() for column in file.schema_arrow.names}
        if not has_text(names.values()):
            shown = ", ".join(names)[:120] or "nothing"
            raise IntakeError(name, f"the column 'text' is missing (it has: {shown})", HEADER_ADVICE)
        wanted = {column: known for column, known in names.items() if known in known_names()}
        first = 1
        for group in range(file.metadata.num_row_groups):
            yield from _group(file, group, wanted, name, first)
            first += file.metadata.row_group(group).num_rows


def _group(file: pyarrow.parquet.ParquetFile, group: int, wanted: Mapping[str, str], name: str, first: int) -> Items:
    import pyarrow

    about = file.metadata.row_group(group)
    size = max(1, min(_MOST_ROWS, _BATCH_BYTES * about.num_rows // max(1, about.total_byte_size)))
    number = first
    try:
        for batch in file.iter_batches(size, row_groups=[group], columns=list(wanted), use_threads=False):
            for row in _rows(batch, wanted):
                yield Spot(name, "row", number), row
                number += 1
    except (pyarrow.ArrowException, OSError) as error:
        spot = Spot(name, "row", number)
        last = first + about.num_rows - 1
        yield spot, spot.error(f"rows {number} to {last} cannot be read ({_short(error)})", _ADVICE)


def _rows(batch: pyarrow.RecordBatch, wanted: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    names = [wanted[column] for column in batch.schema.names]
    for cells in itertools.zip_longest(*(_values(column) for column in batch.columns)):
        yield dict(zip(names, cells, strict=True))


def _values(column: pyarrow.Array) -> list[Any]:
    """Return a column's values; strings that are not UTF-8 as bytes, so that only their rows are lost."""
    import pyarrow

    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return list(column.cast(pyarrow.binary()).to_pylist())


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
