"""What a batch is to do, as it goes to every process of a cluster."""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pourparler.batch.units import DOCUMENTS
from pourparler.errors import BatchError, ModelFileError
from pourparler.knowledge import OWN_ACTORS
from pourparler.model.reader import CPU, CUDA, check_providers

if TYPE_CHECKING:
    from pourparler.reading import Reader

Device = Literal["cpu", "gpu"]
WEIGHTS = "POURPARLER_WEIGHTS"
# Operators that a provider lacks are run by the next.
_PROVIDERS: dict[Device, tuple[str, ...]] = {
    "cpu": (CPU,),
    "gpu": (CUDA, CPU),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How documents are read and where records go.

    ``run`` is the key of the run (reader, codebook, model, own actors) that every process must have; ``actors`` what
    the user's file of own actors holds, ``published`` the day of reports that carry none, ``unit`` how many documents
    are read at a time; units of ``anew`` are read though they are finished.
    """

    out: str
    run: str
    published: str | None = None
    actors: bytes | None = None
    weights: str | None = None
    device: Device = "cpu"
    unit: int = DOCUMENTS
    anew: frozenset[str] = frozenset()

    def reader(self) -> Reader:
        """Return the reader of this process; raises BatchError where it is another than the batch's."""
        reader = make_reader(self)
        from pourparler.archive.keys import run_key

        found = run_key(reader.run)
        if self.run and found != self.run:
            problem = f"the reader here is another (run {found}) than where the batch was begun (run {self.run})"
            raise BatchError(f"machine {os.uname().nodename}", problem, "Install the same version on all machines")
        return reader


def make_reader(plan: Plan) -> Reader:
    """Return a reader on one core: a process for each core reads faster than threads that share an interpreter."""
    check_device(plan.device)
    from pourparler.model.reader import Network
    from pourparler.reading import Reader

    folder = Path(plan.weights) if plan.weights else None
    with _own_actors(plan.actors):
        return Reader(net=Network(folder, threads=1, providers=_PROVIDERS[plan.device]))


def run_of(plan: Plan) -> str:
    """Return the key of the run that reads here; raises BatchError where there is no reader.

    It is asked of a process of its own: the model would stay in this one, 300 MB that it has no use for.
    """
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_run, plan).result()


def _run(plan: Plan) -> str:
    from pourparler.archive.keys import run_key

    return run_key(make_reader(plan).run)


def check_device(device: Device) -> None:
    """Raise BatchError where onnxruntime here cannot use the device."""
    if device == "cpu":
        return
    try:
        check_providers(_PROVIDERS[device])
    except ModelFileError as error:
        raise BatchError("--device gpu", str(error), "Or use --device cpu") from error


@contextlib.contextmanager
def _own_actors(body: bytes | None) -> Iterator[None]:
    """Let the user's own actors stand in a file while a reader is made; it keeps what is in it."""
    if body is None:
        yield
        return
    with tempfile.NamedTemporaryFile(prefix="actors-", suffix=".toml") as file:
        file.write(body)
        file.flush()
        os.environ[OWN_ACTORS] = file.name
        try:
            yield
        finally:
            del os.environ[OWN_ACTORS]
