"""The process page: its figures are those of the lists they lead to, and the relations are there as a table too."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from pourparler.archive.store import Arrived
from pourparler.record import Document
from pourparler.web import relation_months
from pourparler.web.relation_months import SERIES, directions
from tests.web.conftest import archive_of
from tests.web.looking import NAME, chronicle_of, counted, heading_number, links

PAGE = f"/process/{NAME}"


def test_every_figure_leads_to_what_it_counts(desk: TestClient) -> None:
    page = desk.get(PAGE).text
    figures = re.findall(r'<li><a href="([^"]+)"><b>([\d,]+)</b>([a-z ]+)</a>', page)
    assert [words for _, _, words in figures] == [
        "events", "told by several outlets", "claims only", "commitments", "reports",
    ]  # fmt: skip
    for href, number, words in figures:
        there = desk.get(unescape(href)).text
        if words == "commitments":
            states = re.findall(r'<h3 id="commitments-\w+">\w+ <span class="soft">([\d,]+)</span>', there)
            assert sum(int(one.replace(",", "")) for one in states) == int(number) > 0
        else:
            assert heading_number(there, "found") == int(number.replace(",", "")) > 0, words


def test_what_is_new_is_what_came_in_since(own_desk: TestClient) -> None:
    assert 'id="new"' not in own_desk.get(PAGE).text, "nobody was here before"
    accounts = own_desk.app.state.desk.accounts  # type: ignore[attr-defined]
    accounts._do("UPDATE visit SET at = 1")
    page = own_desk.get(PAGE).text
    assert page.split('id="new"')[1].split("</section>")[0].count("data-row") == 12
    # A report that came in long ago comes in once more: it is no news.
    accounts._do("UPDATE visit SET at = at + 60")
    archive_of(own_desk).add_reports([Arrived(Document("x", "Quiet.", None, "2023-01-01"), "later")])
    assert "Nothing new has been told." in own_desk.get(PAGE).text


def test_the_table_has_the_figures_of_the_chart(desk: TestClient) -> None:
    chart = desk.get(f"/api/v1{PAGE}/chart/months").json()
    table = desk.get(PAGE).text.split('<table class="months stack">')[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row" class="nowrap">([\d-]+)</th>(.*?)<td>[^<]*</td></tr>', table, re.DOTALL)
    assert 10 < len(rows) <= 24
    for month, cells in rows:
        at = chart["months"].index(month)
        numbers = [int(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<td[^>]*>(.*?)</td>", cells)]
        assert numbers == [chart["directions"][0][name][at] for name in SERIES], month


def test_a_wrong_year_makes_no_thousands_of_months() -> None:
    assert relation_months._every_month(["2022-11", "2023-02", "2022-11"]) == [
        "2022-11",
        "2022-12",
        "2023-01",
        "2023-02",
    ]
    assert relation_months._every_month(["2023-02", "0001-01", "2023-01"]) == ["0001-01", "2023-01", "2023-02"]
    assert relation_months._every_month([]) == []


@pytest.mark.parametrize("which", [0, 1, -1])
def test_every_number_of_relations_leads_to_its_events(desk: TestClient, which: int) -> None:
    direction = directions(chronicle_of(desk))[which]
    page = desk.get("/relations", params={"process": NAME, "source": direction.source, "target": direction.target})
    numbers = counted(page.text, "/relations?")
    told = sum(len(getattr(one, name)) for one in direction.months for name in SERIES)
    assert sum(number for _, number in numbers) == told > 0
    for href, number in numbers[:4] + numbers[-2:]:
        there = desk.get(href).text
        rows = there.split('id="found"')[1].split("</section>")[0]
        assert rows.count("data-row") == number, href
        month = re.search(r"month=([\d-]+)", href)
        assert month and all(month[1] in one for one in re.findall(r'<time datetime="([\d-]+)"', rows))


def test_relations_that_are_not_there_show_all(desk: TestClient) -> None:
    page = desk.get("/relations?process=armenia-azerbaijan&source=Nobody&target=<b>&month=x&series=pie")
    assert page.status_code == 200 and "<b>&" not in page.text and 'id="found"' not in page.text
    assert desk.get("/relations?process=armenia-azerbaijan&month=1999-01&series=conflict").text.count("None.") == 1


def test_alerts_lead_to_the_figures(desk: TestClient) -> None:
    alerts = desk.get(PAGE).text.split("<h3>Alerts</h3>")
    if len(alerts) == 1:
        pytest.skip("the example has no alert")
    for href in links(alerts[1].split("</ul>")[0], "/relations"):
        assert desk.get(href.partition("#")[0]).status_code == 200
