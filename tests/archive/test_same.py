"""The shipped scorer: a score depends on its two tellings alone, to the last bit."""

from __future__ import annotations

import datetime
import itertools

from pourparler.archive.candidates import Candidate
from pourparler.archive.same import Shipped

_TEXTS = (
    "The foreign ministers of Norway and Chile met in Oslo on Tuesday and agreed to release 14 prisoners.",
    "Norway's and Chile's top diplomats held talks in Oslo; the release of prisoners was agreed, officials said.",
    "An earthquake struck the coast near Valparaiso, killing nine people, and rescuers met with aftershocks.",
    "Rebels shelled the town and later released two hostages, whom a mediator met at the border.",
)
_TRIGGERS = ("met", "agreed", "held talks", "release", "struck", "killing", "shelled", "released")


def _tellings() -> list[Candidate]:
    out: list[Candidate] = []
    for copy, (number, text), trigger in itertools.product(range(3), enumerate(_TEXTS), _TRIGGERS):
        if (start := text.find(trigger)) >= 0:
            day = datetime.date(2023, 5, 1 + copy)
            out.append(
                Candidate(
                    f"t{len(out):03}", f"r{number}{copy}", text, start, start + len(trigger), text, "CONSULT",
                    frozenset({"NOR"}), frozenset(), None, None, day, day, "b",
                )
            )  # fmt: skip
    return out


def test_a_score_does_not_depend_on_what_else_is_scored() -> None:
    found = _tellings()
    pairs = [(a, b) for a, b in itertools.combinations(range(len(found)), 2) if found[a].report != found[b].report]
    together = Shipped().scores(found, pairs)
    assert len(pairs) > 300 and len(set(together)) > 50
    alone = Shipped()
    for n in range(0, len(pairs), 29):
        assert alone.scores(found, pairs[n : n + 1]) == together[n : n + 1]
    few = Shipped()
    for n, size in ((0, 7), (40, 64), (104, 5), (200, 100)):
        a_few = [found[number] for pair in pairs[n : n + size] for number in pair]
        assert few.scores(a_few, [(at, at + 1) for at in range(0, len(a_few), 2)]) == together[n : n + size]


def test_vectors_are_made_once_and_kept_as_long_as_they_are_near() -> None:
    made: list[int] = []

    def vectors(some: object) -> object:
        from pourparler.archive.meaning import vectors

        made.append(len(some))  # type: ignore[arg-type]
        return vectors(some)  # type: ignore[arg-type]

    found = _tellings()[:6]
    scorer = Shipped(vectors=vectors)  # type: ignore[arg-type]
    scorer.scores(found[:4], [(0, 3)])
    scorer.scores(found[:4], [(0, 1), (1, 3)])
    scorer.scores(found[1:], [(0, 4)])
    scorer.scores(found[:4], [(0, 1)])
    assert made == [2, 1, 1, 1]
