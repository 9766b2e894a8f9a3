"""Rows of any kind as columns: what every format that knows no row of its own goes by.

A row is a frozen dataclass whose fields are text, numbers, truth values, tuples of text, or tuples of further rows.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pourparler.export.view import printable, quiet_json

Shape = Literal["text", "integer", "number", "truth"]
_SHAPES: dict[type, Shape] = {str: "text", int: "integer", float: "number", bool: "truth"}
# A spreadsheet takes these beginnings for a formula, some also in their wide form and after blanks.
_FORMULA = re.compile(r"'*[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
# What parts the values of a list in one cell.
BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind of row: ``many`` where it is a tuple; ``rows`` the kind of rows where it holds such."""

    name: str
    shape: Shape
    many: bool
    rows: type | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a flat table: a field, or a field of the rows within a field."""

    name: str
    shape: Shape
    many: bool
    field: str
    within: str | None = None


@functools.cache
def fields(kind: type) -> tuple[Field, ...]:
    """Return the fields of a kind of row; raises TypeError for one that no format could write."""
    hints = typing.get_type_hints(kind)
    return tuple(_field(one.name, hints[one.name], kind) for one in dataclasses.fields(kind))


def _field(name: str, hint: Any, kind: type) -> Field:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        rest = [one for one in inner if one is not type(None)]
        if len(rest) == 1:
            return _field(name, rest[0], kind)
    if origin is Literal:
        return Field(name, "text", False, None)
    if origin is tuple and inner:
        if dataclasses.is_dataclass(inner[0]) and isinstance(inner[0], type):
            return Field(name, "text", True, inner[0])
        return dataclasses.replace(_field(name, inner[0], kind), many=True)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return Field(name, "text", False, hint)
    if hint in _SHAPES:
        return Field(name, _SHAPES[hint], False, None)
    raise TypeError(f"{kind.__name__}.{name}: {hint} is no kind of value that a row may hold")


@functools.cache
def columns(kind: type) -> tuple[Column, ...]:
    """Return the columns of a kind of row; rows within rows give a column for each of their fields."""
    out: list[Column] = []
    for one in fields(kind):
        if one.rows is None:
            out.append(Column(one.name, one.shape, one.many, one.name))
        else:
            out += [
                Column(f"{one.name}_{part.name}", part.shape, True, one.name, part.name) for part in fields(one.rows)
            ]
    return tuple(out)


def value(row: Any, column: Column) -> Any:
    """Return what a row has in a column: a value, or a tuple of values where the column holds many."""
    held = getattr(row, column.field)
    if column.within is None:
        return held
    within = column.within
    return tuple(getattr(one, within) for one in (held if isinstance(held, tuple) else (held,) if held else ()))


def text(value: Any) -> str:
    """Return a value as one line of text; what is empty is "", lists are joined."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        parts = [text(one) for one in value]
        return BETWEEN.join(parts) if any(parts) else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return json_text(dataclasses.asdict(value))
    return printable(str(value))


def plain(words: str) -> str:
    """Return text that no spreadsheet takes for a formula: such a beginning gets a quote in front.

    So does one that has quotes in front of it already: one quote less is always the text as it was (``unplain``).
    """
    return "'" + words if _FORMULA.match(words) else words


def unplain(words: str) -> str:
    """Return the text that ``plain`` was given."""
    return words[1:] if words.startswith("'") and _FORMULA.match(words[1:]) else words


def cell(row: Any, column: Column) -> str | int | float | bool | None:
    """Return what a spreadsheet's cell shows: numbers as numbers, all else as one line of text."""
    held = value(row, column)
    if held is None or (isinstance(held, (bool, int, float)) and not isinstance(held, str)):
        return held
    return plain(text(held))


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return JSON that is valid UTF-8: half of a surrogate pair, which a wrong report may hold, is escaped."""
    words = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    try:
        words.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True, indent=indent, allow_nan=False)
    return quiet_json(words)


def encodable(words: str) -> str:
    """Return text that UTF-8 can hold: halves of surrogate pairs become the replacement sign."""
    return words.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def pairs(rows: Iterable[Any]) -> Iterable[dict[str, Any]]:
    """Yield rows as plain dicts and lists."""
    return (dataclasses.asdict(row) for row in rows)
