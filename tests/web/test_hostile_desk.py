"""A desk on hostile reports: script in titles, bodies, names and addresses is shown as text or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pourparler.archive import verdicts
from pourparler.archive.adding import add
from pourparler.archive.joining import join
from pourparler.archive.store import Archive, Arrived
from pourparler.export.view import printable
from pourparler.reading import Reader
from pourparler.record import Document
from pourparler.web.render import environment
from tests.archive.alike_by_words import Alike
from tests.web.conftest import PROCESS, desk_on
from tests.web.desk_help import form_token
from tests.web.watching import watched

SCRIPT = "<script>window.pwned=1</script>"
IMAGE = '"><img src=x onerror="window.pwned=1">'
QUOTE = "' onmouseover='window.pwned=1' x='"
TEXTS = (
    f"YEREVAN, May 4 - Armenian Foreign Minister {SCRIPT} Ararat Mirzoyan met Azerbaijani Foreign Minister Jeyhun "
    f"Bayramov in Washington on May 3. {IMAGE} Armenia accused Azerbaijan of shelling Sotk. "
    f"</textarea></title>{SCRIPT}",
    f"The <b>Script{QUOTE}</b> Movement accused Armenia of shelling. Azerbaijan said: {SCRIPT} Armenia attacked "
    "Azerbaijan on May 3. Baku denied shelling Sotk. {{ 7*7 }} {% raw %} \u202egnp.exe\u202c \x1b[31m",
    f"Armenia and Azerbaijan signed an agreement in Brussels on May 3. Charles Michel{IMAGE} praised Armenia. "
    "Azerbaijan will withdraw its troops by May 20, it promised. javascript:window.pwned=1",
)
URLS = ("javascript:window.pwned=1", "JaVaScRiPt:window.pwned=1", "data:text/html," + SCRIPT)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Path:
    """An archive of hostile reports, read, joined and judged."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "armenia-azerbaijan.toml").write_text(
        PROCESS.replace('title = "Armenia and Azerbaijan"', f"title = {json.dumps('Talks ' + SCRIPT)}"),
        encoding="utf-8",
    )
    with Archive.open(folder / "hostile.db", create=True) as archive:
        reports = [
            Document(
                f"{IMAGE}{n}",
                text,
                f"Talks {SCRIPT}{IMAGE}{QUOTE}",
                "2023-05-04",
                f"Wire {SCRIPT}{QUOTE}{n}",
                url,
                "en",
            )
            for n, (text, url) in enumerate(zip(TEXTS, URLS, strict=True))
        ]
        add(archive, [Arrived(one, f"file {SCRIPT}", QUOTE) for one in reports], reader)
        join(archive, Alike(threshold=0.25))
        with archive.reading() as connection:
            from pourparler.archive.told import tellings

            keys = [one.key for one in tellings(connection)]
        assert len(keys) >= 4
        verdicts.give(archive, "note", keys[0], by=f"ani{SCRIPT}", why=IMAGE)
        verdicts.give(archive, "correct", keys[1], field="place", value=f"Sotk{SCRIPT}", by="ani", why=QUOTE)
        verdicts.give(archive, "correct", keys[2], field="sources", value=f"Script {IMAGE} Movement", by="ani")
    return folder / "hostile.db"


@pytest.fixture(scope="module")
def hostile_desk(hostile: Path) -> Iterator[TestClient]:
    with desk_on(hostile) as client:
        accounts = client.app.state.desk.accounts  # type: ignore[attr-defined]
        accounts.note(f"ani{SCRIPT}", f"did {IMAGE}")
        accounts.keep_view("analyst", f"mine {SCRIPT}{QUOTE}", f"text={QUOTE}")
        yield client


