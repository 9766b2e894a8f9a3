"""Reports made by chance, of few words and names, many of which tell the same."""

from __future__ import annotations

import datetime
import random

from pourparler.record import Record
from tests.archive.by_hand import Act, record

_FIRST, _DAYS = datetime.date(2023, 5, 1), 24
_PLACES = ("Lachin", "Brussels", "Stepanakert", None)
_PAIRS = (("Armenia", "Azerbaijan"), ("Russia", "Armenia"), ("Minsk Group", "Azerbaijan"))
_MORE = (
    "at dawn over prisoners and maps", "late on Monday beside a river", "again without any hope for peace",
    "because winter had come early", "while crowds were watching both", "after nine weeks of cold silence",
)  # fmt: skip
_DEEDS = (("met", "CONSULT"), ("accused", "ACCUSE"), ("shelled", "ASSAULT"))


def reports(count: int, *, seed: int, far: bool = True) -> list[Record]:
    """Reports of two acts each: of the day of publication, of other days (``far``: any other), of no day at all."""
    rng = random.Random(seed)
    return [_report(n, rng, far) for n in range(count)]


def _report(n: int, rng: random.Random, far: bool) -> Record:
    at = _day(rng)
    published = rng.choice([iso(at), iso(at), None])
    sentences, acts = [], []
    for number in range(2):
        (source, target), (verb, type), place = rng.choice(_PAIRS), rng.choice(_DEEDS), rng.choice(_PLACES)
        words = f"{verb} number {number}"
        sentences.append(f"{source} {words} {target} {rng.choice(_MORE)}.")
        day = rng.choice([None, iso(_day(rng) if far else at + rng.randrange(2))])
        acts.append(Act(words, type, (source,), (target,), place=place, day=day))
    # Words of its own, or most reports would be copies of each other.
    sentences += ["".join(rng.choices("abcdefghij", k=6)).capitalize() + "." for _ in range(12)]
    return record(f"r{n}", published, rng.choice(["Wire", "Post", "Courier"]), " ".join(sentences), acts)


def _day(rng: random.Random) -> int:
    """Many tellings on the first days, few on the last ones."""
    return int(_DAYS * rng.random() ** 2)


def iso(n: int) -> str:
    return (_FIRST + datetime.timedelta(days=n)).isoformat()
