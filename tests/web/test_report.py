"""The list of reports and the page of one: text with marks, events beside it, copies, arrivals, older readings."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from pourparler.archive import schema, search
from pourparler.archive.adding import add
from pourparler.archive.store import Archive, Arrived
from pourparler.reading import Reader
from pourparler.record import Document
from tests.web.conftest import archive_of, copied, desk_on

PROCESS = "armenia-azerbaijan"


def text_of(page: str) -> str:
    """The report's text as a page shows it, without marks."""
    article = re.search(r'<article class="text"[^>]*>(.*?)</article>', page, re.S)
    assert article
    return unescape(re.sub(r"<[^>]+>", "", article[1]))


def some_report(archive: Archive) -> str:
    """The key of the report with most tellings."""
    with archive.reading() as connection:
        column = schema.telling.c.report
        query = select(column).group_by(column).order_by(func.count().desc(), column).limit(1)
        return str(connection.execute(query).scalar_one())


def test_text_is_whole_and_linked_both_ways(desk: TestClient) -> None:
    archive = archive_of(desk)
    key = some_report(archive)
    page = desk.get(f"/report/{key}?process={PROCESS}").text
    assert text_of(page) == archive.document(key).text
    with archive.reading() as connection:
        tellings = connection.execute(select(schema.telling).where(schema.telling.c.report == key)).all()
        sayings = connection.execute(select(schema.saying.c.key).where(schema.saying.c.report == key)).scalars().all()
        rows = connection.execute(select(schema.told.c.telling, schema.told.c.event))
        events = {row.telling: row.event for row in rows}
    for one in [row.key for row in tellings] + list(sayings):
        assert page.count(f'id="{one}"') == 1 and page.count(f'id="c-{one}"') == 1, "words and card"
        assert f'href="#{one}"' in page, "from the card to the words"
    for one in tellings:
        assert f'href="/event/{events[one.key]}?process={PROCESS}"' in page
        trigger = page.split(f'id="{one.key}"></span>', 1)[1]
        shown = unescape(re.sub(r"<[^>]+>", "", trigger[: trigger.index("</mark>")]))
        assert one.words.startswith(shown), "the anchor stands before its trigger"


def test_unknown_report_and_run(desk: TestClient) -> None:
    assert desk.get("/report/r0000000000000000").status_code == 404
    assert desk.get(f"/report/{some_report(archive_of(desk))}?run=v0000").status_code == 404


def test_copies_name_each_other(desk: TestClient) -> None:
    with archive_of(desk).reading() as connection:
        row = connection.execute(select(schema.copy).limit(1)).one()
    copy, first = desk.get(f"/report/{row.report}").text, desk.get(f"/report/{row.of}").text
    assert "It repeats" in copy and f'href="/report/{row.of}"' in copy
    assert "Repeated by" in first and f'href="/report/{row.report}"' in first


def test_arrivals_say_where_from_and_when(desk: TestClient) -> None:
    page = desk.get(f"/report/{some_report(archive_of(desk))}").text
    assert re.search(r"reports\.jsonl, line \d+ <small><time datetime=\"\d{4}-\d\d-\d\dT[\d:]+Z\" data-zone>", page)


