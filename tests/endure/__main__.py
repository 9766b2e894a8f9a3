"""``python -m tests.endure``: kill commands at random points, 200 times, and say what held; see ``--help``.

With --folder it can be interrupted: the same command goes on, and counts what stands in ``tally.json`` there. The
last line is JSON: how many kills (of how many asked for, of how many commands run, in how many sittings), by stage,
by campaign, what broke, seed, seconds. Exit code 1 where anything broke or a kill is missing.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.archive.conftest import server
from tests.endure.endure_batch import batch, has_batch
from tests.endure.endure_invariants import Broken
from tests.endure.endure_kills import Copies, campaigns, emptied, moments, undisturbed
from tests.endure.endure_report import example_lines, shared_lines, written
from tests.endure.endure_servers import Databases, Feeds, has_postgres, served
from tests.endure.endure_tally import Asked, Tally
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
        """Return the chance of a campaign: the same for a seed and sitting, whatever others do."""
        return random.Random(f"{self.seed} {name} {self.tally.sittings}")

    def lacks(self, *names: str) -> bool:
        """Return whether kills are left to do in some campaigns."""
        return any(self.kills[name] for name in names)

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
    if not work.lacks("add", "join", "read", "verdicts", "moments"):
        return
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
    if not work.lacks("watch"):
        return
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
    if not work.lacks("postgres add", "postgres join", "postgres verdicts"):
        return
    with server() as at:
        adding, _ = undisturbed("postgres add", Databases(at, "add"), work.add(few=True))
        tally.take("postgres add", campaigns(adding, work.rng("pg add"), split(kills["postgres add"], _ADDING)))
        _, unjoined = undisturbed("postgres add", Databases(at, "unjoined"), work.add("--no-join"))
        fresh = Databases(at, "join", unjoined)
        joining, joined = undisturbed("postgres join", fresh, lambda _: ["archive", "join", "--quiet"])
        quotas = split(kills["postgres join"], ("joining",))
        tally.take("postgres join", campaigns(joining, work.rng("pg join"), quotas))
        fresh = Databases(at, "verdicts", joined)
        tally.take("postgres verdicts", verdicts(fresh, work.rng("pg verdicts"), kills["postgres verdicts"]))


def on_batch(work: Work) -> None:
    """Kill batches and their processes."""
    work.tally.take("batch", batch(work.folder / "batch", work.reports, work.rng("batch"), work.kills["batch"]))


_ROOMS = {"files": on_files, "feeds": on_feeds, "postgres": on_postgres, "batch": on_batch}


def shares(kills: int, missing: list[str]) -> dict[str, int]:
    """Return how many of so many kills each campaign has; those that the machine lacks go to the first."""
    out = {name: kills * share // 200 for name, share in _SHARES.items()}
    for name in _SHARES:
        if name.split(" ")[0] in missing:
            out[name] = 0
    out["add"] += kills - sum(out.values())
    return out


def options() -> argparse.Namespace:
    """Return what the command line says."""
    asked = argparse.ArgumentParser(prog="python -m tests.endure", description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--shared", type=int, default=100, help="reports of the shared data, beside the examples")
    asked.add_argument("--folder", type=Path, help="work here and leave it, to go on with; else where it is removed")
    asked.add_argument("--anew", action="store_true", help="do not go on with what stands in the folder")
    asked.add_argument("--without", nargs="*", default=(), choices=_SHARES, help="campaigns to leave out")
    asked.add_argument("--only", nargs="*", choices=_ROOMS)
    return asked.parse_args()


def main() -> int:
    """Run, and return the exit code."""
    given = options()
    left_out = [name for name, there in (("postgres", has_postgres()), ("batch", has_batch())) if not there]
    # A batch and a server that were begun here end with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        folder = given.folder or Path(tempfile.mkdtemp(prefix="pourparler-endure-"))
        if not given.folder:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        lines = [*example_lines(), *shared_lines(given.shared)]
        wanted = shares(given.kills, left_out) | dict.fromkeys(given.without, 0)
        asked = Asked(given.kills, given.seed, len(lines), len(lines[:_FEW]))
        tally = _tally(folder / "tally.json", asked, wanted, anew=given.anew)
        kills = _left(tally, wanted)
        files = written(folder / "reports.jsonl", lines), written(folder / "few.jsonl", lines[:_FEW])
        work = Work(folder, *files, given.seed, kills, tally)
        stack.callback(lambda: print(tally.line(left_out), flush=True))
        for name in [name for name in given.only or _ROOMS if name not in left_out]:
            try:
                _ROOMS[name](work)
            except Broken as error:
                tally.broke(str(error))
        tally.save()
    return 1 if tally.broken or (not given.only and any(_left(tally, wanted).values())) else 0


def _left(tally: Tally, wanted: dict[str, int]) -> dict[str, int]:
    return {name: max(0, number - tally.campaigns[name]) for name, number in wanted.items()}


def _tally(path: Path, asked: Asked, wanted: dict[str, int], *, anew: bool) -> Tally:
    """Return the tally in a file, to go on with; a new one where none is, where nothing is left, or if asked."""
    if anew:
        path.unlink(missing_ok=True)
    tally = Tally.begun(path, asked)
    if tally.kills and not any(_left(tally, wanted).values()):
        path.unlink()
        tally = Tally.begun(path, asked)
    if tally.kills:
        print(f"going on: {tally.kills} of {asked.kills} kills were done before", flush=True)
    return tally


if __name__ == "__main__":
    sys.exit(main())
