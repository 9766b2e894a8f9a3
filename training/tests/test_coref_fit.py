"""The fit of coreference learns which signs speak for going back."""

from pathlib import Path

from trainer.coref import Choice, fit, write


def test_signs_that_tell_get_the_weight_and_rare_ones_none(tmp_path: Path) -> None:
    back = Choice([["none"], ["same"], ["other"]], [False, True, False])
    fresh = Choice([["none"], ["other"], ["rare"]], [True, False, False])
    weights = fit([back] * 30 + [fresh] * 8)
    assert weights["same"] > weights["none"] > weights["other"]
    assert "rare" not in weights
    write(weights, tmp_path / "w.tsv")
    rows = dict(line.split("\t") for line in (tmp_path / "w.tsv").read_text().splitlines()[1:])
    assert float(rows["same"]) == round(weights["same"], 2)
    assert float(rows["none"]) == round(weights["none"] - 1.5, 2)
