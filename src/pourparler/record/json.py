"""Records to JSON and back without loss, and the JSON Schema of a record, all made from the types."""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from typing import Any

from pourparler.errors import RecordError
from pourparler.record.types import SCHEMA, Record

# Keys in the order of the contract: a person reading the JSON meets the schema and the document first.
_FIRST = {"Record": ("schema",)}


def to_dict(value: Any) -> Any:
    """Return plain dicts and lists for a record or any part of it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        first = _FIRST.get(type(value).__name__, ())
        ordered = [*first, *(name for name in names if name not in first)]
        return {name: to_dict(getattr(value, name)) for name in ordered}
    if isinstance(value, tuple):
        return [to_dict(item) for item in value]
    return value


def dumps(record: Record, *, indent: int | None = None) -> str:
    """Return a record as JSON text; lone surrogates are escaped, so that the result is always valid UTF-8."""
    text = json.dumps(to_dict(record), ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(to_dict(record), ensure_ascii=True, indent=indent)
    return text


def loads(text: str) -> Record:
    """Return the record that a JSON text holds; raises RecordError naming the field that is wrong."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise RecordError(f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}") from error
    except ValueError as error:  # a number of thousands of digits
        raise RecordError(f"not JSON that can be read: {error}") from error
    except RecursionError as error:
        raise RecordError("not a record: JSON nested too deep") from error
    return from_dict(data)


def from_dict(data: Any) -> Record:
    """Return the record that plain dicts and lists hold; keys this version does not know are ignored."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise RecordError(f"not a record: 'schema' must be {SCHEMA!r}; read the report again with this version")
    record = _build(Record, data, "record")
    assert isinstance(record, Record)
    return record


def _build(kind: Any, data: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _build_dataclass(kind, data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise RecordError(f"{where}: a list was expected, found {type(data).__name__}")
        inner = typing.get_args(kind)[0]
        return tuple(_build(inner, item, f"{where}[{i}]") for i, item in enumerate(data))
    if origin in (types.UnionType, typing.Union):
        options = typing.get_args(kind)
        if data is None and type(None) in options:
            return None
        return _build(next(o for o in options if o is not type(None)), data, where)
    if origin is typing.Literal:
        if data not in typing.get_args(kind):
            raise RecordError(f"{where}: {data!r} is none of {', '.join(map(str, typing.get_args(kind)))}")
        return data
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return _float(data, where)
    if not isinstance(data, kind) or (isinstance(data, bool) and kind is not bool):
        raise RecordError(f"{where}: {kind.__name__} was expected, found {type(data).__name__}")
    return data


def _float(number: int, where: str) -> float:
    try:
        return float(number)
    except OverflowError as error:
        raise RecordError(f"{where}: {str(number)[:20]}... is beyond all bounds") from error


@functools.cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    # Resolved once: they took most of the time of loading a record.
    return typing.get_type_hints(kind)


def _build_dataclass(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise RecordError(f"{where}: an object was expected, found {type(data).__name__}")
    hints = _hints(kind)
    values = {}
    for field in dataclasses.fields(kind):
        if field.name in data:
            values[field.name] = _build(hints[field.name], data[field.name], f"{where}.{field.name}")
        elif field.default is dataclasses.MISSING:
            raise RecordError(f"{where}.{field.name} is missing")
    return kind(**values)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a record, generated from the types."""
    definitions: dict[str, Any] = {}
    root = _schema_of(Record, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "What Pourparler reads from one report",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


def _schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _schema_of_dataclass(kind, definitions)
    if origin is tuple:
        return {"type": "array", "items": _schema_of(typing.get_args(kind)[0], definitions)}
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_schema_of(option, definitions) for option in typing.get_args(kind)]}
    if origin is typing.Literal:
        return {"enum": list(typing.get_args(kind))}
    if kind is type(None):
        return {"type": "null"}
    return {"type": _PLAIN[kind]}


def _schema_of_dataclass(kind: type[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in definitions:
        hints = typing.get_type_hints(kind)
        properties = {f.name: _schema_of(hints[f.name], definitions) for f in dataclasses.fields(kind)}
        if kind is Record:
            properties["schema"] = {"const": SCHEMA}
        definitions[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip().splitlines()[0],
            "properties": properties,
            "required": list(properties),
        }
    return {"$ref": f"#/$defs/{name}"}
