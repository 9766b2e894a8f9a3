"""The pipeline: components in order, checked when built, one bad report never stopping the rest."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from pourparler import codebook
from pourparler.errors import PipelineError, ReadingError, ShortageError, out_of_memory
from pourparler.knowledge import own_actors_hash
from pourparler.model.reader import Network, network
from pourparler.reading.draft import Draft
from pourparler.reading.parallel import ordered
from pourparler.record import Document, Record, Run

_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Component(Protocol):
    """One step of reading. ``needs`` and ``gives`` are names of Draft layers; ``name`` carries a version."""

    name: str
    needs: frozenset[str]
    gives: frozenset[str]

    def __call__(self, draft: Draft) -> None: ...


def check(components: Sequence[Component]) -> None:
    """Raise PipelineError where a component needs what none before it gives, or a name has no version."""
    given = {"document", "rejected"}
    for component in components:
        missing = sorted(component.needs - given)
        if missing:
            raise PipelineError(
                f"component {component.name} needs {', '.join(missing)}, which no component before it gives; "
                "put one that does in front of it"
            )
        unknown = sorted(component.gives - set(Draft.__slots__))
        if unknown:
            raise PipelineError(f"component {component.name} gives {', '.join(unknown)}, which no draft has")
        if component.name.rsplit(".", 1)[-1][:1] != "v":
            raise PipelineError(f"component {component.name} has no version: end its name with .v1")
        given |= component.gives


@functools.cache
def code_hash() -> str:
    """Return a hash of the reader's code and data files (weights excluded: the model has its own)."""
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for room in ("codebook", "knowledge", "model", "reading", "record"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix in {".py", ".toml", ".csv", ".tsv", ".txt", ".gz"}:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Reader:
    """Reads reports into records.

    Args:
        components: the steps, in order; the shipped ones when absent.
        net: the network; the shipped weights when absent.
    """

    def __init__(self, *, components: Sequence[Component] | None = None, net: Network | None = None) -> None:
        from pourparler.reading.components import default

        model = net if net is not None or components is not None else network()
        self.components: tuple[Component, ...] = tuple(components or default(model))
        check(self.components)
        # One more than there are cores: while a report waits for the interpreter, another's pass has its core
        # (two cores: 4,744 words a second with two at work, 5,470 with three, 5,302 with four).
        self._threads = model.threads + 1 if model else 1
        # Kept, and its threads with it: where memory is short, Python may wait forever for a new one to begin.
        self._pool = ThreadPoolExecutor(self._threads, "reader")
        self.run = Run(
            version=importlib.metadata.version("pourparler") if _installed() else "0+source",
            code=code_hash(),
            codebook=codebook.load().hash[:16],
            model=model.hash[:16] if model else "none",
            components=tuple(component.name for component in self.components),
            actors=own_actors_hash(),
        )

    def read(self, document: Document) -> Record:
        """Return the record of one report; raises ReadingError naming the component that failed.

        It also raises where the text holds a character as two halves: JSON would make them one, and every offset
        behind it would be wrong.
        """
        _whole(document)
        draft = Draft(document)
        for component in self.components:
            try:
                component(draft)
            except Exception as error:
                if out_of_memory(error):
                    raise ShortageError(document.id, component.name) from error
                problem = f"{type(error).__name__}: {error}"
                raise ReadingError(document.id, component.name, problem) from error
        return Record(document, draft.actors, draft.events, draft.statements, tuple(draft.rejected), self.run)

    def read_many(
        self, documents: Iterable[Document], *, on_error: Callable[[ReadingError], None] | None = None
    ) -> Iterator[Record]:
        """Yield a record for each report, in order; one that fails goes to ``on_error`` (raised when absent).

        One report more than there are cores are read side by side, so up to twice as many are taken from
        ``documents`` before the first record is given.
        """
        for outcome in ordered(self._outcome, documents, threads=self._threads, pool=self._pool):
            if isinstance(outcome, Record):
                yield outcome
            elif on_error is None:
                raise outcome
            else:
                on_error(outcome)

    def _outcome(self, document: Document) -> Record | ReadingError:
        try:
            return self.read(document)
        except ReadingError as error:
            return error


def _whole(document: Document) -> None:
    halves = None if document.text.isascii() else _HALVES.search(document.text)
    if halves:
        problem = f"characters {halves.start()} and {halves.start() + 1} are the two halves of one (a surrogate pair)"
        advice = "Join them: text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')"
        raise ReadingError(document.id, "text", problem, advice)


@functools.cache
def _installed() -> bool:
    try:
        importlib.metadata.version("pourparler")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
