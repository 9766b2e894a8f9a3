"""A batch: sources to units of work to files, streamed through Ray Data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from pourparler.archive import shards
from pourparler.archive.folders import Folder, is_address
from pourparler.batch import engine, scratch
from pourparler.batch.claims import Answer, Claims
from pourparler.batch.plan import WEIGHTS, Device, Plan, check_device, run_of
from pourparler.batch.taking import sources_of, units
from pourparler.batch.units import DOCUMENTS, packed, plain, unpacked
from pourparler.batch.working import Worker
from pourparler.errors import BatchError, IntakeError, PourparlerError

if TYPE_CHECKING:
    import pyarrow

# Half a core each, though each uses a whole one: where a machine is lost, its readers find room on the others.
_CORES_OF_READER = 0.5
# Taking in is quick beside reading: one task for so many readers.
_READERS_PER_INTAKE = 4
_CORES_OF_INTAKE = 0.1
# Units that wait at a reader, so that it never waits for one.
_WAITING = 2


@dataclass(frozen=True, slots=True)
class Options:
    """How a batch is run; see ``Plan`` and ``engine.running``."""

    published: str | None = None
    actors: Path | None = None
    address: str | None = None
    cores: int | None = None
    device: Device = "cpu"
    unit: int = DOCUMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(shards.Counts):
    """How far a batch is. ``before`` are documents of units that were finished already, which the others include."""

    before: int = 0


def read(
    names: tuple[str, ...],
    out: str,
    options: Options,
    *,
    on_error: Callable[[IntakeError], None],
    on_step: Callable[[Step], None] = lambda _: None,
) -> Step:
    """Read what names stand for into the folder ``out``; broken off, the same call goes on where it was.

    Sources that are not there go to ``on_error``; what is wrong within sources goes to the output's ``rejected``.
    Raises BatchError where the batch cannot be run or the output not be written.
    """
    engine.check_installed(alone=options.address is None)
    check_device(options.device)
    sources = sources_of(names, on_error=on_error)
    plan = _plan(out, options)
    shards.begin(plan.out)
    done = Step()
    if not sources:
        return done
    plan = replace(plan, run=run_of(plan))
    with engine.running(options.address, cores=options.cores) as ray, scratch.folder() as folder:
        try:
            office = _office(ray, folder / "claims.db", sources)
            plan = replace(plan, anew=ray.get(office.resume.remote(plan.out, plan.run)))
            for step in _pipeline(ray, sources, plan, office):
                done += step
                on_step(done)
        except PourparlerError:
            raise
        except (ray.exceptions.RayError, RuntimeError, OSError) as error:
            raise engine.explained(error, out) from error
    tidy(plan)
    return done


def _plan(out: str, options: Options) -> Plan:
    try:
        actors = options.actors.read_bytes() if options.actors else None
    except OSError as error:
        raise BatchError(str(options.actors), f"it cannot be read ({error.strerror})", "Check the path") from error
    # Other processes may stand in other folders.
    where = out if is_address(out) else os.fspath(Path(out).absolute())
    return Plan(where, "", options.published, actors, os.environ.get(WEIGHTS), options.device, unit=options.unit)


def _office(ray: ModuleType, path: Path, sources: list[str]) -> Any:
    """Return the claims, on this machine: they outlive every other one, and, in their file, their own process."""
    here = ray.get_runtime_context().get_node_id()
    strategy = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(here, soft=False)
    made = ray.remote(num_cpus=0, scheduling_strategy=strategy, max_restarts=-1, max_task_retries=-1)(Claims)
    return made.remote(path, [plain(name) for name in sources])


def _pipeline(ray: ModuleType, sources: list[str], plan: Plan, office: Any) -> Iterator[Step]:
    """Yield the counts of each unit, in whatever order they are finished."""
    context = ray.data.DataContext.get_current()
    # A unit is a block of its own: blocks of the usual 128 MB would hold back a few hundred units each.
    context.target_max_block_size = 1
    context.enable_progress_bars = False
    readers = max(1, int(ray.cluster_resources().get("CPU", 1)))
    intakes = min(len(sources), max(1, readers // _READERS_PER_INTAKE))
    items = [{"name": name, "at": _absolute(name)} for name in sources]
    data = (
        ray.data.from_items(items, override_num_blocks=len(items))
        .map_batches(
            _taken,
            batch_size=1,
            batch_format="pyarrow",
            fn_args=(plan,),
            num_cpus=_CORES_OF_INTAKE,
            compute=ray.data.TaskPoolStrategy(size=intakes),
        )
        .map_batches(
            _Reading,
            batch_size=1,
            batch_format="pyarrow",
            fn_constructor_args=(plan, office),
            num_cpus=_CORES_OF_READER,
            num_gpus=_share_of_gpus(ray, readers) if plan.device == "gpu" else None,
            compute=ray.data.ActorPoolStrategy(size=readers, max_tasks_in_flight_per_actor=_WAITING),
        )
    )
    for row in data.iter_rows():
        yield Step(**row)


def _share_of_gpus(ray: ModuleType, readers: int) -> float:
    """Return what each reader gets of the cluster's GPUs: Ray hides them from who asks for none."""
    return min(1.0, float(ray.cluster_resources().get("GPU", 0)) / readers)


