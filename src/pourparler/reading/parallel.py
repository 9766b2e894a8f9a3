"""Work side by side, results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


# Seconds after which a result is looked for though nobody told that it is there.
_PATIENCE = 1.0


def ordered(
    function: Callable[[T], R], items: Iterable[T], *, threads: int, pool: ThreadPoolExecutor | None = None
) -> Iterator[R]:
    """Yield the result of each item in order, ``threads`` of them worked on at a time and as many waiting.

    The work is done in ``pool``, which stays as it is, or in threads that end with the work. What an item raises is
    raised at its place; what ``items`` itself raises comes after the results before it.
    """
    source, ended = iter(items), None
    workers = pool or ThreadPoolExecutor(threads, "reading")
    under_way: deque[Future[R]] = deque()
    try:
        while True:
            while ended is None and len(under_way) < 2 * threads:
                try:
                    under_way.append(workers.submit(function, next(source)))
                except Exception as error:
                    ended = error
            if not under_way:
                break
            yield _result(under_way.popleft())
    finally:
        left = [future for future in under_way if not future.cancel()]
        while left := [future for future in left if not future.done()]:
            wait(left, timeout=_PATIENCE)
        if pool is None:
            workers.shutdown(wait=True)
    if not isinstance(ended, StopIteration) and ended is not None:
        raise ended


def _result(future: Future[R]) -> R:
    """Return what a future gives. A worker that runs out of memory may end it without telling those who wait."""
    while True:
        try:
            return future.result(timeout=_PATIENCE)
        except TimeoutError:
            if future.done():
                return future.result()
