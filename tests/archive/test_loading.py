"""What a batch wrote comes into an archive as if the archive had read it itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from pourparler.archive.adding import Added, add
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


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "the last first"])
def test_the_archive_is_the_same(
    tmp_path: Path, added: Archive, names: tuple[str, ...], reader: Reader, key: str, backwards: bool
) -> None:
    plan = Plan(str(tmp_path / "out"), key, unit=10)
    run(names, plan, Faulty(reader), tmp_path / "claims.db", backwards=backwards)
    with Archive.open(tmp_path / "b.db", create=True) as archive:
        done = load(archive, plan.out, batch=16)
        assert archive.content_hash() == added.content_hash()
        assert done == Added(taken=110, new=98, read=95, failed=3)
        assert count(plan.out) == 110
        # Once more: nothing is new.
        assert load(archive, plan.out) == Added(taken=110)
        assert archive.content_hash() == added.content_hash()


def test_broken_off_it_goes_on(
    tmp_path: Path, added: Archive, names: tuple[str, ...], reader: Reader, key: str
) -> None:
    plan = Plan(str(tmp_path / "out"), key, unit=10)
    run(names, plan, Faulty(reader), tmp_path / "claims.db")

    class Stopped(Exception):
        pass

    def stop(at: Added) -> None:
        if at.taken >= 40:
            raise Stopped

    with Archive.open(tmp_path / "b.db", create=True) as archive:
        with pytest.raises(Stopped):
            load(archive, plan.out, batch=8, on_step=stop)
        assert 40 <= archive.counts().reports < 98
        load(archive, plan.out)
        assert archive.content_hash() == added.content_hash()


def test_joined_it_is_the_same(tmp_path: Path, names: tuple[str, ...], reader: Reader, key: str) -> None:
    from pourparler.archive.joining import join

    plan = Plan(str(tmp_path / "out"), key, unit=10)
    run(names, plan, reader, tmp_path / "claims.db", backwards=True)
    with Archive.open(tmp_path / "a.db", create=True) as one, Archive.open(tmp_path / "b.db", create=True) as two:
        placed = Intake(on_error=lambda error: None).placed(find_sources(names, on_error=print))
        add(one, (Arrived(document, spot.name, spot.place) for document, spot in placed), reader, batch=7)
        load(two, plan.out)
        join(one, Alike())
        join(two, Alike())
        assert one.content_hash() == two.content_hash()


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with (
        Archive.open(tmp_path / "a.db", create=True) as archive,
        pytest.raises(BatchError, match="no batch was written here"),
    ):
        load(archive, str(tmp_path))
