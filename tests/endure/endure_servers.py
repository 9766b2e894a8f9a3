"""What commands talk to: a server of feeds, and a PostgreSQL server, both started and stopped here."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

from tests.archive.conftest import fresh_database


class Feeds:
    """A feed whose items can be changed while it is served."""

    def __init__(self, items: Sequence[tuple[str, str, str]]) -> None:
        self.items = list(items)
        self.address = ""

    def body(self) -> bytes:
        """Return the feed as RSS: items of (title, day as RFC 822, text)."""
        items = "".join(
            f"<item><title>{escape(title)}</title><guid>{escape(title)}</guid><pubDate>{day}</pubDate>"
            f"<description>{escape(text)}</description></item>"
            for title, day, text in self.items
        )
        return f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()


@contextlib.contextmanager
def served(feeds: Feeds) -> Iterator[str]:
    """Serve a feed on this machine; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = feeds.body() if self.path == "/feed" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # A client that was killed does not wait for its answer.
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        feeds.address = f"http://127.0.0.1:{server.server_port}/feed"
        yield feeds.address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def has_postgres() -> bool:
    """Return whether PostgreSQL's programs are there, and nobody said that they shall not be used."""
    found = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return bool(found) and not os.environ.get("POURPARLER_NO_POSTGRES")


class Databases:
    """Fresh databases on a server, empty or copies of one."""

    def __init__(self, server: str, name: str, base: str | None = None) -> None:
        self._server, self._name, self._base = server, name, base
        self._made = 0

    def __call__(self) -> str:
        from sqlalchemy import create_engine, text

        self._made += 1
        name = f"{self._name}{self._made}"
        if self._base is None:
            return fresh_database(self._server, name)
        driver = self._server.replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(f"{driver}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS d{name}"))
            connection.execute(text(f"CREATE DATABASE d{name} TEMPLATE {self._base.rpartition('/')[2]}"))
        engine.dispose()
        return f"{self._server}/d{name}"
