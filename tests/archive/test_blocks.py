"""Joining in blocks: whatever their size, each pair is compared once, and judgements and events are the same."""

from __future__ import annotations

import datetime
import gc
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from pourparler.archive import blocks, candidates, schema
from pourparler.archive.blocks import Block
from pourparler.archive.candidates import Candidate
from pourparler.archive.joining import Joining, Judgement, join, judged
from pourparler.archive.showing import regroup
from pourparler.archive.store import Archive
from tests.archive.alike_by_words import Alike
from tests.archive.by_hand import Act, fill, record
from tests.archive.many_by_hand import iso, reports


def apart(archive: Archive) -> None:
    """Let no judgement stand, each telling be an event, and all wait for joining."""
    with archive.writing() as connection:
        keys = connection.execute(select(schema.telling.c.key)).scalars().all()
        waiting = connection.execute(select(schema.report.c.key)).scalars().all()
        connection.execute(delete(schema.judgement))
        connection.execute(delete(schema.pending))
        connection.execute(insert(schema.pending), [{"report": key} for key in waiting])
        regroup(connection, keys, [[key] for key in keys])


def tables(archive: Archive) -> dict[str, list[Any]]:
    chosen = (schema.judgement, schema.event, schema.told, schema.copy, schema.pending)
    with archive.reading() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in chosen}


def test_blocks_of_any_size_give_the_same(where: str) -> None:
    with Archive.open(where, create=True) as archive:
        fill(archive, reports(100, seed=1))
        join(archive, Alike())
        whole, content = tables(archive), archive.content_hash()
        assert len(whole["judgement"]) > 200 and len(whole["event"]) < 200 and not whole["pending"]
        for limit in (1, 7, 1000):
            apart(archive)
            assert tables(archive)["event"] != whole["event"]
            join(archive, Alike(), limit=limit)
            assert tables(archive) == whole
            assert archive.content_hash() == content


@pytest.mark.parametrize("limit", [1, 7, 50, 1000])
@pytest.mark.parametrize("some", [True, False])
def test_each_pair_is_that_of_one_block(tmp_path: Path, limit: int, some: bool) -> None:
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        fill(archive, reports(60, seed=limit))
        with archive.reading() as connection:
            keys = connection.execute(select(schema.telling.c.key)).scalars().all()
            fresh = frozenset(random.Random(2).sample(sorted(keys), 9) if some else keys)
            days = {one.day for one in candidates.outlines(connection, "key", fresh) if one.day}
            runs = blocks.runs(connection, days, limit)
            found = [blocks.load(connection, run, fresh) for run in runs]
            every = candidates.load(connection, [iso(n) for n in range(40)])
    pairs = [pair for block in found for pair in _pairs(block)]
    wanted = {
        (a.key, b.key)
        for a, b in itertools.combinations(every, 2)
        if _near(a, b) and (a.key in fresh or b.key in fresh)
    }
    assert len(pairs) == len(set(pairs)) and set(pairs) == wanted and wanted
    days_of = [day for run in runs for day in run]
    assert days_of == sorted(set(days_of))
    for block in found:
        own = [one for one in block.found if one.day in block.days]
        assert len(own) <= limit or len(block.days) == 1
    assert len(found) == 1 or limit < 1000


def _pairs(block: Block) -> Iterator[tuple[str, str]]:
    for a, b in candidates.pairs(block.found, fresh=block.fresh, days=block.days):
        yield block.found[a].key, block.found[b].key


def _near(a: Candidate, b: Candidate) -> bool:
    rules = candidates.rules()
    return (
        a.day is not None
        and b.day is not None
        and abs((a.day - b.day).days) <= rules.days
        and a.report != b.report
        and b.type in rules.kin.get(a.type, (a.type,))
        and bool(a.tokens & b.tokens)
    )


def test_days_at_the_ends_of_the_calendar(tmp_path: Path) -> None:
    act = Act("met", "CONSULT", ("Armenia",), ("Azerbaijan",))
    ends = [(day, f"{name} Armenia met Azerbaijan.") for day in ("0001-01-01", "9999-12-31") for name in "AB"]
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        fill(archive, [record(f"r{n}", day, "Wire", text, [act]) for n, (day, text) in enumerate(ends)])
        assert join(archive, Alike(), limit=1).joined == 2


class _Broken(Exception):
    pass


def test_broken_off_it_goes_on_behind_what_was_settled(tmp_path: Path) -> None:
    def breaks(found: Iterable[Block]) -> Iterator[list[Judgement]]:
        for n, block in enumerate(found):
            if n == 3:
                raise _Broken
            yield judged(Alike(), block)

    def counts(found: Iterable[Block]) -> Iterator[list[Judgement]]:
        for block in found:
            seen.extend(block.days)
            yield judged(Alike(), block)

    seen: list[datetime.date] = []
    records = reports(60, seed=5, far=False)
    with Archive.open(tmp_path / "whole.db", create=True) as archive:
        fill(archive, records)
        join(archive, Alike())
        content = archive.content_hash()
    with Archive.open(tmp_path / "broken.db", create=True) as archive:
        fill(archive, records)
        with archive.reading() as connection:
            days = {one.day for one in candidates.load(connection, [iso(n) for n in range(40)]) if one.day}
            settled = blocks.runs(connection, days, 15)[2][-1]
        with pytest.raises(_Broken):
            join(archive, Alike(), judging=breaks, limit=15)
        assert 0 < archive.counts().pending < 60
        join(archive, Alike(), judging=counts, limit=15)
        assert archive.counts().pending == 0 and archive.content_hash() == content
    # A report that tells of days on both sides of the break is compared again as a whole.
    assert len(seen) < len(days) and max(seen) == max(days) and min(seen) <= settled


def test_a_block_is_let_go_before_it_is_settled_and_the_next_is_loaded(tmp_path: Path) -> None:
    def alive() -> int:
        return sum(type(one) is Candidate for one in gc.get_objects())

    class Watching(Alike):
        def groups(self, size: int, pairs: Sequence[tuple[int, int]], scores: Sequence[float]) -> list[list[int]]:
            left.append(alive())
            return super().groups(size, pairs, scores)

    left: list[int] = []
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        fill(archive, reports(30, seed=6))
        before = alive()
        join(archive, Watching(), limit=12)
    assert len(left) > 3 and set(left) == {before}


def test_progress_is_told_in_tellings(tmp_path: Path) -> None:
    steps: list[Joining] = []
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        fill(archive, reports(30, seed=7))
        join(archive, Alike(), limit=12, on_step=steps.append)
        tellings = archive.counts().tellings
    done = [(one.done, one.total) for one in steps if one.step == "compared"]
    assert len(done) > 3 and done == sorted(done) and done[-1] == (tellings, tellings)
