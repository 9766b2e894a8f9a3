"""Joining with a cluster: all its machines work out what sentences mean, and it comes out the same to the last bit.

That is most of the work of joining. Pairs are still found, scored and grouped where the archive is, in the same order
and the same portions as without a cluster.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pourparler.archive.candidates import Candidate
from pourparler.archive.meaning import Encoder, hashes, numbered, settings
from pourparler.archive.same import Shipped
from pourparler.batch import engine
from pourparler.errors import BatchError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Texts that go to a process at a time, a few seconds' work.
_TEXTS = 256
_CORES = 0.5


@dataclass(frozen=True, slots=True)
class _Marked:
    """A telling as the encoder looks at it, cut to that."""

    text: str
    start: int
    end: int


@contextlib.contextmanager
def spread(address: str | None) -> Iterator[Shipped]:
    """Yield the shipped scorer, with vectors made on the cluster at an address (here when None).

    Raises BatchError where the cluster does not answer, or has other weights.
    """
    with engine.running(address) as ray:
        try:
            yield Shipped(vectors=_vectors(ray))
        except ray.exceptions.RayError as error:
            raise engine.explained(error, "joining") from error


def _vectors(ray: ModuleType) -> Callable[[Sequence[Candidate]], NDArray[np.float32]]:
    import numpy as np
    from ray.util import ActorPool

    count = max(1, int(ray.cluster_resources().get("CPU", 1)))
    remote = ray.remote(num_cpus=_CORES, max_restarts=-1, max_task_retries=-1, scheduling_strategy="SPREAD")(_Meaning)
    pool = ActorPool([remote.remote(hashes()) for _ in range(count)])

    def made(tellings: Sequence[Candidate]) -> NDArray[np.float32]:
        order, parts = portions(tellings)
        found = list(pool.map(lambda actor, part: actor.vectors.remote(part), parts))
        rows = np.concatenate(found) if found else np.zeros((0, 2), np.float32)
        out = np.empty_like(rows)
        out[order] = rows
        return out

    return made


def portions(tellings: Sequence[Candidate]) -> tuple[list[int], list[list[_Marked]]]:
    """Return tellings in portions, those of one text together, and the numbers of all in the order of portions.

    A text's triggers go through the encoder together: parted, they would come out otherwise in the last digits.
    """
    longest = settings()["window"]["text"]
    number, texts = numbered(tellings, lambda one: one.text[:longest])
    members: list[list[int]] = [[] for _ in texts]
    for at, text in enumerate(number.tolist()):
        members[text].append(at)
    every = iter(members)
    groups = [list(itertools.chain(*some)) for some in iter(lambda: list(itertools.islice(every, _TEXTS)), [])]
    parts = [[_marked(tellings[at], longest) for at in group] for group in groups]
    return list(itertools.chain(*groups)), parts


def _marked(one: Candidate, longest: int) -> _Marked:
    return _Marked(one.text[:longest], one.start, one.end)


class _Meaning:
    """The encoder of one process, on one core."""

    def __init__(self, expected: dict[str, str]) -> None:
        engine.die_with_parent()
        if hashes() != expected:
            raise BatchError(
                "a machine of the cluster", "it has other weights", "Install the same version everywhere"
            )
        self._encoder = Encoder(threads=1)

    def vectors(self, part: Sequence[_Marked]) -> Any:
        return self._encoder.vectors(part)
