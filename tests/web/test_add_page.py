"""Adding reports at the desk: pasted, uploaded, from addresses, by programs."""

from __future__ import annotations

import gzip
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from pourparler.archive.adding import add
from pourparler.archive.store import Archive, Arrived
from pourparler.errors import DeskError, IntakeError
from pourparler.reading import Reader
from pourparler.record import Document
from pourparler.web import incoming
from pourparler.web.adding import Job, Jobs
from pourparler.web.incoming import Pasted
from tests.web.conftest import ROOT, archive_of, copied, desk_on
from tests.web.desk_help import form_token, signed_in, with_accounts

TEXT = (
    "YEREVAN, May 4 - Armenian Foreign Minister Ararat Mirzoyan met his Azerbaijani counterpart Jeyhun Bayramov in "
    "Washington on Wednesday. Armenia accused Azerbaijan of shelling Sotk."
)


@pytest.fixture
def own_desk(filled: Path, tmp_path: Path, reader: Reader) -> Iterator[TestClient]:
    """A desk to be written to, whose reader is there already."""
    with desk_on(copied(filled, tmp_path)) as client:
        client.app.state.desk.__dict__["_reader"] = reader  # type: ignore[attr-defined]
        yield client
        client.app.state.desk.close()  # type: ignore[attr-defined]


def sent(client: TestClient, files: Any = None, **fields: str) -> str:
    """Send the form and wait for the end; return the page of what came in."""
    fields = {"form_token": form_token(client, "/add"), **fields}
    answer = client.post("/add", data=fields, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return ended(client, answer.headers["location"])


def ended(client: TestClient, href: str) -> str:
    until = time.monotonic() + 60
    while "data-progress" in (page := client.get(href).text):
        assert time.monotonic() < until
        time.sleep(0.05)
    return page


def test_a_pasted_report_comes_in_with_its_events(own_desk: TestClient) -> None:
    page = sent(own_desk, text=TEXT, title="Ministers meet", published="2023-05-04", publisher="Northern Wire")
    assert "1 report came in" in page and "Ministers meet" in page
    assert 'href="/event/' in page and "CONSULT" in page
    href = page.split('href="/report/')[1].split('"')[0].split("#")[0]
    report = archive_of(own_desk).document(href)
    assert (report.title, report.published, report.publisher) == ("Ministers meet", "2023-05-04", "Northern Wire")
    assert own_desk.get("/event/" + page.split('href="/event/')[1].split('"')[0]).status_code == 200
    again = sent(own_desk, text=TEXT, title="Ministers meet", published="2023-05-04", publisher="Northern Wire")
    assert "known before" in again
    told = own_desk.app.state.desk.accounts.log()  # type: ignore[attr-defined]
    assert told[0].what == "add: Ministers meet"


def test_five_hundred_words_are_on_the_screen_within_three_seconds(own_desk: TestClient) -> None:
    reports = [json.loads(line)["text"] for line in (ROOT / "examples/talks.jsonl").read_text().splitlines()]
    text = " ".join(" ".join(reports).split()[:500])
    sent(own_desk, text=TEXT, published="2023-05-04")  # joining's own tables are loaded, as at a desk that was warmed
    # Seconds of work of all threads: on a machine that does nothing else the clock shows no more.
    began = time.process_time()
    page = sent(own_desk, text=text, published="2023-05-05")
    assert time.process_time() - began < 3.0
    assert page.count('href="/event/') > 5


def test_progress_is_told_as_it_comes(own_desk: TestClient) -> None:
    answer = own_desk.post(
        "/add", data={"form_token": form_token(own_desk, "/add"), "text": TEXT}, follow_redirects=False
    )
    href = answer.headers["location"]
    with own_desk.stream("GET", f"{href}/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        assert events.headers["content-security-policy"]
        lines = [line for line in events.iter_lines() if line]
    names = [line.removeprefix("event: ") for line in lines[::2]]
    assert names[-1] == "end" and set(names[:-1]) <= {"step"}
    assert json.loads(lines[-1].removeprefix("data: "))["href"] == href
    assert own_desk.get("/add/nothing/events").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "nothing was given"), ({"text": TEXT, "published": "2023-02-30"}, "YYYY-MM-DD"),
     ({"address": "ftp://example.org/x"}, "only http and https"),
     ({"address": "file:///etc/passwd"}, "only http and https"),
     ({"address": "http://127.0.0.1:1/"}, "no public address"),
     ({"address": "http://localhost/"}, "no public address"),
     ({"address": "http://[::1]/"}, "no public address"), ({"address": "http://10.0.0.1/x"}, "no public address"),
     ({"address": "http://169.254.169.254/latest"}, "no public address"),
     ({"address": "http://2130706433/"}, "no public")],
)  # fmt: skip
def test_what_cannot_be_added_is_told_and_what_was_typed_stays(
    own_desk: TestClient, fields: dict[str, str], words: str
) -> None:
    answer = own_desk.post("/add", data={"form_token": form_token(own_desk, "/add"), **fields})
    assert answer.status_code == 400 and words in answer.text
    for value in fields.values():
        assert value in answer.text


