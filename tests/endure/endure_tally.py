"""How often an endurance run killed what, and what broke; kept in a file, so that a run need not be one sitting."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from tests.endure.endure_commands import Started
from tests.endure.endure_invariants import Broken


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to do: so many kills, by the chance of a seed, on all ``reports`` or the first ``few``."""

    kills: int
    seed: int
    reports: int
    few: int


@dataclass
class Tally:
    """What was done so far, in how many sittings, and what broke.

    ``stages`` are what killed commands were at. A kill counts when all that must hold was looked at: behind it, and
    when what was killed had been begun again and had ended. ``commands`` are all that were started, killed or not.
    """

    path: Path
    asked: Asked
    sittings: int = 0
    commands: int = 0
    seconds: float = 0.0
    stages: Counter[str] = field(default_factory=Counter)
    campaigns: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    _saved: float = field(default_factory=time.monotonic)

    @classmethod
    def begun(cls, path: Path, asked: Asked) -> Tally:
        """Return the tally that stands in a file, to go on with, or a new one; SystemExit for another run's."""
        found = cls(path, asked)
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            if (before := Asked(**kept.pop("asked"))) != asked:
                raise SystemExit(f"{path} is of another run ({before}): go on with that one, or begin with --anew")
            found = cls(path, asked, **{name: _TYPES.get(name, type(one))(one) for name, one in kept.items()})
        found.sittings += 1
        found.save()
        return found

    @property
    def kills(self) -> int:
        return self.stages.total()

    def take(self, name: str, kills: Iterator[str]) -> None:
        """Count the kills of a campaign; what breaks is told, and the next campaign has its turn."""
        began, before = time.monotonic(), self.campaigns[name]
        try:
            for stage in kills:
                self.stages[stage] += 1
                self.campaigns[name] += 1
                self.save()
                print(f"{name}: killed at {stage}", flush=True)
        except Broken as error:
            self.broke(f"{name}: {error}")
        print(f"{name}: {self.campaigns[name] - before} kills in {time.monotonic() - began:.0f} s", flush=True)

    def broke(self, words: str) -> None:
        """Keep and tell what broke."""
        self.broken.append(words)
        self.save()
        print(f"BROKEN {words}", flush=True)

    def save(self) -> None:
        """Write the file anew."""
        self.commands += Started.taken()
        now = time.monotonic()
        self.seconds, self._saved = self.seconds + now - self._saved, now
        kept = {
            one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("path", "asked", "_saved")
        }
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(kept | {"asked": asdict(self.asked)}), encoding="utf-8")
        part.replace(self.path)

    def line(self, left_out: list[str]) -> str:
        """Return what is told at the end, as JSON."""
        told = {
            "kills": self.kills, "kills_asked": self.asked.kills, "commands_run": self.commands,
            "sittings": self.sittings, "by_stage": dict(sorted(self.stages.items())), "by_campaign": self.campaigns,
            "broken": self.broken, "left_out": left_out, "reports": [self.asked.reports, self.asked.few],
            "seed": self.asked.seed, "seconds": round(self.seconds),
        }  # fmt: skip
        return json.dumps(told)


_TYPES = {"stages": Counter, "campaigns": Counter}
