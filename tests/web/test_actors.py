"""The actors pages: the list, the network's table, and one actor with titles, partners, events and statements."""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from pourparler.archive.views import actors
from pourparler.web.actor_lists import Choice, events_of, titled
from pourparler.web.pages import actors as actors_pages
from pourparler.web.pages.actors import Link, Number, actor_page, actors_page
from tests.web.looking import NAME, chronicle_of, heading_number, links


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
        assert sum(one.events for one in actor.as_source) == (parts["doing"].facts.count if "doing" in parts else 0)
        assert sum(one.events for one in actor.as_target) == (parts["done"].facts.count if "done" in parts else 0)
        every = {chronicle.tellings[key].event for key in actor.tellings}
        assert {one.event for part in page.parts for one in part.moments} <= every
        assert max((part.total.count for part in page.parts), default=0) <= len(every)


def test_events_with_a_partner_are_those_of_both(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    alone = actor_page(chronicle, "Nikol Pashinyan")
    mate = alone.mates[0]
    both = desk.get(mate.numbers[0].href.partition("#")[0]).text
    assert heading_number(both, "events") == mate.numbers[0].count > 0
    assert f"with {mate.name}" in both and 'id="doing"' not in both
    assert mate.numbers[0].count < sum(part.total.count for part in alone.parts)


def rows_of(desk: TestClient, number: Number, section: str) -> int:
    """Return how many rows the list has that a number leads to, over all its pages."""
    html = desk.get(number.href.partition("#")[0]).text
    rows = 0
    while True:
        part = html.split(f'aria-labelledby="{section}"')[1].split("</section>")[0]
        rows += len(re.findall(r'<li class="event |<li class="ground"|<tr><th scope="row">', part))
        on = re.search(r'rel="next"[^>]* href="([^"]+)"', part)
        if on is None:
            return rows
        html = desk.get(unescape(on[1])).text


@pytest.mark.parametrize("name", ["Nikol Pashinyan", "Vladimir Putin"])
def test_every_number_of_an_actor_leads_to_so_many_rows(
    desk: TestClient, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few rows fit on a page: what is left over is on the pages after it.
    monkeypatch.setattr(actors_pages, "_MOST", 7)
    desk.app.state.desk.pages.forget(lambda _: True)  # type: ignore[attr-defined]
    page = actor_page(chronicle_of(desk), name)
    found = [(one, "events") for one in page.figures[:2]]
    found += [(page.figures[2], "statements"), (page.figures[3], "partners")]
    found += [(one.reports, "events") for one in page.offices]
    found += [(number, "events") for _, did, had in page.kinds for number in (did, had)]
    found += [(number, "events") for part in page.parts for number in (part.total, part.facts)]
    found += [(number, "events") for mate in page.mates[:3] for number in mate.numbers]
    shown = desk.get(page.href).text
    for number, section in found:
        if number.count:
            assert rows_of(desk, number, section) == number.count, number
            assert f'href="{escape(number.href)}"' in shown, number
    assert sum(number.count > 7 for number, _ in found) > 1
    desk.app.state.desk.pages.forget(lambda _: True)  # type: ignore[attr-defined]


def test_numbers_agree_for_everybody(desk: TestClient) -> None:
    """What the lists hold is found anew, beside the view that counts: they agree for all, not for a few."""
    chronicle, seen = chronicle_of(desk), 0
    for actor in actors.view(chronicle):
        page = actor_page(chronicle, actor.name, country=actor.country)
        assert page.actor == actor
        for number in (
            *page.figures[:2], *(one for _, *both in page.kinds for one in both),
            *(one.reports for one in page.offices), *(one for mate in page.mates for one in mate.numbers),
        ):  # fmt: skip
            asked = {name: values[0] for name, values in parse_qs(urlsplit(number.href).query).items()}
            choice = Choice(*(asked.get(name, "") for name in ("part", "only", "with")))
            title = asked.get("title")
            found = titled(chronicle, actor, title) if title else events_of(chronicle, actor, choice)
            assert len(found) == number.count, number
            seen += 1
        names = Counter(one.name for one in actor.partners)
        mates = {mate.name: tuple(one.count for one in mate.numbers) for mate in page.mates}
        assert len(names) == page.mates_all.count
        for one in actor.partners:
            # Those of one name with other countries are one on the page.
            told = (one.events, one.cooperation, one.conflict)
            assert mates.get(one.name, told) == told or names[one.name] > 1, one
    assert seen > 200


def test_all_edges_are_a_link_away(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors_pages, "_EDGES", 20)
    chronicle = chronicle_of(desk)
    first = actors_page(chronicle, find="", number=1)
    assert len(first.links) == 20 < first.links_all.count
    asked = {name: values[0] for name, values in parse_qs(urlsplit(first.links_all.href).query).items()}
    assert asked["all"] == "edges"
    seen: list[Link] = []
    number = 1
    while True:
        page = actors_page(chronicle, find="", number=number, whole="edges")
        seen += page.links
        assert page.links_turn is not None and page.links_turn.total == first.links_all.count
        if page.links_turn.on is None:
            break
        number += 1
    assert len(seen) == first.links_all.count
    edges = actors.edges(chronicle)
    every = {(one.source, one.target): one for one in edges}
    by_name = {one.name: one for one in reversed(actors.view(chronicle))}
    several = Counter((one.source, one.target) for one in edges)
    for row in seen:
        edge, pair = row.edge, (row.edge.source, row.edge.target)
        for one, only in zip(row.numbers, ("fact", "cooperation", "conflict"), strict=True):
            assert (
                len(events_of(chronicle, by_name[edge.source], Choice(only=only, towards=edge.target))) == one.count
            )
        whole = every[pair]
        told = (whole.weight, whole.cooperation, whole.conflict, whole.first, whole.last)
        counts = tuple(one.count for one in row.numbers)
        assert (*counts, edge.first, edge.last) == told or several[pair] > 1
    assert {(row.edge.source, row.edge.target) for row in seen} == set(every)


def test_lists_that_are_not_there_show_all(desk: TestClient) -> None:
    page = f"/actors/Nikol%20Pashinyan?process={NAME}"
    plain = desk.get(page).text
    assert desk.get(f"{page}&part=<b>&only=pie&all=x&page=-1").text == plain
    nobody = desk.get(f"{page}&with=<b>Nobody").text
    assert heading_number(nobody, "events") == 0 and "None." in nobody and "<b>Nobody" not in nobody
    assert "<script>" not in desk.get(f"{page}&title=<script>&page=99").text


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
