"""One source to units of work: read by the intake, wherever it lies, and cut."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from pourparler.archive.folders import Folder, fetched, file_system, is_address
from pourparler.batch import scratch
from pourparler.batch.plan import Plan
from pourparler.batch.units import Cutter, Unit
from pourparler.errors import BatchError, IntakeError
from pourparler.intake import Intake, Source, find_sources
from pourparler.intake.sources import kind_in_folder, no_report, unreadable


def sources_of(names: tuple[str, ...], *, on_error: Callable[[IntakeError], None]) -> list[str]:
    """Return the files that names stand for: paths, folders, and addresses of files or folders of a file system."""
    out: list[str] = []
    for name in names:
        if _is_remote(name):
            out += _listed(name, on_error)
        elif name == "-":
            on_error(IntakeError(name, "a batch cannot read standard input again", "Give a file"))
        else:
            out += [source.name for source in find_sources([name], on_error=on_error)]
    # One that is named twice is read once.
    return list(dict.fromkeys(out))


def _is_remote(name: str) -> bool:
    return is_address(name) and not name.startswith(("http://", "https://"))


def _listed(name: str, on_error: Callable[[IntakeError], None]) -> Iterator[str]:
    from pyarrow.fs import FileType

    try:
        files, path = file_system(name)
        kind = files.get_file_info(path).type
    except (OSError, BatchError) as error:
        on_error(IntakeError(name, f"it cannot be read ({error})", "Check the address and your rights"))
        return
    if kind == FileType.File:
        yield name
    elif kind == FileType.Directory:
        base = name.rstrip("/")
        # As of a folder of this machine: what runs of other programs leave beside their output is no report.
        held = [one for one in Folder(name, files, path.rstrip("/")).names("") if kind_in_folder(PurePosixPath(one))]
        if not held:
            on_error(no_report(name))
        yield from (f"{base}/{inside}" for inside in held)
    else:
        on_error(IntakeError(name, "there is no such file", "Check the address"))


def units(name: str, at: str, plan: Plan) -> Iterator[Unit]:
    """Yield the units of the source at an absolute path or address; what is wrong with it is part of them.

    ``name`` is what the user called it, and what stands in the output.
    """
    cutter = Cutter(plan.run, name, size=plan.unit)
    intake = Intake(published=plan.published, on_error=cutter.refuse, on_note=cutter.note)
    try:
        for source in _opened(name, at, cutter):
            for document, spot in intake.placed([source]):
                yield from cutter.take(document, spot)
    except OSError as error:
        cutter.refuse(unreadable(name, error))
    yield from cutter.rest()


def _opened(name: str, at: str, cutter: Cutter) -> Iterator[Source]:
    """Yield the source of a name, under that name, from a copy where it lies on another file system."""

    def refuse(error: IntakeError | BatchError) -> None:
        # Under that name too: a copy is called otherwise each time, and so would the unit be that tells of it.
        cutter.refuse(IntakeError(name, error.problem, error.advice))

    with contextlib.ExitStack() as stack:
        try:
            copy = stack.enter_context(fetched(at, stack.enter_context(scratch.folder()))) if _is_remote(at) else at
        except BatchError as error:
            refuse(error)
            return
        for source in find_sources([str(copy)], on_error=refuse):
            yield Source(name, source.kind, source.path)
