"""What a batch is to do, as it goes to every process of a cluster."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pourparler.batch.units import DOCUMENTS
from pourparler.errors import BatchError
from pourparler.knowledge import OWN_ACTORS

if TYPE_CHECKING:
    from pourparler.reading import Reader

Device = Literal["cpu", "gpu"]
WEIGHTS = "POURPARLER_WEIGHTS"
_GPU = "CUDAExecutionProvider"


@dataclass(frozen=True, slots=True)
class Plan:
    """How documents are read and where records go.

    ``run`` is the key of the run (reader, codebook, model, own actors) that every process must have; ``actors`` what
    the user's file of own actors holds, ``published`` the day of reports that carry none, ``unit`` how many documents
    are read at a time.
    """

    out: str
    run: str
    published: str | None = None
    actors: bytes | None = None
    weights: str | None = None
    device: Device = "cpu"
    threads: int = 1
    unit: int = DOCUMENTS

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
    if plan.actors is not None:
        os.environ[OWN_ACTORS] = _file_of(plan.actors)
    check_device(plan.device)
    from pourparler.model.reader import Network
    from pourparler.reading import Reader

    folder = Path(plan.weights) if plan.weights else None
    return Reader(net=Network(folder, threads=plan.threads))


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
    import onnxruntime

    if _GPU not in onnxruntime.get_available_providers():
        problem = f"onnxruntime has no {_GPU} here (it has: {', '.join(onnxruntime.get_available_providers())})"
        advice = "Install onnxruntime-gpu with its CUDA libraries in place of onnxruntime, or use --device cpu"
        raise BatchError("--device gpu", problem, advice)
    raise BatchError("--device gpu", "this version's network takes no provider", "Use --device cpu")


def _file_of(actors: bytes) -> str:
    handle, name = tempfile.mkstemp(prefix="actors-", suffix=".toml")
    with os.fdopen(handle, "wb") as file:
        file.write(actors)
    return name
