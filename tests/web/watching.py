"""A desk in Chromium, with an eye on what its pages ask for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import CHROMIUM
from tests.web.test_review_page import running


@contextlib.contextmanager
def watched(path: Path) -> Iterator[tuple[Any, str]]:
    """Run a desk on an archive; yield a page and the desk's address.

    Raises at the end where a page asked for something elsewhere or opened a dialog.
    """
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is missing: apt-get install chromium (or set POURPARLER_NO_BROWSER=1)"
    with sync_playwright() as play, running(path) as address:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        told: list[str] = []
        page.on("request", lambda request: told.append(request.url))
        page.on("dialog", lambda dialog: told.append(f"dialog {dialog.message}"))
        yield page, address
        assert told and all(one.startswith((address, "data:image/")) for one in told), told
        browser.close()
