"""A report for which there was no memory is none that cannot be read: it waits, and the next try reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pourparler.archive.adding import add, catch_up, reread
from pourparler.archive.overview import overview
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import ReadingError, ShortageError, out_of_memory
from pourparler.reading import Reader
from pourparler.reading.draft import Draft
from pourparler.record import Document


class Hungry:
    """A component for which there is enough memory, or not."""

    name, needs, gives = "hungry.v1", frozenset[str](), frozenset[str]()

    def __init__(self) -> None:
        self.fed = False

    def __call__(self, draft: Draft) -> None:
        if "long" in draft.document.text and not self.fed:
            raise RuntimeError("encoder: Failed to allocate memory for requested buffer of size 1073741824")
        if "broken" in draft.document.text:
            raise ValueError("no report")


def test_it_waits_and_is_read_when_there_is_memory(tmp_path: Path) -> None:
    component = Hungry()
    reader = Reader(components=[component])
    arrived = [Arrived(Document(word, f"A {word} report."), "a.jsonl", word) for word in ("short", "long", "broken")]
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        done = add(archive, arrived, reader, batch=2)
        assert (done.taken, done.new, done.read, done.failed, done.short) == (3, 3, 1, 1, 1)
        assert archive.counts().unread == 1
        assert ("left", "1 reports were kept and never read: pourparler archive read") in list(overview(archive))
        # Still without memory, it is tried once and not forever.
        assert reread(archive, reader).short == 1
        component.fed = True
        assert catch_up(archive, reader).read == 1
        assert archive.counts_of_run(archive.runs()[0][0]) == 3


def test_a_shortage_is_known_by_its_words_however_deep() -> None:
    with pytest.raises(ImportError) as caught:
        try:
            raise OSError("x.so: failed to map segment from shared object")
        except OSError as error:
            raise ImportError("the library seems to be broken") from error
    assert out_of_memory(caught.value) and out_of_memory(MemoryError())
    assert not out_of_memory(ValueError("no report"))
    assert isinstance(ShortageError("d1", "encode"), ReadingError)
