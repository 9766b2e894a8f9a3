"""Others on the same machine: who may read which file, and what links and files of theirs lead to."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pourparler.archive.store import Archive
from pourparler.cli.output import output
from pourparler.errors import DeskError, IntakeError
from pourparler.intake import find_sources
from pourparler.web.accounts import Accounts


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_archive_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive.open(path, create=True) as archive:
        with archive.reading() as connection:
            archive.serial(connection)
        beside = [one for one in tmp_path.iterdir() if one.name.startswith("a.db")]
        assert len(beside) > 1
        assert {_mode(one) for one in beside} == {0o600}


def test_an_archive_that_is_shared_stays_shared(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Archive.open(path, create=True).close()
    path.chmod(0o640)
    Archive.open(path, create=True).close()
    assert _mode(path) == 0o640


def test_the_accounts_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.desk.db"
    path.touch(0o644)
    accounts = Accounts(path)
    accounts.add("ann", "a long password", "owner")
    accounts.close()
    assert _mode(path) == 0o600


def test_a_link_or_anothers_file_in_place_of_the_accounts_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.touch(0o644)
    link = tmp_path / "a.desk.db"
    link.symlink_to(other)
    with pytest.raises(DeskError, match="cannot be opened"):
        Accounts(link)
    assert _mode(other) == 0o644 and other.read_bytes() == b""


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can make a file of somebody else")
def test_somebody_elses_accounts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.desk.db"
    path.touch(0o666)
    os.chown(path, 65534, 65534)
    with pytest.raises(DeskError, match="somebody else"):
        Accounts(path)


def test_links_in_a_folder_lead_nowhere_else(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET", encoding="utf-8")
    folder = tmp_path / "reports"
    (folder / "more").mkdir(parents=True)
    (folder / "a.txt").write_text("Ministers met.", encoding="utf-8")
    (folder / "link.txt").symlink_to(secret)
    (folder / "up.txt").symlink_to("../secret.txt")
    (folder / "own.txt").symlink_to("a.txt")
    (folder / "more" / "loop").symlink_to(folder)
    (folder / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    told: list[IntakeError] = []
    found = find_sources([str(folder)], on_error=told.append)
    assert [Path(one.name).name for one in found] == ["a.txt", "own.txt"]
    assert sorted(Path(one.source).name for one in told) == ["link.txt", "up.txt"]
    assert all("outside of the folder" in str(one) for one in told)


def test_what_is_being_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    with output(tmp_path / "events.csv") as stream:
        stream.write("x")
        (made,) = tmp_path.iterdir()
        assert _mode(made) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["events.csv"]


def test_uploads_lie_in_a_folder_of_the_owners_and_are_gone_afterwards() -> None:
    import io

    from pourparler.web.incoming import Upload, uploaded

    _, folder = uploaded([Upload("../../evil.txt", io.BytesIO(b"words"))], published=None)
    place = Path(folder.name)
    assert _mode(place) == 0o700
    assert [one.name for one in place.iterdir()] == ["0.txt"]
    folder.cleanup()
    assert not place.exists()
