"""The desk on all hostile reports: its pages show words as words, its answers hold, and nothing of them runs."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from pourparler.archive.store import Archive
from pourparler.errors import DeskError
from pourparler.web.accounts import Accounts
from tests.hostile.conftest import Kept
from tests.hostile.corpus import cases
from tests.hostile.heavy import WORDS
from tests.hostile.looking import Page
from tests.web.conftest import desk_on
from tests.web.desk_help import form_token
from tests.web.test_add_page import sent
from tests.web.watching import watched


@pytest.fixture(scope="module")
def path(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the archive of all cases, with its process beside it."""
    folder = tmp_path_factory.mktemp("hostile-desk")
    shutil.copy(kept.path, folder / "a.db")
    shutil.copy(kept.process, folder / "hostile.toml")
    return folder / "a.db"


@pytest.fixture(scope="module")
def desk(path: Path) -> Iterator[TestClient]:
    with desk_on(path) as client:
        yield client


def keys(desk: TestClient, kind: str, *pages: str) -> list[str]:
    """Return the addresses of one kind that some pages link to, each once."""
    found = [link for page in pages for link in re.findall(rf'href="(/{kind}/[^"#?]+)', desk.get(page).text)]
    return list(dict.fromkeys(found))


def report_pages(kept: Kept) -> Iterator[tuple[str, str]]:
    """Yield the address of every fourth report's page with the report's words."""
    from pourparler.archive.keys import report_key

    for record in list(kept.records.values())[::4]:
        yield f"/report/{report_key(record.document)}", " ".join(record.document.text.split())


def test_reports_are_shown_as_they_are(desk: TestClient, kept: Kept) -> None:
    for address, words in report_pages(kept):
        answer = desk.get(address)
        page = Page(answer.text)
        assert answer.status_code == 200 and page.wrong == [], (address, page.wrong)
        assert words in page.words, address


def test_events_and_lists_are_shown_as_they_are(desk: TestClient) -> None:
    lists = [f"/events?page={n}" for n in range(1, 7)] + [
        "/reports",
        "/claims",
        "/actors",
        "/review",
        "/map",
        "/agenda",
    ]
    events = keys(desk, "event", *lists)
    assert len(events) >= 100
    # Its name is what its file says, and not that of the file.
    processes = keys(desk, "process", "/")
    assert processes
    for address in (*lists, *processes, "/brief", "/log", "/about", *events[::9]):
        answer = desk.get(address)
        assert answer.status_code == 200, address
        found = Page(answer.text)
        assert found.wrong == [], (address, found.wrong)


@pytest.mark.parametrize(
    "path_", ["/events?text=", "/events?source=", "/review?process=", "/reports?text=", "/api/v1/events?text="]
)
def test_words_of_an_address_stay_words(desk: TestClient, path_: str) -> None:
    for case in cases()[::12]:
        answer = desk.get(path_ + quote(case.text[:1500].encode("utf-8", "surrogatepass")))
        assert answer.status_code in (200, 400, 404, 414, 422), (case, answer.status_code)
        if answer.headers["content-type"].startswith("text/html"):
            assert Page(answer.text).wrong == [], case
        assert "\n" not in "".join(answer.headers.values())


def test_pasted_reports_are_taken_as_words(desk: TestClient) -> None:
    token = form_token(desk, "/add")
    for case in cases()[::60]:
        words = case.text.encode("utf-8", "replace").decode("utf-8")
        sent = {
            "form_token": token,
            "text": f"Armenia met {words}.",
            "title": words,
            "publisher": words,
            "url": words,
        }
        answer = desk.post("/add", data=sent)
        assert answer.status_code in (200, 303, 400, 413), (case, answer.status_code)
        assert Page(answer.text).wrong == [], case


def test_names_of_accounts_are_printable_or_refused(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "a.desk.db")
    kept = 0
    for case in cases()[::40]:
        try:
            accounts.add(case.text, "short", "reader")
        except DeskError as error:
            # A password too short is told after the name was found to be one: hashing each would take long.
            kept += "password" in str(error)
            assert "password" not in str(error) or case.text.isprintable(), case
    assert kept
    accounts.close()


@pytest.mark.browser
def test_nothing_runs_in_a_browser(path: Path, kept: Kept) -> None:
    of_markup = {record.document.text for _, record in kept.of("markup")[:60:10] + kept.of("attributes")[::12]}
    from pourparler.archive.keys import report_key

    shown = [record.document for record in kept.records.values() if record.document.text in of_markup]
    with watched(path) as (page, address):
        page.add_init_script("window.zq = () => { window.ran = true; }")
        for place in ("/events", *(f"/report/{report_key(one)}" for one in shown)):
            page.goto(f"{address}{place}", wait_until="load")
            page.mouse.move(200, 300)
            assert page.evaluate("[window.ran, typeof window.zq]") == [None, "function"], place


def test_uploads_that_are_too_much_are_named_and_the_rest_read(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db", create=True):
        pass
    item = b"<item><title>a</title></item>"
    files = [
        ("files", ("long.txt", WORDS * 200_000)),
        ("files", ("bomb.txt.gz", gzip.compress(b"a" * (40 << 20)))),
        ("files", ("twice.jsonl.gz", gzip.compress(gzip.compress(b"a" * (40 << 20))))),
        ("files", ("many.rss", b"<rss><channel>" + item * 10_001 + b"</channel></rss>")),
        ("files", ("deep.jsonl", b'{"text": ' + b"[" * 100_000)),
        ("files", ("wide.csv", b"text" + b",c" * 20_000 + b"\nx\n")),
        ("files", ("good.txt", b"Armenia accused Azerbaijan of shelling Sotk.")),
    ]
    with desk_on(tmp_path / "a.db") as client:
        page = sent(client, files=files, published="2023-05-04")
        client.app.state.desk.close()  # type: ignore[attr-defined]
    assert "1 report came in" in page
    told = Page(page).words.split("Could not be read")[1]
    for name, _ in (file for _, file in files[:-1]):
        assert name in told, (name, told)
    for words in ("more than 8,388,608 bytes", "10,001 items", "nested too deep", "20,001 columns"):
        assert words in told
