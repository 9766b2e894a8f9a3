"""Every regular expression of the package takes time that grows with the text and no faster."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import pourparler
from tests.fuzz.pumps import Find, growth

ROOT = Path(pourparler.__file__).parent
_MADE_BY = frozenset("compile match search fullmatch findall finditer sub subn split".split())
_AT_START = frozenset(("match", "fullmatch"))


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and by which methods it is used (empty: not known)."""

    pattern: re.Pattern[Any]
    where: str
    methods: frozenset[str]

    def find(self) -> Find:
        """Return what the package does with the pattern; where that is not known, all that it could."""

        def whole(text: str) -> object:
            given: Any = text.encode("utf-8") if isinstance(self.pattern.pattern, bytes) else text
            if self.methods and self.methods <= _AT_START:
                return [getattr(self.pattern, method)(given) for method in self.methods]
            return sum(1 for _ in self.pattern.finditer(given))

        return whole


def _made_at_run_time() -> dict[str, Callable[[Any], list[re.Pattern[Any]]]]:
    """Patterns that functions make of what they are given, by module; one that is made of words alone is none.

    Functions that take nothing are called without being named here.
    """
    return {
        "pourparler.archive.naming": lambda module: [
            module._pattern(module.name_of(name, ["Aliy*", "von der Leyen"]).phrases)
            for name in ("Ilham Aliyev", "Anna Maria Anna Maria")
        ],
        "pourparler.archive.fields": lambda _: [],  # words as they are (re.escape)
        "pourparler.archive.tracing": lambda _: [],  # the same
    }


def every_pattern() -> list[Used]:
    """Return each pattern that the code of the package compiles or uses."""
    out: list[Used] = []
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(["pourparler", *path.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")
        source = path.read_text(encoding="utf-8")
        if "re." in source and "migrations" not in name:
            out += _of_module(name, source)
    return out


def _of_module(name: str, source: str) -> Iterator[Used]:
    tree = ast.parse(source)
    named = {id(one.value): one.targets[0] for one in ast.walk(tree) if isinstance(one, ast.Assign)}
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and _is_pattern(one)]
    if not calls:
        return
    module = importlib.import_module(name)
    unknown: list[int] = []
    for call in calls:
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        try:
            pattern = _pattern(call, method, module)
        except NameError:
            found = _made_without_more(tree, call, module)
            yield from (Used(one, f"{name}:{call.lineno}", frozenset()) for one in found)
            unknown += [] if found else [call.lineno]
            continue
        target = named.get(id(call))
        used = frozenset([method])
        if method == "compile":
            used = frozenset(re.findall(rf"\b{target.id}\.(\w+)\(", source)) if isinstance(target, ast.Name) else used
            used &= _MADE_BY - {"compile"}
        yield Used(pattern, f"{name}:{call.lineno}", used)
    made = _made_at_run_time().get(name)
    if unknown and made is None:
        UNKNOWN.append(f"{name}, lines {unknown}")
    for pattern in made(module) if unknown and made else []:
        yield Used(pattern, f"{name}, made at run time", frozenset())


def _made_without_more(tree: ast.Module, call: ast.Call, module: Any) -> list[re.Pattern[Any]]:
    """Return the patterns that the function around a call returns, where it takes nothing; else none."""
    for one in tree.body:
        if isinstance(one, ast.FunctionDef) and not ast.unparse(one.args) and call in list(ast.walk(one)):
            given = getattr(module, one.name)()
            every = given if isinstance(given, tuple | list) else [given]
            return [pattern for pattern in every if isinstance(pattern, re.Pattern)]
    return []


def _is_pattern(call: ast.Call) -> bool:
    func = call.func
    is_re = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "re"
    return is_re and isinstance(func, ast.Attribute) and func.attr in _MADE_BY


def _pattern(call: ast.Call, method: str, module: Any) -> re.Pattern[Any]:
    def value(node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), "<pattern>", "eval"), dict(vars(module)))

    flags = [one.value for one in call.keywords if one.arg == "flags"]
    if method in ("compile", "match", "search", "fullmatch", "findall", "finditer"):
        flags += call.args[{"compile": 1}.get(method, 2) :]
    return re.compile(value(call.args[0]), value(flags[0]) if flags else 0)


UNKNOWN: list[str] = []
PATTERNS = every_pattern()


def test_all_are_found() -> None:
    assert not UNKNOWN, "patterns of local names: say in _made_at_run_time how they are made"
    told = sum(len(re.findall(r"\bre\.compile\(", path.read_text(encoding="utf-8"))) for path in ROOT.rglob("*.py"))
    assert len(PATTERNS) >= told > 50


@pytest.mark.parametrize("used", PATTERNS, ids=lambda used: used.where)
def test_time_grows_with_the_text_and_no_faster(used: Used) -> None:
    assert growth(used.pattern, used.find()) is None, f"{used.pattern.pattern!r} ({', '.join(used.methods)})"


@pytest.mark.parametrize(
    "wrong", [r"(a+)+$", r"(a|a)*b", r"\s*,", r"\d+\d+x", r"(?:\w+\s?)+:", r"<[^>]*>[^<]*</", r"^(\w+\s?)*$"]
)
def test_a_pattern_that_is_not_linear_is_found(wrong: str) -> None:
    pattern = re.compile(wrong)
    assert growth(pattern, lambda text: sum(1 for _ in pattern.finditer(text))) is not None


@pytest.mark.parametrize("right", [r"\d+(?:[.,]\d+)*", r"[^\W_]+", r"x\s*,", r"<[^<>]{0,200}>", r"(?<!\s)\s+$"])
def test_a_linear_one_is_not(right: str) -> None:
    pattern = re.compile(right)
    assert growth(pattern, lambda text: sum(1 for _ in pattern.finditer(text))) is None
