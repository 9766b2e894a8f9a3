"""The public surface is what is meant to be public; one exception tree; documents name what the code has."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

import pourparler
from pourparler import errors
from pourparler.cli.main import commands
from pourparler.export import FORMATS
from pourparler.reading.components import default

ROOT = Path(__file__).resolve().parents[2]


def test_the_surface_is_narrow() -> None:
    assert sorted(pourparler.__all__) == ["Document", "PourparlerError", "Record", "__version__", "read", "read_many"]
    for name in pourparler.__all__:
        assert getattr(pourparler, name) is not None


def test_signatures_hold() -> None:
    read = inspect.signature(pourparler.read)
    assert list(read.parameters) == ["text", "published", "id", "title", "publisher", "url"]
    assert all(p.kind is p.KEYWORD_ONLY for name, p in read.parameters.items() if name != "text")
    assert list(inspect.signature(pourparler.read_many).parameters) == ["documents", "on_error"]


def test_every_error_stands_in_the_tree_and_under_its_root() -> None:
    kinds = [k for _, k in inspect.getmembers(errors, inspect.isclass) if issubclass(k, Exception)]
    assert len(kinds) > 5
    for kind in kinds:
        assert issubclass(kind, errors.PourparlerError)
        assert kind.__name__ in (errors.__doc__ or ""), kind


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    every = dict(_every("", commands))
    for name, command in every.items():
        assert f"## pourparler {name}" in text
        section = text.split(f"## pourparler {name}", 1)[1].split("\n## ", 1)[0]
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert f"`{parameter.opts[0]}`" in section, f"{name} {parameter.opts[0]}"
    documented = set(re.findall(r"^## pourparler ([\w ]+)", text, re.MULTILINE))
    assert documented == set(every)


def _every(path: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Yield each command that does something, by the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{path}{name}", command
            yield from _every(f"{path}{name} ", command)
        else:
            yield f"{path}{name}", command


def test_every_format_is_documented() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in FORMATS)


def test_every_variable_of_the_environment_is_documented() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"POURPARLER_[A-Z_]+", code))
    assert named and all(f"`{name}`" in text for name in named)


def test_every_component_is_in_the_design() -> None:
    class Net:
        hash = "0"
        threads = 1

    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    for component in default(Net()):  # type: ignore[arg-type]
        assert f"`{component.name.split('.')[1]}`" in text, component.name


def test_the_readme_names_only_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:docs|examples|script|benchmarks|training)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_no_component_and_no_word_is_made_for_the_seed_report() -> None:
    # A rule that names one report's people would be tuned to it; names live in tables of facts only.
    for path in (ROOT / "src" / "pourparler" / "reading").rglob("*.*"):
        if path.suffix in {".py", ".toml"} and "__pycache__" not in path.parts:
            code = re.sub(r'"""[\s\S]*?"""|#.*', "", path.read_text(encoding="utf-8"))
            for name in ("Mirzoyan", "Bayramov", "Sullivan", "Lachin", "Khankendi", "checkpoint"):
                assert name not in code, (path, name)


def test_the_readme_gives_the_frozen_figures() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    frozen = {
        name: json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))["figures"]
        for name in ("exam-seed", "exam-dev")
    }
    rows = {
        "type F1": [f["type"]["f1"] for f in frozen.values()],
        "strict F1": [f["strict"]["f1"] for f in frozen.values()],
        "status right": [f["status_accuracy"] for f in frozen.values()],
        "target right": [f["target_accuracy"] for f in frozen.values()],
    }
    for name, figures in rows.items():
        line = next(line for line in text.splitlines() if line.startswith("|") and name in line)
        assert [float(cell) for cell in line.split("|")[2:4]] == figures, line


def test_the_page_on_accuracy_gives_the_frozen_figures() -> None:
    text = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")

    def figures(name: str) -> dict[str, Any]:
        path = ROOT / "benchmarks" / "results" / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8"))["figures"]

    dev, tree, timex, coref = map(figures, ("exam-dev", "treebank-ewt-dev", "timex-meantime-dev", "coref-gum-dev"))
    rows = {
        "type F1": dev["type"]["f1"],
        "strict F1": dev["strict"]["f1"],
        "day right": dev["time_accuracy"],
        "place right": dev["place_accuracy"],
        "part of speech": f"{tree['upos']}; {tree['las']}",
        "time expressions": f"{timex['relaxed_f1']}; {timex['value_f1']}",
        "coreference": f"{coref['conll_f1']}; {coref['gold_mentions_conll_f1']}",
        "who says what": figures("attribution-polnear-dev")["all_three_f1"],
        "semantic roles": figures("roles-ewt-dev")["f1"],
    }
    for name, figure in rows.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| {name}"))
        assert line.split("|")[3].strip() == str(figure), line
    assert f"is {dev['ece']} on the development reports" in text
