"""The desk in Chromium: every page in both schemes and at two widths, without script, by mouse and by keyboard.

Screenshots of all pages go to out/. With POURPARLER_AXE set to the path of axe.min.js, axe-core looks at them too.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from pourparler.archive.store import Archive
from pourparler.reading import Reader
from pourparler.web.app import create_app
from pourparler.web.settings import Settings
from tests.conftest import CHROMIUM
from tests.web.conftest import ROOT, copied
from tests.web.looking import NAME

pytestmark = pytest.mark.browser
AXE = os.environ.get("POURPARLER_AXE")
OUT = ROOT / "out"
QUERY = f"?process={NAME}"
PAGES = {
    "process": f"/process/{NAME}",
    "events": f"/events{QUERY}&text=Lachin",
    "event": "/event/{event}" + QUERY,
    "claims": f"/claims{QUERY}",
    "actors": f"/actors{QUERY}",
    "actor": f"/actors/Nikol%20Pashinyan{QUERY}",
    "relations": f"/relations{QUERY}",
    "map": f"/map{QUERY}",
    "place": f"/map{QUERY}&place=none",
    "agenda": f"/agenda{QUERY}",
    "reports": f"/reports{QUERY}",
    "report": "/report/{report}",
    "review": f"/review{QUERY}",
    "add": "/add",
    "brief": f"/brief{QUERY}&week=2023-W18",
    "about": "/about",
    "problem": "/no-such-page",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is missing: apt-get install chromium (or set POURPARLER_NO_BROWSER=1)"
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@contextlib.contextmanager
def serving(path: Path, reader: Reader | None = None) -> Iterator[str]:
    """Serve a desk on an archive as it is for people while the block runs; yield its address."""
    made = create_app(Settings(str(path), processes=(path.parent,)))
    if reader is not None:
        made.state.desk.__dict__["_reader"] = reader
    server = uvicorn.Server(uvicorn.Config(made, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def served(filled: Path) -> Iterator[str]:
    """The address of a desk on the example archive."""
    with serving(filled) as address:
        yield address


@pytest.fixture(scope="module")
def keys(filled: Path) -> dict[str, str]:
    """The keys of an event that several reports tell, and of its report."""
    from sqlalchemy import select

    from pourparler.archive import schema

    with Archive.open(filled) as archive, archive.reading() as connection:
        event = connection.execute(
            select(schema.event.c.key).order_by(schema.event.c.tellings.desc(), schema.event.c.key)
        ).scalars().first()  # fmt: skip
        query = select(schema.telling.c.report).join(schema.told, schema.told.c.telling == schema.telling.c.key)
        report = connection.execute(query.where(schema.told.c.event == event)).scalars().first()
    return {"event": str(event), "report": str(report)}


class Watched:
    """A page of the browser with all that went wrong in it, and all that it asked of others than the desk."""

    def __init__(self, browser: Any, served: str, **options: Any) -> None:
        self.page = browser.new_page(**options)
        self.wrong: list[str] = []
        self._served = served
        self.page.on("console", lambda told: self.wrong.append(f"console: {told.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((f"{self._served}/", "data:", "blob:")):
            self.wrong.append(f"request: {request.url}")

    def open(self, path: str) -> int:
        """Load a page and wait until all its charts are drawn; return its status."""
        answer = self.page.goto(f"{self._served}{path}")
        charts = self.page.locator("[data-chart]")
        for at in range(charts.count()):
            charts.nth(at).scroll_into_view_if_needed()
            self.page.locator(f"[data-chart] >> nth={at}").and_(self.page.locator("[data-drawn]")).wait_for()
        return int(answer.status)


def at(name: str, keys: dict[str, str]) -> str:
    return PAGES[name].format(**keys)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_and_fits(browser: Any, served: str, keys: dict[str, str], name: str) -> None:
    seen = Watched(browser, served, viewport={"width": 1280, "height": 900})
    page = seen.page
    status = seen.open(at(name, keys))
    if name == "problem":
        # The browser tells of every page that is not there.
        assert status == 404 and len(seen.wrong) == 1 and "404" in seen.wrong.pop()
    else:
        assert status == 200
    assert page.locator("h1").count() == 1 and page.locator("main").count() == 1
    assert page.locator("[data-drawn=no]").count() == 0
    assert page.locator("[style]").and_(page.locator("main *:not([data-chart], [data-chart] *)")).count() == 0
    OUT.mkdir(exist_ok=True)
    page.screenshot(path=OUT / f"desk-{name}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=OUT / f"desk-{name}-phone.png")
    assert seen.wrong == []
    page.close()


@pytest.mark.parametrize("name", ["process", "claims", "actors", "map", "agenda", "brief"])
def test_without_script_all_is_there_but_charts(browser: Any, served: str, keys: dict[str, str], name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    assert page.goto(f"{served}{at(name, keys)}").status == 200
    assert page.locator("[data-chart]:visible").count() == 0
    assert page.locator("main a[href]").count() > 5
    if name in ("claims", "actors", "map"):
        if name == "claims":
            page.locator("summary", has_text="As a table").click()
        assert page.locator("table a:visible").count() > 10
    context.close()


def test_charts_can_be_chosen_from_and_lead_on(browser: Any, served: str, keys: dict[str, str]) -> None:
    seen = Watched(browser, served, viewport={"width": 1280, "height": 900})
    page = seen.page
    seen.open(at("process", keys))
    page.get_by_label("Who towards whom").select_option(label="Armenia → Azerbaijan")
    seen.open(at("map", keys))
    page.get_by_role("button", name="All places").click()
    seen.open(at("claims", keys))
    box = page.locator("[data-chart=matrix]")
    size = box.bounding_box()
    # The first row's second cell: Armenia of Azerbaijan.
    columns = len(page.request.get(f"{served}/api/v1/process/{NAME}/chart/matrix").json()["accused"])
    cell = (size["width"] - 190 - 24) / columns
    box.click(position={"x": 190 + 1.5 * cell, "y": 84 + 14})
    page.wait_for_url("**/claims?*accuser=Armenia&accused=Azerbaijan*")
    assert seen.wrong == []
    page.close()


def test_the_timeline_opens_an_event(browser: Any, served: str, keys: dict[str, str]) -> None:
    seen = Watched(browser, served, viewport={"width": 1280, "height": 900})
    page = seen.page
    seen.open(at("process", keys))
    box = page.locator("[data-chart=lanes]")
    size = box.bounding_box()
    # Somewhere in the first lane a sign lies under the pointer, which shows it.
    for x in range(150, int(size["width"]) - 30, 6):
        box.hover(position={"x": x, "y": 34 + 26}, force=True)
        if (
            page.evaluate("document.querySelector('[data-chart=lanes] canvas').parentElement.style.cursor")
            == "pointer"
        ):
            box.click(position={"x": x, "y": 34 + 26}, force=True)
            page.wait_for_url("**/event/*")
            break
    else:
        raise AssertionError("no sign in the first lane")
    assert page.locator(".telling").count() >= 1
    assert seen.wrong == []
    page.close()


def test_the_keyboard_goes_through_rows(browser: Any, served: str, keys: dict[str, str]) -> None:
    seen = Watched(browser, served)
    page = seen.page
    seen.open(at("claims", keys))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row]").nth(1)
    assert second.evaluate("node => node === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**key=*")
    assert page.locator("[data-row]").count() == 1
    assert seen.wrong == []
    page.close()


def test_reduced_motion_and_paper(browser: Any, served: str, keys: dict[str, str]) -> None:
    seen = Watched(browser, served, reduced_motion="reduce")
    seen.open(at("actors", keys))
    seen.open(at("brief", keys))
    seen.page.emulate_media(media="print")
    assert seen.page.locator("nav:visible, form:visible").count() == 0
    assert seen.page.locator(".told:visible").count() > 0
    assert seen.wrong == []
    seen.page.close()


def test_a_pasted_report_is_on_the_screen_with_its_events(
    browser: Any, filled: Path, tmp_path: Path, reader: Reader
) -> None:
    reports = [json.loads(line)["text"] for line in (ROOT / "examples/talks.jsonl").read_text().splitlines()]
    words = " ".join(reports).split()
    with serving(copied(filled, tmp_path), reader) as served:
        seen = Watched(browser, served)
        page = seen.page
        # The first one loads what joining works with, as a desk does by itself after its start.
        for text in (" ".join(words[:60]), " ".join(words[60:560])):
            seen.open("/add")
            page.get_by_label("Text").fill(text)
            page.get_by_label("Day of publication").first.fill("2023-05-04")
            began = time.monotonic()
            page.get_by_role("button", name="Read it").click()
            page.locator(".event").first.wait_for(timeout=60_000)
            took = time.monotonic() - began
        assert page.locator(".event").count() > 5
        # 3 s on a machine that does nothing else; this bound holds on one that runs other tests beside.
        assert took < 20, f"500 words took {took:.1f} s"
        assert seen.wrong == []
        page.close()


if AXE:

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("name", PAGES)
    def test_axe_finds_nothing_serious(
        browser: Any, served: str, keys: dict[str, str], name: str, scheme: str
    ) -> None:
        seen = Watched(browser, served, color_scheme=scheme, viewport={"width": 1280, "height": 900})
        seen.open(at(name, keys))
        seen.page.evaluate(Path(str(AXE)).read_text(encoding="utf-8"))
        found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        bad = [
            (one["id"], one["impact"], [node["html"][:160] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert bad == []
        seen.page.close()
