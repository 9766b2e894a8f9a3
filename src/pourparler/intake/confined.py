"""The process in which ``apart`` has reports parsed: it takes requests on standard input until that ends."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pourparler.errors import IntakeError
from pourparler.intake import feed, formats, parquet
from pourparler.intake.limits import LIMITS

_PARSERS: Mapping[str, Callable[..., Any]] = {
    "html": formats.html_here,
    "markdown": formats.markdown_here,
    "pdf": formats.pdf_here,
    "feed": feed.feed_here,
}
_IN_PARTS: Mapping[str, Callable[..., Iterator[Any]]] = {
    "parquet": parquet.parts_here,
    "parquet count": parquet.count_here,
}


def main() -> None:
    """Answer requests, one after another."""
    # Libraries may print: their words must not stand among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        data = sys.stdin.buffer.read(request["size"])
        _limit_time()
        for answer in _answers(request, data):
            answers.write(json.dumps(answer).encode("ascii") + b"\n")
            answers.flush()
            _limit_time()


def _answers(request: Mapping[str, Any], data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the answers to a request; all but the last have ``more``."""
    notes: list[str] = []
    kind, source, options = request["kind"], request["source"], request["options"]
    try:
        if kind in _IN_PARTS:
            for part in _IN_PARTS[kind](source, **options):
                yield {"found": part, "more": True}
            yield {"more": False}
        else:
            found = _PARSERS[kind](data, source, notes.append, **options)
            yield {"notes": notes, "found": dataclasses.asdict(found)}
    except IntakeError as error:
        yield {"notes": notes, "source": error.source, "problem": error.problem, "advice": error.advice}


def _limit_memory() -> None:
    _limit("RLIMIT_AS", LIMITS.parser_memory)
    _limit("RLIMIT_CORE", 0)  # what is left of a process that broke would hold the report


def _limit_time() -> None:
    """Let this process be killed when the next answer has taken its time."""
    _limit("RLIMIT_CPU", int(sum(os.times()[:2])) + LIMITS.parser_seconds + 1)


def _limit(name: str, most: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system: the time and the sizes stand alone
        return
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    # Where whoever started us has set less, that holds: more cannot be asked for.
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