class Checked(HTMLParser):
    """Notes what a page has that a hostile text could have put there, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and set(given) != {"src", "defer"}:
            self.wrong.append(f"script {given}")
        if tag in ("style", "iframe", "object", "embed", "base", "img"):
            self.wrong.append(tag)
        for name, value in given.items():
            if name.startswith("on") or name == "style" or name == "srcdoc":
                self.wrong.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction"):
                bare = re.sub(r"[\x00-\x20]", "", value or "").lower()
                if re.match(r"[a-z][a-z0-9+.-]*:", bare) and not bare.startswith(("https://", "http://")):
                    self.wrong.append(f"{tag} {name}={value}")
                if tag == "a" and value and value.startswith("/") and not value.startswith("//"):
                    self.links.add(value.split("#")[0])


def checked(answer: Any) -> Checked:
    found = Checked()
    found.feed(answer.text)
    return found


def test_no_page_takes_a_text_for_markup(hostile_desk: TestClient) -> None:
    """Goes from page to page by their links, all that there are up to some hundred."""
    waiting, seen = (
        ["/process/armenia-azerbaijan", "/events", "/review", "/review/given", "/add", "/accounts", "/log"],
        set(),
    )
    kinds: set[str] = set()
    while waiting and len(seen) < 160:
        path = waiting.pop(0)
        kind = re.sub(r"/(?:e|t|r|j|s)?[0-9a-f]{16}", "/KEY", path.split("?")[0])
        # Of lists with other filters a few are enough.
        if path in seen or sum(one.startswith(kind) for one in seen) > 12:
            continue
        seen.add(path)
        answer = hostile_desk.get(path)
        assert answer.status_code in (200, 404), (path, answer.status_code)
        kinds.add(kind)
        if not answer.headers["content-type"].startswith("text/html"):
            assert answer.headers["x-content-type-options"] == "nosniff"
            continue
        if answer.headers.get("content-disposition", "").startswith("attachment"):
            # A document to take along has a style of its own; its words are held to be words all the same.
            assert set(checked(answer).wrong) <= {"style"}, (path, checked(answer).wrong)
            continue
        found = checked(answer)
        assert found.wrong == [], (path, found.wrong)
        waiting += sorted(found.links - seen)
    assert {"/events", "/review", "/review/given", "/log", "/event/KEY", "/report/KEY"} <= kinds, kinds


def test_no_line_of_a_page_is_flooded_or_turned() -> None:
    plain = environment().filters["plain"]
    # Marks on one letter, all of them printable: 200 of them cover the lines above and below.
    for words in ("a" + "\u0301" * 200, "a" + "\u0489" * 200, "ก" + "\u0e49" * 200):
        assert len(plain(words)) == 5 and plain(words) == printable(words)
    assert plain("a\u202eb\x1b[31m\nc\u2028d") == "ab[31m c d" and plain(None) == "" and plain(5) == "5"
    assert plain("Việt Nam, Əliyev, Երևան") == "Việt Nam, Əliyev, Երևան"


@pytest.mark.parametrize(
    "words", [SCRIPT, IMAGE, QUOTE, "\x00", "\ud800", "{{ 7*7 }}", "x" * 20_000, "%00", "&said=x"]
)
@pytest.mark.parametrize(
    "path",
    [
        "/events?text=",
        "/review?process=",
        "/review/given?by=",
        "/log?name=",
        "/events?said=",
        "/process?name=",
        "/sign-in?to=",
    ],
)
def test_words_of_an_address_stay_words(hostile_desk: TestClient, path: str, words: str) -> None:
    from urllib.parse import quote

    answer = hostile_desk.get(path + quote(words.encode("utf-8", "surrogatepass")))
    assert answer.status_code in (200, 400, 404, 414)
    assert checked(answer).wrong == []
    assert "49" not in re.findall(r"\{\{[^}]*\}\}|\b49\b", answer.text) or words != "{{ 7*7 }}"


def test_the_api_sends_no_markup_either(hostile_desk: TestClient) -> None:
    answer = hostile_desk.get("/api/v1/events")
    if answer.status_code == 200:
        assert answer.headers["content-type"].startswith("application/json")
    assert hostile_desk.get(f"/api/v1/{SCRIPT}").headers["content-type"].startswith("application/json")


def test_a_problem_page_shows_words_as_words(hostile_desk: TestClient) -> None:
    sent = {"form_token": form_token(hostile_desk, "/add"), "kind": SCRIPT, "telling": IMAGE}
    answer = hostile_desk.post("/review/verdict", data=sent)
    assert answer.status_code == 400 and checked(answer).wrong == [] and SCRIPT not in answer.text
    sent = {
        "form_token": sent["form_token"],
        "address": f"ftp://{IMAGE}",
        "title": QUOTE,
        "text": f"</textarea>{SCRIPT}",
    }
    answer = hostile_desk.post("/add", data=sent)
    assert answer.status_code == 400 and checked(answer).wrong == []


@pytest.mark.browser
def test_nothing_runs_in_chromium(hostile: Path) -> None:
    with watched(hostile) as (page, address):
        page.goto(f"{address}/events")
        event = page.locator('a[href^="/event/"]').first.get_attribute("href")
        page.goto(f"{address}{event}")
        report = page.locator('a[href^="/report/"]').first.get_attribute("href")
        for path in (
            event,
            report,
            "/process/armenia-azerbaijan",
            "/review",
            "/review/given",
            "/reports",
            "/claims",
            "/actors",
        ):
            page.goto(f"{address}{path}")
            page.mouse.move(200, 300)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.pwned") is None, path
