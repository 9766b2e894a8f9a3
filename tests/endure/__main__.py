"""``python -m tests.endure``: kill commands at random points, 200 times, and say what held; see ``--help``.

The last line is JSON: kills by phase and by campaign, what broke, seed, seconds. Exit code 1 where anything broke.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.endure.endure_batch import batch, has_batch
from tests.endure.endure_invariants import Broken
from tests.endure.endure_kills import Copies, campaigns, emptied, moments, undisturbed
from tests.endure.endure_report import example_lines, shared_lines, written
from tests.endure.endure_servers import Databases, Feeds, has_postgres, postgres, served
from tests.endure.endure_verdicts import verdicts

# Of 200 kills, how many each campaign has; what a machine lacks (PostgreSQL, Ray) goes to the first.
_SHARES = {
    "add": 44, "join": 30, "read": 24, "verdicts": 36, "watch": 18, "moments": 10,
    "postgres add": 10, "postgres join": 8, "postgres verdicts": 8, "batch": 12,
}  # fmt: skip
# Reports that are read anew after kills; the others are read once, and then joined and judged.
_FEW = 72
_ADDING = ("opening", "intake", "reading", "joining")
_ACTORS = '[[actor]]\nnames = ["Committee of Endurance"]\nkind = "organization"\ncountry = "ARM"\n'


@dataclass
class Tally:
    """What was done and what broke."""

    phases: Counter[str] = field(default_factory=Counter)
    campaigns: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def take(self, name: str, kills: Iterator[str]) -> None:
        """Count the kills of a campaign; what breaks is told, and the next campaign has its turn."""
        began = time.monotonic()
        try:
            for phase in kills:
                self.phases[phase] += 1
                self.campaigns[name] += 1
                print(f"{name}: killed at {phase}", flush=True)
        except Broken as error:
            self.broken.append(f"{name}: {error}")
            print(f"BROKEN {name}: {error}", flush=True)
        seconds = time.monotonic() - began
        print(f"{name}: {self.campaigns[name]} kills in {seconds:.0f} s", flush=True)


@dataclass(frozen=True)
class Work:
    """Where a run works, on what, and how often each campaign kills.

    ``few`` holds the first of the reports: what is read anew after each kill.
    """

    folder: Path
    reports: Path
    few: Path
    seed: int
    kills: dict[str, int]
    tally: Tally

    def rng(self, name: str) -> random.Random:
        """Return the chance of a campaign: the same for the same seed, whatever others do."""
        return random.Random(f"{self.seed} {name}")

    def copies(self, name: str, base: str | None = None) -> Copies:
        """Return what makes fresh archives for a campaign."""
        return Copies(emptied(self.folder / name), Path(base) if base else None)

    def add(self, *more: str, few: bool = False) -> Callable[[str], list[str]]:
        """Return the command that adds all reports, or a few."""
        return lambda _: ["archive", "add", str(self.few if few else self.reports), "--quiet", *more]


def split(number: int, phases: tuple[str, ...]) -> dict[str, int]:
    """Share a number of kills out among phases, the first ones getting the remainder."""
    return {phase: number // len(phases) + (n < number % len(phases)) for n, phase in enumerate(phases)}


def on_files(work: Work) -> None:
    """Kill what works on SQLite."""
    kills, tally = work.kills, work.tally
    adding, base = undisturbed("add", work.copies("add"), work.add(few=True))
    tally.take("add", campaigns(adding, work.rng("add"), split(kills["add"], _ADDING)))
    _, unjoined = undisturbed("add --no-join", work.copies("unjoined"), work.add("--no-join"))
    joining, joined = undisturbed("join", work.copies("join", unjoined), lambda _: ["archive", "join", "--quiet"])
    tally.take("join", campaigns(joining, work.rng("join"), split(kills["join"], ("joining",))))
    actors = work.folder / "actors.toml"
    actors.write_text(_ACTORS, encoding="utf-8")
    reading, _ = undisturbed(
        "read", work.copies("read", base), lambda _: ["archive", "read", "--quiet"], POURPARLER_ACTORS=str(actors)
    )
    tally.take("read", campaigns(reading, work.rng("read"), split(kills["read"], ("reading", "joining"))))
    tally.take("verdicts", verdicts(work.copies("verdicts", joined), work.rng("verdicts"), kills["verdicts"]))
    tally.take("moments", moments(adding, work.rng("moments"), kills["moments"]))


def on_feeds(work: Work) -> None:
    """Kill what watches feeds."""
    rows = [json.loads(line) for line in work.few.read_text(encoding="utf-8").splitlines()]
    feeds = Feeds([(f"Item {n}", "Tue, 09 May 2023 10:00:00 GMT", row["text"]) for n, row in enumerate(rows)])
    with served(feeds) as address:
        listed = work.folder / "feeds.toml"
        listed.write_text(f'[[feed]]\nurl = "{address}"\n', encoding="utf-8")
        words = ["watch", str(listed), "--once", "--quiet"]
        watching, _ = undisturbed("watch", work.copies("watch"), lambda _: words)
        phases = split(work.kills["watch"], ("polling", "intake", "reading", "joining"))
        work.tally.take("watch", campaigns(watching, work.rng("watch"), phases))


def on_postgres(work: Work) -> None:
    """Kill what works on PostgreSQL."""
    kills, tally = work.kills, work.tally
    with postgres() as server:
        adding, _ = undisturbed("postgres add", Databases(server, "add"), work.add(few=True))
        tally.take("postgres add", campaigns(adding, work.rng("pg add"), split(kills["postgres add"], _ADDING)))
        _, unjoined = undisturbed("postgres add", Databases(server, "unjoined"), work.add("--no-join"))
        fresh = Databases(server, "join", unjoined)
        joining, joined = undisturbed("postgres join", fresh, lambda _: ["archive", "join", "--quiet"])
        quotas = split(kills["postgres join"], ("joining",))
        tally.take("postgres join", campaigns(joining, work.rng("pg join"), quotas))
        fresh = Databases(server, "verdicts", joined)
        tally.take("postgres verdicts", verdicts(fresh, work.rng("pg verdicts"), kills["postgres verdicts"]))


def on_batch(work: Work) -> None:
    """Kill batches and their processes."""
    work.tally.take("batch", batch(work.folder / "batch", work.reports, work.rng("batch"), work.kills["batch"]))


def shares(kills: int, missing: list[str]) -> dict[str, int]:
    """Return how many of so many kills each campaign has; those that the machine lacks go to the first."""
    out = {name: kills * share // 200 for name, share in _SHARES.items()}
    for name in _SHARES:
        if name.split(" ")[0] in missing:
            out[name] = 0
    out["add"] += kills - sum(out.values())
    return out


def main() -> int:
    """Run, and return the exit code."""
    asked = argparse.ArgumentParser(prog="python -m tests.endure", description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--shared", type=int, default=100, help="reports of the shared data, beside the examples")
    asked.add_argument("--folder", type=Path, help="work here and leave it; else in a folder that is removed")
    asked.add_argument("--without", nargs="*", default=(), choices=_SHARES, help="campaigns to leave out")
    asked.add_argument("--only", nargs="*", choices=("files", "feeds", "postgres", "batch"))
    given = asked.parse_args()
    began, tally = time.monotonic(), Tally()
    rooms = {"files": on_files, "feeds": on_feeds, "postgres": on_postgres, "batch": on_batch}
    tally.left_out = [name for name, there in (("postgres", has_postgres()), ("batch", has_batch())) if not there]
    chosen = [name for name in given.only or rooms if name not in tally.left_out]
    with ExitStack() as stack:
        folder = given.folder or Path(tempfile.mkdtemp(prefix="pourparler-endure-"))
        if not given.folder:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        lines = [*example_lines(), *shared_lines(given.shared)]
        files = written(folder / "reports.jsonl", lines), written(folder / "few.jsonl", lines[:_FEW])
        kills = shares(given.kills, tally.left_out) | dict.fromkeys(given.without, 0)
        work = Work(folder, *files, given.seed, kills, tally)
        for name in chosen:
            try:
                rooms[name](work)
            except Broken as error:
                tally.broken.append(str(error))
                print(f"BROKEN {error}", flush=True)
    done = {
        "kills": tally.phases.total(), "by_phase": dict(sorted(tally.phases.items())), "by_campaign": tally.campaigns,
        "broken": tally.broken, "left_out": tally.left_out, "reports": [len(lines), _FEW], "seed": given.seed,
        "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    print(json.dumps(done), flush=True)
    whole = not given.only and not given.without
    return 1 if tally.broken or (whole and tally.phases.total() < given.kills) else 0


if __name__ == "__main__":
    sys.exit(main())
