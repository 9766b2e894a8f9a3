"""Watched feeds: the file that lists them, and polling against a real server that behaves badly."""

from __future__ import annotations

import datetime
import http.server
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pourparler.archive import feeds
from pourparler.archive.feeds import Feed, FeedState, Polled, Poller, load_feeds
from pourparler.errors import IntakeError
from pourparler.intake import web
from pourparler.intake.polite import Polite
from pourparler.intake.web import Limits

GOOD = "Armenia met Azerbaijan in Washington on Monday."
BEGIN = datetime.datetime(2023, 5, 4, 12, tzinfo=datetime.UTC)
ITEM = (
    "<item><title>Talks {n}</title><link>{base}/page/{n}</link><guid>{n}</guid>"
    "<pubDate>Thu, 04 May 2023 10:00:00 GMT</pubDate><description>" + GOOD + " Round {n}.</description></item>"
)


def rss(base: str, numbers: range) -> bytes:
    items = "".join(ITEM.format(n=n, base=base) for n in numbers)
    return f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'.encode()


class Server(http.server.ThreadingHTTPServer):
    """A site: what its addresses answer, what was asked, and when."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked: list[tuple[str, float, dict[str, str]]] = []
        self.pages: dict[str, Callable[[Handler], None]] = {}

    def times(self, path: str) -> int:
        return sum(one[0] == path for one in self.asked)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients of these tests hang up on purpose."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, time.monotonic(), {k.lower(): v for k, v in self.headers.items()}))
        page = self.server.pages.get(self.path)
        if page is None:
            self.answer(b"no", status=404)
        else:
            page(self)

    def answer(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


class Desk:
    """A poller with a clock of its own and what it told."""

    def __init__(self, *, limits: Limits | None = None, delay: float = 0.0) -> None:
        self.errors: list[IntakeError] = []
        self.notes: list[str] = []
        self.time = BEGIN
        self.poller = Poller(
            on_error=self.errors.append,
            on_note=self.notes.append,
            polite=Polite(delay=delay, limits=limits or feeds.FEED_LIMITS),
            now=lambda: self.time,
        )

    def poll(self, feed: Feed, state: FeedState | None = None) -> Polled:
        return self.poller.poll(feed, state or FeedState())

    def later(self, **step: float) -> None:
        self.time += datetime.timedelta(**step)


def test_new_items_come_once_and_oldest_first(server: Server) -> None:
    numbers = range(3, 0, -1)
    server.pages["/feed"] = lambda h: h.answer(rss(server.base, numbers))
    desk, feed = Desk(), Feed(f"{server.base}/feed")
    first = desk.poll(feed)
    assert [d.title for d in first.documents] == ["Talks 1", "Talks 2", "Talks 3"]
    document = first.documents[0]
    assert (document.publisher, document.url) == ("Wire", f"{server.base}/page/1")
    assert (document.published, document.text) == ("2023-05-04T10:00:00Z", f"{GOOD} Round 1.")
    assert desk.poll(feed, first.state) == Polled((), first.state)  # not due: not asked
    assert server.times("/feed") == 1
    desk.later(minutes=31)
    numbers = range(5, 1, -1)
    second = desk.poll(feed, FeedState.from_json(first.state.to_json()))
    assert [d.title for d in second.documents] == ["Talks 4", "Talks 5"] and not desk.errors
    agent = server.asked[-1][2]["user-agent"]
    assert agent.startswith("pourparler/")


def test_a_name_goes_before_the_feeds_title(server: Server) -> None:
    server.pages["/feed"] = lambda h: h.answer(rss(server.base, range(1)))
    assert Desk().poll(Feed(f"{server.base}/feed", name="Agency")).documents[0].publisher == "Agency"


def test_an_unchanged_feed_is_not_sent_again(server: Server) -> None:
    def page(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"v1"'
        changed = {"ETag": '"v1"', "Last_Modified": "Thu, 04 May 2023 10:00:00 GMT"}
        handler.answer(b"", status=304) if same else handler.answer(rss(server.base, range(2)), **changed)

    server.pages["/feed"] = page
    desk, feed = Desk(), Feed(f"{server.base}/feed")
    state = desk.poll(feed).state
    for _ in range(2):
        desk.later(hours=1)
        polled = desk.poll(feed, state)
        assert polled.documents == () and polled.state.etag == '"v1"' and polled.state.seen == state.seen
        state = polled.state
    assert server.asked[-1][2]["if-modified-since"] == "Thu, 04 May 2023 10:00:00 GMT"
    assert not desk.errors


def test_a_server_that_asks_to_wait_is_left_alone(server: Server) -> None:
    server.pages["/feed"] = lambda h: h.answer(b"slow down", status=429, Retry_After="7200")
    desk, feed = Desk(), Feed(f"{server.base}/feed")
    state = desk.poll(feed).state
    assert "answered 429" in str(desk.errors[0]) and state.due == "2023-05-04T14:00:00+00:00"
    desk.later(hours=1)
    assert desk.poll(feed, state).state == state and server.times("/feed") == 1
    server.pages["/feed"] = lambda h: h.answer(b"", status=503, Retry_After="Thu, 04 May 2023 18:00:00 GMT")
    desk.later(hours=1)
    assert desk.poll(feed, state).state.due == "2023-05-04T18:00:00+00:00"


def test_failures_are_tried_again_later_and_later(server: Server) -> None:
    desk, feed = Desk(), Feed(f"{server.base}/none")
    state, waits = FeedState(), []
    for _ in range(9):
        state = desk.poll(feed, state).state
        due = datetime.datetime.fromisoformat(state.due or "")
        waits.append((due - desk.time) / datetime.timedelta(minutes=30))
        desk.time = due
    assert waits[:4] == [1, 2, 4, 8] and waits[-1] == 48
    assert len(desk.errors) == 9


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b'<rss version="2.0"><channel>')
    while True:
        handler.wfile.write(ITEM.format(n=1, base="").encode() * 100)


def dripping(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.05)


def mute(handler: Handler) -> None:
    while True:
        handler.wfile.write(b"H")
        time.sleep(0.05)


def around(handler: Handler) -> None:
    handler.answer(b"", status=302, Location="/feed")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (endless, "larger than 2,000,000 bytes"),
        (dripping, "did not end within 1 seconds"),
        (mute, "did not end within 1 seconds"),
        (around, "leads on more than 5 times"),
        (lambda h: h.answer(b"", status=302, Location="file:///etc/passwd"), "neither http nor https"),
        (lambda h: h.answer(b"<html><body>no feed</body></html>"), "is no feed"),
        (lambda h: h.answer(b"\0\1\2" * 1000), "is no feed"),
        (lambda h: h.answer(b'<!DOCTYPE r [<!ENTITY a "b">]><rss><channel>&a;</channel></rss>'), "declares entities"),
        (lambda h: h.answer(b""), "is no feed"),
    ],
    ids=["endless", "dripping", "mute", "around", "file", "page", "binary", "bomb", "empty"],
)
def test_a_bad_feed_is_named_and_tried_again(page: Callable[[Handler], None], told: str, server: Server) -> None:
    server.pages["/feed"] = page
    desk, feed = Desk(limits=Limits(seconds=1.0, bytes=2_000_000)), Feed(f"{server.base}/feed")
    began = time.monotonic()
    polled = desk.poll(feed)
    assert time.monotonic() - began < 8
    assert polled.documents == () and polled.state.failures == 1 and polled.state.due
    assert len(desk.errors) == 1 and told in str(desk.errors[0]) and server.base in str(desk.errors[0])


def test_what_can_be_repaired_is_read(server: Server) -> None:
    broken = rss(server.base, range(3)).replace(b"</channel></rss>", b"<item><title>Tom & Jerry")
    server.pages["/feed"] = lambda h: h.answer(broken)
    desk = Desk()
    assert len(desk.poll(Feed(f"{server.base}/feed")).documents) == 4 and "not well-formed" in desk.notes[0]


def test_robots_txt_is_heeded_and_asked_once(server: Server) -> None:
    server.pages["/robots.txt"] = lambda h: h.answer(b"User-agent: pourparler\nDisallow: /private/\n")
    for path in ("/private/feed", "/feed"):
        server.pages[path] = lambda h: h.answer(rss(server.base, range(2)))
    desk = Desk()
    assert desk.poll(Feed(f"{server.base}/private/feed")).documents == ()
    assert "robots.txt forbids it" in str(desk.errors[0]) and server.times("/private/feed") == 0
    assert len(desk.poll(Feed(f"{server.base}/feed")).documents) == 2
    assert server.times("/robots.txt") == 1


def test_a_robots_txt_that_cannot_be_had_forbids(server: Server) -> None:
    server.pages["/robots.txt"] = lambda h: h.answer(b"", status=500)
    server.pages["/feed"] = lambda h: h.answer(rss(server.base, range(2)))
    desk = Desk()
    assert desk.poll(Feed(f"{server.base}/feed")).documents == () and server.times("/feed") == 0
    assert "robots.txt cannot be had (the server answered 500)" in str(desk.errors[0])


def test_a_redirect_is_checked_against_robots_txt_too(server: Server) -> None:
    server.pages["/robots.txt"] = lambda h: h.answer(b"User-agent: *\nDisallow: /inner\n")
    server.pages["/feed"] = lambda h: h.answer(b"", status=302, Location="/inner")
    server.pages["/inner"] = lambda h: h.answer(rss(server.base, range(2)))
    desk = Desk()
    assert desk.poll(Feed(f"{server.base}/feed")).documents == () and server.times("/inner") == 0
    assert "forbids" in str(desk.errors[0])


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause(server: Server) -> None:
    for n in range(3):
        server.pages[f"/{n}"] = lambda h: h.answer(rss(server.base, range(1)))
    desk = Desk(delay=0.2)
    threads = [threading.Thread(target=desk.poll, args=(Feed(f"{server.base}/{n}"),)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments = [moment for _, moment, _ in server.asked]
    assert len(moments) == 4  # robots.txt and three feeds
    assert all(later - earlier > 0.15 for earlier, later in itertools.pairwise(moments))
    assert not desk.errors


def test_a_page_is_fetched_only_where_that_is_asked_for(server: Server) -> None:
    server.pages["/feed"] = lambda h: h.answer(rss(server.base, range(2)))
    words = f"<html><body><article><p>{'The whole report said so. ' * 5}</p></article></body></html>"
    server.pages["/page/0"] = lambda h: h.answer(words.encode(), Content_Type="text/html")
    desk = Desk()
    assert desk.poll(Feed(f"{server.base}/feed")).documents[1].text == f"{GOOD} Round 0."
    assert server.times("/page/0") == 0
    full = desk.poll(Feed(f"{server.base}/feed", full=True)).documents
    assert [d.title for d in full] == ["Talks 1", "Talks 0"]
    assert "The whole report" in full[1].text and full[1].url == f"{server.base}/page/0"
    assert full[0].text == f"{GOOD} Round 1." and "its summary is kept" in desk.notes[-1]


def test_pages_beyond_the_most_wait_and_none_is_lost(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_MOST_PAGES", 3)
    server.pages["/feed"] = lambda h: h.answer(rss(server.base, range(7, -1, -1)), ETag='"v1"')
    desk, feed, state, seen = Desk(), Feed(f"{server.base}/feed", full=True), FeedState(), []
    for _ in range(3):
        polled = desk.poll(feed, state)
        seen += [d.title for d in polled.documents]
        state = polled.state
        desk.later(hours=1)
    assert seen == [f"Talks {n}" for n in range(8)] and state.etag == '"v1"'
    assert "5 items wait for the next polling" in " ".join(desk.notes)


def test_thousands_of_items_are_read_and_remembered(server: Server) -> None:
    # More than are remembered of those that are no longer in the feed.
    server.pages["/feed"] = lambda h: h.answer(rss(server.base, range(3000)))
    desk, feed = Desk(), Feed(f"{server.base}/feed")
    polled = desk.poll(feed)
    assert len(polled.documents) == 3000
    desk.later(hours=1)
    assert desk.poll(feed, polled.state).documents == ()


def test_a_bad_item_does_not_stop_the_others(server: Server) -> None:
    body = rss(server.base, range(2)).replace(GOOD.encode() + b" Round 0.", b"...").replace(b"Talks 0", b"---")
    server.pages["/feed"] = lambda h: h.answer(body)
    desk = Desk()
    assert len(desk.poll(Feed(f"{server.base}/feed")).documents) == 1
    assert f"{server.base}/feed, item 1: there is no text" in str(desk.errors[0])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://user@127.0.0.1:80/",
    ],
)
def test_what_others_wrote_may_not_lead_inside(url: str) -> None:
    with pytest.raises(IntakeError, match=r"no public address|cannot be found"):
        web.request(url, headers={}, public=True)


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("http://127.0.0.1:80/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://intranet/feed", True),
        ("https://feeds.example.org/", False),
        ("http://8.8.8.8/", False),
        ("http://[bad/", False),
    ],
)
def test_only_an_address_that_says_so_is_inside(url: str, inside: bool) -> None:
    assert web.written_inside(url) is inside


def test_a_feed_under_a_public_name_may_not_be_inside(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    # As if somebody had given their public name the address of this machine.
    resolve = socket.getaddrinfo
    port = server.server_address[1]
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **all: resolve("127.0.0.1", *more, **all))
    server.pages["/feed"] = lambda h: h.answer(rss(server.base, range(1)))
    desk = Desk()
    assert desk.poll(Feed(f"http://news.example:{port}/feed")).documents == () and server.asked == []
    assert "no public address" in str(desk.errors[0])
    assert len(desk.poll(Feed(f"http://news.example:{port}/feed", private=True)).documents) == 1


def test_the_peer_is_checked_before_anything_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the name had given a public address when it was checked, and this machine's when it was used.
    monkeypatch.setattr(web, "public_only", lambda url: None)
    with pytest.raises(IntakeError, match="no public address"):
        web.request(f"{server.base}/feed", headers={}, public=True)
    assert server.asked == []


def test_a_list_of_feeds(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(
        '[[feed]]\nurl = "https://a.example/rss"\nname = "Agency"\nevery = "2h"\nfull = true\n\n'
        '[[feed]]\nurl = "http://b.example/atom"\npublisher = "Bureau"\n[[feed]]\nurl = "https://c.example/"\n'
    )
    half = datetime.timedelta(minutes=30)
    assert load_feeds(path) == (
        Feed("https://a.example/rss", "Agency", datetime.timedelta(hours=2), True),
        Feed("http://b.example/atom", "Bureau", half, False),
        Feed("https://c.example/", None, half, False),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[feed]]\nurl = "https://a"\n[[feed]]\nurl = "ftp://b"\n', "line 4: feed 2, url"),
        ('[[feed]]\nurl = "https://a"\nevry = "1h"\n', "line 3: feed 1, evry: there is no such key"),
        ('[[feed]]\nurl = "https://a"\nevery = "10s"\n', "line 3: feed 1, every"),
        ('[[feed]]\nurl = "https://a"\nevery = "0m"\n', "line 3: feed 1, every"),
        ('[[feed]]\nurl = "https://a"\nfull = "yes"\n', "line 3: feed 1, full"),
        ('[[feed]]\nurl = "https://a"\nname = 3\n', "line 3: feed 1, name"),
        ('[[feed]]\nname = "A"\n', "line 1: feed 1, url"),
        (
            '[[feed]]\nurl = "https://a"\n[[feed]]\nurl = "https://a"\n',
            "line 4: feed 2, url: https://a stands",
        ),
        ('feed = [{url = "x"}]\n', "feed 1, url"),
        ("[[feed]]\nurl = \n", "line 2"),
        ("", "no [[feed]]"),
        ("feed = 3\n", "no [[feed]]"),
        ("[[feed]]\nurl = 'https://a'\n[other]\n", "no [[feed]]"),
    ],
)
def test_what_is_wrong_in_the_list_is_named(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(text)
    with pytest.raises(IntakeError) as caught:
        load_feeds(path)
    assert told in str(caught.value) and str(path) in str(caught.value)


def test_a_state_goes_through_json() -> None:
    state = FeedState('"v1"', None, "2023-05-04T14:00:00+00:00", 2, ("a", "b"))
    assert FeedState.from_json(state.to_json()) == state
    with pytest.raises(ValueError, match="no state of a feed"):
        FeedState.from_json('{"seen": [], "more": 1}')
