"""A batch killed at random moments, and begun again until it is done; processes of it killed while it goes on."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.batch_scale import family, stat

from tests.endure.endure_commands import KILLED, begun, plain, surroundings
from tests.endure.endure_invariants import Broken
from tests.endure.endure_report import written

# Lines of each source: each gives units of its own, so that there is something between the first and the last.
_LINES = 24
_LONGEST = 900.0


def has_batch() -> bool:
    """Return whether batches can be run here."""
    return (
        importlib.util.find_spec("ray") is not None and importlib.util.find_spec("pourparler.cli.batch") is not None
    )


def batch(folder: Path, reports: Path, rng: random.Random, kills: int) -> Iterator[str]:
    """Yield the phase of each kill: "batch" of the command, "batch worker" or "batch engine" of one of its processes.

    Raises Broken where what is finished is lost or damaged, or the output is not that of an undisturbed run.
    """
    if not kills:
        return
    shutil.rmtree(folder, ignore_errors=True)
    sources = folder / "in"
    sources.mkdir(parents=True)
    lines = reports.read_text(encoding="utf-8").splitlines()
    for n, start in enumerate(range(0, len(lines), _LINES)):
        written(sources / f"{n:03}.jsonl", lines[start : start + _LINES])
    units = len(list(sources.iterdir()))
    whole = folder / "whole"
    if (code := _begun(sources, whole).wait(timeout=_LONGEST)) != 0:
        raise Broken(f"batch read, undisturbed: exit code {code}: {_said(whole)}")
    wanted, done, made = _shown(whole), 0, 0
    while done < kills:
        made += 1
        out, phases = folder / f"out-{made}", []
        for _ in range(min(3, kills - done)):
            phase = _disturbed(sources, out, rng, units)
            if phase is None:
                break
            phases.append(phase)
        if _begun(sources, out).wait(timeout=_LONGEST) != 0 or (had := _shown(out)) != wanted:
            raise Broken(f"batch, begun again after kills: {had}, undisturbed {wanted}")
        shutil.rmtree(out)
        done += len(phases)
        yield from phases


def _disturbed(sources: Path, out: Path, rng: random.Random, units: int) -> str | None:
    """Kill the command, or one of its processes, after a random number of units; None where it ended before."""
    wait_for = rng.randrange(units)
    before = _finished(out)
    process = _begun(sources, out)
    deadline = time.monotonic() + _LONGEST
    while process.poll() is None and len(_finished(out)) < wait_for and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(rng.random() * 0.3)
    phase = "batch"
    if rng.random() < 1 / 4 and (workers := _workers(process.pid)):
        chosen, words = rng.choice(workers)
        os.kill(chosen, signal.SIGKILL)
        # Readers and what takes in are begun again by the engine. Without others (who keeps the claims, the engine's
        # own) the command ends, and goes on when it is begun again.
        phase, allowed = ("batch worker", (0,)) if words.startswith("ray::Map") else ("batch engine", (0, 1))
        if (code := process.wait(timeout=_LONGEST)) not in allowed:
            raise Broken(f"batch read, its process {words} killed: exit code {code}: {_said(out)}")
    else:
        left = list(family(process.pid))
        process.kill()
        if process.wait() != KILLED:
            return None
        _gone(left)
    if lost := before - _finished(out):
        raise Broken(f"{len(lost)} finished units of {out} are gone")
    if out.exists() and (out / "batch.json").exists():
        _shown(out)
    return phase


def _begun(sources: Path, out: Path) -> subprocess.Popen[bytes]:
    words = plain("batch", "read", str(sources), str(out), "--cores", "2", "--quiet")
    with _log(out).open("wb") as log:
        return begun(words, environment=surroundings(), stdout=log, stderr=log)


def _log(out: Path) -> Path:
    return out.with_name(f"{out.name}.log")


def _said(out: Path) -> str:
    return _log(out).read_text(encoding="utf-8", errors="replace")[-1000:]


def _shown(out: Path) -> dict[str, str]:
    """Return what the output holds, its files read and compared; raises Broken where they are damaged."""
    words = plain("batch", "show", str(out), "--check")
    process = begun(words, environment=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    told, errors = process.communicate()
    if process.returncode:
        raise Broken(f"batch show --check: {errors[-500:]}")
    return {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in told.splitlines() if " " in line}


def _finished(out: Path) -> set[str]:
    return {path.name for path in (out / "finished").glob("*.json")}


def _workers(process: int) -> list[tuple[int, str]]:
    """Return the processes of a batch that read, take in, or keep claims, each with its name."""
    out = []
    for one in family(process):
        try:
            words = Path(f"/proc/{one}/cmdline").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if words.startswith("ray::") and "IDLE" not in words:
            out.append((one, words.replace("\0", " ").strip()))
    return out


def _gone(processes: list[int]) -> None:
    """Wait until all processes of a killed command have ended; raises Broken where some stay behind."""
    deadline = time.monotonic() + 90
    while left := [one for one in processes if _alive(one)]:
        if time.monotonic() > deadline:
            for one in left:
                os.kill(one, signal.SIGKILL)
            raise Broken(f"{len(left)} processes of a killed batch stay behind")
        time.sleep(0.1)


def _alive(process: int) -> bool:
    return stat(process)[:1] not in ([], ["Z"])
