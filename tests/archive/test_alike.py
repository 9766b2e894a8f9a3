"""How likely two tellings are one act, and which are put together."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import random

import numpy as np
import pytest

from pourparler.archive import alike, meaning
from pourparler.archive.alike import Telling, compatible
from pourparler.archive.clusters import clusters

DAY = datetime.date(2021, 3, 2)


def telling(text: str, trigger: str, report: str) -> Telling:
    start = text.index(trigger)
    return Telling(
        report, report, text, start, start + len(trigger), "CONSULT", frozenset({"NOR", "CHL"}), published=DAY
    )


TOLD = [
    telling("The foreign ministers of Norway and Chile met in Oslo to discuss fishing in the Antarctic.", "met", "1"),
    telling("Chile's foreign minister met his colleague from Norway in Oslo over Antarctic fishing.", "met", "2"),
    telling("A volcano erupted on Java, and four thousand villagers were brought to safety.", "erupted", "3"),
    telling("Parliament in Lima passed a law on schools after a debate of nine hours.", "passed", "4"),
]
PAIRS = np.array(list(itertools.combinations(range(4), 2)))


def test_one_act_told_twice_is_likelier_than_two() -> None:
    chances = alike.probabilities(TOLD, meaning.vectors(TOLD), PAIRS)
    assert chances[0] > 0.5
    assert chances[1:].max() < 0.1


def test_a_score_depends_on_its_two_tellings_alone_and_not_on_their_order() -> None:
    vectors = meaning.vectors(TOLD)
    whole = alike.probabilities(TOLD, vectors, PAIRS)
    turned = alike.probabilities(TOLD, vectors, PAIRS[:, ::-1])
    alone = alike.probabilities(TOLD[:2], vectors[:2], np.array([[0, 1]]))
    assert whole == pytest.approx(turned, abs=1e-6)
    assert whole[0] == pytest.approx(alone[0], abs=1e-6)
    assert alike.probabilities(TOLD, vectors, np.zeros((0, 2), int)).shape == (0,)


def test_features_are_as_many_as_their_names() -> None:
    found = alike.features(TOLD, meaning.vectors(TOLD), PAIRS)
    assert found.shape == (6, len(alike.NAMES))
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    "change",
    [
        {"type": "ASSAULT"},
        {"actors": frozenset({"PER"})},
        {"published": DAY + datetime.timedelta(days=9)},
    ],
)
def test_what_contradicts_lowers_the_chance(change: dict[str, object]) -> None:
    other = dataclasses.replace(TOLD[1], **change)  # type: ignore[arg-type]
    assert compatible(TOLD[0], TOLD[1]) == 1
    assert compatible(TOLD[0], other) == compatible(other, TOLD[0]) < 0.9


def test_what_is_not_told_lowers_nothing() -> None:
    bare = dataclasses.replace(TOLD[1], type=None, actors=frozenset(), published=None)
    assert compatible(TOLD[0], bare) == 1


def test_days_of_acts_count_before_those_of_reports() -> None:
    far = DAY + datetime.timedelta(days=30)
    one = dataclasses.replace(TOLD[0], first=DAY, last=DAY)
    same = dataclasses.replace(TOLD[1], first=DAY, published=far)
    week = dataclasses.replace(TOLD[1], first=DAY - datetime.timedelta(days=7), last=DAY)
    later = dataclasses.replace(TOLD[1], first=far)
    assert compatible(one, same) == compatible(one, week) == 1
    assert compatible(one, later) <= 0.1


def test_average_link_does_not_chain() -> None:
    pairs, chances = np.array([[0, 1], [1, 2], [2, 3]]), np.array([0.9, 0.6, 0.9])
    assert clusters(5, pairs, chances, threshold=0.5) == [[0, 1], [2, 3], [4]]
    pairs, chances = np.array([[0, 1], [2, 1], [0, 2]]), np.array([0.9, 0.6, 0.5])
    assert clusters(3, pairs, chances, threshold=0.5) == [[0, 1, 2]]
    assert clusters(2, np.zeros((0, 2), int), np.zeros(0), threshold=0.5) == [[0], [1]]


def slow(n: int, chances: dict[tuple[int, int], float], threshold: float) -> list[list[int]]:
    """Average link as its definition says."""
    groups = [[i] for i in range(n)]
    while True:
        means = {
            (a, b): sum(chances.get((min(x, y), max(x, y)), 0) for x in groups[a] for y in groups[b])
            / (len(groups[a]) * len(groups[b]))
            for a, b in itertools.combinations(range(len(groups)), 2)
        }
        best = max(means, key=means.__getitem__, default=None)
        if best is None or means[best] < threshold:
            return sorted(sorted(group) for group in groups)
        groups[best[0]] += groups.pop(best[1])


@pytest.mark.parametrize("seed", range(8))
def test_clusters_are_those_of_the_definition_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    chances = {pair: rng.random() for pair in itertools.combinations(range(14), 2) if rng.random() < 0.5}
    given = list(chances.items())
    rng.shuffle(given)
    pairs = np.array([pair if rng.random() < 0.5 else pair[::-1] for pair, _ in given])
    found = clusters(14, pairs, np.array([chance for _, chance in given]), threshold=0.4)
    assert found == slow(14, chances, 0.4)


@pytest.mark.parametrize("pairs", [[[0, 0]], [[0, 1], [1, 0]], [[0, 3]], [[-1, 0]]])
def test_wrong_pairs_are_refused(pairs: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="pair"):
        clusters(3, np.array(pairs), np.ones(len(pairs)), threshold=0.5)
    with pytest.raises(ValueError, match="threshold"):
        clusters(3, np.array([[0, 1]]), np.ones(1), threshold=0)