def _absolute(name: str) -> str:
    return name if is_address(name) else os.fspath(Path(name).absolute())


def _taken(batch: pyarrow.Table, plan: Plan) -> Iterator[pyarrow.Table]:
    """Yield the units of a source, without their documents where they are finished and stay so."""
    import pyarrow

    folder = Folder.at(plan.out)
    for row in batch.to_pylist():
        for unit in units(row["name"], row["at"], plan):
            stays = unit.name not in plan.anew and folder.has(shards.path_of(unit.name))
            body = None if stays else packed(unit)
            bodies = pyarrow.array([body], pyarrow.binary())
            yield pyarrow.table({"unit": [unit.name], "body": bodies})


class _Reading:
    """The reader of one process, as Ray Data calls it."""

    def __init__(self, plan: Plan, office: Any) -> None:
        engine.die_with_parent()
        self._folder = Folder.at(plan.out)
        self._worker = Worker(plan, _Remote(office))

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        import pyarrow

        rows = []
        for row in batch.to_pylist():
            if row["body"] is None:
                path = shards.path_of(row["unit"])
                done = shards.from_json(self._folder.read(path), path)
            else:
                done = self._worker.read(unpacked(row["body"]))
            counts = {one.name: getattr(done, one.name) for one in fields(shards.Counts)}
            rows.append(counts | {"before": done.documents if row["body"] is None else 0})
        return pyarrow.Table.from_pylist(rows)


class _Remote:
    """The claims, asked from another process."""

    def __init__(self, office: Any) -> None:
        self._office = office

    def claim(self, unit: str, source: str, rows: Sequence[tuple[str, int]]) -> list[Answer]:
        return cast(list[Answer], self._ask(self._office.claim, unit, source, rows))

    def begin(self, unit: str) -> tuple[bool, frozenset[str]]:
        return cast(tuple[bool, frozenset[str]], self._ask(self._office.begin, unit))

    def reading(self, unit: str, key: str) -> None:
        self._ask(self._office.reading, unit, key)

    def end(self, unit: str) -> None:
        self._ask(self._office.end, unit)

    def _ask(self, method: Any, *args: Any) -> Any:
        import ray

        return ray.get(method.remote(*args))


def tidy(plan: Plan) -> None:
    """Remove files that a broken try left and that the finished unit of that name does not have."""
    folder = Folder.at(plan.out)
    listed = {path for unit in shards.finished(folder) for path in unit.files}
    done = {path.rpartition("/")[2].removesuffix(".json") for path in folder.names(shards.FINISHED)}
    for kind in shards.COLUMNS:
        for path in folder.names(kind):
            if path not in listed and path.rpartition("/")[2].removesuffix(".parquet") in done:
                folder.remove(path)
