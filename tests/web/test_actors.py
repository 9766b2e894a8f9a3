"""The actors pages: the list, the network's table, and one actor with titles, partners, events and statements."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from pourparler.archive.views import actors
from pourparler.web.pages.actors import actor_page, actors_page
from tests.web.looking import NAME, chronicle_of, links


def test_the_list_has_everybody_over_its_pages(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    every = actors.view(chronicle)
    names: list[str] = []
    number = 1
    while True:
        page = actors_page(chronicle, find="", number=number)
        names += [row.actor.name for row in page.rows]
        if page.turn.on is None:
            break
        number += 1
    assert names == [one.name for one in every]
    assert page.total == len(every)


def test_finding_by_office(desk: TestClient) -> None:
    page = actors_page(chronicle_of(desk), find="prime minister", number=1)
    assert "Nikol Pashinyan" in [row.actor.name for row in page.rows]
    assert len(page.rows) < page.total
    html = desk.get("/actors", params={"process": NAME, "find": '"><b>zzz'}).text
    assert "Nobody has these words" in html and '"><b>zzz' not in html


def test_an_actor_has_all_its_events_as_source_or_target(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    for actor in actors.view(chronicle)[:12]:
        page = actor_page(chronicle, actor.name, country=actor.country)
        assert page.actor == actor
        parts = {part.id: part for part in page.parts}
        assert "part" not in parts, (actor.name, parts["part"].moments)
        assert sum(one.events for one in actor.as_source) == (parts["doing"].facts if "doing" in parts else 0)
        assert sum(one.events for one in actor.as_target) == (parts["done"].facts if "done" in parts else 0)


def test_events_with_a_partner_are_those_of_both(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    name = "Nikol Pashinyan"
    alone = actor_page(chronicle, name)
    mate = alone.mates[0]
    both = actor_page(chronicle, name, beside=mate.name)
    seen = {one.event for part in both.parts for one in part.moments if one.status in ("happened", "ongoing")}
    assert len(seen) >= mate.events > 0
    assert sum(part.total for part in both.parts) < sum(part.total for part in alone.parts)
    assert f"with {mate.name}" in desk.get(mate.together.partition("#")[0]).text


def test_titles_over_time_are_drawn_and_listed(desk: TestClient) -> None:
    html = desk.get(f"/actors/Nikol%20Pashinyan?process={NAME}").text
    page = actor_page(chronicle_of(desk), "Nikol Pashinyan")
    assert html.count("<rect ") == len(page.offices) >= 1
    for one in page.offices:
        assert 0 <= one.x <= one.x + one.width <= page.wide
    assert "Prime Minister" in html and "style=" not in html


def test_links_of_the_list_lead_somewhere(desk: TestClient) -> None:
    html = desk.get(f"/actors?process={NAME}").text
    found = [href.partition("#")[0] for href in links(html, "/actors/")]
    for href in found[:3] + found[-2:]:
        assert desk.get(href).status_code == 200, href


def test_nobody_of_the_name(desk: TestClient) -> None:
    answer = desk.get(f"/actors/%3Cscript%3E?process={NAME}")
    assert answer.status_code == 404
    assert "<script>&#39;" not in answer.text and re.search(r"&lt;script&gt;", answer.text)
