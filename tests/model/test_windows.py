"""Windows: their cores cover every word once, whatever the lengths."""

import importlib.resources
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pourparler.errors import ModelFileError
from pourparler.model import labels
from pourparler.model.reader import Network, network
from pourparler.model.windows import plan


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


def test_roles_are_kept_for_likely_predicates_over_their_window() -> None:
    net = network()
    words = "Russia condemned the attack on Kyiv .".split()
    layers = net.read(words * 60, [(i * 7, i * 7 + 7) for i in range(60)])
    assert len(layers.windows) > 1
    likely = [i for i, p in enumerate(1 - layers.trigger[:, 0]) if p > 0.5]
    assert likely
    for word in likely:
        role = layers.role("source", word)
        window = next(w for w in layers.windows if w.core_first <= word < w.core_last)
        assert role.first == window.first and len(role.inside) == window.last - window.first
        assert float(role.inside.min()) >= 0 and float(role.inside.max()) <= 1
    with pytest.raises(KeyError):
        layers.role("source", next(i for i in range(len(words)) if words[i] == "."))


def test_a_report_reads_the_same_whatever_was_read_before() -> None:
    words, sentences = "Armenia met Azerbaijan .".split(), [(0, 4)]
    before = network().read(words, sentences).trigger
    network().read(["x"] * 500, [(0, 500)])
    assert (network().read(words, sentences).trigger == before).all()
    assert Network().hash == network().hash


def test_weights_that_lack_a_head_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(labels.OUTPUTS, "grammar", (*labels.OUTPUTS["grammar"], "tense"))
    with pytest.raises(ModelFileError, match="do not tell tense; export them anew"):
        Network()


def test_a_report_reads_the_same_on_one_core_and_on_three() -> None:
    words, sentences = "Russia condemned the attack on Kyiv .".split() * 90, [(i * 7, i * 7 + 7) for i in range(90)]
    one, three = (Network(threads=n).read(words, sentences) for n in (1, 3))
    assert len(one.windows) > 1 and one.windows == three.windows
    assert (one.trigger == three.trigger).all()
    assert all((a.scores == b.scores).all() for a, b in zip(one.pairs, three.pairs, strict=True))


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    source = Path(str(importlib.resources.files("pourparler.model"))) / "data"
    for name in ("reader.json", "tokenizer.json", "reader.onnx"):
        shutil.copy(source / name, tmp_path / name)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelFileError, match="not the file that was shipped"):
        Network(tmp_path)
    (tmp_path / "reader.json").unlink()
    with pytest.raises(ModelFileError, match="Install pourparler again"):
        Network(tmp_path)
