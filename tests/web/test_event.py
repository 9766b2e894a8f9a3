"""The event page: versions, tellings in their words, why they are one event, what people decided, what is around."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from pourparler.archive import query as asking
from pourparler.archive import schema, verdicts
from pourparler.archive.conditions import Query
from pourparler.archive.process import Process
from pourparler.archive.store import Archive
from pourparler.archive.told import Joined
from pourparler.web.loading import neighbours
from tests.archive.alike_by_words import Alike
from tests.web.conftest import archive_of

PROCESS = "armenia-azerbaijan"


def richest(archive: Archive) -> Joined:
    """The event with most versions."""
    return max(asking.find(archive, Query(differing="any")), key=lambda one: (len(one.versions), one.key))


def bare(page: str) -> str:
    """A page's text without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def process_of(desk: TestClient) -> Process:
    """The example process."""
    found: Process = desk.app.state.desk.process(PROCESS)  # type: ignore[attr-defined]
    return found


def test_every_version_and_telling_is_shown(desk: TestClient) -> None:
    archive = archive_of(desk)
    event = richest(archive)
    page = desk.get(f"/event/{event.key}?process={PROCESS}").text
    words = bare(page)
    for version in event.versions:
        value = version.value.replace("_", " ") if version.field == "status" else version.value
        assert value in words and all(outlet in words for outlet in version.outlets)
    [found] = [one for one in asking.found(archive, Query(differing="any")) if one.event.key == event.key]
    grounds = {one.telling.key: one.says for one in found.cited}
    facts = sum(not all(grounds[key] for key in version.tellings) for version in event.versions)
    assert words.count("told as a fact") == facts > 0
    for one in found.cited:
        assert f'href="/report/{one.report.key}#{one.telling.key}"' in page and f'id="{one.telling.key}"' in page
        assert re.search(rf'<mark class="trigger {one.telling.type}">[^<]+</mark>', page)
        assert one.passage[:40].split()[0] in words


def test_parties_are_marked_where_the_report_names_them(desk: TestClient) -> None:
    [found] = list(asking.found(archive_of(desk), Query(type=("CONSULT",), source=("ARM",), limit=1)))
    page = desk.get(f"/event/{found.event.key}").text
    first = found.cited[0]
    named = [first.passage[p.at[0] - first.telling.passage_start : p.at[1] - first.telling.passage_start]
             for p in first.telling.parties if p.at and p.at[0] >= first.telling.passage_start]  # fmt: skip
    assert named and any(f'<mark class="party CONSULT">{name}' in page for name in named)


def test_judgements_that_joined_it_are_shown(desk: TestClient) -> None:
    archive = archive_of(desk)
    event = max(asking.find(archive, Query()), key=lambda one: (len(one.tellings), one.key))
    at = schema.judgement.c
    with archive.reading() as connection:
        rows = connection.execute(schema.judgement.select().where(at.a.in_(event.tellings), at.b.in_(event.tellings)))
        number = len({(row.a, row.b) for row in rows})
    page = desk.get(f"/event/{event.key}").text
    assert number and f"{min(number, 60)} judgement" in page and Alike.method in page


def test_unknown_event_is_told_and_old_keys_lead_on(own_desk: TestClient) -> None:
    missing = own_desk.get("/event/e0000000000000000")
    assert missing.status_code == 404 and "no event of this key" in missing.text
    archive = archive_of(own_desk)
    event = richest(archive)
    other = event.tellings[-1]
    led = own_desk.get(f"/event/{other}?process={PROCESS}")
    assert (
        led.status_code == 200
        and led.url.path == f"/event/{event.key}"
        and led.url.query == b"process=" + PROCESS.encode()
    )
    # An event that was joined to an earlier one is found by the key that it had.
    two = [one for one in asking.find(archive, Query(type=("CONSULT",))) if len(one.tellings) == 1][:2]
    verdicts.give(archive, "join", two[0].tellings[0], other=two[1].tellings[0], by="tester")
    keys = {own_desk.get(f"/event/{one.key}").url.path for one in two}
    assert len(keys) == 1


def test_verdicts_show_with_who_and_when_and_what_was_taken_back(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    event = asking.find(archive, Query(type=("CONSULT",), limit=1))[0]
    page = f"/event/{event.key}"
    assert "Nobody has judged it yet" in own_desk.get(page).text
    given = verdicts.give(
        archive, "correct", event.tellings[0], field="status", value="did_not_happen", by="A <b>", why="says so"
    )
    after = own_desk.get(page).text
    assert f"status: {event.status} → did_not_happen" in bare(after) and "A &lt;b&gt;" in after and "says so" in after
    assert f'<time datetime="{given.at}" data-zone>' in after
    verdicts.undo(archive, given.key, by="B", why="no")
    assert "taken back by B" in bare(own_desk.get(page).text)


def test_forms_are_for_reviewers_and_name_the_telling(desk: TestClient) -> None:
    event = richest(archive_of(desk))
    page = desk.get(f"/event/{event.key}").text
    for kind in ("accept", "reject", "correct", "split", "join", "note"):
        form = re.search(
            rf'<form method="post" action="/review/verdict">(?:(?!</form>).)*value="{kind}".*?</form>', page, re.S
        )
        assert form and 'name="form_token"' in form[0] and f'name="to" value="/event/{event.key}"' in form[0]
    other = event.tellings[-1]
    judged = desk.get(f"/event/{event.key}?judge={other}").text
    assert f'name="telling" value="{other}"' in judged
    alone = next(one for one in asking.find(archive_of(desk), Query()) if len(one.tellings) == 1)
    assert 'name="kind" value="split"' not in desk.get(f"/event/{alone.key}").text


@pytest.mark.parametrize("of_process", [True, False])
def test_neighbours_walk_through_all_events_in_order(desk: TestClient, of_process: bool) -> None:
    archive = archive_of(desk)
    process = process_of(desk) if of_process else None
    events = asking.find(archive, Query(process))
    for before, one, after in list(zip(events, events[1:], events[2:], strict=False))[::29]:
        back, on = neighbours(archive, one, process)
        assert back and on and (back.event, on.event) == (before.key, after.key)
    assert neighbours(archive, events[0], process)[0] is None
    assert neighbours(archive, events[-1], process)[1] is None


def test_statements_about_it_are_shown(desk: TestClient) -> None:
    archive = archive_of(desk)
    [found] = list(asking.found(archive, Query(status=("alleged",), limit=1)))
    saying = found.cited[0].telling.saying
    page = desk.get(f"/event/{found.event.key}").text
    assert saying and f'#{saying}"' in page and "the only ground for a telling" in page
    assert f"only the word of {', '.join(found.cited[0].says)}" in bare(page)
