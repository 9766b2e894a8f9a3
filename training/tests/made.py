"""Made-up reports in the exam's form: enough for a small net to learn from, written for the tests."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

PLACES = ("Arden", "Belmar", "Corvia", "Doran", "Estria", "Fenland", "Galdor", "Harn", "Istra", "Jorvik")
WHO = ("the government of {}", "the {} army", "the foreign minister of {}", "rebels in {}", "{}")
ACTS = {
    "ACCUSE": ("accused", "condemned", "criticised", "blamed"),
    "CONSULT": ("met", "visited", "received", "phoned"),
    "ASSAULT": ("attacked", "bombed", "shelled", "killed soldiers of"),
    "AID": ("sent food to", "gave medicine to", "sent aid to"),
    "SANCTION": ("imposed sanctions on", "froze the assets of"),
}
TAILS = (" on Monday.", " after weeks of quiet.", ", the agency said.", " for the second time this year.", ".")
QUIET = ("The weather in {} stayed mild.", "Prices in {} rose by two percent.", "A museum in {} opened its doors.")


def report(rng: random.Random, number: int) -> dict[str, Any]:
    """One report of one to three sentences, some of which tell no act."""
    text, events = "", []
    for _ in range(rng.randint(1, 3)):
        if rng.random() < 0.3:
            text += rng.choice(QUIET).format(rng.choice(PLACES)) + " "
            continue
        kind = rng.choice(sorted(ACTS))
        a, b = (rng.choice(WHO).format(place) for place in rng.sample(PLACES, 2))
        lead = a[0].upper() + a[1:] + " "
        act = rng.choice(ACTS[kind])
        start = len(text) + len(lead)
        evidence = {"start": start, "end": start + len(act.split()[0]), "text": act.split()[0]}
        sides = {"sources": [{"text": lead.strip(), "sector": None}], "targets": [{"text": b, "sector": None}]}
        events.append({"type": kind, "status": "happened", "evidence": evidence, "place": None, **sides})
        text += lead + act + " " + b + rng.choice(TAILS) + " "
    return {"id": f"made-{number}", "text": text, "published": "2024-01-01", "events": events}


def write(folder: Path, *, count: int, seed: int = 1) -> None:
    rng = random.Random(seed)
    (folder / "exam").mkdir(parents=True)
    with (folder / "exam/train.jsonl").open("w", encoding="utf-8") as out:
        for number in range(count):
            out.write(json.dumps(report(rng, number)) + "\n")
