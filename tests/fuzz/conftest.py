"""What harnesses keep, they keep in a folder of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fuzz import targets


@pytest.fixture(scope="session", autouse=True)
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The small archive that harnesses share lies in a folder of the tests' own."""
    kept = targets.CORPUS
    targets.CORPUS = tmp_path_factory.mktemp("fuzz")
    yield
    targets.CORPUS = kept
