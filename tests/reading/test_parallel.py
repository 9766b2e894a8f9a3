"""Work side by side comes back in order, whatever fails and wherever."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from pourparler.reading.parallel import ordered


def test_results_keep_their_order_though_the_first_takes_longest() -> None:
    def work(n: int) -> int:
        time.sleep(0.02 if n % 3 == 0 else 0)
        return n * n

    assert list(ordered(work, range(20), threads=3)) == [n * n for n in range(20)]


def test_work_is_done_side_by_side() -> None:
    both = threading.Barrier(2, timeout=5)
    assert list(ordered(lambda _: both.wait() >= 0, range(4), threads=2)) == [True] * 4


def test_an_error_is_raised_at_its_place_and_no_more_is_taken() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for n in range(100):
            taken.append(n)
            yield n

    def work(n: int) -> int:
        if n == 2:
            raise ValueError("two")
        return n

    results = ordered(work, items(), threads=2)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="two"):
        next(results)
    assert len(taken) < 10


def test_what_the_source_raises_comes_after_the_results_before_it() -> None:
    def items() -> Iterator[int]:
        yield from range(3)
        raise OSError("the file ended early")

    seen: list[int] = []
    with pytest.raises(OSError, match="ended early"):
        for result in ordered(lambda n: n, items(), threads=2):
            seen.append(result)
    assert seen == [0, 1, 2]


def test_stopping_early_ends_the_work() -> None:
    results = ordered(lambda n: n, range(1000), threads=2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("reading")]


def test_nothing_in_gives_nothing_out() -> None:
    assert list(ordered(lambda n: n, [], threads=2)) == []
