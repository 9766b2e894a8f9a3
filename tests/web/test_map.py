"""The map page: every event is at one place or nowhere, and each number lists so many events."""

from __future__ import annotations

import dataclasses
import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from pourparler.archive.process import Member, Process
from pourparler.web.pages import map as map_pages
from pourparler.web.spots import Spot, region, spots
from tests.web.looking import NAME, chronicle_of, counted, heading_number


def test_every_event_is_at_one_place_or_nowhere(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    found = spots(chronicle)
    keys = [key for one in (*found.placed, *found.named) for key in one.events] + list(found.nowhere)
    assert sorted(keys) == sorted(one.key for one in chronicle.events)
    for one in (*found.placed, *found.named):
        assert one.facts + one.claims + one.ahead == len(one.events)
    assert found.named and found.nowhere


def test_each_number_lists_so_many_events(desk: TestClient) -> None:
    html = desk.get(f"/map?process={NAME}").text
    numbers = counted(html, "/map?")
    assert len(numbers) > 10
    for href, number in [*numbers[:3], *numbers[-3:]]:
        assert heading_number(desk.get(href).text, "there") == number, href


def test_all_places_are_a_link_away(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_pages, "_MOST", 3)
    desk.app.state.desk.pages.forget(lambda _: True)  # type: ignore[attr-defined]
    html = desk.get(f"/map?process={NAME}").text
    [(href, number)] = re.findall(r'<a href="([^"]+)">All ([\d,]+) places</a>', html)
    there = desk.get(unescape(href)).text
    assert (
        html.count("data-row") == 6 < int(number) == there.count("data-row") and "All " not in there.split("<h1>")[1]
    )
    desk.app.state.desk.pages.forget(lambda _: True)  # type: ignore[attr-defined]


def test_a_place_that_is_none_is_told(desk: TestClient) -> None:
    answer = desk.get("/map", params={"process": NAME, "place": "<b>Atlantis"})
    assert answer.status_code == 200
    assert "No event took place at" in answer.text and "<b>Atlantis" not in answer.text


def spot(name: str, country: str, latitude: float, longitude: float) -> Spot:
    return Spot(name, name, country, latitude, longitude, 1, 0, 0, None, None, "/map", None, (name,))


def test_the_region_is_that_of_the_sides_and_not_of_the_talks() -> None:
    process = Process("p", "P", (Member("Armenia", ("ARM",)), Member("Azerbaijan", ("AZE",))))
    points = [
        spot("Yerevan", "Armenia", 40.18, 44.51),
        spot("Baku", "Azerbaijan", 40.38, 49.89),
        spot("Washington", "United States", 38.9, -77.0),
    ]
    found = region(points, process)
    assert found is not None
    west, south, east, north = found
    assert 43 < west < 44.51 and 49.89 < east < 51 and south < 40.18 and 40.38 < north < 43
    away = [dataclasses.replace(one, country="Belgium") for one in points[:1]]
    assert region(away, process) is not None
    assert region([], process) is None
