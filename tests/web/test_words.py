"""The page of words: what a row of another page rests on and has no room for, all of it and nothing else."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from pourparler.web import grounds as grounds_of
from pourparler.web.pages import words as words_pages
from tests.web.looking import NAME, chronicle_of, heading_number, links


def test_every_row_without_room_leads_to_all_its_words(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(grounds_of.grounds.__kwdefaults__, "most", 2)
    desk.app.state.desk.pages.forget(lambda _: True)  # type: ignore[attr-defined]
    found = 0
    for page in (f"/claims?process={NAME}", f"/agenda?process={NAME}"):
        html = desk.get(page).text
        for href, number in re.findall(r'<a href="(/words[^"]+)">All ([\d,]+)</a>', html):
            there = desk.get(unescape(href)).text
            assert there.count('<li class="ground">') == heading_number(there, "found") == int(number) > 2
            found += 1
    desk.app.state.desk.pages.forget(lambda _: True)  # type: ignore[attr-defined]
    assert found > 5


def test_long_lists_go_on(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_pages, "_ROWS", 10)
    chronicle = chronicle_of(desk)
    keys = [*list(chronicle.tellings)[:18], *list(chronicle.sayings)[:7]]
    address: str | None = grounds_of.words_href(chronicle.process, [*keys, *keys, "t0", "<b>"])
    rows = 0
    while address:
        html = desk.get(address).text
        assert heading_number(html, "found") == 25 and "<b>" not in html
        rows += html.count('<li class="ground">')
        following = re.search(r'rel="next"[^>]* href="([^"]+)"', html)
        address = unescape(following[1]) if following else None
    assert rows == 25
    assert all(desk.get(href).status_code == 200 for href in links(html, "/report/")[:3])


def test_words_that_are_not_there(desk: TestClient) -> None:
    for keys in ("", "t0", "<script>", ".".join(["t0123456789abcdef"] * 3000)):
        page = desk.get("/words", params={"process": NAME, "keys": keys})
        assert page.status_code == 200 and "None of them" in page.text and "<script>" not in page.text
    assert desk.get("/words?process=nowhere&keys=t0").status_code == 404
