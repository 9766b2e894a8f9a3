"""About the figures: they are those that were measured, of this archive, and licences name all that is shipped."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from starlette.testclient import TestClient

from pourparler.archive import query as asking
from pourparler.archive import verdicts
from pourparler.archive.conditions import Query
from pourparler.web.pages.about import about_page
from tests.web.conftest import ROOT, archive_of
from tests.web.looking import counted, heading_number

DATA = ROOT / "src" / "pourparler" / "web" / "data"


def result(name: str, path: str) -> float:
    found: Any = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text(encoding="utf-8"))["figures"]
    for key in path.split("."):
        found = found[key]
    return float(found)


def test_figures_are_those_of_the_frozen_results() -> None:
    data = tomllib.loads((DATA / "accuracy.toml").read_text(encoding="utf-8"))
    columns = data["exam"]["column"]
    for column in columns:
        assert column["events"] == result(column["result"], "gold_events")
    for row in data["exam"]["row"]:
        assert row["values"] == [result(column["result"], row["path"]) for column in columns], row["what"]
    for one in [*data["task"], data["calibration"]]:
        assert one["value"] == result(one["result"], one["path"]), one


def test_licences_name_every_package_of_the_script() -> None:
    lock = json.loads((ROOT / "front" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    shipped = {
        path.removeprefix("node_modules/"): one["license"]
        for path, one in lock.items()
        if path and not one.get("dev") and not one.get("optional") and not one.get("peer")
    }
    parts = tomllib.loads((DATA / "licences.toml").read_text(encoding="utf-8"))["part"]
    named = {one["package"]: one["terms"] for one in parts if "package" in one}
    # Tools that come along with a package but are in no file that we ship.
    assert {name: terms for name, terms in shipped.items() if name != "commander"} == named


def test_it_counts_what_the_archive_holds(desk: TestClient) -> None:
    page = about_page(archive_of(desk))
    assert page.content is None
    assert page.held.bins[-1].events == page.held.counts.events
    assert [one.events for one in page.held.bins] == sorted(one.events for one in page.held.bins)
    assert sum(one.read for one in page.held.readings) == page.held.counts.reports
    assert sum(one.shown for one in page.held.readings) == page.held.counts.tellings
    html = desk.get("/about").text
    for href, number in counted(html, "/events?confidence=")[:3]:
        assert f"{number:,}" in desk.get(href).text


def test_every_number_of_the_archive_leads_to_what_it_counts(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    first = asking.find(archive, Query(limit=2))
    for one, kind in zip(first, ("accept", "reject"), strict=True):
        verdicts.give(archive, kind, one.tellings[0], by="ani")  # type: ignore[arg-type]
    html = own_desk.get("/about").text
    holds = html.split('id="holds"')[1].split('id="runs"')[0] + html.split('id="runs"')[1].split("</table>")[0]
    numbers = counted(holds, "/")
    assert len(numbers) > 8
    for href, number in numbers:
        found = own_desk.get(href)
        assert found.status_code == 200, href
        if href.startswith("/api/"):
            assert found.json()["total"] == number, href
        elif href.startswith("/review/given"):
            assert found.text.count("data-row") == number, href
        else:
            assert heading_number(found.text, "found") == number, href
    # Beside those only days, versions and hashes have digits.
    bare = re.sub(r"<a [^>]*>.*?</a>|<code>.*?</code>|version [\d.]+|\d{4}-\d\d-\d\d", "", holds)
    assert re.findall(r">[^<]*\d[^<]*<", bare) == []


def test_the_content_hash_is_made_on_demand(desk: TestClient) -> None:
    told = archive_of(desk).content_hash()
    assert told not in desk.get("/about").text
    assert told in desk.get("/about?content=yes").text
