"""A process' page in Chromium: no request, no script, for phone and paper; words open by keyboard; news is text."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import CHROMIUM
from tests.export.example_process import PROCESS, filled, named_anew
from tests.page.test_page import _contrast

from pourparler.archive.briefing import brief
from pourparler.archive.chronicle import chronicle
from pourparler.archive.process import Member, Process
from pourparler.archive.views import timeline
from pourparler.archive.views.salience import is_conflict
from pourparler.archive.views.timeline import Moment
from pourparler.export.brief import write_html
from pourparler.export.lanes import MOST_DOTS, drawings, named
from pourparler.export.process_page import MOST_OF_A_YEAR, page, write
from pourparler.export.process_parts import MOST_ROWS
from pourparler.export.scale import Scale, span, steps
from pourparler.record import Record

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    '"><img src=x onerror="window.hit=1"><script>window.hit=1</script></style><svg onload=window.hit=1> of Armenia'
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is missing: apt-get install chromium (or set POURPARLER_NO_BROWSER=1)"
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the example process, as a file."""
    folder = tmp_path_factory.mktemp("process")
    path = folder / "page.html"
    with filled(folder / "a.db") as archive, path.open("w", encoding="utf-8") as stream:
        write(archive, PROCESS, stream)
    return path


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[Moment, ...]:
    with filled(tmp_path_factory.mktemp("rows") / "a.db") as archive:
        return timeline.view(chronicle(archive, PROCESS))


def opened(browser: Any, path: Path, **options: Any) -> tuple[Any, list[str]]:
    tab = browser.new_page(**options)
    seen: list[str] = []
    tab.on("request", lambda request: seen.append(request.url))
    tab.on("console", lambda message: seen.append(f"console: {message.text}"))
    tab.on("pageerror", lambda error: seen.append(f"error: {error}"))
    tab.goto(path.as_uri())
    return tab, [one for one in seen if one != path.as_uri()]


@pytest.mark.browser
def test_it_loads_with_no_request_and_holds_every_part(browser: Any, example: Path) -> None:
    tab, seen = opened(browser, example, viewport={"width": 1280, "height": 900})
    assert seen == []
    assert tab.locator("script").count() == 0
    for part in (
        "timeline",
        "relations",
        "claims",
        "meetings",
        "commitments",
        "agenda",
        "ceasefire",
        "actors",
        "years",
    ):
        assert tab.locator(f"section#{part} h2").is_visible(), part
    assert tab.locator("#timeline svg:visible .dot").count() > 50
    assert tab.locator("main, header, nav, footer").count() == 4
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    tab.screenshot(path=out / "process.png")


@pytest.mark.browser
def test_links_of_the_page_lead_somewhere(browser: Any, example: Path) -> None:
    tab, _ = opened(browser, example)
    targets = tab.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    assert len(targets) > 8
    assert all(target.startswith("#") and tab.locator(target).count() == 1 for target in targets)


