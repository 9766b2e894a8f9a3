"""Windows: their cores cover every word once, whatever the lengths."""

from hypothesis import given
from hypothesis import strategies as st

from pourparler.model.reader import plan


@given(st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=60), min_size=1, max_size=40))
def test_cores_partition_the_words_and_windows_fit(lengths_by_sentence: list[list[int]]) -> None:
    lengths = [n for sentence in lengths_by_sentence for n in sentence]
    bounds, at = [], 0
    for sentence in lengths_by_sentence:
        bounds.append((at, at + len(sentence)))
        at += len(sentence)
    windows = list(plan(lengths, bounds))
    assert [i for w in windows for i in range(w.core_first, w.core_last)] == list(range(len(lengths)))
    for window in windows:
        assert window.first <= window.core_first < window.core_last <= window.last
        assert sum(lengths[window.first : window.last]) <= 380


def test_a_sentence_longer_than_a_window_is_cut() -> None:
    windows = list(plan([5] * 500, [(0, 500)]))
    assert len(windows) > 1
    assert windows[-1].core_last == 500
