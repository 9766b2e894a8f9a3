"""python -m benchmarks.batch_scale FILE --documents N --folder DIR [--cores N] [--alone]

Repeats the reports of FILE (JSONL, may be .gz) until there are N, each with an id and an address of its own, reads
them with ``pourparler batch read`` into DIR/out (with --alone: in one process, without Ray, as ``pourparler read``
does), and prints one JSON line:

documents, characters     what was read
seconds, cpu_seconds      from start to end, and of processor time in all processes
documents_per_core_hour   by seconds and the cores that were there
documents_per_cpu_hour    by processor time: what other work on the machine does not change
peak_rss_mb, peak_pss_mb  largest sum over all processes; PSS counts what they share once
memory_mb                 PSS at tenths of the way: whether it grows
bytes_in, bytes_out       of files, packed
hash                      what was read, as ``pourparler batch show`` tells

Stopped, the same command goes on; it then tells of what it did itself.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SHARD = 20_000
_TICKS = os.sysconf("SC_CLK_TCK")
_ALONE = """
import sys
from pourparler.intake import Intake, find_sources
from pourparler.reading import Reader
intake = Intake(on_error=print)
documents = intake.documents(find_sources(sys.argv[1:], on_error=print))
print(sum(1 for _ in Reader().read_many(documents)))
"""


def make(file: Path, folder: Path, count: int) -> list[Path]:
    """Write ``count`` reports as packed JSONL, 20,000 a file; what is there is left."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = _repeated(file)
    out: list[Path] = []
    for number in range(-(-count // _SHARD)):
        path = folder / f"reports-{count}-{number:05}.jsonl.gz"
        chosen = itertools.islice(rows, min(_SHARD, count - number * _SHARD))
        if path.exists():
            sum(1 for _ in chosen)
        else:
            part = path.with_suffix(".part")
            with gzip.open(part, "wt", encoding="utf-8", compresslevel=3) as stream:
                stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen)
            part.replace(path)
        out.append(path)
    return out


def _repeated(file: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if file.suffix == ".gz" else open
    for turn in itertools.count():
        with opened(file, "rt", encoding="utf-8") as lines:
            for n, line in enumerate(lines):
                # An address of its own makes it a report of its own: the same text is read again each time.
                yield json.loads(line) | {"id": f"{turn}-{n}", "url": f"https://example.org/{turn}/{n}"}


@dataclass(slots=True)
class Watched:
    """Processor time and memory of a process and all below it, looked at every half second."""

    root: int
    ticks: dict[int, int] = field(default_factory=dict)
    peak_rss: int = 0
    peak_pss: int = 0
    series: list[tuple[float, float]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        began = time.monotonic()
        while not self.ended.wait(0.5):
            found = list(family(self.root))
            rss = sum(_kilobytes(pid, "status", "VmRSS:") for pid in found)
            pss = sum(_kilobytes(pid, "smaps_rollup", "Pss:") for pid in found)
            for pid in found:
                # A number may be given anew to another process: time of a process only grows.
                self.ticks[pid] = max(self.ticks.get(pid, 0), _cpu(pid))
            self.peak_rss, self.peak_pss = max(self.peak_rss, rss), max(self.peak_pss, pss)
            self.series.append((time.monotonic() - began, pss / 1024))

    def tenths(self) -> list[float]:
        """Return the memory in MB at each tenth of the time, the highest of the second around it."""
        if not self.series:
            return []
        last = self.series[-1][0]
        chosen = [[mb for at, mb in self.series if abs(at - last * n / 10) <= 1] for n in range(1, 11)]
        return [round(max(some), 1) for some in chosen if some]


def family(root: int) -> Iterator[int]:
    """Yield a process and all that it started, however far down."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def stat(pid: int) -> list[str]:
    """Return what the system says of a process behind its name, its state first; nothing where it is gone."""
    try:
        # The name of the program stands in brackets and may hold anything.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> int:
    fields = stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _kilobytes(pid: int, file: str, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def measure(file: Path, folder: Path, count: int, *, cores: int, alone: bool) -> dict[str, Any]:
    """Return the figures of one run; see the head of this file."""
    sources = [str(path) for path in make(file, folder / "in", count)]
    out = folder / "out"
    command = [sys.executable, "-c", _ALONE, *sources] if alone else _batch(sources, out, cores)
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own interpreter
        watched = Watched(process.pid)
        watcher = threading.Thread(target=watched.watch)
        watcher.start()
        told = process.communicate()[0].decode()
        watched.ended.set()
        watcher.join()
    seconds = time.monotonic() - began
    if process.returncode not in (0, 1):
        raise SystemExit(f"the run ended with {process.returncode}")
    found = {"documents": int(told)} if alone else _shown(out)
    cpu = sum(watched.ticks.values()) / _TICKS
    return {
        "task": "alone" if alone else "batch",
        **found,
        "cores": cores,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "documents_per_core_hour": round(found["documents"] / seconds / cores * 3600),
        "documents_per_cpu_hour": round(found["documents"] / cpu * 3600),
        "peak_rss_mb": round(watched.peak_rss / 1024, 1),
        "peak_pss_mb": round(watched.peak_pss / 1024, 1),
        "memory_mb": watched.tenths(),
        "bytes_in": sum(Path(name).stat().st_size for name in sources),
    }


def _batch(sources: list[str], out: Path, cores: int) -> list[str]:
    code = "from pourparler.cli import main; main()"
    return [sys.executable, "-c", code, "batch", "read", *sources, str(out), "--cores", str(cores)]


def _shown(out: Path) -> dict[str, Any]:
    from pourparler.batch.overview import overview

    found = overview(str(out))
    return {
        "documents": found.documents,
        "records": found.records,
        "events": found.events,
        "rejected": found.rejected,
        "characters": found.characters,
        "units": found.units,
        "files": sum(1 for path in out.rglob("*") if path.is_file()),
        "bytes_out": sum(path.stat().st_size for path in out.rglob("*") if path.is_file()),
        "hash": found.records_hash,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--documents", type=int, required=True, metavar="N")
    parser.add_argument("--folder", type=Path, required=True, metavar="DIR")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--alone", action="store_true", help="one process, without Ray")
    given = parser.parse_args()
    print(json.dumps(measure(given.file, given.folder, given.documents, cores=given.cores, alone=given.alone)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
