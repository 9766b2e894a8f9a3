"""A desk on the example process: its archive is read once for all tests, and copied for those that write to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from starlette.testclient import TestClient

from pourparler.archive.joining import join
from pourparler.archive.store import Archive
from pourparler.web.app import create_app
from pourparler.web.settings import Settings
from tests.archive.alike_by_words import Alike

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://127.0.0.1:8321"
PROCESS = """
name = "armenia-azerbaijan"
title = "Armenia and Azerbaijan"
since = 2020-07-01
places = ["Nagorno-Karabakh", "Lachin", "Stepanakert"]
words = ["Karabakh", "Lachin", "Zangezur"]

[[side]]
name = "Armenia"
countries = ["ARM"]

[[side]]
name = "Azerbaijan"
countries = ["AZE"]

[[mediator]]
name = "Russia"
countries = ["RUS"]

[[mediator]]
name = "European Union"
names = ["European Union", "Charles Michel"]
"""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, read_example: Path) -> Path:
    """The archive of the example process; not to be written to."""
    folder = tmp_path_factory.mktemp("desk")
    path = folder / "example.db"
    (folder / "armenia-azerbaijan.toml").write_text(PROCESS, encoding="utf-8")
    _copy(read_example, path)
    with Archive.open(path) as archive:
        join(archive, Alike(threshold=0.25))
    return path


def desk_on(path: Path, **settings: object) -> TestClient:
    """Return a client of a desk on an archive, its process files beside it; enter it to start the desk."""
    made = Settings(str(path), processes=(path.parent,), ahead=False, **settings)  # type: ignore[arg-type]
    return TestClient(create_app(made), base_url=ADDRESS, raise_server_exceptions=True)


@pytest.fixture(scope="session")
def desk(filled: Path) -> Iterator[TestClient]:
    """A desk on the example archive, for looking only."""
    with desk_on(filled) as client:
        yield client


@pytest.fixture
def own_desk(filled: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A desk on a copy of the example archive, to be written to."""
    with desk_on(copied(filled, tmp_path)) as client:
        yield client


def copied(filled: Path, folder: Path) -> Path:
    """Copy the example archive with its process file; return the copy's path."""
    path = folder / filled.name
    _copy(filled, path)
    shutil.copy(filled.parent / "armenia-azerbaijan.toml", folder)
    return path


def _copy(source: Path, target: Path) -> None:
    """Copy an archive that may be open: what is not yet written into the file itself must come along."""
    with closing(connect(source)) as read, closing(connect(target)) as written:
        read.backup(written)


def archive_of(client: TestClient) -> Archive:
    """Return the archive that a client's desk works on."""
    archive: Archive = client.app.state.desk.archive  # type: ignore[attr-defined]
    return archive


def token(client: TestClient, page: str = "/events") -> str:
    """Return the token that a form of a page holds."""
    found = client.get(page).text.split('name="form_token" value="', 1)
    return found[1].split('"', 1)[0]
