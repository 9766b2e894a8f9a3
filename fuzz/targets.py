"""What is fuzzed: each target takes bytes, and raises where something is wrong."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
CORPUS = Path(__file__).parent / "corpus"
FINDINGS = Path(__file__).parent / "findings"
One = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """One harness.

    ``make`` prepares what all inputs share, puts on the stack what is closed at the end, and returns the function
    that takes one; ``made`` are seeds that are no files (a Parquet file, packed data). An input may take ``seconds``
    of processor time and ``longest`` bytes.
    """

    name: str
    make: Callable[[ExitStack], One]
    made: Callable[[], Iterable[bytes]] = tuple
    seconds: float = 2.0
    longest: int = 4096

    def seeds(self) -> list[bytes]:
        """Return the seeds: files in ``seeds/NAME`` by name, then those that are made."""
        folder = SEEDS / self.name
        files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        return [path.read_bytes() for path in files] + list(self.made())


class TooSlow(AssertionError):
    """An input took more processor time than its target allows."""


def watched(target: Target, one: One) -> One:
    """Return a function that also raises where an input takes too long, twice: the first may pay for an import."""

    def run(data: bytes) -> None:
        took = 0.0
        for _ in range(2):
            begun = time.process_time()
            one(data)
            took = time.process_time() - begun
            if took <= target.seconds:
                break
        if took > target.seconds:
            raise TooSlow(f"{took:.1f} s for {len(data)} bytes; at most {target.seconds:g} are allowed")

    return run


def scratch(held: ExitStack) -> Path:
    """Return a new folder for files written anew for every input, removed at the end; in memory if possible."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it has a name of its own
    folder = tempfile.TemporaryDirectory(prefix="pourparler-fuzz-", dir=memory if memory.is_dir() else None)
    return Path(held.enter_context(folder))


def text_of(data: bytes) -> str:
    """Return any bytes as text; those that are no UTF-8 become lone surrogates, which JSON may bring along too."""
    return data.decode("utf-8", "surrogateescape")


def every() -> dict[str, Target]:
    """Return all targets by name."""
    from fuzz import archives, desk, intake, reader, tables

    rooms = (intake.TARGETS, tables.TARGETS, reader.TARGETS, archives.TARGETS, desk.TARGETS)
    return {target.name: target for room in rooms for target in room}
