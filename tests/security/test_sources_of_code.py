"""Nothing in the package runs what it reads: no pickles, no evaluated text, no shell, no unchecked certificates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "pourparler").rglob("*.py"))
# Modules that make objects, or run programs, out of bytes.
MODULES = {
    "pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle", "yaml",
    "code", "codeop", "subprocess", "pty", "ctypes", "imp", "torch",
}  # fmt: skip
# Calls by their last two names; those with one name are built-in.
CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv",
    "tempfile.mktemp", "ssl._create_unverified_context", "builtins.eval", "builtins.exec",
}  # fmt: skip
# Where a program is started on purpose: always Python with our own module, which gets what it reads by a pipe. And
# where the system is asked, with numbers alone, to end a batch's processes with the one that began them.
STARTS = {("intake/apart.py", "subprocess"), ("batch/engine.py", "ctypes")}
# What no call may be given.
VALUES = {("shell", True), ("allow_pickle", True), ("verify", False), ("resolve_entities", True), ("huge_tree", True)}


def _found(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, one.name) for one in node.names if one.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield node.lineno, node.module or ""
        elif isinstance(node, ast.Call):
            name = ".".join(ast.unparse(node.func).split(".")[-2:])
            if name in CALLS or name.endswith("enable_load_extension"):
                yield node.lineno, name
            for word in node.keywords:
                value = word.value.value if isinstance(word.value, ast.Constant) else None
                if (word.arg, value) in VALUES:
                    yield node.lineno, f"{word.arg}={value}"


def test_nothing_that_is_read_is_run() -> None:
    assert len(SOURCES) > 150
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in SOURCES
        for line, what in _found(ast.parse(path.read_text(encoding="utf-8")))
        if (str(path.relative_to(ROOT / "src" / "pourparler")), what) not in STARTS
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle", "from marshal import loads", "import yaml as y", "eval(words)", "exec(words)",
        "subprocess.run(words, shell=True)", "np.load(path, allow_pickle=True)", "os.system(words)",
        "httpx.get(url, verify=False)", "etree.XMLParser(resolve_entities=True)", "raw.enable_load_extension(True)",
        "from torch import load", "tempfile.mktemp()",
    ],
)  # fmt: skip
def test_the_check_sees(code: str) -> None:
    assert list(_found(ast.parse(code)))


def test_arrays_with_objects_are_refused(tmp_path: Path) -> None:
    """Numpy's own files are read by its default, which makes no objects: a poisoned file of weights runs nothing."""
    import numpy as np

    class Runs:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (Path(tmp_path / "ran"),))  # type: ignore[return-value]

    path = tmp_path / "poison.npz"
    np.savez(path, a=np.array([Runs()], dtype=object))
    with np.load(path) as file, pytest.raises(ValueError, match="allow_pickle"):
        file["a"]
    assert not (tmp_path / "ran").exists()
