"""XML and pages from strangers: no entity is expanded, no file read, nobody asked."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pourparler.errors import IntakeError
from pourparler.intake.feed import parse_feed
from pourparler.intake.formats import parse_html, parse_markdown

WORDS = "Ministers of both sides met in Vienna on Tuesday and agreed on a further round of talks in the spring."


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file nobody may read into a report; whoever asks the network fails the test."""

    def asked(*_: object, **__: object) -> None:
        raise AssertionError("a parser asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    monkeypatch.setattr(socket.socket, "connect", asked)
    path = tmp_path / "secret.txt"
    path.write_text("TOPSECRET", encoding="utf-8")
    return path


def _feed(head: str, body: str) -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><channel>'
        f"<title>T</title><item><guid>1</guid><title>A</title><description>{body} {WORDS}</description></item>"
        "</channel></rss>"
    ).encode()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{path}">]>', "&x;"),
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>', "&x;"),
        ('<!DOCTYPE rss [<!ENTITY % x SYSTEM "file://{path}"> %x;]>', ""),
        (f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
        # Broken besides, so that it is repaired by another parser.
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{path}">]>', "&x; <b>"),
    ],
)
def test_feeds_that_declare_entities_are_refused(secret: Path, head: str, body: str) -> None:
    with pytest.raises(IntakeError, match=r"entities|parsed"):
        parse_feed(_feed(head.replace("{path}", str(secret)), body), "f", lambda _: None)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<!DOCTYPE rss SYSTEM "file://{path}">', ""),
        ('<!DOCTYPE rss PUBLIC "-//X//X" "http://127.0.0.1:9/x.dtd">', ""),
        ("", '<xi:include href="file://{path}" parse="text"/>'),
        ('<?xml-stylesheet href="file://{path}" type="text/xsl"?>', ""),
    ],
)
def test_feeds_that_name_other_files_are_read_without_them(secret: Path, head: str, body: str) -> None:
    data = _feed(head.replace("{path}", str(secret)), body.replace("{path}", str(secret)))
    found = parse_feed(data, "f", lambda _: None)
    assert "TOPSECRET" not in repr(found) and "Vienna" in found.items[0].parsed.text


@pytest.mark.parametrize("head", ['<!DOCTYPE html [<!ENTITY x SYSTEM "file://{path}">]>', "<!DOCTYPE html>"])
def test_pages_read_no_files(secret: Path, head: str) -> None:
    page = (
        f"{head.replace('{path}', str(secret))}<html><head><title>A report</title>"
        f'<link rel="import" href="file://{secret}"><base href="file://{secret}"></head><body><article>'
        f'<p>&x; {WORDS}</p><iframe src="file://{secret}"></iframe><object data="file://{secret}"></object>'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>'
        f"<p>{WORDS} {WORDS}</p></article></body></html>"
    )
    found = parse_html(page.encode(), "p", lambda _: None)
    assert "TOPSECRET" not in repr(found) and "Vienna" in found.text


def test_markdown_reads_no_files(secret: Path) -> None:
    found = parse_markdown(f"![x](file://{secret})\n\n{WORDS}\n\n<iframe src='file://{secret}'>".encode(), "m", print)
    assert "TOPSECRET" not in repr(found)
