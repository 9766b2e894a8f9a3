"""Work side by side, results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ordered(function: Callable[[T], R], items: Iterable[T], *, threads: int) -> Iterator[R]:
    """Yield the result of each item in order, ``threads`` of them worked on at a time and as many waiting.

    What an item raises is raised at its place; what ``items`` itself raises comes after the results before it.
    """
    source, ended = iter(items), None
    pool = ThreadPoolExecutor(threads, "reading")
    under_way: deque[Future[R]] = deque()
    try:
        while True:
            while ended is None and len(under_way) < 2 * threads:
                try:
                    under_way.append(pool.submit(function, next(source)))
                except Exception as error:
                    ended = error
            if not under_way:
                break
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    if not isinstance(ended, StopIteration) and ended is not None:
        raise ended
