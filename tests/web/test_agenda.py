"""The agenda page as of any day, and its calendar, whose ids stay the same."""

from __future__ import annotations

import datetime

import icalendar
from starlette.testclient import TestClient

from pourparler.archive.views import agenda, ceasefire, commitments, meetings
from pourparler.web.pages.agenda import agenda_page
from tests.web.looking import NAME, chronicle_of, heading_number, links


def entries(desk: TestClient, **asked: str) -> dict[str, str]:
    answer = desk.get("/agenda.ics", params={"process": NAME, **asked})
    assert answer.headers["content-type"].startswith("text/calendar")
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(one["uid"]): str(one["summary"]) for one in found}


def test_all_states_are_shown_and_add_up(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    page = agenda_page(chronicle, today=None)
    items = agenda.view(chronicle)
    assert sum(one.total for one in page.items if one.id != "moved") == len(items)
    assert sum(one.total for one in page.promises) == len(commitments.view(chronicle))
    assert page.rounds.total == len(meetings.view(chronicle)) > 0
    assert page.weeks.total == len(ceasefire.view(chronicle)) > 0
    html = desk.get(f"/agenda?process={NAME}").text
    for one in (*page.items, *page.promises, page.rounds, page.weeks):
        assert heading_number(html, one.id) == one.total
        assert f'href="#{one.id}"' in html


def test_what_moved_says_from_when_to_when_and_in_whose_words(desk: TestClient) -> None:
    page = agenda_page(chronicle_of(desk), today=None)
    moved = next(one for one in page.items if one.id == "moved").rows
    assert moved
    html = desk.get(f"/agenda?process={NAME}").text
    for row in moved:
        assert row.words.rows and row.announced
        assert row.item.moved[0].replace("->", "→").replace("..", " to ") in html


def test_seen_from_an_earlier_day_more_is_due(desk: TestClient) -> None:
    chronicle = chronicle_of(desk)
    early = agenda_page(chronicle, today=datetime.date(2023, 5, 10))
    due = next(one for one in early.items if one.id == "due")
    assert due.total > next(one for one in agenda_page(chronicle, today=None).items if one.id == "due").total
    html = desk.get("/agenda", params={"process": NAME, "today": "2023-05-10"}).text
    assert "as of 2023-05-10" in html


def test_what_is_no_day_is_told(desk: TestClient) -> None:
    for words in ("2023-13-40", "<script>", "tomorrow"):
        answer = desk.get("/agenda", params={"process": NAME, "today": words})
        assert answer.status_code == 400 and "is no day" in answer.text and "<script>&#39;" not in answer.text
    assert desk.get("/agenda.ics", params={"process": NAME, "today": "x"}).status_code == 400


def test_the_calendar_has_the_agenda_under_ids_that_stay(desk: TestClient) -> None:
    now, again = entries(desk), entries(desk)
    assert now == again and len(now) == len(agenda.view(chronicle_of(desk)))
    before = entries(desk, today="2023-06-01")
    assert set(before) & set(now)


def test_a_section_is_cut_and_shown_whole_on_demand(desk: TestClient) -> None:
    html = desk.get(f"/agenda?process={NAME}").text
    more = [href for href in links(html, "/agenda?") if "all=" in href]
    assert more
    whole = desk.get(more[0]).text
    assert len(whole) > len(html)
    assert not [href for href in links(whole, "/agenda?") if href == more[0]]
