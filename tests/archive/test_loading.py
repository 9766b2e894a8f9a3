"""What a batch wrote comes into an archive as if the archive had read it itself."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from pourparler.archive import schema, shards
from pourparler.archive.adding import Added, add
from pourparler.archive.checking import check
from pourparler.archive.forgetting import forget, plan_reports
from pourparler.archive.loading import count, load
from pourparler.archive.store import Archive, Arrived
from pourparler.batch.plan import Plan
from pourparler.errors import BatchError
from pourparler.intake import Intake, find_sources
from pourparler.reading import Reader
from tests.archive.alike_by_words import Alike
from tests.batch.by_hand import run
from tests.batch.conftest import key, names, reader
from tests.batch.test_working import Faulty

__all__ = ["key", "names", "reader"]


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, names: tuple[str, ...], reader: Reader) -> Archive:
    """The archive that adding the sources makes."""
    archive = Archive.open(tmp_path_factory.mktemp("added") / "a.db", create=True)
    placed = Intake(on_error=lambda error: None).placed(find_sources(names, on_error=print))
    add(archive, (Arrived(document, spot.name, spot.place) for document, spot in placed), Faulty(reader), batch=7)
    return archive


@pytest.fixture(scope="module")
def outs(
    tmp_path_factory: pytest.TempPathFactory, names: tuple[str, ...], reader: Reader, key: str
) -> dict[bool, str]:
    """What a batch writes, its units in order or (True) the last first."""
    folder = tmp_path_factory.mktemp("outs")
    plans = {backwards: Plan(str(folder / f"out{backwards}"), key, unit=10) for backwards in (False, True)}
    for backwards, plan in plans.items():
        run(names, plan, Faulty(reader), folder / f"{backwards}.db", backwards=backwards)
    return {backwards: plan.out for backwards, plan in plans.items()}


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "the last first"])
def test_the_archive_is_the_same(tmp_path: Path, added: Archive, outs: dict[bool, str], backwards: bool) -> None:
    with Archive.open(tmp_path / "b.db", create=True) as archive:
        done = load(archive, outs[backwards], batch=16)
        assert archive.content_hash() == added.content_hash()
        assert done == Added(taken=110, new=98, read=95, failed=3)
        assert count(outs[backwards]) == 110
        # Once more: nothing is new.
        assert load(archive, outs[backwards]) == Added(taken=110)
        assert archive.content_hash() == added.content_hash()


def test_broken_off_it_goes_on(tmp_path: Path, added: Archive, outs: dict[bool, str]) -> None:
    class Stopped(Exception):
        pass

    def stop(at: Added) -> None:
        if at.taken >= 40:
            raise Stopped

    with Archive.open(tmp_path / "b.db", create=True) as archive:
        with pytest.raises(Stopped):
            load(archive, outs[False], batch=8, on_step=stop)
        assert 40 <= archive.counts().reports < 98
        load(archive, outs[False])
        assert archive.content_hash() == added.content_hash()


def test_joined_it_is_the_same(tmp_path: Path, added: Archive, outs: dict[bool, str]) -> None:
    from pourparler.archive.joining import join

    with contextlib.closing(sqlite3.connect(added.where)) as base:
        base.execute("VACUUM INTO ?", (str(tmp_path / "a.db"),))
    with Archive.open(tmp_path / "a.db") as one, Archive.open(tmp_path / "b.db", create=True) as two:
        load(two, outs[True])
        join(one, Alike())
        join(two, Alike())
        assert one.content_hash() == two.content_hash()


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with (
        Archive.open(tmp_path / "a.db", create=True) as archive,
        pytest.raises(BatchError, match="no batch was written here"),
    ):
        load(archive, str(tmp_path))


def test_what_was_forgotten_stays_out(tmp_path: Path, outs: dict[bool, str]) -> None:
    with Archive.open(tmp_path / "b.db", create=True) as archive:
        before = load(archive, outs[False])
        with archive.reading() as connection:
            some = connection.execute(select(schema.report.c.key).order_by(schema.report.c.key)).scalars().all()[:2]
        forget(archive, plan_reports(archive, some), by="curator", why="withdrawn")
        done = load(archive, outs[False])
        assert done.forgotten >= 2 and done == Added(taken=before.taken - done.forgotten, forgotten=done.forgotten)
        assert archive.counts().reports == before.new - 2


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("records", "record", "{}"), ("records", "record", "["), ("records", "key", "r0123"),
        ("rejected", "document", "["), ("rejected", "document", "[]"), ("rejected", "document", '{"document": {}}'),
        ("rejected", "key", "r0123"),
    ],
)  # fmt: skip
def test_rows_that_no_batch_wrote_are_refused(
    tmp_path: Path, outs: dict[bool, str], kind: str, column: str, value: str
) -> None:
    import pyarrow.parquet

    out = tmp_path / "out"
    shutil.copytree(outs[False], out)
    for path in (out / kind).rglob("*.parquet"):
        rows = pyarrow.parquet.read_table(path).to_pylist()
        table = pyarrow.Table.from_pylist([row | {column: value} for row in rows], schema=shards.schema(kind))
        pyarrow.parquet.write_table(table, path)
    with Archive.open(tmp_path / "b.db", create=True) as archive:
        with pytest.raises(BatchError, match="does it again"):
            load(archive, str(out))
        assert list(check(archive)) == []


def test_no_other_name_is_an_output(tmp_path: Path) -> None:
    (tmp_path / "batch.json").mkdir()
    none = str(tmp_path / "none")
    for name in (str(tmp_path), none, "-", "", "https://192.0.2.1/out", "a\udcff.txt", "x://y", "a\0"):
        assert not shards.is_output(name), name
    assert shards.is_output(shards.begin(str(tmp_path / "out")).name)
