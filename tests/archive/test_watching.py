"""Feeds from a real server on this machine into a real archive."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pourparler.archive.feeds import Feed, Poller
from pourparler.archive.store import Archive
from pourparler.archive.watching import state_of, watch_once
from pourparler.errors import IntakeError
from pourparler.reading import Reader

_ITEM = "<item><title>Talks {n}</title><link>{base}/{n}</link><description>{text}</description></item>"


class Server(ThreadingHTTPServer):
    items: int = 1
    asked: int = 0


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path != "/feed":
            self.send_error(404)
            return
        self.server.asked += 1
        text = "The foreign ministers of Armenia and Azerbaijan met in Brussels, round {n}, and agreed to meet again."
        base = f"http://127.0.0.1:{self.server.server_port}"
        items = "".join(_ITEM.format(n=n, base=base, text=text.format(n=n)) for n in range(self.server.items))
        body = f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_new_items_are_kept_and_read_once(server: Server, tmp_path: Path) -> None:
    errors: list[IntakeError] = []
    feed = Feed(f"http://127.0.0.1:{server.server_port}/feed", "Wire")
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        reader = Reader()
        assert watch_once(archive, [feed], reader, Poller(on_error=errors.append)).new == 1
        assert watch_once(archive, [feed], reader, Poller(on_error=errors.append)).taken == 0
        assert server.asked == 1, "a feed that is not due was asked"
        state = state_of(archive, feed)
        assert state.due and len(state.seen) == 1
        assert archive.counts().reports == 1 and archive.counts().tellings >= 1
    assert errors == []


def test_what_is_remembered_comes_after_what_is_kept(server: Server, tmp_path: Path) -> None:
    feed = Feed(f"http://127.0.0.1:{server.server_port}/feed", "Wire")

    class Broken(Reader):
        def read_many(self, *_: object, **__: object) -> Iterator[None]:  # type: ignore[override]
            raise KeyboardInterrupt

    with Archive.open(tmp_path / "a.db", create=True) as archive:
        with pytest.raises(KeyboardInterrupt):
            watch_once(archive, [feed], Broken(), Poller(on_error=print))
        assert state_of(archive, feed).seen == ()
        assert watch_once(archive, [feed], Reader(), Poller(on_error=print)).read == 1


def test_a_feed_that_cannot_be_had_leaves_the_others(server: Server, tmp_path: Path) -> None:
    errors: list[IntakeError] = []
    gone = Feed(f"http://127.0.0.1:{server.server_port}/gone")
    feed = Feed(f"http://127.0.0.1:{server.server_port}/feed", "Wire")
    with Archive.open(tmp_path / "a.db", create=True) as archive:
        done = watch_once(archive, [gone, feed], Reader(), Poller(on_error=errors.append))
    assert done.new == 1 and len(errors) == 1 and "/gone" in str(errors[0])
