"""Rows as an Excel workbook of one sheet: numbers and days as such, all other cells as text that stays text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from pourparler.errors import ExportError
from pourparler.export.flat import Column, cell, columns, encodable

# What a sheet can hold at most: rows, and characters in a cell.
_ROWS = 1_048_576
_CHARACTERS = 32_767
_CUT = " … (cut: a cell holds no more; see jsonl)"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Excel counts days from 1900, and takes that year for a leap year: days before March are off by one there.
_FIRST_DAY = "1900-03-01"
_WIDEST = 60


def write(rows: Iterable[Any], stream: IO[bytes], kind: type) -> None:
    """Write the workbook; raises ExportError where there are more rows than a sheet holds."""
    chosen = columns(kind)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(kind.__name__.removesuffix("Row").lower() or "rows")
    sheet.freeze_panes = "A2"
    for n, column in enumerate(chosen, 1):
        sheet.column_dimensions[get_column_letter(n)].width = _width(column)
    heads = [_text(sheet, column.name) for column in chosen]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    written = 1
    try:
        for row in rows:
            written += 1
            if written > _ROWS:
                raise ExportError(
                    f"a sheet holds {_ROWS:,} rows and there are more. Give --limit, or write csv or parquet"
                )
            sheet.append([_cell(sheet, cell(row, column)) for column in chosen])
    except BaseException:
        sheet.close()  # else what is half written complains when it is thrown away
        raise
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(chosen))}{written}"
    book.save(stream)


def _width(column: Column) -> int:
    if column.shape != "text":
        return 12
    return _WIDEST if column.name.endswith(("passage", "value", "content")) else 24 if column.many else 16


def _cell(sheet: Any, value: str | int | float | bool | None) -> Any:
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value) and value >= _FIRST_DAY:
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass  # it only looks like a day: text
    return _text(sheet, value)


def _text(sheet: Any, words: str) -> Any:
    kept = encodable(words)
    if len(kept) > _CHARACTERS:
        kept = kept[: _CHARACTERS - len(_CUT)] + _CUT
    made = WriteOnlyCell(sheet, value=kept)
    made.data_type = "s"  # whatever it looks like, it is text
    return made