def test_older_readings_stay_to_be_seen(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    with Archive.open(path) as archive:
        key = some_report(archive)
        old = archive.record(key)
        fewer = replace(old, events=old.events[:1], statements=(), run=replace(old.run, code="f" * 16))
        archive.add_records(fewer.run, [(key, fewer)])
        first, second = (run for run, _ in archive.runs())
    with desk_on(path) as desk:
        newest, older = desk.get(f"/report/{key}").text, desk.get(f"/report/{key}?run={first}").text
        assert text_of(newest) == text_of(older)
        assert len(re.findall(r'id="c-t', newest)) == 1 and len(re.findall(r'id="c-t', older)) == len(old.events)
        assert "This is an older reading" in older and "This is an older reading" not in newest
        assert "no longer shown" in older and f"run={first}" in newest
        answers = [desk.get(f"/api/v1/reports/{key}?run={run}").json()["record"] for run in (first, second)]
        assert [len(one["events"]) for one in answers] == [len(old.events), 1]


def test_right_to_left_and_odd_characters(filled: Path, tmp_path: Path, reader: Reader) -> None:
    path = copied(filled, tmp_path)
    text = "اجتمع الوزراء في جنيف.\n<b>قال</b> \ud800 \u202e \x0b وزير."
    with Archive.open(path) as archive:
        add(archive, [Arrived(Document("rtl", text, "عنوان", "2024-01-01", language="ar"), "x")], reader)
        with archive.reading() as connection:
            key = connection.execute(select(schema.report.c.key).where(schema.report.c.id == "rtl")).scalar_one()
    with desk_on(path) as desk:
        page = desk.get(f"/report/{key}").text
        assert '<h1 dir="auto">' in page and re.search(r'<article class="text"[^>]* dir="auto" lang="ar"', page)
        assert text_of(page) == text.replace("\ud800", "?")
        assert desk.get("/reports").status_code == 200


def test_a_million_characters_answer_within_a_second(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    with Archive.open(path) as archive:
        record = archive.record(some_report(archive))
        text, times = record.document.text, 1_000_000 // len(record.document.text) + 1
        long = longer(record, times, step=8)
        [key] = archive.add_reports([Arrived(long.document, "long")])
        archive.add_records(long.run, [(key, long)])
    assert len(text) * times >= 1_000_000 and len(long.events) > 1_000
    with desk_on(path) as desk:
        desk.get("/reports")
        whole, took, address, far = "", [], f"/report/{key}", long.events[-1].evidence[0]
        while address:
            begun = time.process_time()
            page = desk.get(address).text
            took.append(time.process_time() - begun)
            whole += text_of(page)
            on = re.search(r'rel="next" data-key="n" href="([^"]+)"', page)
            address = f"/report/{key}{unescape(on[1])}" if on else ""
        assert whole == long.document.text and len(took) >= 20
        # Processor time, so that other programs on the machine do not count.
        assert sorted(took)[len(took) // 2] < 1, took
        with archive_of(desk).reading() as connection:
            at = schema.telling.c
            query = select(at.key).where(at.report == key, at.start == far.start).limit(1)
            last = connection.execute(query).scalar_one()
        assert f'id="{last}"' in desk.get(f"/report/{key}?at={last}").text


def longer(record, times, *, step):  # type: ignore[no-untyped-def]
    """A record of a report repeated so many times, with all its events and statements every so many times."""
    import dataclasses

    from pourparler.record import Quote, Span

    size = len(record.document.text)

    def moved(value, by, ids):  # type: ignore[no-untyped-def]
        if isinstance(value, (Quote, Span)):
            return replace(value, start=value.start + by, end=value.end + by)
        if isinstance(value, tuple):
            return tuple(moved(one, by, ids) for one in value)
        if dataclasses.is_dataclass(value):
            return replace(
                value, **{f.name: moved(getattr(value, f.name), by, ids) for f in dataclasses.fields(value)}
            )
        return f"{value}.{by}" if isinstance(value, str) and value in ids else value

    ids = {one.id for one in (*record.events, *record.statements)}
    events = tuple(moved(one, n * size, ids) for n in range(0, times, step) for one in record.events)
    statements = tuple(moved(one, n * size, ids) for n in range(0, times, step) for one in record.statements)
    document = replace(record.document, id="long", text=record.document.text * times)
    return replace(record, document=document, events=events, statements=statements)


def listed(page: str) -> list[str]:
    return re.findall(r'class="plain line" href="/report/(r\w+)', page)


def test_list_finds_by_words_outlet_day_and_process(desk: TestClient) -> None:
    archive = archive_of(desk)
    report = schema.report
    with archive.reading() as connection:
        found = select(report.c.key).where(search.found(connection, report, "corridor"))
        by_words = set(connection.execute(found).scalars())
        by_outlet = set(connection.execute(found.where(report.c.publisher == "Northern Wire")).scalars())
        days = connection.execute(
            select(report.c.key).where(report.c.day.between("2021-01-01", "2021-12-31"))
        ).scalars()
        by_days = set(days)
    assert set(listed(desk.get("/reports?text=corridor").text)) == by_words
    assert set(listed(desk.get("/reports?text=corridor&outlet=northern+wire").text)) == by_outlet
    assert set(listed(desk.get("/reports?text=corridor&outlet=%3DNorthern+Wire").text)) == by_outlet
    page = desk.get("/reports?since=2021&until=2021-12").text
    assert f">{len(by_days)} reports</h2>" in page and set(listed(page)) <= by_days
    chronicle = desk.app.state.desk.chronicle(desk.app.state.desk.process(PROCESS))  # type: ignore[attr-defined]
    reports = {one.report for one in chronicle.tellings.values()}
    assert f">{len(reports)} reports</h2>" in desk.get(f"/reports?process={PROCESS}").text


@pytest.mark.parametrize(
    "asked", ["outlet=nobody", "outlet=%3DWire", "since=soon", "text=-", "process=nowhere", "sort=colour"]
)
def test_wrong_questions_are_told(desk: TestClient, asked: str) -> None:
    answer = desk.get(f"/reports?{asked}")
    assert answer.status_code == 400 and 'role="alert"' in answer.text


def test_all_reports_are_on_the_pages_of_the_list(desk: TestClient) -> None:
    keys: list[str] = []
    href: str | None = "/reports"
    while href:
        page = desk.get(href).text
        keys += listed(page)
        on = re.search(r'rel="next" data-key="n" href="([^"]+)"', page)
        href = unescape(on[1]) if on else None
    assert len(keys) == len(set(keys)) == archive_of(desk).counts().reports
