"""A real command that tells what it is about to do, and that can be hit at an exact point of it.

``python -m tests.endure.endure_child COMMAND...`` is ``pourparler COMMAND...``. Before each statement to the
database, each report taken in and each report read it writes a line "PHASE WHAT" to the pipe ``marks``. What else it
shall do stands in the environment variable ENDURE, as JSON (see ``Orders``). Functions are wrapped, none is replaced.
"""

from __future__ import annotations

import datetime
import functools
import json
import os
import resource
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

ENDURE = "ENDURE"
# Reports a transaction: with so few even a small archive has many points between two transactions.
BATCH = 32
# What wraps what: module, class or nothing, function, and the phase that it is.
_PHASES = (
    ("pourparler.intake", "Intake", "count", "intake"),
    ("pourparler.archive.store", "Archive", "take_in", "intake"),
    ("pourparler.archive.adding", "", "_read", "reading"),
    ("pourparler.archive.joining", "", "join", "joining"),
    ("pourparler.archive.verdicts", "", "give", "verdicts"),
    ("pourparler.archive.verdicts", "", "undo", "verdicts"),
    ("pourparler.archive.feeds", "Poller", "poll", "polling"),
)


@dataclass(frozen=True, slots=True)
class Orders:
    """What a command shall do beside its work.

    Args:
        marks: file descriptor of the pipe for marks; -1 for none.
        phase, at: the point, counted in marks of a phase from 0, at which ``deed`` is done.
        deed: "kill" (SIGKILL to itself), "starve" (from now on it gets ``spare`` bytes of memory more), or "".
        clock: seconds since 1970 that the clock shows, one after another, over and over.
        largest: bytes that no file may grow over; 0 for no such limit.
        hurry: wait for other writers and between two rounds of ``watch`` for a fifth of a second only.
    """

    marks: int = -1
    phase: str = ""
    at: int = 0
    deed: str = ""
    spare: int = 0
    clock: tuple[float, ...] = ()
    largest: int = 0
    hurry: bool = False

    def as_environment(self) -> dict[str, str]:
        """Return the environment variable that carries them."""
        return {ENDURE: json.dumps({name: getattr(self, name) for name in self.__slots__})}


class Marks:
    """Says where the command is, and does the deed when it is there."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._phases = ["opening"]
        self._seen: Counter[str] = Counter()
        self._one_at_a_time = threading.RLock()

    def mark(self, what: str) -> None:
        with self._one_at_a_time:
            phase = self._phases[-1]
            if self._orders.marks >= 0:
                os.write(self._orders.marks, f"{phase} {what}\n".encode())
            here = phase == self._orders.phase and self._seen[phase] == self._orders.at
            self._seen[phase] += 1
            if here and self._orders.deed == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            elif here and self._orders.deed == "starve":
                starve(self._orders.spare)

    def during(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, with its marks counted to a phase."""

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self._phases.append(phase)
            try:
                self.mark("begins")
                return function(*args, **kwargs)
            finally:
                self._phases.pop()

        return wrapped

    def each(self, function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """Return the generator function, with a mark of intake at each thing it gives."""

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Iterator[Any]:
            for one in function(*args, **kwargs):
                self._phases.append("intake")
                self.mark("report")
                self._phases.pop()
                yield one

        return wrapped

    def read(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, with a mark at each call."""

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.mark("report")
            return function(*args, **kwargs)

        return wrapped


def starve(spare: int) -> None:
    """Let this process have no more than some bytes of address space beside what it has."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + spare
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


class _Jumping(type):
    """What is a datetime stays one, whatever it was made by."""

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, _TRUE)


_TRUE = datetime.datetime


class _Clock(_TRUE, metaclass=_Jumping):
    """Now is what the list says, each time the next; all else is as ever."""

    shown: ClassVar[tuple[float, ...]] = ()
    asked: ClassVar[int] = 0

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        return _TRUE.fromtimestamp(cls.seconds(), tz)

    @classmethod
    def seconds(cls) -> float:
        _Clock.asked += 1
        return cls.shown[(_Clock.asked - 1) % len(cls.shown)]


def jump(clock: tuple[float, ...]) -> None:
    """Let the clock show one moment after another, from now on; what measures durations goes on as it is."""
    _Clock.shown = clock
    datetime.datetime = _Clock  # type: ignore[misc]
    time.time = _Clock.seconds
    time.time_ns = lambda: int(_Clock.seconds() * 1e9)


def _wrap(marks: Marks) -> None:
    from importlib import import_module

    from sqlalchemy import Engine, event

    for module, owner, name, phase in _PHASES:
        holder = getattr(import_module(module), owner) if owner else import_module(module)
        setattr(holder, name, marks.during(phase, getattr(holder, name)))
    from pourparler.archive import adding
    from pourparler.intake import Intake
    from pourparler.reading import Reader

    Intake.placed = marks.each(Intake.placed)  # type: ignore[method-assign]
    Reader.read = marks.read(Reader.read)  # type: ignore[method-assign]
    adding.BATCH = BATCH
    adding.add.__kwdefaults__["batch"] = BATCH

    def statement(_: object, __: object, words: str, *___: object) -> None:
        marks.mark(" ".join(words.split()[:3]))

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", lambda _: marks.mark("COMMIT"))


def main() -> None:
    """Do what the environment says, and run the command."""
    # Tests that a shell runs in the background (&) inherit that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    given = json.loads(os.environ.pop(ENDURE, "{}"))
    orders = Orders(**{**given, "clock": tuple(given.get("clock", ()))})
    if orders.clock:
        jump(orders.clock)
    if orders.largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (orders.largest, orders.largest))
    from pourparler.cli import main as command

    _wrap(Marks(orders))
    if orders.hurry:
        from pourparler.archive import engine
        from pourparler.cli.watch import watch

        engine._WAIT = 200
        sys.modules[watch.callback.__module__]._NAP = 0.2
    sys.argv[0] = "pourparler"
    command()


if __name__ == "__main__":
    main()
