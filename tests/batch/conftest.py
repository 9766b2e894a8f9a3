"""One reader and one set of sources for all tests of batches."""

from __future__ import annotations

import pytest

from pourparler.archive.keys import run_key
from pourparler.batch.plan import Plan, make_reader
from pourparler.reading import Reader
from tests.batch.sources import write


@pytest.fixture(scope="session")
def reader() -> Reader:
    return make_reader(Plan("", ""))


@pytest.fixture(scope="session")
def key(reader: Reader) -> str:
    return run_key(reader.run)


@pytest.fixture(scope="session")
def names(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    return write(tmp_path_factory.mktemp("sources"))
