"""Rows as Parquet, typed: lists as lists, rows within rows as structures, text as the report has it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import IO, Any

import pyarrow
from pyarrow import parquet

from pourparler.export.flat import Field, Shape, encodable, fields, pairs

_TYPES: dict[Shape, Any] = {
    "text": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "truth": pyarrow.bool_(),
}
# Rows of a row group.
_GROUP = 10_000


def write(rows: Iterable[Any], stream: IO[bytes], kind: type) -> None:
    """Write rows in groups of 10,000; none at all still gives a file with the columns."""
    schema = pyarrow.schema([(one.name, _type(one)) for one in fields(kind)])
    pending = iter(pairs(rows))
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := [_encodable(row) for row in islice(pending, _GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))


def _type(field: Field) -> Any:
    inner = _TYPES[field.shape]
    if field.rows is not None:
        inner = pyarrow.struct([(one.name, _type(one)) for one in fields(field.rows)])
    return pyarrow.list_(inner) if field.many else inner


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {name: _encodable(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encodable(one) for one in value]
    return value
