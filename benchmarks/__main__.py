"""python -m benchmarks TASK FILE [--errors N]: measure the reader and print one JSON line.

exam FILE    read the items of FILE (gold of the exam) and score them as the exam does
treebank FILE  part of speech, heads and relations on gold tokens (CoNLL-U)
ner FILE     names on gold tokens: exact spans of people, organisations, places
attribution FILE   cues, sources and contents
relation FILE  what a marked source does to a marked target
roles FILE   semantic roles of given predicates on gold tokens
timex FILE   time expressions and their values
same_event FILE   which event mentions of different documents are one act (ECB+, MEANTIME; FILE may be .jsonl.gz)
coref FILE   coreference within documents, on gold tokens (CoNLL-U of GUM; FILE may be .conllu.gz)
geo FILE     toponyms: spans, and how far from gold they are put on the map (FILE may be .jsonl.gz)
speed FILE   read the reports of FILE (JSONL, or one text) and measure speed, start and memory
near_duplicates FILE [--seed N]   lightly edited copies among originals: found, and what else is taken for a copy
sweep FILE [--limit N]   read many reports and check that none is lost and every span holds
floors       compare benchmarks/results with the floors; exit 1 where one sank
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path

TASKS = (
    "exam",
    "speed",
    "treebank",
    "ner",
    "attribution",
    "relation",
    "roles",
    "timex",
    "geo",
    "coref",
    "same_event",
    "sweep",
    "near_duplicates",
)


def _taken(
    parser: argparse.ArgumentParser, measure: Callable[..., object], given: dict[str, object]
) -> dict[str, object]:
    """Return the options that were given; a task that does not take one refuses it."""
    known = inspect.signature(measure).parameters
    for name, value in given.items():
        if value is not None and name not in known:
            parser.error(f"--{name}: this task has none")
    return {name: value for name, value in given.items() if value is not None}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=(*TASKS, "floors"))
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--records", type=Path, help="exam: write the records read, one a line")
    parser.add_argument(
        "--errors",
        type=int,
        metavar="N",
        help="exam, timex, geo, coref, same_event, sweep, near_duplicates: print N wrong cases",
    )
    parser.add_argument("--limit", type=int, metavar="N", help="sweep: read the first N reports alone")
    parser.add_argument("--seed", type=int, metavar="N", help="near_duplicates: another sample, other edits")
    parser.add_argument("--freeze", metavar="NAME", help="keep the figures as benchmarks/results/NAME.json")
    options = parser.parse_args(arguments)
    if options.task == "floors":
        from benchmarks.floors import check

        problems = check()
        print(json.dumps({"sunk": problems}))
        return 1 if problems else 0
    if options.file is None or not options.file.is_file():
        parser.error(f"{options.file or 'FILE'}: there is no such file; give the items as JSONL")
    measure = importlib.import_module(f"benchmarks.{options.task}").measure
    errors: list[str] = []
    given = {
        "records": options.records,
        "errors": errors if options.errors else None,
        "limit": options.limit,
        "seed": options.seed,
    }
    figures = measure(options.file, **_taken(parser, measure, given))
    print("\n".join(errors[: options.errors or 0]), file=sys.stderr, end="\n" if errors else "")
    if options.freeze:
        from benchmarks.floors import freeze

        freeze(options.freeze, options.task, options.file, figures)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
