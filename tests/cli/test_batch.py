"""``pourparler batch show`` and ``archive add OUT``: what a batch holds, and into an archive with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.batch.by_hand import run
from tests.batch.conftest import key, names, reader

from pourparler.archive.store import Archive
from pourparler.batch.overview import overview
from pourparler.batch.plan import Plan
from pourparler.cli.main import commands
from pourparler.errors import BatchError
from pourparler.reading import Reader

__all__ = ["key", "names", "reader"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, names: tuple[str, ...], reader: Reader, key: str) -> str:
    folder = tmp_path_factory.mktemp("batch")
    run(names, Plan(str(folder / "out"), key, unit=10), reader, folder / "claims.db")
    return str(folder / "out")


def test_show(out: str) -> None:
    done = CliRunner().invoke(commands, ["batch", "show", out, "--check"], catch_exceptions=False)
    told = dict(line.split(maxsplit=1) for line in done.output.splitlines())
    assert (told["documents"], told["records"], told["again"], told["rejected"]) == ("110", "98", "12", "3")
    assert told["hash"] == overview(out).records_hash and told["arrivals"] == overview(out).rest_hash


def test_show_what_was_rejected(out: str) -> None:
    lines = (
        CliRunner().invoke(commands, ["batch", "show", out, "--rejected"], catch_exceptions=False).output.splitlines()
    )
    assert [line.split(": ")[0] for line in lines] == ["intake"] * 3
    assert all("b.jsonl.gz, line " in line for line in lines)


def test_into_an_archive_without_reading(out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Weights that are not there: who would read, fails.
    monkeypatch.setenv("POURPARLER_WEIGHTS", str(tmp_path))
    path = str(tmp_path / "a.db")
    arguments = ["archive", "add", out, "--archive", path, "--no-join"]
    done = CliRunner().invoke(commands, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert "110 reports taken in, 98 of them new, 98 read" in done.output
    with Archive.open(path) as archive:
        assert archive.counts().reports == 98


def test_no_output_is_told(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="no batch was written here"):
        CliRunner().invoke(commands, ["batch", "show", str(tmp_path)], catch_exceptions=False)


def test_nothing_to_read_makes_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["batch", "read", str(tmp_path / "no.jsonl"), str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "there is no such file" in done.output
