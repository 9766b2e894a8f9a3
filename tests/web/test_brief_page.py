"""The brief within the desk: the same sentences as the file, the weeks around, and files to take along."""

from __future__ import annotations

import datetime
import re

from starlette.testclient import TestClient

from pourparler.archive.briefing import brief
from tests.web.conftest import archive_of
from tests.web.looking import NAME, chronicle_of, links

WEEK = "2023-W18"


def test_it_has_every_sentence_with_its_sources(desk: TestClient) -> None:
    html = desk.get(f"/brief?process={NAME}&week={WEEK}").text
    process = chronicle_of(desk).process
    made = brief(archive_of(desk), process, datetime.date(2023, 5, 1), datetime.date(2023, 5, 7))
    assert list(made.sentences())
    assert html.count("<li><p><bdi>") == len(list(made.sentences()))
    assert re.findall(r'<li id="r(\d+)"', html) == [str(one.number) for one in made.references]
    cited = set(re.findall(r'href="#r(\d+)"', html))
    assert cited == {str(one.number) for one in made.references}
    for href in links(html, "/report/")[:3]:
        assert desk.get(href).status_code == 200


def test_the_weeks_around_are_a_link_away(desk: TestClient) -> None:
    found = links(desk.get(f"/brief?process={NAME}&week={WEEK}").text, "/brief?")
    assert any(href.endswith("week=2023-W17") for href in found)
    assert any(href.endswith("week=2023-W19") for href in found)
    newest = desk.get(f"/brief?process={NAME}").text
    assert "Week after" not in newest and "Week before" in newest
    assert "2020-W01" in desk.get(f"/brief?process={NAME}&week=2020-W02").text


def test_a_month_or_a_day_will_do(desk: TestClient) -> None:
    assert "14 May 2023" in desk.get(f"/brief?process={NAME}&week=2023-05-14").text
    month = desk.get(f"/brief?process={NAME}&week=2023-05").text
    assert "/brief.md?process=armenia-azerbaijan&amp;week=2023-05" in month


def test_what_is_no_week_is_told(desk: TestClient) -> None:
    for words in ("2023-W60", "next week", '"><script>'):
        answer = desk.get("/brief", params={"process": NAME, "week": words})
        assert answer.status_code == 400 and 'role="alert"' in answer.text
        assert "<script>" not in answer.text.replace('<script src="/static/desk.js" defer></script>', "")


def test_files_to_take_along(desk: TestClient) -> None:
    for form, begins in (("md", "# Armenia"), ("html", "<!doctype html>")):
        answer = desk.get(f"/brief.{form}?process={NAME}&week={WEEK}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == f'attachment; filename="brief-{WEEK}.{form}"'
        assert answer.text.lstrip().lower().startswith(begins.lower())
    assert desk.get(f"/brief.exe?process={NAME}").status_code == 404
