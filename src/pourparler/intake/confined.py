"""The process in which ``apart`` has reports parsed: it takes requests on standard input until that ends."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from pourparler.errors import IntakeError
from pourparler.intake import feed, formats
from pourparler.intake.apart import as_json
from pourparler.intake.limits import LIMITS

_PARSERS: Mapping[str, Callable[..., Any]] = {
    "html": formats.html_here,
    "markdown": formats.markdown_here,
    "pdf": formats.pdf_here,
    "feed": feed.feed_here,
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
        answers.write(json.dumps(_answer(request, data)).encode("ascii") + b"\n")
        answers.flush()


def _answer(request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    notes: list[str] = []
    parse = _PARSERS[request["kind"]]
    try:
        found = parse(data, request["source"], notes.append, **request["options"])
    except IntakeError as error:
        return {"notes": notes, "source": error.source, "problem": error.problem, "advice": error.advice}
    return {"notes": notes, "found": as_json(found)}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system: the time and the sizes stand alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.parser_memory, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _limit_time() -> None:
    """Let this process be killed when the next request has taken its time."""
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = int(usage.ru_utime + usage.ru_stime) + LIMITS.parser_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))
