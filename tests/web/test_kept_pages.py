"""Pages that are kept: never stale, each with the reader's own token, and nobody sees another role's page."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pourparler.archive import query as asking
from pourparler.archive import verdicts
from pourparler.archive.conditions import Query
from pourparler.archive.store import Archive, Arrived
from pourparler.record import Document
from pourparler.web import counting, kept_pages
from pourparler.web.made_once import MadeOnce
from tests.web.conftest import archive_of, copied, desk_on
from tests.web.desk_help import form_token, signed_in, with_accounts
from tests.web.looking import NAME

PAGES = (
    f"/process/{NAME}", "/events", f"/events?process={NAME}&type=CONSULT", "/events?text=corridor", "/reports",
    f"/reports?process={NAME}", f"/claims?process={NAME}", f"/actors?process={NAME}", f"/map?process={NAME}",
    f"/agenda?process={NAME}", f"/relations?process={NAME}", f"/brief?process={NAME}", "/review", "/about",
    f"/actors/Nikol%20Pashinyan?process={NAME}&only=fact", "/event/{event}", "/report/{report}",
)  # fmt: skip
# What is another one each time: the form's token, and on the page of a process when somebody was last there.
_PASSING = re.compile(
    r'(?<=name="form_token" value=")[^"]+|(?<=name="form-token" content=")[^"]+|<time [^>]*data-zone>.*?</time>'
)


def shown(client: TestClient, keys: dict[str, str], *, times: int = 2) -> dict[str, str]:
    """Ask for every page, the second time when it is kept; return what each shows."""
    out = {}
    for page in PAGES:
        for _ in range(times):
            answer = client.get(page.format(**keys))
        assert answer.status_code == 200, page
        out[page] = _PASSING.sub("", answer.text)
    return out


def keys_of(archive: Archive) -> dict[str, str]:
    """The keys of an event that one report alone tells, with a place of its own, and of its telling and report."""
    every = asking.found(archive, Query(type=("CONSULT",), source=("ARM",), since="2020-08"))
    found = next(one.cited[0].telling for one in every if len(one.cited) == 1 and one.event.latitude)
    return {"event": found.event, "report": found.report, "telling": found.key}


def afresh(path: Path, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return what the pages show on a desk that has kept nothing."""
    with monkeypatch.context() as patch:
        patch.setattr(counting, "_kept", MadeOnce(64))
        with desk_on(path) as client:
            # From the second visit on, the page of a process tells what is new.
            client.get(PAGES[0])
            return shown(client, keys, times=1)


def test_no_page_is_stale_after_a_change(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copied(filled, tmp_path)
    with desk_on(path) as client:
        archive = archive_of(client)
        keys = keys_of(archive)
        before = shown(client, keys)
        assert before == afresh(path, keys, monkeypatch)

        verdicts.give(archive, "correct", keys["telling"], field="place", value="Tbilisi", by="ani")
        corrected = shown(client, keys)
        assert corrected == afresh(path, keys, monkeypatch)
        same = [page for page in PAGES if corrected[page] == before[page]]
        assert "/event/{event}" not in same and "/about" not in same and f"/map?process={NAME}" not in same

        archive.add_reports([Arrived(Document("new", "Nothing of note.", "A quiet day", "2030-01-01"), "test")])
        added = shown(client, keys)
        assert "A quiet day" in added["/reports"] and "A quiet day" not in corrected["/reports"]
        assert added == afresh(path, keys, monkeypatch)

        file = tmp_path / "armenia-azerbaijan.toml"
        file.write_text(file.read_text().replace('title = "Armenia and Azerbaijan"', 'title = "The two"'))
        renamed = shown(client, keys)
        assert all("The two" in page for page in renamed.values())
        assert renamed == afresh(path, keys, monkeypatch)

        [given] = verdicts.history(archive, keys["telling"])
        token = form_token(client, "/events")
        client.post("/review/undo", data={"form_token": token, "verdict": given.key}, follow_redirects=False)
        # What is in doubt again is looked for in the background.
        until = time.monotonic() + 20
        while (undone := shown(client, keys)) != (fresh := afresh(path, keys, monkeypatch)):
            assert time.monotonic() < until, [page for page in PAGES if undone[page] != fresh[page]]


def test_each_browser_has_its_own_token_and_no_other(desk: TestClient) -> None:
    app = desk.app
    tokens = set()
    for _ in range(3):
        client = TestClient(app, base_url=desk.base_url)
        for _ in range(2):
            page = client.get("/events").text
        tokens.add(token := client.cookies["pourparler_form"])
        assert f'content="{token}"' in page and kept_pages._TOKEN not in page
        assert set(re.findall(r'name="form_token" value="([^"]+)"', page)) == {token}
    assert len(tokens) == 3
    # A page of a problem is made for one alone.
    client = TestClient(app, base_url=desk.base_url)
    page = client.get("/events?type=NOTHING")
    assert page.status_code == 400 and kept_pages._TOKEN not in page.text
    assert f'content="{client.cookies["pourparler_form"]}"' in page.text


def test_a_large_page_is_not_kept(own_desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "_LARGEST", 1000)
    for _ in range(2):
        page = own_desk.get("/events").text
        assert f'content="{own_desk.cookies["pourparler_form"]}"' in page and kept_pages._TOKEN not in page
    assert not own_desk.app.state.desk.pages._found  # type: ignore[attr-defined]


def test_a_role_never_sees_what_another_one_may(filled: Path, tmp_path: Path) -> None:
    path = copied(filled, tmp_path)
    client, accounts = with_accounts(path)
    with client:
        address = f"/event/{keys_of(archive_of(client))['event']}"
        for name in ("owner", "reader", "reviewer", "reader"):
            signed_in(client, name)
            page = client.get(address).text
            assert ("Is it right?" in page) == (name != "reader"), name
            assert (">Log</a>" in page) == (name == "owner"), name
            assert f"<span>{name}</span>" in page
        client.cookies.clear()
        assert client.get(address).status_code == 303, "nobody unknown is given a kept page"
    accounts.close()


def test_kept_views_and_messages_are_their_own(own_desk: TestClient) -> None:
    for _ in range(2):
        assert "Only mine" not in own_desk.get("/events?type=CONSULT").text
    token = form_token(own_desk, "/events")
    own_desk.post("/events/views", data={"form_token": token, "title": "Only mine", "query": "type=CONSULT"})
    assert "Only mine" in own_desk.get("/events?type=CONSULT").text
    assert "Hello there" in own_desk.get("/events?type=CONSULT&said=Hello+there").text
    assert "Hello there" not in own_desk.get("/events?type=CONSULT").text


def test_counts_of_before_are_shown_for_a_moment_only(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_FEW", 0)
    path = copied(filled, tmp_path)
    with desk_on(path) as client:
        # Making the arrays is held up: the page does not wait for them, and has the total and the rows.
        with counting._lock:
            place = counting._places.setdefault(archive_of(client).where, counting._Place(None, None))
        going = threading.Event()
        place.making = threading.Thread(target=going.wait, args=(20,), daemon=True)
        place.making.start()
        began = time.monotonic()
        page = client.get("/events").text
        assert time.monotonic() - began < 10
        total = asking.count(archive_of(client), Query())
        assert f"{total:,} event" in page and "being counted" in page and page.count("data-row") == 50
        place.making = None
        going.set()
        until = time.monotonic() + 20
        while "being counted" in (page := client.get("/events").text):
            assert time.monotonic() < until
        assert "CONSULT <span" in page
