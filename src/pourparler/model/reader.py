"""The reader's network on onnxruntime: words in, arrays out. No torch, no network."""

from __future__ import annotations

import bisect
import functools
import hashlib
import importlib.resources
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pourparler.errors import ModelFileError
from pourparler.model.labels import ROLES
from pourparler.model.words import case_of

Floats = NDArray[np.float32]
_PIECES = 380  # a window's pieces; training windows hold 260 words, about 340 pieces
_MOST_PIECES = 508  # what the encoder's positions hold
_OVERLAP = 90  # words two neighbouring windows share
_READING = ("trigger", "names", "cue", "status", "sector", "pairs")
_GRAMMAR = ("upos", "arcs", "relations", "lemmas")
_KEPT = 0.25  # below every threshold that a reader sets for triggers and cues
_WORD_PIECES = 12  # a longer word is cut: its first pieces are enough to tag it


@dataclass(frozen=True, slots=True)
class Window:
    """Words first..last went through the network together; core_first..core_last are decided by this pass."""

    first: int
    last: int
    core_first: int
    core_last: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Role scores [R, k, w] of a window's k likely predicates; ``rows`` gives the row of a word of the document."""

    rows: dict[int, int]
    scores: Floats


@dataclass(frozen=True, slots=True)
class Role:
    """Probabilities [w] of words ``first``.. to be inside, and to begin, a role."""

    first: int
    inside: Floats
    begin: Floats


