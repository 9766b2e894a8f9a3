"""Joining with a cluster: its machines compare blocks of tellings, and it comes out the same to the last bit.

The archive is read and written, and tellings are grouped into events, only where it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from pourparler.archive.blocks import Block
from pourparler.archive.candidates import Rules, rules
from pourparler.archive.joining import Judgement, Judging, judged
from pourparler.archive.same import Shipped
from pourparler.batch import engine
from pourparler.errors import BatchError

_CORES = 0.5


@contextlib.contextmanager
def spread(address: str | None) -> Iterator[Judging]:
    """Yield what judges blocks as the shipped scorer does, on the cluster at an address (here when None).

    Raises BatchError where the cluster does not answer, or judges otherwise.
    """
    with engine.running(address) as ray:
        try:
            yield lambda blocks: _judge(ray, blocks)
        except ray.exceptions.RayError as error:
            raise engine.explained(error, "joining") from error


def _judge(ray: ModuleType, blocks: Iterable[Block]) -> Iterator[list[Judgement]]:
    """Yield what is judged of blocks, in their order; as many as there are processes are on their way at a time."""
    from ray.util import ActorPool

    count = max(1, int(ray.cluster_resources().get("CPU", 1)))
    remote = ray.remote(num_cpus=_CORES, max_restarts=-1, max_task_retries=-1, scheduling_strategy="SPREAD")(_Judge)
    pool: Any = ActorPool([remote.remote(Shipped().method, rules()) for _ in range(count)])
    for block in blocks:
        if not pool.has_free():
            yield pool.get_next()
        pool.submit(lambda actor, one: actor.judged.remote(one), block)
    while pool.has_next():
        yield pool.get_next()


class _Judge:
    """The scorer of one process, on one core."""

    def __init__(self, method: str, compared: Rules) -> None:
        from pourparler.archive.meaning import Encoder

        engine.die_with_parent()
        self._scorer = Shipped(vectors=Encoder(threads=1).vectors)
        if (self._scorer.method, rules()) != (method, compared):
            raise BatchError(
                "a machine of the cluster", "it has other weights or rules", "Install the same version everywhere"
            )

    def judged(self, block: Block) -> Any:
        return judged(self._scorer, block)
