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
    paths = {one.path: {"get": _operation(one, schemas, charts)} for one in endpoints}
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
    wrong = {"400": _response("The question makes no sense.", {"$ref": "#/components/schemas/Error"})}
    if in_path:
        wrong["404"] = _response("There is no such thing.", {"$ref": "#/components/schemas/Error"})
    return {
        "operationId": _IN_PATH.sub(r"\1", one.path.removeprefix("/api/v1/")).replace("/", "_"),
        "summary": one.summary,
        "parameters": in_path + asked,
        "responses": {"200": _response(one.summary, _answer(one, schemas)), **wrong},
    }


def _response(words: str, schema: Schema) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


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