@dataclass(frozen=True, slots=True)
class Layers:
    """What the network says of a document of n words.

    ``trigger`` [n, 33], ``names`` [n, 9], ``cue`` [n, 3], ``status`` [n, 8] and ``sector`` [n, 20] are
    probabilities (rows sum to 1), in the order of ``model.labels``.
    """

    trigger: Floats
    names: Floats
    cue: Floats
    status: Floats
    sector: Floats
    windows: tuple[Window, ...]
    pairs: tuple[Pairs, ...]

    def role(self, name: str, word: int) -> Role:
        """Return who fills a role of a predicate word, over the words of the window that decides it.

        Raises KeyError for a word that is no likely predicate: its scores are not kept.
        """
        at = bisect.bisect_right(self.windows, word, key=lambda w: w.core_first) - 1
        pairs = self.pairs[at]
        inside, begin = pairs.scores[[ROLES.inside[name], ROLES.begin[name]], pairs.rows[word]]
        return Role(self.windows[at].first, _sigmoid(inside), _sigmoid(begin))


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the network says of a window's grammar, for words first..; the core is decided by this window.

    ``upos`` [w, 17], ``arcs`` [w, w + 1] (0 the root), ``relations`` [w, 51] to the likeliest head, ``lemmas``
    [w, 152] are scores.
    """

    first: int
    core_first: int
    core_last: int
    upos: Floats
    arcs: Floats
    relations: Floats
    lemmas: Floats


def _sigmoid(x: Floats) -> Floats:
    out: Floats = (1.0 / (1.0 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)
    return out


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(-1, keepdims=True))
    out: Floats = (e / e.sum(-1, keepdims=True)).astype(np.float32)
    return out


class Network:
    """The shipped weights. Loading checks their hash; raises ModelFileError saying what to do."""

    def __init__(self, folder: Path | None = None, *, threads: int = 0) -> None:
        root = folder or Path(str(importlib.resources.files("pourparler.model"))) / "data"
        card = _card(root)
        self.version: str = card["version"]
        self.hash: str = card["sha256"]["reader.onnx"]
        for name, digest in card["sha256"].items():
            _check(root / name, digest)
        # From 1.29 on onnxruntime writes a device id into the home folder and sends telemetry unless told not to
        # before it is loaded. A tool that promises to work offline sends nothing.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()
        self._tokenizer: Any = Tokenizer.from_file(str(root / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._options: Any = onnxruntime.RunOptions()
        self._options.only_execute_path_to_fetches = True
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(root / "reader.onnx"), settings, providers=["CPUExecutionProvider"]
        )

        self._inputs = [given.name for given in self._session.get_inputs()]

    def read(self, words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> Layers:
        """Run the network over a document's words; sentences are half-open word ranges that cover them."""
        pieces = self._pieces(words)
        case = [case_of(word) for word in words]
        windows = tuple(plan([len(p) for p in pieces], sentences))
        parts: list[list[Floats]] = []
        pairs: list[Pairs] = []
        for w in windows:
            *word_scores, roles = self._run(pieces[w.first : w.last], case[w.first : w.last])
            parts.append(word_scores)
            pairs.append(_likely(w, word_scores, roles))
        trigger, names, cue, status, sector = (_merge([part[k] for part in parts], windows) for k in range(5))
        return Layers(trigger, names, cue, status, sector, windows, tuple(pairs))

    def grammar(self, words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> Iterator[Grammar]:
        """Yield the grammar of a document, window by window; raises ModelFileError for weights without its heads."""
        missing = sorted(set(_GRAMMAR) - {output.name for output in self._session.get_outputs()})
        if missing:
            raise ModelFileError(
                f"the weights {self.version} do not tell {', '.join(missing)}: train with --tree and export anew"
            )
        pieces = self._pieces(words)
        case = [case_of(word) for word in words]
        for w in plan([len(p) for p in pieces], sentences):
            found = self._fetch(_GRAMMAR, pieces[w.first : w.last], case[w.first : w.last])
            yield Grammar(w.first, w.core_first, w.core_last, *found)

    def frames(self, words: Sequence[str]) -> Floats:
        """Return scores [n, n, 65]: what each word is in the frame of each word, were that a predicate.

        One sentence at a time: the words must fit one window.
        """
        return self._whole("frames", words, [0] * len(words))

    def related(self, words: Sequence[str], marks: Sequence[int]) -> Floats:
        """Return probabilities [15] of what the words marked 1 do to those marked 2 (``model.labels.RELATED``)."""
        return _softmax(self._whole("related", words, marks))

    def encode(self, words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> int:
        """Run no more than the encoder over a document's windows, for measuring; return how many windows it took."""
        pieces, case = self._pieces(words), [case_of(word) for word in words]
        windows = list(plan([len(p) for p in pieces], sentences))
        for w in windows:
            self._fetch(("status",), pieces[w.first : w.last], case[w.first : w.last])
        return len(windows)

    def _whole(self, name: str, words: Sequence[str], marks: Sequence[int]) -> Floats:
        if name not in {output.name for output in self._session.get_outputs()}:
            raise ModelFileError(f"the weights {self.version} do not tell {name}: train and export anew")
        pieces, case = self._pieces(words), [case_of(word) for word in words]
        if sum(map(len, pieces)) > _MOST_PIECES:
            raise ModelFileError(f"{len(words)} words are more than one window holds ({_MOST_PIECES} word pieces)")
        return self._fetch((name,), pieces, case, marks)[0]

    def _pieces(self, words: Sequence[str]) -> list[list[int]]:
        out: list[list[int]] = []
        # Slices keep the tokenizer's own working memory small on very long texts.
        for at in range(0, len(words), 4096):
            # Half a surrogate pair is no character; the tokenizer refuses it.
            some = [word[:200].encode("utf-8", "replace").decode("utf-8") for word in words[at : at + 4096]]
            coded = self._tokenizer.encode_batch(some, add_special_tokens=False)
            out += [row.ids[:_WORD_PIECES] or [100] for row in coded]
        return out

    def _run(self, pieces: Sequence[Sequence[int]], case: Sequence[int]) -> list[Floats]:
        out = self._fetch(_READING, pieces, case)
        return [*(_softmax(values) for values in out[:5]), out[5]]

    def _fetch(
        self, names: Sequence[str], pieces: Sequence[Sequence[int]], case: Sequence[int], marks: Sequence[int] = ()
    ) -> list[Floats]:
        """Run the network as far as the named outputs need; ``marks`` of words, absent for none."""
        ids, cases, marked, first = [101], [0], [0], []
        for word, kind, mark in zip(pieces, case, marks or [0] * len(case), strict=True):
            first.append(len(ids))
            ids += word
            cases += [kind] * len(word)
            marked += [mark] * len(word)
        row = {"pieces": [*ids, 102], "case": [*cases, 0], "marks": [*marked, 0], "first": first}
        feeds = {name: np.array([row[name]], np.int64) for name in self._inputs}
        return [values[0] for values in self._session.run(list(names), feeds, self._options)]


def _likely(window: Window, word_scores: Sequence[Floats], roles: Floats) -> Pairs:
    """Keep the role scores of words that may be a trigger or a cue: all of them take 2 GB for 200,000 words."""
    trigger, _, cue = word_scores[:3]
    likely = np.flatnonzero((1 - trigger[:, 0] > _KEPT) | (1 - cue[:, 0] > _KEPT))
    return Pairs({int(at) + window.first: row for row, at in enumerate(likely)}, roles[:, likely])


def _merge(parts: list[Floats], windows: Sequence[Window]) -> Floats:
    return np.concatenate(
        [part[w.core_first - w.first : w.core_last - w.first] for part, w in zip(parts, windows, strict=True)]
    )


def plan(lengths: Sequence[int], sentences: Sequence[tuple[int, int]]) -> Iterator[Window]:
    """Yield windows of whole sentences whose cores cover every word once.

    Neighbours share context; the middle of what they share is the seam, so that each word is decided where
    it has context on both sides. A sentence longer than a window is cut.
    """
    units = list(_units(lengths, sentences))
    i, core = 0, 0
    while i < len(units):
        j, room = i, _PIECES
        while j < len(units) and (j == i or units[j][2] <= room):
            room -= units[j][2]
            j += 1
        if j == len(units):
            yield Window(units[i][0], units[-1][1], core, units[-1][1])
            return
        back = j
        while back > i + 1 and units[j - 1][1] - units[back - 1][0] <= _OVERLAP:
            back -= 1
        # The next window must reach beyond this one, or its core would be empty.
        while back < j and sum(unit[2] for unit in units[back : j + 1]) > _PIECES:
            back += 1
        seam = units[(back + j) // 2][0] if back < j else units[j][0]
        yield Window(units[i][0], units[j - 1][1], core, seam)
        i, core = back, seam


def _units(lengths: Sequence[int], sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    for first, last in sentences:
        start, used = first, 0
        for word in range(first, last):
            if used + lengths[word] > _PIECES:
                yield start, word, used
                start, used = word, 0
            used += lengths[word]
        yield start, last, used


def _card(root: Path) -> dict[str, Any]:
    try:
        card: dict[str, Any] = json.loads((root / "reader.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{root / 'reader.json'} cannot be read ({error}). Install pourparler again.") from error
    return card


def _check(path: Path, digest: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror}). Install pourparler again.") from error
    if found != digest:
        raise ModelFileError(
            f"{path} is not the file that was shipped (sha256 {found[:12]}, expected {digest[:12]}). "
            "Install pourparler again, or export the weights anew with training/."
        )


@functools.cache
def network() -> Network:
    """Return the shipped network, loaded once a process."""
    return Network()
