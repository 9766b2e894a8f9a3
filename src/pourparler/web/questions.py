"""From the words of an address to a typed question and back: what pages, exports and the API are asked."""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import ImmutableMultiDict

from pourparler.archive.process import Process
from pourparler.errors import ArchiveError, ProcessError

T = TypeVar("T")
# No question of a person has more values of one field, or longer ones.
_MOST_VALUES = 60
_LONGEST = 500
# Rows may be counted up to here; databases take no larger numbers.
_MOST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a question as a parameter; ``shape`` is text, integer, number or process."""

    name: str
    shape: str
    many: bool
    default: Any


@cache
def parameters(kind: type) -> tuple[Parameter, ...]:
    """Return the parameters that a question (a frozen dataclass, every field with a default) is made from."""
    hints = typing.get_type_hints(kind)
    return tuple(_parameter(one, hints[one.name]) for one in dataclasses.fields(kind))


def _parameter(one: dataclasses.Field[Any], hint: Any) -> Parameter:
    many = typing.get_origin(hint) is tuple
    inner = [arg for arg in typing.get_args(hint) if arg not in (type(None), Ellipsis)]
    bare = inner[0] if inner else hint
    shape = {int: "integer", float: "number", Process: "process"}.get(bare, "text")
    return Parameter(one.name, shape, many, one.default)


def question(
    kind: type[T],
    params: ImmutableMultiDict[str, Any],
    *,
    process_of: Callable[[str], Process | None],
    beside: Sequence[str] | None = None,
) -> T:
    """Return the question that an address asks; what is empty is not asked.

    Args:
        beside: parameters that are allowed beside those of the question; None allows any.

    Raises:
        ArchiveError: a value is none of its kind, or a parameter is unknown; the message says what is allowed.
    """
    of: type = kind
    known = parameters(of)
    if beside is not None:
        names = [one.name for one in known]
        odd = next((name for name in params if name not in (*names, *beside)), None)
        if odd is not None:
            raise ArchiveError(f"there is no parameter {str(odd)[:80]!r}. Give some of {', '.join(names)}")
    values: dict[str, Any] = {}
    for one in known:
        given = [str(word).strip() for word in params.getlist(one.name)]
        given = [word for word in dict.fromkeys(given) if word]
        if given:
            values[one.name] = _value(one, given, process_of)
    return kind(**values)


def _value(one: Parameter, given: list[str], process_of: Callable[[str], Process | None]) -> Any:
    if len(given) > _MOST_VALUES or any(len(word) > _LONGEST or "\0" in word for word in given):
        raise ArchiveError(
            f"{one.name}: give at most {_MOST_VALUES} values of at most {_LONGEST} characters, without NUL"
        )
    if one.many:
        return tuple(given)
    word = given[-1]
    if one.shape == "process":
        found = process_of(word)
        if found is None:
            raise ProcessError(f"there is no process {word!r}. Put its file beside the archive, or ask for none")
        return found
    return _number(one, word) if one.shape in ("integer", "number") else word


def _number(one: Parameter, word: str) -> int | float:
    kind = int if one.shape == "integer" else float
    example = "2" if one.shape == "integer" else "0.5"
    try:
        number = kind(word)
    except ValueError as error:
        raise ArchiveError(f"{one.name}: {word!r} is no number. Give one such as {example}") from error
    if not math.isfinite(number) or abs(number) > _MOST_NUMBER:
        raise ArchiveError(f"{one.name}: {word!r} is beyond all bounds. Give a number such as {example}")
    return number


def pairs(asked: Any, *, without: Sequence[str] = ("limit", "offset")) -> list[tuple[str, str]]:
    """Return a question as parameters of an address; what is as it is by default is left out.

    But for the order: a page may have another one by default than its question has.
    """
    out: list[tuple[str, str]] = []
    of: type = type(asked)
    for one in parameters(of):
        value = getattr(asked, one.name)
        if one.name in without or (value == one.default and one.name != "sort"):
            continue
        if one.many:
            out += [(one.name, word) for word in value]
        elif one.shape == "process":
            out.append((one.name, value.name))
        else:
            out.append((one.name, f"{value:g}" if isinstance(value, float) else str(value)))
    return out


def href(path: str, asked: Any, *more: tuple[str, object]) -> str:
    """Return the address of a page for a question, with further parameters."""
    every = [*pairs(asked), *((name, str(value)) for name, value in more)]
    return f"{path}?{urlencode(every)}" if every else path


def href_with(path: str, asked: Any, *fields: str) -> Callable[[Iterable[tuple[str, str]]], str]:
    """Return what gives the address of a question with other values of some fields that stand side by side.

    As ``href`` of the changed question, for the hundreds of links of one page: what stays is written once.
    """
    of: type = type(asked)
    names = [one.name for one in parameters(of)]
    here = min(map(names.index, fields))
    stays = [(names.index(name), name, value) for name, value in pairs(asked) if name not in fields]
    before = urlencode([(name, value) for at, name, value in stays if at < here])
    after = urlencode([(name, value) for at, name, value in stays if at > here])

    def at(changed: Iterable[tuple[str, str]]) -> str:
        query = "&".join(filter(None, (before, urlencode(list(changed)), after)))
        return f"{path}?{query}" if query else path

    return at
