"""Parsing in a process of its own: what a hostile file makes of a parser ends with that process.

Such a process takes no more memory, and for one answer no more computing, than ``limits`` say. Both sides speak JSON,
a line a message, the request followed by the report's bytes: nothing is run that comes from there.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from typing import IO, Any

from pourparler.errors import IntakeError
from pourparler.intake.limits import LIMITS
from pourparler.intake.text import Note

_PROGRAM = "from pourparler.intake.confined import main; main()"
# Computing is limited by the system. Where a process waits instead, or the machine is far too busy, this ends it.
_PATIENCE = 10
_ADVICE = "Save its text as a .txt file"


def apart(kind: str, data: bytes, source: str, note: Note, options: Mapping[str, str | None]) -> Any:
    """Return what the parser of a kind gives for some bytes, as JSON; notes come when it has ended.

    Raises IntakeError as that parser does, and where it takes too long or too much memory.
    """
    request = {"kind": kind, "source": source, "size": len(data), "options": dict(options)}
    try:
        answer = _PARSER.ask(request, data)
    except (OSError, ValueError) as error:
        raise IntakeError(source, too_much(), _ADVICE) from error
    for words in answer["notes"]:
        note(words)
    _refuse(answer)
    return answer["found"]


def parts_apart(kind: str, source: str, options: Mapping[str, str]) -> Iterator[Any]:
    """Yield what the parser of a kind gives part by part, as JSON; ``options`` say where the file lies.

    Raises IntakeError as that parser does, and OSError or ValueError where its process ends before the last part.
    """
    request = {"kind": kind, "source": source, "size": 0, "options": dict(options)}
    with _lent() as parser, contextlib.closing(parser.answers(request)) as answers:
        for answer in answers:
            _refuse(answer)
            if answer["more"]:
                yield answer["found"]


def _refuse(answer: Mapping[str, Any]) -> None:
    if "problem" in answer:
        raise IntakeError(answer["source"], answer["problem"], answer["advice"])


def too_much() -> str:
    """Return what to tell of a file that has ended its parser."""
    shown = f"{LIMITS.parser_seconds} seconds or {LIMITS.parser_memory / (1 << 30):.1f} GB of memory"
    return f"it takes its parser more than {shown}, or breaks it"


class _Parser:
    """The process; started when first asked, and anew when it was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self.turn = threading.Lock()

    def ask(self, request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
        """Return the one answer to a request; raises OSError or ValueError where the process ends before it."""
        with self.turn:
            (answer,) = self.answers(request, data)
        return answer

    def answers(self, request: Mapping[str, Any], data: bytes = b"") -> Generator[dict[str, Any], None, None]:
        """Yield the answers to a request, as they are taken; for whoever has the ``turn``.

        Raises OSError or ValueError where the process ends before the last. It is ended where they are not all taken:
        the next request would get them.
        """
        process, more = self._running(), True
        try:
            assert process.stdin and process.stdout
            with _watched(process):
                process.stdin.write(json.dumps(request).encode("ascii") + b"\n" + data)
                process.stdin.flush()
            while more:
                with _watched(process):
                    answer = _answer(process.stdout)
                more = answer.get("more", False)
                yield answer
        finally:
            if more:
                self.end()

    def _running(self) -> subprocess.Popen[bytes]:
        # A process that was forked has another's pipes: it starts one of its own.
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            if self._owner == os.getpid():
                self.end()
            command = [sys.executable, "-P", "-c", _PROGRAM]
            # Else numpy, which pyarrow loads, takes memory for a thread on each core, and pyarrow itself 1 GB ahead.
            sparing = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
            self._process = subprocess.Popen(  # noqa: S603 - nothing of the report is in the command
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **sparing},
            )
            self._owner = os.getpid()
        return self._process

    def end(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream and stream.close()
        process.wait()


@contextlib.contextmanager
def _watched(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill a process that says nothing for far too long."""
    timer = threading.Timer(LIMITS.parser_seconds * _PATIENCE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _answer(stream: IO[bytes]) -> dict[str, Any]:
    # Text of the largest report takes six bytes a character as JSON.
    most = 8 * LIMITS.report_bytes
    line = stream.readline(most)
    if not line.endswith(b"\n"):
        raise ValueError("no answer")
    answer = json.loads(line)
    if not isinstance(answer, dict):
        raise ValueError("no answer")
    return answer


# Whole reports have one process in turn. A file that is given part by part holds its own between them, for as long
# as its reader likes; one such process is kept for the next file, and who finds it taken starts another.
_PARSER = _Parser()
_OF_PARTS = _Parser()
atexit.register(_PARSER.end)
atexit.register(_OF_PARTS.end)


@contextlib.contextmanager
def _lent() -> Iterator[_Parser]:
    kept = _OF_PARTS
    if kept.turn.acquire(blocking=False):
        try:
            yield kept
        finally:
            kept.turn.release()
        return
    other = _Parser()
    try:
        yield other
    finally:
        other.end()
