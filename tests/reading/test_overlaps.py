"""Ranges that touch are found as by looking at all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pourparler.reading.overlaps import Overlaps

RANGES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda one: (one[0], one[0] + one[1])), max_size=20
)


@given(RANGES, RANGES)
def test_as_by_looking_at_all(given_: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    made = Overlaps((start, end, n) for n, (start, end) in enumerate(given_))
    for start, end in asked:
        assert made.touching(start, end) == [n for n, (s, e) in enumerate(given_) if s < end and start < e]
    inside = [n for n, (s, _) in enumerate(given_) if any(start <= s < end for start, end in asked)]
    assert made.beginning(*asked) == inside
