"""``python -m fuzz``: each harness for so many seconds, one at a time; prints inputs, coverage and findings."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from fuzz.targets import FINDINGS, every

_STATUS = re.compile(r"#(\d+)\t.{0,40}?cov: (\d+) ft: (\d+)")
_FINAL = re.compile(r"stat::number_of_executed_units: (\d+)")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of one harness came to: inputs tried, edges of the code reached, seconds of processor and clock."""

    target: str
    inputs: int
    edges: int
    features: int
    cpu: float
    wall: float
    code: int


def main() -> int:
    """Run harnesses; the exit code is 1 where a finding is open."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="harnesses; all when left out")
    parser.add_argument("--seconds", type=int, default=60, help="for each harness")
    parser.add_argument("--log", type=Path, help="a folder for what each harness says, and a line of counts for each")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        from fuzz.engine import run

        run(asked.targets[0], seconds=asked.seconds)
        return 0
    unknown = [name for name in asked.targets if name not in every()]
    if unknown:
        parser.error(f"there is no harness {unknown[0]!r}; there are {', '.join(every())}")
    print(f"{'harness':12} {'inputs':>10} {'edges':>7} {'cpu s':>7} {'wall s':>7}  ended")
    ran = [_run(name, asked.seconds, asked.log) for name in asked.targets or every()]
    total, cpu = sum(one.inputs for one in ran), sum(one.cpu for one in ran)
    print(f"{'all':12} {total:>10,} {'':7} {cpu:>7.0f} {sum(one.wall for one in ran):>7.0f}")
    found = sorted(path for path in FINDINGS.glob("*/*") if path.suffix != ".txt")
    for path in found:
        print(f"finding: {path.relative_to(FINDINGS.parent.parent)}")
    return 1 if found else 0


def _run(name: str, seconds: int, log: Path | None) -> Ran:
    """Run one harness in a process of its own; one that ends early (a crash, a hang) is not begun again."""
    command = [sys.executable, "-m", "fuzz", name, "--one", "--seconds", str(seconds)]
    begun, before = time.monotonic(), os.times()
    done = subprocess.run(  # noqa: S603 - the command is this module
        command, capture_output=True, check=False, env={**os.environ, "PYTHONHASHSEED": "0"}
    )
    after = os.times()
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    status = [tuple(map(int, found)) for found in _STATUS.findall(said)] or [(0, 0, 0)]
    final = _FINAL.search(said)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    out = Ran(
        name, int(final[1]) if final else status[-1][0], status[-1][1], status[-1][2], round(cpu, 1),
        round(time.monotonic() - begun, 1), done.returncode,
    )  # fmt: skip
    ended = "in time" if out.code == 0 else f"with code {out.code}"
    print(f"{name:12} {out.inputs:>10,} {out.edges:>7,} {out.cpu:>7.0f} {out.wall:>7.0f}  {ended}", flush=True)
    if log is not None:
        log.mkdir(parents=True, exist_ok=True)
        with (log / f"{name}.log").open("a", encoding="utf-8", errors="replace") as stream:
            stream.write(said)
        with (log / "counts.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(out)) + "\n")
    return out


if __name__ == "__main__":
    raise SystemExit(main())
