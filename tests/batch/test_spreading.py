"""Joining in portions gives the vectors that joining in one piece gives, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pourparler.archive import candidates
from pourparler.archive.loading import load
from pourparler.archive.meaning import vectors
from pourparler.archive.store import Archive
from pourparler.batch import joining
from pourparler.batch.joining import portions
from pourparler.batch.plan import Plan
from pourparler.reading import Reader
from tests.batch.by_hand import run


def test_portions_change_nothing(
    tmp_path: Path, names: tuple[str, ...], reader: Reader, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(names, Plan(str(tmp_path / "out"), key), reader, tmp_path / "claims.db")
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        load(archive, str(tmp_path / "out"))
        with archive.reading() as connection:
            found = candidates.load(connection)
    assert len(found) > 100
    monkeypatch.setattr(joining, "_TEXTS", 7)
    order, parts = portions(found)
    assert len(parts) > 5 and sorted(order) == list(range(len(found)))
    made = np.empty_like(whole := vectors(found))
    made[order] = np.concatenate([vectors(part) for part in parts])
    assert np.array_equal(made, whole)
