"""Pictures of the desk for docs/: python -m tests.web.screenshots [ARCHIVE], by way of script/screenshots."""

from __future__ import annotations

import io
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from pourparler.archive.chronicle import chronicle
from pourparler.archive.process import load
from pourparler.archive.store import Archive
from pourparler.archive.views import timeline
from pourparler.cli.main import commands
from pourparler.web.app import create_app
from pourparler.web.settings import Settings
from tests.conftest import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "armenia-azerbaijan"
NAME = "armenia-azerbaijan"
WIDTH, HIGHEST = 1280, 1500
# Enough for type and charts, and a fifth of the size.
COLOURS, MOST_BYTES = 128, 250_000


def main() -> None:
    """Make the pictures; an archive of the example may be given, else it is made (a minute or two)."""
    if not CHROMIUM:
        sys.exit("Chromium is missing: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else filled(Path(folder) / "example.db")
        with served(path) as address, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce")
            for name, where in pages(path).items():
                take(page, f"{address}{where}", ROOT / "docs" / f"desk-{name}.png")
            browser.close()


def filled(path: Path) -> Path:
    """Read the example reports into an archive, as a person would."""
    source = str(EXAMPLE / "reports.jsonl")
    asked = ["archive", "add", source, "--archive", str(path), "--quiet"]
    try:
        click.Command.main(commands, asked, standalone_mode=False)
    except SystemExit as end:
        # The command ends so, well or not.
        if end.code:
            raise
    return path


def pages(path: Path) -> dict[str, str]:
    """Return the address of each picture; the event is the one that stands out most of those told differently."""
    process = load(EXAMPLE / "process.toml")
    with Archive.open(path) as archive:
        told = [one for one in timeline.view(chronicle(archive, process)) if one.versions and one.outlets > 1]
    event = max(told, key=lambda one: (one.weight, one.event)).event
    query = f"?process={NAME}"
    return {
        "process": f"/process/{NAME}",
        "event": f"/event/{event}{query}",
        "claims": f"/claims{query}",
        "map": f"/map{query}",
        "review": f"/review{query}",
    }


@contextmanager
def served(path: Path) -> Iterator[str]:
    """Serve a desk on the archive while the block runs; yield its address."""
    made = create_app(Settings(str(path), processes=(EXAMPLE,)))
    server = uvicorn.Server(uvicorn.Config(made, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def take(page: Any, address: str, out: Path) -> None:
    """Take the upper part of a page, with all its charts drawn, in few colours."""
    # The window of the picture before may be higher than this page.
    page.set_viewport_size({"width": WIDTH, "height": 700})
    page.goto(address)
    charts = page.locator("[data-chart]")
    for at in range(charts.count()):
        charts.nth(at).scroll_into_view_if_needed()
        charts.nth(at).and_(page.locator("[data-drawn]")).wait_for()
    page.evaluate("window.scrollTo(0, 0)")
    high = min(HIGHEST, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": WIDTH, "height": high})
    page.wait_for_timeout(500)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, optimize=True)
    size = out.stat().st_size
    print(f"{out.relative_to(ROOT)}: {size:,} bytes")
    if size > MOST_BYTES:
        sys.exit(f"{out}: over {MOST_BYTES:,} bytes. Take fewer colours or less of the page")


if __name__ == "__main__":
    main()
