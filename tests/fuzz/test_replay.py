"""Each harness on its seeds, on what once went wrong, and on some inputs made of those."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fuzz.targets import One, Target, every, watched

CRASHERS = Path(__file__).parent / "crashers"
# Inputs made of each harness's seeds, and seeds taken at most; where one input takes longer, fewer.
_MADE = {
    "reader": 4,
    "poisoned": 4,
    "damaged": 4,
    "forms": 10,
    "addresses": 20,
    "html": 5,
    "verdicts": 20,
    "words": 40,
}
_USUAL, _SEEDS, _FEW = 80, 40, 8


def changed(seed: bytes, *, by: random.Random, most: int) -> bytes:
    """Return a seed with some bytes changed, left out, doubled, or put elsewhere."""
    out = bytearray(seed)
    for _ in range(by.randint(1, 4)):
        at, size = by.randint(0, len(out)), by.randint(1, 12)
        kind = by.randrange(5)
        if kind == 0:
            out[at : at + 1] = bytes([by.randrange(256)])
        elif kind == 1:
            del out[at : at + size]
        elif kind == 2:
            out[at:at] = out[at : at + size] * by.choice((1, 2, 40))
        elif kind == 3:
            to = by.randint(0, len(out))
            out[to:to] = out[at : at + size]
        else:
            out[at:at] = by.choice((b"\x00", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"[", b"<", b'"', b"9" * 400))
    return bytes(out[:most])


def inputs(target: Target) -> Iterator[bytes]:
    """Yield what a harness is tried with here."""
    folder = CRASHERS / target.name
    yield from (path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file())
    seeds = target.seeds()
    by = random.Random(target.name)
    few = target.name in ("damaged", "poisoned")
    yield from by.sample(seeds, min(len(seeds), _FEW if few else _SEEDS))
    yield from (changed(by.choice(seeds), by=by, most=target.longest) for _ in range(_MADE.get(target.name, _USUAL)))


@pytest.mark.parametrize("name", list(every()))
def test_nothing_that_comes_in_breaks_it(name: str) -> None:
    target = every()[name]
    with ExitStack() as held:
        one: One = watched(target, target.make(held))
        for data in inputs(target):
            try:
                one(data)
            except Exception as error:
                pytest.fail(f"{name}: {data[:200]!r} made {type(error).__name__}: {str(error)[:300]}")


def test_crashers_belong_to_harnesses() -> None:
    folders = {path.name for path in CRASHERS.iterdir()}
    assert folders and folders <= set(every())
