"""What is installed can be pinned: the lock names every dependency with its hashes, and the bill lists the same."""

from __future__ import annotations

import importlib.metadata
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
BILL = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))


def _pins() -> list[tuple[Requirement, list[str]]]:
    """Return each pin with its hashes."""
    out = []
    for entry in LOCK.replace("\\\n", " ").splitlines():
        words, *hashes = entry.split("--hash=")
        out.append((Requirement(words.strip()), [one.strip() for one in hashes]))
    return out


def _here() -> dict[str, str]:
    """Return the pins that count on this machine: name and version."""
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin, _ in _pins()
        if pin.marker is None or pin.marker.evaluate()
    }


def _wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(one) for one in project["dependencies"]]


def test_each_pin_has_hashes_and_no_address() -> None:
    pins = _pins()
    assert len(pins) > 50
    for pin, hashes in pins:
        assert re.fullmatch(r"==[\w.!+-]+", str(pin.specifier)), pin
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), pin
    assert "://" not in LOCK and "--index" not in LOCK


def test_the_lock_is_what_the_project_asks_for() -> None:
    """When this fails: make lock."""
    here = _here()
    for one in _wanted():
        assert one.specifier.contains(here[canonicalize_name(one.name)], prereleases=True), one


def test_every_dependency_of_a_pin_is_pinned() -> None:
    """Looked up in this environment, for each package that is installed here in the very version of the lock."""
    here = _here()
    seen: set[str] = set()
    same = 0
    waiting = [canonicalize_name(one.name) for one in _wanted()]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        assert name in here, name
        if _installed(name) == here[name]:
            same += 1
            waiting += _needs(name)
    # Where nothing is the same, nothing was looked at; newer versions may need others.
    assert same or not any(_installed(name) == version for name, version in here.items())


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _needs(name: str) -> Iterator[str]:
    for words in importlib.metadata.requires(name) or ():
        one = Requirement(words)
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            yield canonicalize_name(one.name)


def test_the_bill_lists_what_is_pinned_and_what_the_desks_script_holds() -> None:
    """When this fails: make lock."""
    listed = {(one["name"], one["version"]) for one in BILL["components"] if one["purl"].startswith("pkg:pypi/")}
    assert listed == {(pin.name, str(pin.specifier).removeprefix("==")) for pin, _ in _pins()}
    packages = json.loads((ROOT / "front" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert set(packages) <= {one["name"] for one in BILL["components"] if one["purl"].startswith("pkg:npm/")}
    assert BILL["bomFormat"] == "CycloneDX"
    assert "://" not in json.dumps(BILL)
