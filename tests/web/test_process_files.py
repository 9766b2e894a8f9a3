"""Process files in the desk's folders: read again when they change, and left out where they are none."""

from __future__ import annotations

import os
from pathlib import Path

from pourparler.web.process_files import ProcessFiles
from tests.web.conftest import desk_on


def write(path: Path, name: str, title: str) -> None:
    sides = "".join(f'\n[[side]]\nname = "{side}"\ncountries = ["{side}"]\n' for side in ("ARM", "AZE"))
    path.write_text(f'name = "{name}"\ntitle = "{title}"\n{sides}', encoding="utf-8")
    # A clock of the disk that stands still within the test is no excuse.
    os.utime(path, ns=(path.stat().st_mtime_ns + 1000, path.stat().st_mtime_ns + 1000))


def titles(files: ProcessFiles) -> list[str]:
    return [one.title for one in files.processes()]


def test_a_file_that_changes_comes_or_goes_is_seen(tmp_path: Path) -> None:
    files = ProcessFiles((tmp_path, tmp_path / "later"))
    assert titles(files) == []
    write(tmp_path / "b.toml", "b", "Second")
    write(tmp_path / "a.toml", "a", "First")
    before = files.state()
    assert titles(files) == ["First", "Second"]
    assert files.state() == before and files.processes() is files.processes(), "nothing is read twice"
    write(tmp_path / "a.toml", "a", "Other words")
    assert titles(files) == ["Other words", "Second"] and files.state() != before
    (tmp_path / "b.toml").unlink()
    assert titles(files) == ["Other words"]
    (tmp_path / "later").mkdir()
    write(tmp_path / "later" / "c.toml", "c", "Third")
    assert titles(files) == ["Other words", "Third"]


def test_files_that_are_none_are_left_out_until_they_are(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    (tmp_path / "broken.toml").write_text("name = ", encoding="utf-8")
    (tmp_path / "folder.toml").mkdir()
    files = ProcessFiles((tmp_path,))
    assert titles(files) == []
    write(tmp_path / "broken.toml", "mended", "Mended")
    assert titles(files) == ["Mended"]


def test_of_two_with_one_name_the_first_folder_counts(tmp_path: Path) -> None:
    for n, folder in enumerate(("near", "far")):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "a.toml", "a", f"Title {n}")
    assert titles(ProcessFiles((tmp_path / "near", tmp_path / "far"))) == ["Title 0"]


def test_a_name_with_signs_of_addresses_is_followed_everywhere(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", "Talks & #2", "Second talks")
    with desk_on(tmp_path / "a.db") as desk:
        assert desk.get("/").status_code == desk.get("/process?name=Talks %26 %232").status_code == 200
        asked = {"process": "Talks & #2"}
        assert "/events?process=Talks+%26+%232" in desk.get("/events", params={**asked, "text": "corridor"}).text
        for page in ("/events", "/reports"):
            # Where a question makes no sense, the process is still the one that is looked at.
            assert "of Second talks" in desk.get(page, params={**asked, "until": "soon"}).text