def test_uploads_of_each_kind(own_desk: TestClient) -> None:
    examples = ROOT / "examples" / "reports"
    rows = "".join(json.dumps({"id": f"u{n}", "text": TEXT + f" No {n}."}) + "\n" for n in range(3)).encode()
    page = sent(
        own_desk, published="2023-05-04",
        files=[
            ("files", ("a.txt", (examples / "01-wire-talks-open.txt").read_bytes())),
            ("files", ("b.html", (examples / "13-page.html").read_bytes())),
            ("files", ("c.md", (examples / "14-column.md").read_bytes())),
            ("files", ("rows.jsonl.gz", gzip.compress(rows))),
            ("files", ("noending", b"Armenia accused Azerbaijan of shelling Sotk on Thursday.")),
        ],
    )  # fmt: skip
    assert "7 reports came in" in page
    assert "Could not be read" not in page


def test_wrong_types_are_told_and_the_others_read(own_desk: TestClient) -> None:
    files = [
        ("files", ("photo.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 500)),
        ("files", ("sheet.xlsx", b"PK\x03\x04" + b"\0" * 500)),
        ("files", ("empty.txt", b"")),
        ("files", ("broken.pdf", b"%PDF-1.4 nothing")),
        ("files", ("broken.parquet", b"PAR1 nothing")),
        ("files", ("bomb.jsonl.gz", gzip.compress(b"0" * 80_000_000))),
        ("files", ("good.txt", TEXT.encode())),
    ]
    page = sent(own_desk, files=files, published="2023-05-04")
    assert "1 report came in" in page
    told = page.split("Could not be read")[1].split("</section>")[0]
    for name, words in (
        ("photo.txt", "PNG"),
        ("sheet.xlsx", "ZIP"),
        ("empty.txt", ""),
        ("broken.pdf", "PDF"),
        ("broken.parquet", ""),
    ):
        assert name in told and words in told, name
    assert "/tmp" not in page and "pourparler-" not in page


@pytest.mark.parametrize(
    "name",
    ["../../../../tmp/pwned.txt", "/etc/pwned.txt", "..\\..\\pwned.txt", "a\0b.txt", "x" * 5000 + ".txt", ".", "..",
     "con.txt", "<script>alert(1)</script>.txt", "a.txt/../../b.txt", "-", "http://127.0.0.1/x.txt", "\u202etxt.exe"],
)  # fmt: skip
def test_a_name_is_never_a_path(
    own_desk: TestClient, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    seen: list[str] = []
    found = incoming.find_sources
    monkeypatch.setattr(incoming, "find_sources", lambda names, **more: found(seen.extend(names) or names, **more))
    boundary = "----b"
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="{{}}"{{}}\r\n\r\n'
    body = part.format("form_token", "").encode() + form_token(own_desk, "/add").encode() + b"\r\n"
    body += part.format("files", f'; filename="{name}"').encode() + TEXT.encode() + f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = own_desk.post("/add", content=body, headers=kind, follow_redirects=False)
    assert answer.status_code in (303, 400)
    if answer.status_code == 303:
        page = ended(own_desk, answer.headers["location"])
        assert "<script>alert" not in page and "\u202e" not in page
        assert [Path(one).parent.parent for one in seen] == [folder]
        assert Path(seen[0]).name in ("0.txt", "0", "0.exe")
    assert list(folder.iterdir()) == [], "nothing is left behind"
    assert not Path("/tmp/pwned.txt").exists() and not Path("/etc/pwned.txt").exists()


def test_too_much_at_once_is_refused_before_it_is_read(filled: Path, tmp_path: Path) -> None:
    with desk_on(copied(filled, tmp_path), most_upload=2_000_000) as client:
        token = form_token(client, "/add")
        files = [("files", ("a.txt", b"x" * 2_000_000))]
        answer = client.post("/add", data={"form_token": token}, files=files)
        assert answer.status_code == 413 and "At most 1 MB" in answer.text
        many = [("files", (f"{n}.txt", b"x")) for n in range(21)]
        assert client.post("/add", data={"form_token": token}, files=many).status_code in (400, 403)


class Site(http.server.BaseHTTPRequestHandler):
    """A site with a page, a feed, and ways that lead on."""

    def do_GET(self) -> None:
        asked.append(self.path)
        port = self.server.server_address[1]
        leads = {
            "/to-loopback": f"http://127.0.0.1:{port}/secret",
            "/to-private": "http://10.1.2.3/",
            "/to-file": "file:///etc/passwd",
        }
        if self.path in leads:
            self.send_response(302)
            self.send_header("Location", leads[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        found = {
            "/page": ("text/plain", TEXT),
            "/feed": ("application/rss+xml", FEED),
            "/secret": ("text/plain", "secret " * 90),
        }
        kind, text = found.get(self.path, ("text/plain", ""))
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


asked: list[str] = []
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><link>http://wire.example/</link>
<description>x</description><item><title>One</title><guid>1</guid><description>{TEXT}</description></item>
<item><title>&lt;script&gt;Two</title><guid>2</guid><link>javascript:alert(1)</link>
<description>{TEXT} Again.</description></item></channel></rss>"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site on this machine whose name, wire.example, is taken for a public address until it is asked by number."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.2", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        resolve = socket.getaddrinfo

        def named(host: Any, *more: Any, **all: Any) -> Any:
            return resolve("127.0.0.2" if host == "wire.example" else host, *more, **all)

        monkeypatch.setattr(socket, "getaddrinfo", named)
        # 127.0.0.2 stands for the internet here; 127.0.0.1 and all others are as they are.
        from pourparler.intake import web

        judge = web._public
        monkeypatch.setattr(web, "_public", lambda address: address == "127.0.0.2" or judge(address))
        yield f"http://wire.example:{server.server_address[1]}"
        server.shutdown()


def test_a_page_and_a_feed_come_in(own_desk: TestClient, site: str) -> None:
    assert "1 report came in" in sent(own_desk, address=f"{site}/page")
    page = sent(own_desk, address=f"{site}/feed")
    assert "2 reports came in" in page
    assert "&lt;script&gt;Two" in page and "<script>Two" not in page and "javascript:" not in page
    report = page.split('href="/report/')[2].split('"')[0]
    assert "javascript:" not in own_desk.get(f"/report/{report}").text


def test_all_items_come_however_few_pages_a_polling_fetches(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pourparler.archive import feeds
    from pourparler.intake.polite import Polite

    monkeypatch.setattr(feeds, "_MOST_PAGES", 1)
    monkeypatch.setitem(Polite.__init__.__kwdefaults__ or {}, "delay", 0.0)
    job = Job("a feed", "tester")
    came = list(incoming.fetched(f"{site}/feed", full=True)(job))
    assert [one.document.text.endswith("Again.") for one in came] == [True, False]
    assert job.total == 2 and not job.problems


@pytest.mark.parametrize("path", ["/to-loopback", "/to-private", "/to-file", "/none"])
def test_an_address_that_leads_inside_is_not_followed(own_desk: TestClient, site: str, path: str) -> None:
    page = sent(own_desk, address=f"{site}{path}")
    assert 'class="problem"' in page
    assert "secret" not in page.replace("/secret", "")
    assert asked == [path]


def test_a_name_that_resolves_to_this_machine_is_refused(
    own_desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **all: resolve("127.0.0.1", *more, **all))
    assert "no public address" in sent(own_desk, address="http://rebound.example/")


def as_described(
    client: TestClient, headers: dict[str, str], answer: Any, path: str, method: str, status: str
) -> None:
    """Hold an answer against the description of the API."""
    described = client.get("/api/v1/openapi.json", headers=headers).json()
    schema = described["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": described["components"]}).validate(answer)


def test_programs_add_reports_by_key(filled: Path, tmp_path: Path, reader: Reader) -> None:
    client, accounts = with_accounts(copied(filled, tmp_path))
    with client:
        client.app.state.desk.__dict__["_reader"] = reader  # type: ignore[attr-defined]
        bearer = {"Authorization": f"Bearer {accounts.new_key('reviewer')}"}
        rows = {
            "reports": [
                {"text": TEXT, "published": "2023-05-04", "title": "One"},
                {"text": TEXT + " Also.", "url": "javascript:x"},
            ]
        }
        answer = client.post("/api/v1/reports", json=rows, headers=bearer)
        assert answer.status_code == 202
        until = time.monotonic() + 60
        while (told := client.get(answer.headers["Location"], headers=bearer).json())["state"] not in (
            "done",
            "failed",
        ):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert told["state"] == "done" and len(told["reports"]) == 2 and told["reports"][0]["events"]
        as_described(client, bearer, answer.json(), "/api/v1/reports", "post", "202")
        as_described(client, bearer, told, "/api/v1/added/{job}", "get", "200")
        assert archive_of(client).document(told["reports"][1]["key"]).url is None
        bad: list[Any] = [
            [],
            {},
            {"text": ""},
            {"text": 5},
            {"text": "x", "path": "/etc/passwd"},
            {"reports": []},
            {"reports": [{"text": "x"}], "title": "nowhere"},
            {"reports": [{"text": "x"}] * 101},
            {"reports": {"text": "x"}},
            {"text": "x", "title": None, "published": 2023},
            "x",
        ]
        for row in bad:
            assert client.post("/api/v1/reports", json=row, headers=bearer).status_code == 400, row
        assert (
            client.post(
                "/api/v1/reports", content=b"[" * 100_000, headers={**bearer, "Content-Type": "application/json"}
            ).status_code
            == 400
        )
        assert client.post("/api/v1/reports", data={"text": "x"}, headers=bearer).status_code == 415
        assert client.post("/api/v1/reports", headers=bearer).status_code == 415
        reader_key = {"Authorization": f"Bearer {accounts.new_key('reader')}"}
        assert client.post("/api/v1/reports", json={"text": "x"}, headers=reader_key).status_code == 403
        client.app.state.desk.close()  # type: ignore[attr-defined]


def test_readers_do_not_see_what_others_add(filled: Path, tmp_path: Path) -> None:
    client, _ = with_accounts(copied(filled, tmp_path))
    with client:
        job = client.app.state.desk.jobs.submit("x", "owner", incoming.pasted([]))  # type: ignore[attr-defined]
        signed_in(client, "reader")
        assert client.get(f"/add/{job.key}").status_code == 403
        assert client.get(f"/add/{job.key}/events").status_code == 403
        client.app.state.desk.close()  # type: ignore[attr-defined]


def test_jobs_go_one_after_the_other_and_not_too_many_wait(filled: Path, tmp_path: Path, reader: Reader) -> None:
    go, running, cleaned = threading.Event(), [], []

    def slow(job: Job) -> Iterator[Any]:
        running.append(job.key)
        assert go.wait(30)
        yield from ()

    with Archive.open(copied(filled, tmp_path)) as archive:
        jobs = Jobs(archive, lambda: reader)
        made = [jobs.submit(str(n), "ani", slow, clean=lambda: cleaned.append(1)) for n in range(10)]
        with pytest.raises(DeskError, match="wait to be read"):
            jobs.submit("one more", "ani", slow, clean=lambda: cleaned.append(1))
        assert len(cleaned) == 1 and len(running) <= 1
        go.set()
        jobs.close()
        assert {one.step.state for one in made} <= {"done", "failed", "waiting"} and made[0].step.state == "done"
        with pytest.raises(DeskError):
            jobs.submit("too late", "ani", slow)


def test_a_reader_that_fails_does_not_stop_the_desk(filled: Path, tmp_path: Path, reader: Reader) -> None:
    def broken(job: Job) -> Iterator[Any]:
        raise IntakeError("x", "it is broken", "Mend it")
        yield

    def crashing(job: Job) -> Iterator[Any]:
        raise ZeroDivisionError
        yield

    with Archive.open(copied(filled, tmp_path)) as archive:
        jobs = Jobs(archive, lambda: reader)
        made = [jobs.submit("x", "ani", one) for one in (broken, crashing, incoming.pasted([Pasted(TEXT)]))]
        until = time.monotonic() + 60
        while not made[-1].step.over and time.monotonic() < until:
            time.sleep(0.05)
        assert [one.step.state for one in made] == ["failed", "failed", "done"]
        assert "it is broken" in made[0].step.words and "ZeroDivision" not in made[1].step.words
        jobs.close()


def test_what_others_add_meanwhile_is_not_counted_as_new(filled: Path, tmp_path: Path, reader: Reader) -> None:
    path = copied(filled, tmp_path)

    def arriving(n: int) -> Arrived:
        return Arrived(Document(f"r{n}", f"{TEXT} For the {n}th time.", None, "2023-05-04"), "test")

    with Archive.open(path) as archive, Archive.open(path) as other:

        class Slow(Reader):
            """A reader during whose reading another program adds a report."""

            def read_many(self, *args: Any, **named: Any) -> Any:
                other.add_reports([arriving(100 + archive.counts().reports)])
                return reader.read_many(*args, **named)

        slow = Slow.__new__(Slow)
        slow.__dict__.update(reader.__dict__)
        done = add(archive, (arriving(n) for n in (1, 2, 2, 3)), slow, batch=2)
        assert (done.taken, done.new) == (4, 3)
        assert add(archive, [arriving(1)], reader).new == 0