@pytest.mark.browser
def test_every_line_opens_its_words_by_keyboard(browser: Any, example: Path) -> None:
    tab, _ = opened(browser, example)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    first = tab.locator("ol.named details.said").first
    assert not first.locator("mark").is_visible()
    first.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert first.locator("mark").first.is_visible() and first.locator("mark").first.inner_text().strip()
    assert re.search(r"\d{4}-\d\d-\d\d .*report r[0-9a-f]+", first.locator(".source").first.inner_text(), re.S)
    for row in ("ol.named > li", "tbody tr", "ol.year > li"):
        assert tab.locator(row).count() == tab.locator(f"{row}:has(details.said mark)").count() > 0, row


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_both_schemes(browser: Any, example: Path, scheme: str) -> None:
    tab, _ = opened(browser, example, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach((one, n) => { one.open = n % 9 === 0 })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    for chosen, least in (
        ("td.main .line", 7.0),
        (".note", 4.5),
        (".source", 4.5),
        (".tag", 4.5),
        ("blockquote", 7.0),
    ):
        assert _contrast(tab, chosen) >= least, chosen
    sizes = tab.eval_on_selector_all(
        "svg text",
        "all => all.filter(t => t.getBoundingClientRect().width).map(t => t.getBoundingClientRect().height)",
    )
    assert sizes and min(sizes) >= 9
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    tab.screenshot(path=out / f"process-{scheme}.png")


@pytest.mark.browser
def test_cells_of_a_table_stay_in_their_columns(browser: Any, example: Path) -> None:
    tab, _ = opened(browser, example, viewport={"width": 1280, "height": 900})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280
    spilling = tab.eval_on_selector_all("td", "all => all.filter(td => td.scrollWidth > td.clientWidth + 1).length")
    assert spilling == 0


@pytest.mark.browser
def test_it_prints_on_paper(browser: Any, example: Path) -> None:
    tab, _ = opened(browser, example)
    pdf = tab.pdf(prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    assert 4 <= pages <= 60
    assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf
    tab.set_viewport_size({"width": 690, "height": 1000})
    tab.emulate_media(media="print")
    assert not tab.locator("nav.parts").is_visible()
    assert tab.locator("#timeline svg:visible .dot").count() > 50
    assert tab.evaluate("document.documentElement.scrollWidth") <= 690
    assert tab.locator("td.main").first.evaluate("td => getComputedStyle(td).display") == "table-cell"


@pytest.mark.browser
def test_hostile_text_runs_nothing(browser: Any, tmp_path: Path, record: Record) -> None:
    bad = named_anew(record, HOSTILE)
    process = Process(HOSTILE, HOSTILE, (Member(HOSTILE, ("ARM",)), Member("<b>B</b>", ("AZE",))), words=("Sotk",))
    path, other = tmp_path / "page.html", tmp_path / "brief.html"
    with filled(tmp_path / "a.db", (bad,)) as archive:
        with path.open("w", encoding="utf-8") as stream:
            write(archive, process, stream)
        with other.open("w", encoding="utf-8") as stream:
            write_html(brief(archive, process, datetime.date(2023, 5, 8), datetime.date(2023, 5, 14)), stream)
    for one in (path, other):
        tab, seen = opened(browser, one, viewport={"width": 360, "height": 740})
        assert seen == []
        assert tab.evaluate("window.hit") is None
        assert tab.locator("img, script, svg[onload], h1 b").count() == 0
        assert HOSTILE.split()[0] in tab.inner_text("h1")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_big_process_is_bounded_and_says_what_is_left_out(
    tmp_path: Path, rows: tuple[Moment, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = next(row for row in rows if row.standing == "fact" and row.lanes)
    many = tuple(
        dataclasses.replace(
            fact, event=f"e{n}", day=f"{2015 + n % 8}-{1 + n % 12:02}-{1 + n % 28:02}", weight=n / 1000
        )
        for n in range(5000)
    )
    for drawing in drawings(many, PROCESS):
        assert len(drawing.dots) <= MOST_DOTS * len(fact.lanes)
    with filled(tmp_path / "a.db") as archive:
        whole = chronicle(archive, PROCESS)
        monkeypatch.setattr(timeline, "view", lambda *_, **__: many)
        shown = page(whole)
    assert all(len(year.rows) == MOST_OF_A_YEAR and year.left == 625 - MOST_OF_A_YEAR for year in shown.years)
    assert shown.years[0].command == "pourparler process timeline armenia-azerbaijan --since 2015 --until 2015"
    assert all(len(part.rows) <= MOST_ROWS for part in shown.parts)
    assert any(part.left for part in shown.parts)


def test_what_stands_out_is_spread_over_the_years(rows: tuple[Moment, ...]) -> None:
    chosen = named(rows)
    days = [datetime.date.fromisoformat(row.day or "") for row in chosen]
    assert days == sorted(days) and len({row.day[:4] for row in chosen if row.day}) >= 3
    # Within a month one act of conflict and one of talks: a war's truce stands beside it, its other weeks do not.
    near = [
        (one, other)
        for n, one in enumerate(chosen)
        for m, other in enumerate(chosen[:n])
        if abs((days[n] - days[m]).days) <= 30
    ]
    assert all(is_conflict(one.type) != is_conflict(other.type) for one, other in near)


def test_a_process_without_events_has_a_page(tmp_path: Path, record: Record) -> None:
    other = Process("none", "None", (Member("Peru", ("PER",)), Member("Chile", ("CHL",))))
    with filled(tmp_path / "a.db", (record,)) as archive, (tmp_path / "p.html").open("w", encoding="utf-8") as stream:
        write(archive, other, stream)
    assert "No event of this process is in the archive." in (tmp_path / "p.html").read_text(encoding="utf-8")


def test_days_stand_where_they_belong() -> None:
    day = datetime.date.fromisoformat
    bounds = span([day("2020-03-05"), day("2022-07-09")])
    assert bounds == (day("2020-03-01"), day("2022-08-01"))
    scale = Scale(*bounds, 100.0, 700.0)
    assert scale.x(bounds[0]) == 100.0 and scale.x(bounds[1]) == 700.0
    assert [tick.text for tick in scale.ticks()][:4] == ["Apr", "Jul", "Oct", "2021"]
    narrow = Scale(*bounds, 100.0, 300.0)
    assert [tick.text for tick in narrow.ticks() if tick.text] == ["2021", "2022"]
    assert span([]) is None
    far = span([day("9999-12-31")])
    assert far and Scale(*far, 0.0, 1.0).x(day("9999-12-31")) == 1.0


def test_one_old_day_does_not_decide_what_is_drawn() -> None:
    day = datetime.date.fromisoformat
    recent = [day("2020-01-01") + datetime.timedelta(days=n) for n in range(999)]
    assert span([day("1915-04-24"), *recent]) == (day("2020-01-01"), day("2022-10-01"))


def test_no_line_crosses_the_words_of_another() -> None:
    places, widths = [0.0, 10.0, 50.0, 300.0], [200.0, 30.0, 200.0, 50.0]
    assert steps(places, widths) == [0, 1, 1, 0]


def test_names_of_late_events_stand_left_of_their_lines(rows: tuple[Moment, ...]) -> None:
    fact = next(row for row in rows if row.standing == "fact" and len(row.lanes) > 1)
    days = ["2020-01-15", "2022-06-01", *(f"2023-{month:02}-01" for month in range(3, 13))]
    many = [dataclasses.replace(fact, event=f"e{n}", day=day, weight=9.0) for n, day in enumerate(days)]
    wide = drawings(many, PROCESS)[0]
    assert [name.back for name in wide.names][:1] == [False] and wide.names[-1].back
    for name in wide.names:
        width = 26 + 5.9 * len(name.text)
        low, high = (name.x - width, name.x) if name.back else (name.x, name.x + width)
        assert low >= 0 and high <= wide.width
        assert not any(low < other.x < high and other.y < name.y for other in wide.names)
