"""A watch that is killed between keeping, reading and joining takes up what it left, whatever the feed tells then."""

from __future__ import annotations

import datetime
import json
import signal
import sqlite3
import time
from pathlib import Path

from pourparler.archive.feeds import Feed, FeedState, Poller
from pourparler.archive.store import Archive
from pourparler.errors import IntakeError
from tests.endure.endure_child import Orders
from tests.endure.endure_commands import Point, command, run, start
from tests.endure.endure_invariants import State, sound
from tests.endure.endure_report import example_lines
from tests.endure.endure_servers import Feeds, served


def test_what_was_kept_is_read_and_joined_though_the_feed_tells_it_no_longer(tmp_path: Path) -> None:
    texts = [json.loads(line)["text"] for line in example_lines(12)]
    feeds = Feeds([(f"Item {n}", "Tue, 09 May 2023 10:00:00 GMT", text) for n, text in enumerate(texts)])
    archive = str(tmp_path / "a.db")
    with served(feeds) as address:
        listed = tmp_path / "feeds.toml"
        listed.write_text(f'[[feed]]\nurl = "{address}"\nevery = "1m"\n', encoding="utf-8")
        words = command("watch", str(listed), "--once", "--quiet", "--archive", archive)
        assert run(words, kill=Point("reading", 3)).killed
        before = sound(archive, before=State())
        feeds.items = []
        assert run(words, kill=Point("joining", 6)).killed
        before = sound(archive, before=before)
        done = run(words)
    assert done.code == 0, done.err
    sound(archive, before=before)
    with Archive.open(archive) as kept:
        counts = kept.counts()
        assert (counts.reports, counts.pending) == (12, 0)
        assert kept.counts_of_run(kept.runs()[0][0]) == 12


def test_a_watch_outlives_another_that_writes_for_long(tmp_path: Path) -> None:
    feeds = Feeds([("Item", "Tue, 09 May 2023 10:00:00 GMT", json.loads(example_lines(1)[0])["text"])])
    archive = str(tmp_path / "a.db")
    Archive.open(archive, create=True).close()
    other = sqlite3.connect(archive, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with served(feeds) as address:
        listed = tmp_path / "feeds.toml"
        listed.write_text(f'[[feed]]\nurl = "{address}"\n', encoding="utf-8")
        words = command("watch", str(listed), "--quiet", "--archive", archive)
        with start(words, orders=Orders(hurry=True)) as watching:
            try:
                assert watching.stderr
                assert "another program is writing" in watching.stderr.readline()
                other.execute("ROLLBACK")
                other.close()
                deadline = time.monotonic() + 120
                while _joined(archive) < 1 and watching.poll() is None and time.monotonic() < deadline:
                    time.sleep(0.1)
                assert watching.poll() is None, "it ended"
                watching.send_signal(signal.SIGINT)
                watching.communicate(timeout=60)
            finally:
                watching.kill()  # one that did not end would outlive the tests
    assert _joined(archive) == 1


def _joined(where: str) -> int:
    with Archive.open(where) as archive:
        counts = archive.counts()
    return counts.reports - counts.pending if counts.tellings else 0


def test_a_feed_is_asked_again_after_the_clock_went_back() -> None:
    errors: list[IntakeError] = []
    feeds = Feeds([("Talks", "Tue, 09 May 2023 10:00:00 GMT", "The ministers of Armenia and Azerbaijan met.")])
    moment = datetime.datetime(2038, 1, 19, tzinfo=datetime.UTC)
    with served(feeds) as address:
        feed = Feed(address)
        poller = Poller(on_error=errors.append, now=lambda: moment)
        state = poller.poll(feed, FeedState()).state
        assert not poller.is_due(state)
        # The clock was wrong, and is set right: what it said before is no reason to wait for years.
        moment = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
        assert poller.is_due(state)
        after = poller.poll(feed, state)
    assert (after.documents, errors) == ((), [])
    assert not poller.is_due(after.state)
    assert FeedState.from_json(after.state.to_json()) == after.state
