"""A telling as vectors: its words' stems and weights, and what the shipped encoder says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from pourparler.archive import meaning
from pourparler.archive.alike import Telling
from pourparler.errors import ModelFileError


def telling(text: str, trigger: str) -> Telling:
    start = text.index(trigger)
    return Telling(text, text, text, start, start + len(trigger))


MET = telling("The foreign ministers of Norway and Chile met in Oslo on Tuesday.", "met")
TALKED = telling("In Oslo the top diplomats of Chile and Norway held talks on Tuesday.", "held talks")
STRUCK = telling("An earthquake struck the coast near Valparaiso, killing nine people.", "struck")


def test_vectors_have_length_one_and_like_acts_lie_nearer() -> None:
    found = meaning.vectors([MET, TALKED, STRUCK])
    half = found.shape[1] // 2
    for part in (found[:, :half], found[:, half:]):
        assert np.allclose(np.linalg.norm(part, axis=1), 1, atol=1e-4)
        assert part[0] @ part[1] > part[0] @ part[2] + 0.1


def test_vectors_do_not_depend_on_what_else_is_asked() -> None:
    # Each from an encoder of its own: one keeps the vectors that it made.
    killing = telling(STRUCK.text, "killing")
    together = meaning.Encoder().vectors([STRUCK, TALKED, MET, MET, killing])
    assert np.array_equal(together[2], meaning.Encoder().vectors([MET])[0])
    assert np.array_equal(together[4], meaning.Encoder().vectors([killing])[0])
    assert np.array_equal(together[2], together[3])
    assert meaning.vectors([]).shape[0] == 0


def test_the_last_vectors_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "_KEPT", 2)
    encoder, asked = meaning.Encoder(), list[str]()
    made = encoder._run
    monkeypatch.setattr(encoder, "_run", lambda text, triggers: [asked.append(text), made(text, triggers)][1])
    first = encoder.vectors([MET, TALKED])
    assert np.array_equal(encoder.vectors([TALKED, MET]), first[::-1])
    encoder.vectors([MET, STRUCK])
    # MET was asked for again and STRUCK came in: TALKED went.
    assert np.array_equal(encoder.vectors([STRUCK, MET])[1], first[0])
    assert sorted(asked[:2]) == sorted([MET.text, TALKED.text]) and asked[2:] == [STRUCK.text]
    assert np.array_equal(encoder.vectors([TALKED])[0], first[1]) and asked[-1] == TALKED.text


@pytest.mark.parametrize("text", ["", "\ud800 met", "met " * 5000, "\u0000"])
def test_any_text_has_a_vector(text: str) -> None:
    ends = (0, min(3, len(text))), (max(0, len(text) - 2), len(text)), (9000, 9001)
    found = meaning.vectors([Telling("k", "r", text, *span) for span in ends])
    assert np.isfinite(found).all()


def test_triggers_of_one_text_differ() -> None:
    text = "Rebels shelled the town and later released two hostages."
    shelled, released = meaning.vectors([telling(text, "shelled"), telling(text, "released")])
    half = len(shelled) // 2
    assert shelled[:half] @ released[:half] < 0.9
    assert np.allclose(shelled[half:], released[half:])


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        (["acquire", "acquires", "acquired", "acquiring"], "acquir"),
        (["stop", "stops", "stopped", "Stopping"], "stop"),
        (["meet", "met", "meeting", "meets"], "meet"),
        (["deny", "denies", "denied"], "deny"),
        (["kill", "killing", "kills"], "kill"),
        (["crisis"], "crisis"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: list[str], stem: str) -> None:
    assert {meaning.stem(form) for form in forms} == {stem}


@pytest.mark.parametrize(("trigger", "head"), [("called off", "call"), ("opened fire", "fir"), ("summit", "summit")])
def test_head_stands_before_a_particle_or_last(trigger: str, head: str) -> None:
    assert meaning.stemmer().head(trigger) == head


def test_rare_words_weigh_more() -> None:
    table = meaning.weights()
    assert table.of(meaning.stem("government")) < table.of(meaning.stem("armistice")) < table.of("neverseen")


def test_rows_give_cosines_and_shares() -> None:
    rows = meaning.Rows.of([["oslo", "talk"], ["oslo", "talk"], ["quak"], [], ["oslo"]], {})
    a, b = np.array([0, 0, 3, 0]), np.array([1, 2, 0, 4])
    cosines = rows.cosines(a, b)
    assert cosines[:3].tolist() == pytest.approx([1, 0, 0])
    assert 0 < cosines[3] < 1
    assert rows.shares(b, rows, a)[3] == pytest.approx(1)  # all of ["oslo"] stands in the first
    assert rows.shares(a, rows, b)[3] == pytest.approx(cosines[3] ** 2)


def test_other_weights_than_the_shipped_ones_are_refused(tmp_path: Path) -> None:
    data = Path(meaning.__file__).parent / "data"
    with pytest.raises(ModelFileError, match=r"same\.json"):
        meaning.Encoder(tmp_path)
    shutil.copy(data / "same.json", tmp_path)
    (tmp_path / "same.onnx").write_bytes(b"other")
    with pytest.raises(ModelFileError, match="not the file that was shipped"):
        meaning.Encoder(tmp_path)
