"""Parsing in a process of its own: what a hostile PDF or page makes of a parser ends with that process.

One such process serves all; it takes no more memory, and for one report no more computing, than ``limits`` say. Both
sides speak JSON, a line a message, the request followed by the report's bytes: nothing is run that comes from there.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
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
        problem = f"it takes its parser more than {_shown()}, or breaks it"
        raise IntakeError(source, problem, _ADVICE) from error
    for words in answer["notes"]:
        note(words)
    if "problem" in answer:
        raise IntakeError(answer["source"], answer["problem"], answer["advice"])
    return answer["found"]


def _shown() -> str:
    return f"{LIMITS.parser_seconds} seconds or {LIMITS.parser_memory / (1 << 30):.1f} GB of memory"


class _Parser:
    """The process; started when first asked, and anew when it was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._turn = threading.Lock()

    def ask(self, request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
        """Return the answer to a request; raises OSError or ValueError where the process ends before it has any."""
        with self._turn:
            process = self._running()
            timer = threading.Timer(LIMITS.parser_seconds * _PATIENCE, process.kill)
            timer.daemon = True
            timer.start()
            try:
                assert process.stdin and process.stdout
                process.stdin.write(json.dumps(request).encode("ascii") + b"\n" + data)
                process.stdin.flush()
                return _answer(process.stdout)
            except BaseException:
                self.end()
                raise
            finally:
                timer.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        # A process that was forked has another's pipes: it starts one of its own.
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            if self._owner == os.getpid():
                self.end()
            command = [sys.executable, "-P", "-c", _PROGRAM]
            self._process = subprocess.Popen(  # noqa: S603 - nothing of the report is in the command
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
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


_PARSER = _Parser()
atexit.register(_PARSER.end)


def as_json(found: Any) -> Any:
    """Return a frozen dataclass as JSON can hold it."""
    return dataclasses.asdict(found)
