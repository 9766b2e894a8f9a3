"""Clusters of mentions are scored as the CoNLL tasks do; figures computed by hand."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from benchmarks.clusters import b_cubed, best_pairs, ceaf_e, found, muc
from benchmarks.coref import documents

GOLD = [set("ABC"), set("DEFG")]
OURS = [set("AB"), set("CD"), set("FGHI")]


def test_the_textbook_case_by_muc() -> None:
    # Recall (3 - 2 + 4 - 3) / (2 + 3), precision (2 - 1 + 2 - 2 + 4 - 3) / (1 + 1 + 3).
    count = muc(GOLD, OURS)
    assert (count.gold_right, count.gold, count.ours_right, count.ours) == (2, 5, 2, 5)
    assert count.recall == count.precision == 0.4 and count.f1 == pytest.approx(0.4)


def test_the_textbook_case_by_b_cubed() -> None:
    # Recall (4/3 + 1/3 + 1/4 + 4/4) / 7, precision (4/2 + 1/2 + 1/2 + 4/4) / 8.
    count = b_cubed(GOLD, OURS)
    assert count.recall == pytest.approx((5 / 3 + 5 / 4) / 7)
    assert count.precision == pytest.approx(0.5)
    assert count.f1 == pytest.approx(2 * (35 / 84) * 0.5 / (35 / 84 + 0.5))


def test_the_textbook_case_by_ceaf() -> None:
    # {A, B, C} with {A, B} is 4/5, {D, E, F, G} with {F, G, H, I} is 4/8; the third of ours has no partner.
    count = ceaf_e(GOLD, OURS)
    assert count.recall == pytest.approx(1.3 / 2) and count.precision == pytest.approx(1.3 / 3)
    assert count.f1 == pytest.approx(0.52)


def test_mentions_of_both_sides() -> None:
    count = found(GOLD, OURS)
    assert count.recall == pytest.approx(6 / 7) and count.precision == pytest.approx(6 / 8)


@pytest.mark.parametrize("score", [muc, b_cubed, ceaf_e, found])
def test_right_is_one_and_nothing_is_nought(score) -> None:  # type: ignore[no-untyped-def]
    assert score(GOLD, list(reversed(GOLD))).f1 == 1
    assert score(GOLD, []).f1 == score([], OURS).f1 == score([], []).f1 == 0


def test_one_cluster_for_all_is_dear_to_muc_alone() -> None:
    one = [set("ABCDEFG")]
    assert muc(GOLD, one).recall == 1 and muc(GOLD, one).precision == pytest.approx(5 / 6)
    assert b_cubed(GOLD, one).precision == pytest.approx((9 / 7 + 16 / 7) / 7)
    assert ceaf_e(GOLD, one).recall == pytest.approx(2 * 4 / 11 / 2)


def test_counts_add_up_over_documents() -> None:
    both = muc(GOLD, OURS) + muc(GOLD, GOLD)
    assert both.recall == pytest.approx(7 / 10)


def test_the_greedy_pairs_are_not_the_best() -> None:
    weights = [[10, 9], [9, 1]]
    assert best_pairs(2, 2, lambda i, j: weights[i][j]) == [(0, 1), (1, 0)]
    assert best_pairs(0, 3, lambda i, j: 1.0) == best_pairs(3, 0, lambda i, j: 1.0) == []


@pytest.mark.parametrize("seed", range(20))
def test_pairs_are_the_best_of_all(seed: int) -> None:
    chance = random.Random(seed)
    rows, columns = chance.randint(1, 5), chance.randint(1, 5)
    weights = [[chance.choice([0, 0, 0.5, chance.random()]) for _ in range(columns)] for _ in range(rows)]
    pairs = best_pairs(rows, columns, lambda i, j: weights[i][j])
    small, large = sorted((rows, columns))
    every = itertools.permutations(range(large), small)
    if rows <= columns:
        best = max(sum(weights[i][j] for i, j in enumerate(order)) for order in every)
    else:
        best = max(sum(weights[i][j] for j, i in enumerate(order)) for order in every)
    assert sum(weights[i][j] for i, j in pairs) == pytest.approx(best)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs) == small


def test_entities_are_read_nested_and_crossing(tmp_path: Path) -> None:
    marks = ["(1-person-new-n-cf1-1-coref(2-place-new-n-cf2-1-sgl)", "1)", "(1-person-giv:act-n-cf1-1-ana)", "_"]
    misc = ["SpaceAfter=No|Entity=" + marks[0], "Entity=" + marks[1], "Entity=" + marks[2] + "|XML=x", marks[3]]
    rows = [f"{i + 1}\tw{i}\tw\tNOUN\tN\t_\t0\troot\t_\t{misc[i]}" for i in range(4)]
    path = tmp_path / "one.conllu"
    body = "\n".join(rows[:2]) + "\n\n" + "\n".join(rows[2:]).replace("\n4\t", "\n2\t").replace("3\tw2", "1\tw2")
    path.write_text("# newdoc id = one\n" + body + "\n\n# newdoc id = two\n" + rows[3] + "\n\n")
    one, two = documents(path)
    assert one.name == "one" and one.words == ("w0", "w1", "w2", "w3") and one.sentences == ((0, 2), (2, 4))
    assert one.clusters == [((0, 2), (2, 3))] and two.clusters == []


def test_an_entity_that_does_not_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.conllu"
    path.write_text("# newdoc id = one\n1\tw\tw\tNOUN\tN\t_\t0\troot\t_\tEntity=(1-person\n\n")
    with pytest.raises(ValueError, match="do not end: 1"):
        list(documents(path))
