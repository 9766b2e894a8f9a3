"""Starting commands, killing them at a point of their work, and what became of them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from tests.endure.endure_child import Orders

ROOT = Path(__file__).resolve().parents[2]
KILLED = -signal.SIGKILL
# No command here takes longer, even where other programs want the machine; a hang must not look like work.
_LONGEST = 1800.0


@dataclass(frozen=True, slots=True)
class Point:
    """Where a command is killed: at the mark with number ``at`` of a phase.

    By itself exactly there when ``after`` is None, else by us from outside, so many seconds after we heard of it.
    """

    phase: str
    at: int
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: exit code, marks by phase, the last mark ("PHASE WHAT"), and what it said."""

    code: int
    marks: Counter[str]
    last: str
    out: str
    err: str

    @property
    def killed(self) -> bool:
        return self.code == KILLED

    @property
    def phase(self) -> str:
        return self.last.partition(" ")[0]


class Started:
    """How many commands were started since it was last asked."""

    number: ClassVar[int] = 0

    @classmethod
    def taken(cls) -> int:
        """Return the number, and begin at 0 again."""
        number, cls.number = cls.number, 0
        return number


def begun(words: Sequence[str], *, environment: dict[str, str], **more: Any) -> subprocess.Popen[Any]:
    """Start a command in the checkout, with nothing on its standard input."""
    Started.number += 1
    return subprocess.Popen(list(words), cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, **more)


def point(rng: random.Random, phase: str, marks: int) -> Point:
    """Return a random point of a phase that has so many marks; every third kill comes from outside."""
    after = rng.choice((0.0, 0.0005, 0.002, 0.01, 0.05)) if rng.random() < 1 / 3 else None
    return Point(phase, rng.randrange(max(1, marks)), after)


def command(*words: str) -> list[str]:
    """Return the command line of a marked ``pourparler`` command."""
    return [sys.executable, "-m", "tests.endure.endure_child", *words]


def plain(*words: str) -> list[str]:
    """Return the command line of ``pourparler`` as users have it."""
    return [sys.executable, "-c", "from pourparler.cli import main; main()", *words]


def surroundings(**more: str) -> dict[str, str]:
    """Return the environment of a child: ours, without what names archives or actors of the person who tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("POURPARLER_")}
    return {**own, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))), **more}


def start(words: Sequence[str], *, orders: Orders | None = None, **more: str) -> subprocess.Popen[str]:
    """Start a command without waiting for it; what it says is kept in pipes."""
    given = {**(orders.as_environment() if orders else {}), **more}
    passed = (orders.marks,) if orders and orders.marks >= 0 else ()
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return begun(words, environment=surroundings(**given), pass_fds=passed, text=True, encoding="utf-8", **pipes)


def run(words: Sequence[str], *, kill: Point | None = None, orders: Orders | None = None, **more: str) -> Ended:
    """Run a marked command to its end, or to the point at which it is killed."""
    inner = orders or Orders()
    if kill and kill.after is None:
        inner = replace(inner, phase=kill.phase, at=kill.at, deed="kill")
    hear, tell = os.pipe()
    # Into files: a pipe that nobody empties while we listen to the marks would stop the command.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        environment = surroundings(**replace(inner, marks=tell).as_environment(), **more)
        child = begun(words, environment=environment, pass_fds=(tell,), stdout=out, stderr=err)
        os.close(tell)
        watchdog = threading.Timer(_LONGEST, child.kill)
        watchdog.start()
        try:
            seen, last = _listen(hear, child, kill)
            code = child.wait()
        finally:
            watchdog.cancel()
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read().decode("utf-8", "replace"))
    return Ended(code, seen, last, said[0], said[1])


def _listen(hear: int, child: subprocess.Popen[bytes], kill: Point | None) -> tuple[Counter[str], str]:
    """Count marks until the command ends; kill it from outside where that is asked for."""
    seen: Counter[str] = Counter()
    last = "starting nothing"
    with os.fdopen(hear, encoding="utf-8") as lines:
        for line in lines:
            last = line.rstrip("\n")
            phase = last.partition(" ")[0]
            if kill and kill.after is not None and phase == kill.phase and seen[phase] == kill.at:
                time.sleep(kill.after)
                child.kill()
            seen[phase] += 1
    return seen, last
