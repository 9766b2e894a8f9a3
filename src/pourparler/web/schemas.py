"""JSON Schemas made from the types of rows and questions, for the description of the API."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


class Schemas:
    """Collects the schemas of types under names; two types of one name get names of their own."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}
        self._names: dict[type, str] = {}

    def of(self, kind: Any) -> Schema:
        """Return the schema of a type: a reference where it is a dataclass, whose schema is kept in ``made``."""
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if kind is Any:
            return {}
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if origin is typing.Literal:
            return {"enum": list(inner)}
        if origin is tuple:
            return self._many(inner)
        if origin in (types.UnionType, typing.Union):
            return {"anyOf": [self.of(one) for one in inner]}
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            return self._reference(kind)
        raise TypeError(f"{kind!r}: there is no schema for it. Give rows of text, numbers, truth values and tuples")

    def _many(self, inner: tuple[Any, ...]) -> Schema:
        if Ellipsis in inner:
            return {"type": "array", "items": self.of(inner[0])}
        items = [self.of(one) for one in inner]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}

    def _reference(self, kind: type[Any]) -> Schema:
        if kind not in self._names:
            name = kind.__name__
            if name in self._names.values():
                name = f"{kind.__module__.rsplit('.', 1)[-1].capitalize()}{name}"
            self._names[kind] = name
            hints = typing.get_type_hints(kind)
            properties = {one.name: self.of(hints[one.name]) for one in dataclasses.fields(kind)}
            self.made[name] = {
                "type": "object",
                "description": " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            }
        return {"$ref": f"#/components/schemas/{self._names[kind]}"}
