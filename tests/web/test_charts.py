"""Data of charts: true to the views, with links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from pourparler.archive.views import actors, claims, relations, timeline
from pourparler.archive.views.common import today_of
from pourparler.web import charts
from pourparler.web.kept_views import kept
from tests.web.looking import NAME, chronicle_of


def chart(desk: TestClient, kind: str) -> dict[str, Any]:
    answer = desk.get(f"/api/v1/process/{NAME}/chart/{kind}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def hrefs(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "href":
                yield inner
            else:
                yield from hrefs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from hrefs(inner)


@pytest.mark.parametrize("kind", sorted(charts.KINDS))
def test_links_lead_somewhere(desk: TestClient, kind: str) -> None:
    found = list(hrefs(chart(desk, kind)))
    for href in found[:2] + found[-1:]:
        assert href.startswith("/") and desk.get(href.partition("#")[0]).status_code == 200, href


def test_lanes_have_every_event_with_a_day(desk: TestClient) -> None:
    made = chart(desk, "lanes")
    every = [one for one in timeline.view(chronicle_of(desk)) if one.day]
    assert made["left"] == 0
    assert len({one["href"] for one in made["events"]}) == len(every)
    assert {one["lane"] for one in made["events"]} <= set(made["lanes"])
    assert made["lanes"][:2] == ["Armenia", "Azerbaijan"]
    assert max(one["weight"] for one in made["events"]) == 1


def test_months_count_an_event_once_whatever_it_is_directed_at(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    made = chart(desk, "months")
    acts = list(relations.acts(chronicle, today_of(chronicle, None)))
    for sign, name in ((1, "cooperation"), (-1, "conflict")):
        events = {act.event.key for act in acts if act.fact and act.event.score * sign > 0}
        assert sum(made["directions"][0][name]) == len(events) > 0
    assert made["months"] == sorted(made["months"]) and len(set(made["months"])) == len(made["months"])
    pairs = {one["name"] for one in made["directions"][1:]}
    assert "Armenia → Azerbaijan" in pairs and len(pairs) == len({(act.source, act.target) for act in acts})
    rows = [row for row in relations.view(chronicle) if (row.source, row.target) == ("Armenia", "Azerbaijan")]
    own = next(one for one in made["directions"] if one["name"] == "Armenia → Azerbaijan")
    assert sum(own["conflict"]) == sum(row.conflict for row in rows)


def test_the_matrix_has_every_claim(desk: TestClient) -> None:
    made = chart(desk, "matrix")
    assert sum(cell["count"] for cell in made["cells"]) == len(claims.view(chronicle_of(desk)))


def test_the_network_links_only_who_is_shown(desk: TestClient) -> None:
    made = chart(desk, "network")
    names = [node["id"] for node in made["nodes"]]
    assert len(set(names)) == len(names) <= 36
    pairs = [(edge["source"], edge["target"]) for edge in made["edges"]]
    assert pairs and len(set(pairs)) == len(pairs) and all(a in names and b in names and a < b for a, b in pairs)
    for edge in made["edges"][:12]:
        page = desk.get(edge["href"]).text
        assert int(re.search(r'<h2 id="events">[^<]*<span class="soft">(\d+)', page)[1]) == edge["value"]  # type: ignore[index]


def test_the_map_has_a_region_around_the_sides(desk: TestClient) -> None:
    made = chart(desk, "map")
    west, south, east, north = made["region"]
    inside = [one for one in made["points"] if west < one["lon"] < east and south < one["lat"] < north]
    assert {"Yerevan", "Agdam"} <= {one["name"] for one in inside}
    assert "Brussels" not in {one["name"] for one in inside}


def test_a_chart_there_is_none_of(desk: TestClient) -> None:
    answer = desk.get(f"/api/v1/process/{NAME}/chart/pie")
    assert answer.status_code == 404 and "Charts are" in answer.json()["error"]


def test_a_view_is_made_once_for_a_chronicle(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    assert kept(chronicle, actors.view) is kept(chronicle, actors.view)
    assert kept(chronicle, actors.view) == actors.view(chronicle)
    assert kept(chronicle, actors.view, today=today_of(chronicle, None)) is not kept(chronicle, actors.view)
