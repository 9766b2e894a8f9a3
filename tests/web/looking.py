"""What tests of pages share: a page's links and numbers, and the chronicle that the desk shows."""

from __future__ import annotations

import re
from html import unescape

from starlette.testclient import TestClient

from pourparler.archive.chronicle import Chronicle
from pourparler.web.state import Desk

NAME = "armenia-azerbaijan"


def chronicle_of(client: TestClient) -> Chronicle:
    """Return the chronicle of the example process as the desk has it."""
    desk: Desk = client.app.state.desk  # type: ignore[attr-defined]
    process = desk.process(NAME)
    assert process is not None
    return desk.chronicle(process)


def links(html: str, start: str = "/") -> list[str]:
    """Return the addresses of all links that begin so, in order."""
    return [unescape(one) for one in re.findall(r'href="([^"]*)"', html) if one.startswith(start)]


def counted(html: str, start: str) -> list[tuple[str, int]]:
    """Return the links that begin so and are numbers, with their number."""
    found = re.findall(r'<a href="([^"]*)">([\d,]+)</a>', html)
    return [(unescape(href), int(words.replace(",", ""))) for href, words in found if href.startswith(start)]


def heading_number(html: str, id_: str) -> int:
    """Return the number in the heading of a section."""
    found = re.search(rf'id="{id_}">.*?(\d[\d,]*)', html)
    assert found, id_
    return int(found[1].replace(",", ""))
