"""The reader's network on onnxruntime: words in, arrays out. No torch, no network."""

from __future__ import annotations

import functools
import importlib.resources
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from pourparler.errors import ModelFileError
from pourparler.model.files import check_file, read_card
from pourparler.model.labels import OUTPUTS
from pourparler.model.layers import Floats, Grammar, Layers, Pairs
from pourparler.model.windows import Window, plan
from pourparler.model.words import case_of

_MOST_PIECES = 508  # what the encoder's positions hold
_WORD_PIECES = 12  # a longer word is cut: its first pieces are enough to tag it
_GROUPS = tuple(OUTPUTS)
CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
# What has an execution provider that the onnxruntime of everybody has not.
_PACKAGES = {CUDA: "onnxruntime-gpu with its CUDA libraries"}

Pieces = Sequence[Sequence[int]]


class Network:
    """The shipped weights. Loading checks their hash; raises ModelFileError saying what to do.

    Each pass uses one core; ``threads`` passes (as many as there are cores when 0) run side by side. On two cores
    that reads 10,500 pieces a second where one pass on both read 7,500, its operators being small. ``providers`` are
    onnxruntime's execution providers, tried in order for each operator; all of them must be there.
    """

    def __init__(self, folder: Path | None = None, *, threads: int = 0, providers: Sequence[str] = (CPU,)) -> None:
        root = folder or Path(str(importlib.resources.files("pourparler.model"))) / "data"
        card = read_card(root / "reader.json")
        self.version: str = card["version"]
        self.hash: str = card["sha256"]["reader.onnx"]
        for name, digest in card["sha256"].items():
            check_file(root / name, digest, made_by="export the weights anew with training/")
        self.threads = threads or _cores()
        self._pool = ThreadPoolExecutor(self.threads, "network")
        self._root = root
        self._tokenizer = _tokenizer(root / "tokenizer.json")
        self._session = _session(root / "reader.onnx", providers)
        missing = {"wanted", *(name for group in OUTPUTS.values() for name in group)} - {
            *(given.name for given in self._session.get_inputs()),
            *(given.name for given in self._session.get_outputs()),
        }
        if missing:
            raise ModelFileError(
                f"the weights {self.version} do not tell {', '.join(sorted(missing))}; export them anew (training/)"
            )

    def read(self, words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> Layers:
        """Run the network over a document's words; sentences are half-open word ranges that cover them."""
        windows: list[Window] = []
        labels: list[list[Floats]] = []
        pairs: list[Pairs] = []
        for w, (*word_scores, rows, roles) in self._windows("reading", words, sentences):
            windows.append(w)
            labels.append([scores[w.core_first - w.first : w.core_last - w.first] for scores in word_scores])
            pairs.append(Pairs({int(at) + w.first: row for row, at in enumerate(rows)}, roles))
        trigger, names, cue, status, sector, starts = (np.concatenate(parts) for parts in zip(*labels, strict=True))
        return Layers(trigger, names, cue, status, sector, starts, tuple(windows), tuple(pairs))

    def grammar(self, words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> Iterator[Grammar]:
        """Yield the grammar of a document, window by window."""
        for w, (upos, lemmas, arcs, relations) in self._windows("grammar", words, sentences):
            yield Grammar(w.first, w.core_first, w.core_last, upos, arcs, relations, lemmas)

    def frames(self, words: Sequence[str], predicates: Sequence[int]) -> Floats:
        """Return scores [p, n, 65]: what each of n words is in the frame of each of p predicate words.

        One sentence at a time: the words must fit one window.
        """
        return self._whole("frames", words, predicates=predicates)

    def related(self, words: Sequence[str], marks: Sequence[int]) -> Floats:
        """Return probabilities [15] of what the words marked 1 do to those marked 2 (``model.labels.RELATED``)."""
        return self._whole("related", words, marks=marks)

    @functools.cached_property
    def edits(self) -> tuple[tuple[int, str], ...]:
        """How a lemma is made of a word, by the number of an edit: so many letters cut at its end, others added."""
        rows = json.loads((self._root / "edits.json").read_text(encoding="utf-8"))
        return tuple((cut, added) for cut, added in rows)

    def encode(self, words: Sequence[str], sentences: Sequence[tuple[int, int]]) -> int:
        """Run no more than the encoder over a document's windows, for measuring; return how many windows it took."""
        return sum(1 for _ in self._windows("", words, sentences))

    def pieces(self, words: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the word pieces of each word, at least one a word."""
        out: list[list[int]] = []
        # Slices keep the tokenizer's own working memory small on very long texts.
        for at in range(0, len(words), 4096):
            # Half a surrogate pair is no character; the tokenizer refuses it.
            some = [word[:200].encode("utf-8", "replace").decode("utf-8") for word in words[at : at + 4096]]
            coded = _not_panicking(self._tokenizer.encode_batch_fast, some)
            out += [row.ids[:_WORD_PIECES] or [100] for row in coded]
        return out

    def _windows(
        self, group: str, words: Sequence[str], sentences: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[Window, list[Floats]]]:
        """Yield each window of a document with a group's arrays, in order; several windows run side by side."""
        pieces, case = self.pieces(words), [case_of(word) for word in words]
        windows = list(plan([len(p) for p in pieces], sentences))

        def run(w: Window) -> list[Floats]:
            return self._run(group, pieces[w.first : w.last], case[w.first : w.last])

        each: Callable[..., Any] = map if len(windows) < 2 else self._pool.map
        yield from zip(windows, each(run, windows), strict=True)

    def _whole(
        self, group: str, words: Sequence[str], *, marks: Sequence[int] = (), predicates: Sequence[int] = ()
    ) -> Floats:
        pieces = self.pieces(words)
        if sum(map(len, pieces)) > _MOST_PIECES:
            raise ModelFileError(f"{len(words)} words are more than one window holds ({_MOST_PIECES} word pieces)")
        return self._run(group, pieces, [case_of(word) for word in words], marks, predicates)[0]

    def _run(
        self,
        group: str,
        pieces: Pieces,
        case: Sequence[int],
        marks: Sequence[int] = (),
        predicates: Sequence[int] = (),
    ) -> list[Floats]:
        """Run the encoder and one group of heads (none for ""); ``marks`` of words, absent for none."""
        ids, cases, marked, first = [101], [0], [0], []
        for word, kind, mark in zip(pieces, case, marks or [0] * len(case), strict=True):
            first.append(len(ids))
            ids += word
            cases += [kind] * len(word)
            marked += [mark] * len(word)
        feeds = {
            "pieces": np.array([*ids, 102], np.int64),
            "case": np.array([*cases, 0], np.int64),
            "marks": np.array([*marked, 0], np.int64),
            "first": np.array(first, np.int64),
            "predicates": np.array(predicates, np.int64),
            "wanted": np.array([name == group for name in _GROUPS]),
        }
        # Something must be fetched: of no group, an empty array.
        out: list[Floats] = self._session.run(OUTPUTS.get(group, ("status",)), feeds)
        return out


def _cores() -> int:
    """Return how many cores this process may use."""
    mine = getattr(os, "sched_getaffinity", None)
    return len(mine(0)) if mine else os.cpu_count() or 1


def check_providers(providers: Sequence[str]) -> None:
    """Raise ModelFileError, naming what to install, where onnxruntime here lacks one of some execution providers."""
    there = _onnxruntime().get_available_providers()
    for name in providers:
        if name not in there:
            problem = f"onnxruntime has no {name} here (it has: {', '.join(there)})"
            raise ModelFileError(f"{problem}. {_to_install(name)}")


def _to_install(provider: str) -> str:
    return f"Install {_PACKAGES.get(provider, 'an onnxruntime that has it')} in place of onnxruntime"


def _onnxruntime() -> Any:
    # From 1.29 on onnxruntime writes a device id into the home folder and sends telemetry unless told not to
    # before it is loaded. A tool that promises to work offline sends nothing.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def _session(path: Path, providers: Sequence[str]) -> Any:
    check_providers(providers)
    onnxruntime = _onnxruntime()
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), settings, providers=list(providers))
    # It does without a provider whose libraries or device are missing, and says so on standard error alone.
    for name in providers:
        if name not in session.get_providers():
            raise ModelFileError(f"{name} cannot be used here: its libraries or its device fail. {_to_install(name)}")
    return session


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@functools.cache
def network() -> Network:
    """Return the shipped network, or that of the folder which POURPARLER_WEIGHTS names; loaded once a process."""
    folder = os.environ.get("POURPARLER_WEIGHTS")
    return Network(Path(folder) if folder else None)


def _not_panicking(encode: Callable[..., Any], words: Sequence[str]) -> Any:
    """Return what the tokenizer makes of words; its panics, which are no Exception to Python, as RuntimeError."""
    try:
        return encode(words, add_special_tokens=False)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise RuntimeError(f"the tokenizer failed: {error}") from error
