"""A batch on Ray: killed and gone on with, or with a machine lost, it gives what one undisturbed process gives."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pourparler.archive import shards
from pourparler.archive.adding import add
from pourparler.archive.folders import Folder
from pourparler.archive.joining import Joining, join
from pourparler.archive.same import Shipped
from pourparler.archive.store import Archive, Arrived
from pourparler.batch import engine
from pourparler.batch.joining import spread
from pourparler.batch.overview import Overview, overview
from pourparler.batch.plan import Plan
from pourparler.batch.running import Options, Step, read
from pourparler.errors import BatchError
from pourparler.intake import Intake, find_sources
from pourparler.reading import Reader
from tests.batch.by_hand import run
from tests.batch.sources import write

# Ray's own code warns of its own settings.
pytestmark = pytest.mark.filterwarnings("default")
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "armenia-azerbaijan" / "reports.jsonl"
_READ = """
import sys
from pourparler.batch.running import Options, read

if __name__ == "__main__":
    read(tuple(sys.argv[2:]), sys.argv[1], Options(unit=6, cores=1), on_error=print)
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    return write(tmp_path_factory.mktemp("many"), count=120)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, many: tuple[str, ...], reader: Reader, key: str) -> Overview:
    """What one process makes of the sources."""
    folder = tmp_path_factory.mktemp("expected")
    run(many, Plan(str(folder / "out"), key, unit=6), reader, folder / "claims.db")
    return overview(str(folder / "out"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Three machines of one core each, as processes of this one."""
    engine.check_installed(alone=False)
    import ray
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    for _ in range(2):
        made.add_node(num_cpus=1)
    ray.init(address=made.address, log_to_driver=False)
    try:
        yield made
    finally:
        ray.shutdown()
        made.shutdown()


def same(one: Overview, two: Overview) -> None:
    assert (one.records_hash, one.rest_hash) == (two.records_hash, two.rest_hash)
    assert (one.documents, one.records, one.again, one.rejected) == (
        two.documents, two.records, two.again, two.rejected
    )  # fmt: skip


def lose(cluster: Any) -> None:
    threading.Thread(target=cluster.remove_node, args=(cluster.worker_nodes.copy().pop(),)).start()


def test_a_machine_is_lost(cluster: Any, tmp_path: Path, many: tuple[str, ...], expected: Overview) -> None:
    out = str(tmp_path / "out")
    lost: list[int] = []

    def step(at: Step) -> None:
        if at.documents >= 18 and not lost:
            lost.append(at.documents)
            lose(cluster)

    done = read(many, out, Options(unit=6), on_error=print, on_step=step)
    assert lost and done.documents >= expected.documents > 2 * lost[0]
    same(overview(out, check=True), expected)


def test_joining_is_the_same_with_a_machine_lost(cluster: Any, tmp_path: Path, reader: Reader) -> None:
    alone, spreaded = tmp_path / "alone.db", tmp_path / "spread.db"
    documents = Intake(on_error=print).documents(find_sources([str(EXAMPLE)], on_error=print))
    with Archive.open(alone, create=True) as archive:
        add(archive, (Arrived(document, "example") for document in itertools.islice(documents, 60)), reader)
    shutil.copy(alone, spreaded)
    lost: list[int] = []

    def step(at: Joining) -> None:
        if at.step == "compared" and not lost:
            lost.append(at.done)
            lose(cluster)

    with Archive.open(alone) as one, Archive.open(spreaded) as two, spread(None) as judging:
        outcome = join(one, Shipped())
        assert outcome.joined > 0
        assert join(two, Shipped(), judging=judging, limit=7, on_step=step) == outcome
        assert lost and 4 * lost[0] < outcome.tellings
        assert one.content_hash() == two.content_hash()


def start(out: Path, many: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _READ, str(out), *many], cwd=ROOT, env={**os.environ, "PYTHONPATH": ":".join(sys.path)}
    )


def units(out: Path) -> int:
    return len(Folder.at(str(out)).names(shards.FINISHED))


def test_killed_it_goes_on(cluster: Any, tmp_path: Path, many: tuple[str, ...], expected: Overview) -> None:
    out = tmp_path / "out"
    process = start(out, many)
    deadline = time.monotonic() + 300
    while units(out) < 4 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.poll() is None, "it ended before it was killed: nothing was tested"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    there = units(out)
    assert 4 <= there < expected.units
    done = read(many, str(out), Options(unit=6), on_error=print)
    assert 0 < done.before < done.documents == expected.documents
    same(overview(str(out), check=True), expected)


def test_without_ray_the_next_step_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(BatchError, match=r"pip install 'pourparler\[batch\]'"):
        read(("x.jsonl",), str(tmp_path / "out"), Options(), on_error=print)
    assert not (tmp_path / "out").exists()


def test_a_device_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="--device"):
        read(("x.jsonl",), str(tmp_path / "out"), Options(device="gpu"), on_error=print)
