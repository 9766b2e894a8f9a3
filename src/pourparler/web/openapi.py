"""The description of the API, OpenAPI 3.1: made from its endpoints, their questions and the types of their rows."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.resources
import re
import tomllib
import typing
from collections.abc import Mapping, Sequence
from typing import Any

from pourparler.archive.conditions import DIFFERING, SORTS, Query
from pourparler.archive.given import KINDS
from pourparler.record import EventType, Status
from pourparler.web.api_lists import STATES, VerdictQuery
from pourparler.web.endpoints import LIMIT, MOST, Endpoint
from pourparler.web.questions import Parameter, parameters
from pourparler.web.report_query import HELD, REPORT_SORTS, ReportQuery
from pourparler.web.schemas import Schema, Schemas

_IN_PATH = re.compile(r"{(\w+)}")
_ERROR: Schema = {
    "type": "object",
    "description": "What is wrong, and what to do about it.",
    "properties": {"error": {"type": "string"}},
    "required": ["error"],
}
# What any question may be told, and what whoever sends something.
_WRONG: Mapping[str, str] = {"400": "The question makes no sense.", "401": "Nobody known asks: send a key."}
_WRONG_SENT: Mapping[str, str] = {
    "400": "What was sent is no such thing.",
    "408": "It did not come in time, or not whole.",
    "411": "It has no Content-Length.",
    "413": "It is too much at once.",
    "415": "It is not sent as application/json.",
    "429": "Too much waits already: send it again later.",
}
_ENUMS: Mapping[tuple[type, str], Sequence[str]] = {
    (Query, "type"): typing.get_args(EventType),
    (Query, "status"): typing.get_args(Status),
    (Query, "sort"): SORTS,
    (Query, "differing"): DIFFERING,
    (ReportQuery, "sort"): REPORT_SORTS,
    (ReportQuery, "held"): tuple(HELD),
    (VerdictQuery, "kind"): KINDS,
    (VerdictQuery, "state"): STATES,
}


@functools.cache
def _words() -> Mapping[str, str]:
    file = importlib.resources.files("pourparler.web") / "data" / "parameters.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def description(endpoints: Sequence[Endpoint], *, charts: Sequence[str]) -> dict[str, Any]:
    """Return the description of endpoints; ``charts`` are the kinds of charts that there are."""
    schemas = Schemas()
    paths: dict[str, Schema] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, schemas, charts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pourparler",
            "version": importlib.metadata.version("pourparler"),
            "description": "What an archive of reports about peace talks tells: the same that the desk's pages show. "
            "A desk that others can reach wants a key: Authorization: Bearer KEY.",
        },
        "paths": paths,
        "components": {
            "schemas": {**dict(sorted(schemas.made.items())), "Error": _ERROR},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"key": []}],
    }


def _operation(one: Endpoint, schemas: Schemas, charts: Sequence[str]) -> Schema:
    in_path = [_path_parameter(name, charts) for name in _IN_PATH.findall(one.path)]
    asked = [_parameter(one.asks, field) for field in parameters(one.asks)] if one.asks else []
    name = _IN_PATH.sub(r"\1", one.path.removeprefix("/api/v1/")).replace("/", "_")
    right = "200" if one.takes is None else "202"
    return {
        "operationId": name if one.takes is None else f"add_{name}",
        "summary": one.summary,
        "parameters": in_path + asked,
        **({} if one.takes is None else {"requestBody": {"required": True, "content": _json(one.takes)}}),
        "responses": {right: _response(one.summary, _answer(one, schemas)), **_wrong(one, in_path=bool(in_path))},
    }


def _wrong(one: Endpoint, *, in_path: bool) -> Schema:
    """Return the answers that tell what is wrong, by status."""
    words = {**_WRONG, **(_WRONG_SENT if one.takes is not None else {})}
    if one.role != "reader":
        token = " Without a key it needs the token of the desk's forms, too." if one.takes is not None else ""
        words["403"] = f"This is for a {one.role}.{token}"
    if in_path:
        words["404"] = "There is no such thing."
    error = {"$ref": "#/components/schemas/Error"}
    return {status: _response(told, error) for status, told in sorted(words.items())}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _response(words: str, schema: Schema) -> Schema:
    return {"description": words, "content": _json(schema)}


def _answer(one: Endpoint, schemas: Schemas) -> Schema:
    if one.gives is None:
        return {"type": "object"}
    kind = schemas.of(one.gives)
    if not one.paged:
        return kind
    properties: Schema = {
        "total": {"type": "integer", "description": "How many rows there are in all."},
        "limit": {"type": "integer"},
        "offset": {"type": "integer"},
        "next": {"type": ["string", "null"], "description": "The address of the next page, null on the last."},
        "rows": {"type": "array", "items": kind},
    }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _path_parameter(name: str, charts: Sequence[str]) -> Schema:
    schema: Schema = {"type": "string"}
    if name == "kind":
        schema["enum"] = list(charts)
    return {"name": name, "in": "path", "required": True, "description": _words()[name], "schema": schema}


def _parameter(asks: type, one: Parameter) -> Schema:
    shape = one.shape if one.shape in ("integer", "number") else "string"
    schema: Schema = {"type": shape}
    if (asks, one.name) in _ENUMS:
        schema["enum"] = list(_ENUMS[asks, one.name])
    if one.name == "limit":
        schema |= {"minimum": 1, "maximum": MOST, "default": LIMIT}
    elif one.default not in (None, ()):
        schema["default"] = one.default
    if one.many:
        schema = {"type": "array", "items": schema}
    more = {"style": "form", "explode": True} if one.many else {}
    return {"name": one.name, "in": "query", "description": _words()[one.name], "schema": schema, **more}
