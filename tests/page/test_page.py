"""The page in Chromium: no request, no error, words and events linked by mouse and by keyboard, fit for a phone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CHROMIUM

import pourparler
from pourparler.export import exporter
from pourparler.record import Record

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is missing: apt-get install chromium (or set POURPARLER_NO_BROWSER=1)"
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


def example() -> Record:
    text = (ROOT / "examples" / "reports" / "06-security-adviser.txt").read_text(encoding="utf-8")
    return pourparler.read(text, published="2023-05-03", title="Ministers at the White House")


def opened(browser: Any, folder: Path, *records: Record, **options: Any) -> tuple[Any, list[str]]:
    path = folder / "page.html"
    with path.open("w", encoding="utf-8") as stream:
        exporter("html")(iter(records), stream)
    page = browser.new_page(**options)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.goto(path.as_uri())
    return page, [x for x in seen if x != path.as_uri()]


def test_it_loads_with_no_request_and_no_error(browser: Any, tmp_path: Path) -> None:
    page, seen = opened(browser, tmp_path, example())
    assert seen == []
    assert page.locator(".event").count() >= 3
    assert page.inner_text(".text").strip() == example().document.text.strip()
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.screenshot(path=out / "page.png", full_page=True)


def test_pointing_at_an_event_lights_its_words_and_back(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path, example(), viewport={"width": 1280, "height": 900})
    event = page.locator(".event").first
    event.hover()
    lit = page.locator("mark.lit.trigger").all_inner_texts()
    assert lit and lit[0] in event.inner_text()
    page.mouse.move(0, 0)
    assert page.locator(".lit").count() == 0
    page.locator("mark.trigger").last.click()
    assert page.locator(".event.lit").count() >= 1


def test_the_keyboard_is_enough(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path, example())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("j")
    first = page.locator(".event.lit").get_attribute("id")
    page.keyboard.press("j")
    second = page.locator(".event.lit").get_attribute("id")
    assert first and second and first != second
    assert page.locator("mark.lit").count() >= 1
    assert page.locator(".live").inner_text() != ""
    page.keyboard.press("k")
    assert page.locator(".event.lit").get_attribute("id") == first
    page.locator("mark.trigger").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".event.lit").count() >= 1
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    assert page.locator(".lit").count() == 0


def test_without_script_links_still_lead_to_the_words(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path, example(), java_script_enabled=False)
    target = page.locator(".event .go").first.get_attribute("href")
    assert target and page.locator(target).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_both_schemes(browser: Any, tmp_path: Path, scheme: str) -> None:
    page, _ = opened(browser, tmp_path, example(), viewport={"width": 360, "height": 740}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert _contrast(page, ".text p") >= 7 and _contrast(page, ".meta") >= 4.5 and _contrast(page, ".type") >= 4.5
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    page.screenshot(path=out / f"phone-{scheme}.png")


def _contrast(page: Any, selector: str) -> float:
    """Return the WCAG contrast of an element's text against the first ground behind it."""
    colours = page.evaluate(
        """(selector) => {
          const node = document.querySelector(selector);
          let ground = node, back = "rgba(0, 0, 0, 0)";
          while (ground && back === "rgba(0, 0, 0, 0)") {
            back = getComputedStyle(ground).backgroundColor; ground = ground.parentElement;
          }
          return [getComputedStyle(node).color, back].map((c) => c.match(/[0-9.]+/g).slice(0, 3).map(Number));
        }""",
        selector,
    )
    one, other = sorted(_luminance(c) for c in colours)
    return (other + 0.05) / (one + 0.05)


def _luminance(colour: list[float]) -> float:
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_hostile_text_runs_nothing(browser: Any, tmp_path: Path, record: Record) -> None:
    text = '<img src=x onerror="window.hit=1"><script>window.hit=1</script></script><svg onload=window.hit=1>'
    bad = dataclasses.replace(
        record,
        document=dataclasses.replace(record.document, title=text, publisher=text, url='https://e.org/"onclick="x'),
        actors=tuple(dataclasses.replace(a, name=text) for a in record.actors),
    )
    page, seen = opened(browser, tmp_path, bad)
    assert seen == []
    assert page.evaluate("window.hit") is None
    assert page.locator("img, svg[onload]").count() == 0


def test_right_to_left_text_stands_right(browser: Any, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path, pourparler.read("التقى وزير الخارجية الأرميني نظيره الأذربيجاني"))
    assert page.evaluate("getComputedStyle(document.querySelector('.text')).direction") == "rtl"
