"""The review page: by its forms, by two people at once, and by the keyboard alone in Chromium."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pourparler.archive import verdicts
from pourparler.archive.doubts import doubts
from pourparler.archive.given import in_force
from pourparler.archive.given import verdicts as all_verdicts
from pourparler.archive.standing import standing
from pourparler.archive.store import Archive
from pourparler.web.app import create_app
from pourparler.web.queueing import Place, Queues
from pourparler.web.settings import Settings
from tests.conftest import CHROMIUM
from tests.web.conftest import archive_of, copied
from tests.web.desk_help import form_token, hidden, signed_in, with_accounts

PROCESS = "/review?process=armenia-azerbaijan"


def given(archive: Archive) -> list[verdicts.Verdict]:
    with archive.reading() as connection:
        return all_verdicts(connection)


def press(client: TestClient, page: str, key: str, **more: str) -> Any:
    """Send the form of a key; return the page that comes after it."""
    form = hidden(page, key)
    to = "/review/undo" if key == "u" else "/review/verdict"
    return client.post(to, data={**form, **more}, follow_redirects=True)


def link(page: str, key: str) -> str:
    found = re.search(rf'<a [^>]*data-key="{key}"[^>]*href="([^"]+)"', page)
    assert found
    return unescape(found[1]).split("#")[0]


def telling(page: str) -> str:
    return hidden(page, "a")["telling"]


def test_the_most_doubtful_come_first_each_with_its_words(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    process = own_desk.app.state.desk.processes()[0]  # type: ignore[attr-defined]
    first = doubts(archive, process=process)[0]
    page = own_desk.get(PROCESS).text
    assert telling(page) == first.telling
    assert "1 of 50" in page and first.reasons[0] in page
    assert 'class="trigger' in page and f"#{first.telling}" in page


def test_a_verdict_is_kept_at_once_and_the_next_is_shown(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    one = own_desk.get(PROCESS).text
    two = press(own_desk, one, "a").text
    three = press(own_desk, two, "r").text
    assert "2 of 50" in two and "Kept: accept" in two and "3 of 50" in three
    kept = given(archive)
    assert [(v.kind, v.anchor.telling, v.by) for v in kept] == [
        ("accept", telling(one), "analyst"),
        ("reject", telling(two), "analyst"),
    ]
    assert all(v.at for v in kept) and telling(three) not in (telling(one), telling(two))
    log = [entry.what for entry in own_desk.app.state.desk.accounts.log(2)]  # type: ignore[attr-defined]
    assert log[0].startswith(f"verdict {kept[1].key}: reject") and log[1].startswith(f"verdict {kept[0].key}: accept")


def test_skipping_correcting_and_noting(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    one = own_desk.get(PROCESS).text
    two = own_desk.get(link(one, " ")).text
    assert "2 of 50" in two and telling(two) != telling(one) and given(archive) == []
    form = own_desk.get(link(two, "c")).text
    assert "autofocus" in form and telling(form) == telling(two)
    sent = {"telling": telling(two), "kind": "correct", "form_token": form_token(own_desk, "/review"), "seen": "0"}
    back = link(two, "c")
    wrong = own_desk.post(
        "/review/verdict", data={**sent, "field": "status", "value": "perhaps", "to": "/review", "back": back}
    )
    assert "is no status" in unescape(wrong.text) and 'name="value"' in wrong.text and given(archive) == []
    here = hidden(two, "a")["back"]
    right = own_desk.post(
        "/review/verdict", data={**sent, "field": "place", "value": "Goris", "to": here, "back": back}
    ).text
    assert telling(right) == telling(two) and "2 of 50" in right and "pill kept" in right
    noted = own_desk.post(
        "/review/verdict", data={**sent, "kind": "note", "why": "<b>see page 2</b>", "to": here, "seen": ""}
    ).text
    assert "&lt;b&gt;see page 2&lt;/b&gt;" in noted and "<b>see" not in noted
    assert [(v.kind, v.field) for v in given(archive)] == [("correct", "place"), ("note", None)]
    assert given(archive)[0].value["place"] == "Goris" and given(archive)[1].why == "<b>see page 2</b>"


def test_joining_by_number_and_undoing(own_desk: TestClient) -> None:
    archive = archive_of(own_desk)
    page = own_desk.get(PROCESS).text
    for _ in range(20):
        choice = own_desk.get(link(page, "j")).text
        if 'data-key="1"' in choice:
            break
        page = own_desk.get(link(page, " ")).text
    other = re.search(r'name="other" value="([^"]+)"', choice)
    assert other
    joined = press(own_desk, choice, "1", other=other[1]).text
    one = given(archive)[0]
    assert one.kind == "join" and one.others[0].telling == other[1]
    with archive.reading() as connection:
        from pourparler.archive import told
        from pourparler.archive.schema import event

        members = [set(x.tellings) for x in told.events(connection, event.c.tellings > 1)]
    assert any({telling(page), other[1]} <= x for x in members)
    split = press(own_desk, joined, "s").text
    assert given(archive)[1].kind == "split" and telling(split) == telling(page)
    undone = press(own_desk, split, "u").text
    assert "Taken back" in undone
    again = press(own_desk, undone, "u").text
    assert telling(again) == telling(page) and 'data-key="u"' not in again
    assert [v.kind for v in given(archive)] == ["join", "split", "undo", "undo"]
    with archive.reading() as connection:
        assert in_force(all_verdicts(connection)) == []


def test_undo_leads_back_through_the_round(own_desk: TestClient) -> None:
    pages = [own_desk.get(PROCESS).text]
    for key in "ara":
        pages.append(press(own_desk, pages[-1], key).text)
    back = pages[-1]
    for n in (2, 1, 0):
        back = press(own_desk, back, "u").text
        assert telling(back) == telling(pages[n]) and f"{n + 1} of 50" in back
    assert 'data-key="u"' not in back, "what was decided before this round is not taken back by a key"


def test_the_end_of_a_round(own_desk: TestClient) -> None:
    page = own_desk.get(f"{PROCESS}&of=2").text
    page = press(own_desk, press(own_desk, page, "a").text, "r").text
    assert "The round is done" in page and "2 verdicts" in page
    back = press(own_desk, page, "u").text
    assert "2 of 2" in back
    new = own_desk.get(PROCESS).text
    assert "1 of 50" in new and 'data-key="u"' not in new


def test_what_was_given_is_listed_and_can_be_taken_back(own_desk: TestClient) -> None:
    page = own_desk.get(PROCESS).text
    press(own_desk, press(own_desk, page, "a").text, "r")
    archive = archive_of(own_desk)
    first = given(archive)[0]
    verdicts.give(archive, "reject", first.anchor.telling, by="leyla", why="<i>no</i>")
    listed = own_desk.get("/review/given").text
    rows = listed.split("<tbody>")[1].split("</tr>")
    assert "leyla" in rows[0] and "&lt;i&gt;no&lt;/i&gt;" in rows[0] and "in conflict" in rows[0]
    assert "analyst" in rows[2] and first.at in rows[2] and "in conflict" in rows[2]
    looks = own_desk.get("/review/given?look=1").text
    assert looks.count("data-row") == sum(one.attention for one in standing(archive)) == 2
    assert own_desk.get("/review/given?by=leyla").text.count("data-row") == 1
    sent = {"form_token": form_token(own_desk, "/review/given"), "verdict": given(archive)[2].key}
    own_desk.post("/review/undo", data=sent)
    assert "undone" in own_desk.get("/review/given").text
    assert own_desk.get("/review/given?look=1").text.count("data-row") == 0
    again = own_desk.post("/review/undo", data=sent)
    assert "took it back already" in again.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "praise", "telling": "t1"}, "no verdict"),
        ({"kind": "undo", "telling": "t1"}, "no verdict"),
        ({"kind": "accept", "telling": "t1"}, "has none with this key"),
        ({"kind": "accept", "telling": "t1' OR 1=1 --"}, "has none with this key"),
        ({"kind": "join", "telling": "t1"}, "with which telling is missing"),
        ({"kind": "note", "telling": "t1"}, "it says nothing"),
        ({"kind": "correct", "telling": "t1", "value": "x"}, "names a field"),
    ],
)
def test_verdicts_that_make_no_sense_are_told(own_desk: TestClient, sent: dict[str, str], words: str) -> None:
    answer = own_desk.post("/review/verdict", data={"form_token": form_token(own_desk, "/review"), **sent})
    assert words in unescape(answer.text)
    assert given(archive_of(own_desk)) == []


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_verdict_leads_to_our_own_pages_only(own_desk: TestClient, to: str) -> None:
    page = own_desk.get(PROCESS).text
    form = hidden(page, "a") | {"to": to, "back": to}
    answer = own_desk.post("/review/verdict", data=form, follow_redirects=False)
    assert answer.headers["location"].startswith("/review?said=")


def test_rejecting_an_events_only_telling_does_not_lead_to_nowhere(own_desk: TestClient) -> None:
    page = own_desk.get(PROCESS).text
    key = telling(page)
    form = hidden(page, "r") | {"to": f"/event/e{key[1:]}?process=x", "seen": ""}
    answer = own_desk.post("/review/verdict", data=form, follow_redirects=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "query",
    ["?n=0&of=0", "?n=999999999999", "?at=x", "?at=nan-t1", "?after=9e9-t1", "?do=x", "?at=0.5-none",
     "?since=-1&n=٣"],
)  # fmt: skip
def test_addresses_that_make_no_sense_are_answered(own_desk: TestClient, query: str) -> None:
    assert own_desk.get(f"/review{query}").status_code == 200


def test_two_reviewers_do_not_judge_the_same_without_knowing(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    client, accounts = with_accounts(path)
    accounts.add("ani", "a long password", "reviewer")
    with client, TestClient(client.app, base_url=str(client.base_url), follow_redirects=False) as other:
        signed_in(client, "reviewer")
        signed_in(other, "ani", "a long password")
        mine, hers = client.get(PROCESS).text, other.get(PROCESS).text
        assert telling(mine) != telling(hers), "what one looks at is not given to another"
        at = f"/review?at={Place(-0.5, telling(mine))}&n=1&of=50"
        same = other.get(at).text
        assert telling(same) == telling(mine), "unless it is asked for"
        press(client, mine, "a")
        form = hidden(same, "r")
        answer = other.post("/review/verdict", data=form)
        told = other.get(answer.headers["location"]).text
        assert "Meanwhile reviewer decided: accept" in told and len(given(archive_of(client))) == 1
        assert other.post("/review/verdict", data=hidden(told, "r")).status_code == 303
        kept = given(archive_of(client))
        assert [(v.by, v.kind) for v in kept] == [("reviewer", "accept"), ("ani", "reject")]
        assert [one.state for one in standing(archive_of(client))] == ["in conflict", "in conflict"]


def test_reviewers_at_once_lose_nothing(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    with Archive.open(path) as archive:
        todo = [one.telling for one in doubts(archive)[:24]]
        failed: list[str] = []

        def review(name: str, keys: list[str]) -> None:
            for key in keys:
                try:
                    verdicts.give(archive, "accept", key, by=name)
                except Exception as error:  # the thread's own failure must be seen
                    failed.append(str(error))

        threads = [threading.Thread(target=review, args=(f"r{n}", todo[n::3])) for n in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert failed == []
        assert {(v.anchor.telling, v.by) for v in given(archive)} == {
            (key, f"r{n % 3}") for n, key in enumerate(todo)
        }


def test_a_queue_gives_each_its_own_and_frees_what_is_left(filled: Path) -> None:
    at = [0.0]
    with Archive.open(filled) as archive:
        queues = Queues(archive, clock=lambda: at[0])
        first = queues.next(None, None, by="ani", still=lambda _: True)
        second = queues.next(None, None, by="leyla", still=lambda _: True)
        assert first and second and first < second
        assert queues.next(None, None, by="ani", still=lambda _: True) == first
        assert queues.next(None, first, by="ani", still=lambda _: True) != second
        assert queues.next(None, None, by="leyla", still=lambda _: True) == first, "she has gone on from it"
        assert queues.next(None, None, by="x", still=lambda key: key == first.telling) == first, (
            "else nothing is left"
        )
        at[0] += 200
        assert queues.next(None, None, by="x", still=lambda _: True) == first
        assert queues.next(None, None, by="x", still=lambda _: False) is None
        assert Place.parse(str(first)) == Place(round(first.minus, 4), first.telling)


# --- in Chromium


@contextlib.contextmanager
def running(path: Path) -> Iterator[str]:
    """Run a desk on an archive in a thread, on a free port; yield its address."""
    import socket

    import uvicorn

    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    port = bound.getsockname()[1]
    app = create_app(Settings(str(path), port=port, processes=(path.parent,), user="ani"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
        bound.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is missing: apt-get install chromium (or set POURPARLER_NO_BROWSER=1)"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.browser
def test_fifty_by_keyboard_alone_then_a_restart(browser: Any, filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    keys = ["a", "r", "a", "c", "n", "a", "j", "a", "r", "a"]
    with running(path) as address:
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
        page.goto(f"{address}{PROCESS}")
        for n in range(50):
            assert f"{n + 1} of 50" in page.inner_text(".lead")
            judged(page, keys[n % len(keys)])
        assert "The round is done" in page.inner_text("h1")
        with page.expect_navigation():
            page.keyboard.press("u")
        assert "50 of 50" in page.inner_text(".lead")
        judged(page, "a")
        assert wrong == []
        page.close()
    with Archive.open(path) as archive:
        kept = given(archive)
    tellings = {one.anchor.telling for one in kept if one.kind in ("accept", "reject")}
    assert len(tellings) == 50
    assert {one.by for one in kept} == {"ani"} and all(one.at.endswith("Z") for one in kept)
    assert {"correct", "note", "join", "undo"} <= {one.kind for one in kept}
    with running(path) as address:
        page = browser.new_page()
        page.goto(f"{address}/review/given")
        assert f"{len(kept)} in all" in page.inner_text(".lead")
        assert page.locator("tbody tr").count() == len(kept)
        assert page.locator("tbody tr td:nth-child(2)").all_inner_texts() == ["ani"] * len(kept)
        times = [one.get_attribute("datetime") for one in page.locator("tbody time").all()]
        assert times == [one.at for one in reversed(kept)]
        page.close()


def judged(page: Any, key: str) -> None:
    """Judge the telling shown by keys alone; at the end the next one is shown."""

    def pressed(key: str) -> None:
        with page.expect_navigation():
            page.keyboard.press(key)

    if key == "c":
        # What it says already cannot be corrected to that.
        right = "denied" if page.locator("dd").first.inner_text().endswith("alleged") else "alleged"
        pressed("c")
        assert page.evaluate("document.activeElement.id") == "field"
        page.keyboard.type("status")
        page.keyboard.press("Tab")
        page.keyboard.type(right)
        pressed("Enter")
        pressed("a")
    elif key == "n":
        pressed("n")
        page.keyboard.type("looked at a r c j s u")
        pressed("Enter")
        pressed("a")
    elif key == "j":
        pressed("j")
        if page.locator('[data-key="1"]').count():
            pressed("1")
        pressed("a")
    else:
        pressed(key)
