"""A block that went to another process is judged there as here, to the last bit."""

from __future__ import annotations

import pickle
from pathlib import Path

from sqlalchemy import select

from pourparler.archive import blocks, candidates, schema
from pourparler.archive.joining import judged
from pourparler.archive.meaning import Encoder
from pourparler.archive.same import Shipped
from pourparler.archive.store import Archive
from tests.archive.by_hand import fill
from tests.archive.many_by_hand import reports


def test_blocks_are_judged_the_same_elsewhere(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        fill(archive, reports(40, seed=3))
        with archive.reading() as connection:
            keys = frozenset(connection.execute(select(schema.telling.c.key)).scalars())
            days = {one.day for one in candidates.outlines(connection, "key", keys) if one.day}
            (whole,) = (blocks.load(connection, run, keys) for run in blocks.runs(connection, days, 1000))
            parts = [blocks.load(connection, run, keys) for run in blocks.runs(connection, days, 9)]
    here, there = Shipped(), Shipped(vectors=Encoder(threads=1).vectors)
    here.floor = there.floor = 0.01  # all that has a score at all
    expected = judged(here, whole)
    elsewhere = [one for part in parts for one in judged(there, pickle.loads(pickle.dumps(part)))]
    assert len(parts) > 5 and len(expected) > 50
    assert sorted(map(repr, elsewhere)) == sorted(map(repr, expected))
