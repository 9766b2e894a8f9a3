"""The events page: what is asked, what is found, how it is counted, and how it is taken along."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from pourparler.archive import query as asking
from pourparler.archive import schema, verdicts
from pourparler.archive.conditions import SORTS, Query
from pourparler.archive.store import Archive, Arrived
from pourparler.record import Document
from pourparler.web import counting
from pourparler.web.made_once import MadeOnce
from pourparler.web.marking import Mark, hits, pieces
from pourparler.web.months import bars
from pourparler.web.pages.exports import FORMATS
from tests.web.conftest import archive_of, copied, desk_on, token

PROCESS = "armenia-azerbaijan"


def total(page: str) -> int:
    """The number that stands over the list."""
    return int(re.search(r'<h2 id="found">([\d,]+) event', page)[1].replace(",", ""))  # type: ignore[index]


def test_page_shows_what_the_query_finds(desk: TestClient) -> None:
    archive = archive_of(desk)
    found = asking.find(archive, Query(type=("CONSULT",), sort="-day", limit=50))
    page = desk.get("/events?type=CONSULT").text
    assert re.findall(r'class="plain line" href="/event/(e\w+)"', page) == [one.key for one in found]
    assert total(page) == asking.count(archive, Query(type=("CONSULT",)))


@pytest.mark.parametrize("asked", ["", "process=armenia-azerbaijan", "text=corridor", "status=alleged&status=denied"])
def test_every_count_links_to_what_it_counts(desk: TestClient, asked: str) -> None:
    page = desk.get(f"/events?{asked}").text
    facet = re.findall(r'<li><a href="(/events[^"]*)">[^<]*<span class="n">([\d,]+)</span></a>', page)
    assert len(facet) > 10
    for href, number in facet[:6] + facet[-3:]:
        if "type=" in href or "status=" in href:
            assert total(desk.get(unescape(href)).text) >= int(number.replace(",", ""))
    href, number = next((href, number) for href, number in facet if "type=" in href)
    if "type=" not in asked:
        assert total(desk.get(unescape(href)).text) == int(number.replace(",", ""))


@pytest.mark.parametrize("asked", ["", "text=corridor", "source=ARM", "outlet=wire", "outlet=%3DNorthern+Wire"])
def test_a_facets_number_is_that_of_the_list_it_opens(desk: TestClient, asked: str) -> None:
    page = desk.get(f"/events?{asked}").text
    facets = dict(re.findall(r'<section class="facet"><h2>([^<]+)</h2>(.*?)</section>', page, re.DOTALL))
    assert "Outlet" in facets
    checked = 0
    for title in facets.keys() & {"Outlet", "Who (country)", "To whom (country)"}:
        # What is chosen already is taken away by a click.
        every = re.findall(r'<li><a href="(/events[^"]*)">[^<]*<span class="n">([\d,]+)</span></a>', facets[title])
        for href, number in (*every[:4], *every[-2:]):
            checked += 1
            assert total(desk.get(unescape(href)).text) == int(number.replace(",", "")), (title, href)
    assert checked > 1 and ('aria-current="true"' in facets["Outlet"]) == ("%3D" in asked)


@pytest.mark.parametrize("sort", ["day", "outlets"])
def test_the_order_asked_for_stays(desk: TestClient, sort: str) -> None:
    archive = archive_of(desk)
    found = asking.find(archive, Query(sort=sort, limit=50, offset=50))
    first = desk.get(f"/events?sort={sort}").text
    assert f'<option value="{sort}" selected>' in first
    on = unescape(re.search(r'rel="next"[^>]* href="([^"]+)"', first)[1])  # type: ignore[index]
    assert re.findall(r'class="plain line" href="/event/(e\w+)"', desk.get(on).text) == [one.key for one in found]


def test_a_bar_of_which_a_part_is_asked_for_links_to_that() -> None:
    months = [asking.Count(month, 1) for month in ("2022-09", "2022-10", "2022-11")]
    made = bars(months, Query(since="2022-09-15", until="2022-W45"))
    assert [one.href.partition("?")[2].replace("&sort=day", "") for one in made] == [
        "since=2022-09-15&until=2022-09", "since=2022-10&until=2022-10", "since=2022-11&until=2022-W45",
    ]  # fmt: skip


def test_bars_link_to_their_time(desk: TestClient) -> None:
    page = desk.get(f"/events?process={PROCESS}").text
    bars = re.findall(r'<a href="([^"]+)" aria-label="(\d{4}(?:-\d\d)?): (\d+) events"', page)
    assert sum(int(number) for _, _, number in bars) == total(page)
    href, _, number = bars[0]
    assert total(desk.get(unescape(href)).text) == int(number)


def test_pages_go_on_and_back(desk: TestClient) -> None:
    first = desk.get("/events").text
    on = re.search(r'rel="next" data-key="n" href="([^"]+)"', first)
    assert on and 'rel="prev"' not in first
    second = desk.get(unescape(on[1])).text
    assert "51–100 of" in second and 'rel="prev"' in second
    keys = [set(re.findall(r'class="plain line" href="/event/(e\w+)"', page)) for page in (first, second)]
    assert len(keys[0]) == len(keys[1]) == 50 and not keys[0] & keys[1]
    beyond = desk.get("/events?page=99999").text
    assert 'rel="next"' not in beyond and "data-row" in beyond


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("type=NOTHING", "is no type"),
        ("since=yesterday", "is no day"),
        ("min_outlets=many", "is no number"),
        ("km=nan&near=Lachin", "bounds"),
        ("country=Atlantis", "is no country"),
        ("process=nowhere", "there is no process"),
        ("text=%22%22", "no word to look for"),
        ("sort=colour", "is no order"),
        ("source=%00", "without NUL"),
        ("outlet=" + "x" * 600, "at most"),
    ],
)
def test_wrong_question_is_told_on_the_page(desk: TestClient, asked: str, words: str) -> None:
    answer = desk.get(f"/events?{asked}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text and words in unescape(answer.text)
    assert '<form method="get" action="/events"' in answer.text


def test_what_was_wrong_stands_in_the_form(desk: TestClient) -> None:
    page = desk.get("/events?since=yesterday&text=corridor").text
    assert 'name="since" value="yesterday"' in page and 'name="text" value="corridor"' in page


def test_searched_words_are_marked(desk: TestClient) -> None:
    page = desk.get("/events?text=corrid*").text
    assert re.search(r'<mark class="found [A-Z]*\s*">corridor</mark>|<mark class="found ">corridor</mark>', page)


@pytest.mark.parametrize("form", FORMATS)
def test_export_has_all_that_is_shown(desk: TestClient, form: str) -> None:
    answer = desk.get(f"/events/export.{form}?process={PROCESS}&type=CONSULT&sort=-day")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="events.')
    assert len(answer.content) > 100
    number = asking.count(archive_of(desk), Query(desk.app.state.desk.process(PROCESS), type=("CONSULT",)))  # type: ignore[attr-defined]
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(rows) == number and {row["type"] for row in rows} == {"CONSULT"}
        assert [row["day"] for row in rows] == sorted((row["day"] for row in rows), reverse=True)
    if form == "jsonl":
        assert len([json.loads(line) for line in answer.text.splitlines()]) == number
    if form == "geojson":
        assert len(json.loads(answer.text)["features"]) + int(answer.headers["x-left-out"].split()[2]) == number


def test_unknown_format_and_wrong_question(desk: TestClient) -> None:
    assert desk.get("/events/export.exe").status_code == 404
    assert desk.get("/events/export.csv?type=NOTHING").status_code == 400


def test_views_are_kept_and_forgotten(own_desk: TestClient) -> None:
    sent = {"form_token": token(own_desk), "title": "<b>claims</b>", "query": "status=alleged&page=3&evil=1"}
    kept = own_desk.post("/events/views", data=sent)
    assert kept.status_code == 200 and kept.url.query == b"status=alleged&said=Kept+as+%3Cb%3Eclaims%3C%2Fb%3E."
    assert '<a href="/events?status=alleged">&lt;b&gt;claims&lt;/b&gt;</a>' in kept.text
    gone = own_desk.post("/events/views/drop", data={**sent, "form_token": token(own_desk)})
    assert '?status=alleged">&lt;b&gt;' not in gone.text
    assert own_desk.post("/events/views", data={**sent, "title": " "}).status_code == 400
    assert own_desk.post("/events/views", data={**sent, "form_token": "wrong"}).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        Query(),
        Query(type=("ACCUSE", "ASSAULT")),
        Query(source=("ARM",), min_outlets=2),
        Query(text="corridor"),
        Query(outlet=("wire",)),
        Query(outlet=("=Northern Wire",), type=("ACCUSE",)),
        Query(target=("AZE",), text="Lachin"),
        Query(near="Lachin"),
        Query(type=("accuse",), confidence=0.5),
        Query(status=("alleged", "denied"), since="2022-09", until="2023-W20"),
        Query(since="2023", source=("ARM",)),
        Query(until="2021", type=("CONSULT",), min_outlets=2, confidence=0.4),
    ],
)
def test_quick_counts_are_the_slow_ones(desk: TestClient, asked: Query, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_FEW", 0)
    monkeypatch.setattr(counting, "_kept", MadeOnce(64))
    archive = archive_of(desk)
    found = counting.counted(archive, asked)
    assert found.fresh and found.facets == asking.facets(archive, asked)
    for sort in SORTS:
        for limit, offset in ((20, 0), (20, 40), (None, 5)):
            page = replace(asked, sort=sort, limit=limit, offset=offset)
            assert counting.found(archive, page) == list(asking.found(archive, page)), page
    assert counting.tellings(archive, asked) == len(asking.find_tellings(archive, asked))


def test_counts_follow_a_change(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_FEW", 0)
    with Archive.open(copied(filled, tmp_path)) as archive:
        before = counting.counted(archive, Query()).facets
        one = asking.find(archive, Query(type=("CONSULT",), limit=1))[0]
        verdicts.give(archive, "correct", one.tellings[0], field="type", value="AGREE", by="tester")
        stale = counting.counted(archive, Query(), wait=0.0)
        assert stale.facets.total == before.total
        after = counting.counted(archive, Query())
        assert after.fresh and after.facets == asking.facets(archive, Query()) != before


def test_hostile_words_stay_words(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    evil = "<script>alert(1)</script>"
    text = f'Russia {evil} met Armenia in "Moscow" on Monday. The Kremlin said so.'
    with Archive.open(path) as archive:
        from pourparler.archive.adding import add
        from pourparler.reading import Reader

        add(
            archive,
            [Arrived(Document("x", text, evil, "2024-01-02", f"Wire{evil}", "javascript:alert(1)"), "x")],
            Reader(),
        )
        with archive.reading() as connection:
            key = connection.execute(select(schema.report.c.key).where(schema.report.c.id == "x")).scalar_one()
            event = connection.execute(
                select(schema.told.c.event).join(schema.telling, schema.telling.c.key == schema.told.c.telling)
                .where(schema.telling.c.report == key).limit(1)
            ).scalar_one()  # fmt: skip
    with desk_on(path) as desk:
        asked = (f"/events?text={evil}&outlet={evil}", "/events?since=2024", f"/reports?text=Kremlin&outlet={evil}")
        for page in (f"/report/{key}", f"/event/{event}", "/reports", *asked):
            answer = desk.get(page)
            assert answer.status_code in (200, 400), page
            assert "<script>alert" not in answer.text and 'href="javascript' not in answer.text, page
            assert "style=" not in answer.text, page
        assert "alert(1)" in desk.get(f"/report/{key}").text


def test_pieces_cut_overlapping_marks() -> None:
    text = "Armenia and Azerbaijan signed a deal"
    marks = [
        Mark(0, 22, "party", "t1"),
        Mark(12, 29, "evidence", "t2"),
        Mark(23, 29, "trigger", "t1", "AGREE"),
        Mark(30, 99, "evidence", "t3"),
    ]
    found = pieces(text, marks)
    assert "".join(one.text for one in found) == text
    assert [(one.text, one.look, one.keys) for one in found if one.look] == [
        ("Armenia and ", "party", ("t1",)),
        ("Azerbaijan", "party", ("t1", "t2")),
        (" ", "evidence", ("t2",)),
        ("signed", "trigger", ("t1", "t2")),
        ("a deal", "evidence", ("t3",)),
    ]
    assert next(one for one in found if one.look == "trigger").begins == ("t1",)


def test_hits_find_phrases_beginnings_and_accents() -> None:
    from pourparler.archive.search import parse

    text = "Le président visite le corridor. Corridors, a peace-deal."
    assert [text[m.start : m.end] for m in hits(text, parse('president corrid* "peace deal" -visite'))] == [
        "président", "corridor", "Corridors", "peace-deal",
    ]  # fmt: skip
