"""The relation task's scores, on answers made by hand."""

from benchmarks.relation import macro_f1, quad_of, scores

from pourparler.model.labels import RELATED


def row(label: str, quad: str) -> dict[str, str]:
    return {"label": label, "quad": quad}


def test_every_root_has_a_quad() -> None:
    assert {quad_of(root) for root in RELATED} == {
        "verbal_cooperation",
        "material_cooperation",
        "verbal_conflict",
        "material_conflict",
    }
    assert quad_of("YIELD") == "material_cooperation"


def test_means_are_unweighted_and_yield_joins_two_types() -> None:
    rows = [row("ACCUSE", "verbal_conflict")] * 3 + [row("RETREAT", "material_cooperation")]
    assert scores(rows, ["ACCUSE", "ACCUSE", "ACCUSE", "YIELD"])["root_macro_f1"] == 100.0
    found = scores(rows, ["ACCUSE"] * 4)
    # ACCUSE: 3 of 3 found in 4 answers, F1 6/7; YIELD: none. The mean counts both the same.
    assert found["root_macro_f1"] == round(100 * (6 / 7) / 2, 1)
    assert found["root_accuracy"] == 75.0
    assert scores(rows, ["REJECT", "ACCUSE", "ACCUSE", "AID"])["quad_macro_f1"] == 100.0


def test_a_class_that_only_the_answers_have_counts() -> None:
    assert macro_f1([("A", "A"), ("A", "B")]) == round(100 * (2 / 3) / 2, 1)
