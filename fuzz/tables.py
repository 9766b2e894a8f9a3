"""Files that people write themselves, records as JSON, and short values: days, what is remembered of a feed."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from fuzz.targets import One, Target, scratch, text_of


def _process(held: ExitStack) -> One:
    from pourparler.archive.process import dumps, load
    from pourparler.errors import ProcessError

    path = scratch(held) / "process.toml"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        try:
            process = load(path)
        except ProcessError:
            return
        path.write_text(dumps(process), encoding="utf-8")
        again = load(path)
        # What no page shows is not written.
        names = (process.name, process.title, *process.places, *process.words)
        members = (*process.sides, *process.mediators)
        names += tuple(word for one in members for word in (one.name, *one.names, *one.countries))
        assert again == process or not all(map(str.isprintable, names))

    return one


def _actors(held: ExitStack) -> One:
    import os

    from pourparler.errors import KnowledgeError
    from pourparler.knowledge import actors

    path = scratch(held) / "actors.toml"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        os.environ[actors.OWN_ACTORS] = str(path)
        actors.forget()
        try:
            actors.known_actor("Sotk Defence League")
            actors.own_actors_hash()
        except KnowledgeError:
            return
        finally:
            del os.environ[actors.OWN_ACTORS]
            actors.forget()

    return one


def _read_or_refused(name: str, read: Callable[[Path], None]) -> Callable[[ExitStack], One]:
    """Return what puts bytes into a file of this name and has it read; only IntakeError may come of it."""

    def make(held: ExitStack) -> One:
        from pourparler.errors import IntakeError

        path = scratch(held) / name

        def one(data: bytes) -> None:
            path.write_bytes(data)
            with contextlib.suppress(IntakeError):
                read(path)

        return one

    return make


def _feeds(path: Path) -> None:
    from pourparler.archive.feeds import load_feeds

    assert all(feed.every >= datetime.timedelta(minutes=1) for feed in load_feeds(path))


def _limits(path: Path) -> None:
    from pourparler.intake.limits import load

    assert load(str(path)).report_characters > 0


def _record(_: ExitStack) -> One:
    from pourparler.errors import RecordError
    from pourparler.record import dumps, loads

    def one(data: bytes) -> None:
        try:
            record = loads(text_of(data))
        except RecordError:
            return
        assert loads(dumps(record)) == record

    return one


def _record_seeds() -> Iterator[bytes]:
    from pourparler.record import Actor, Document, Event, Place, Quote, Record, Rejected, Run, Span, Time, dumps

    text = "Armenia met Azerbaijan in Brussels on May 14."
    quotes = [Quote(text.index(w), text.index(w) + len(w), w) for w in ("Armenia", "Azerbaijan", "met")]
    actors = tuple(Actor(f"a{n}", q.text, "state", None, "GOV", None, (q,)) for n, q in enumerate(quotes[:2]))
    time = Time("2023-05-14", "2023-05-14", "day", "stated", "May 14", Span(38, 44))
    place = Place("Brussels", "BEL", 50.85, 4.35, 2800866, Span(26, 34))
    event = Event("e1", "CONSULT", None, ("a0", "a1"), (), "happened", time, place, None, 2.5, (quotes[2],), 0.9)
    run = Run("0", "c", "b", "m", ("step.v1",))
    yield dumps(Record(Document("d", text), actors, (event,), (), (Rejected("why", Span(0, 7), "x"),), run)).encode()


def _days(_: ExitStack) -> One:
    """Days of publication, periods, what is remembered of a feed, how long a server asks to be left alone."""
    from pourparler.archive import feeds
    from pourparler.archive.periods import period
    from pourparler.errors import ArchiveError
    from pourparler.record import published_form

    now = datetime.datetime(2023, 5, 14, tzinfo=datetime.UTC)

    def one(data: bytes) -> None:
        text = text_of(data)
        with contextlib.suppress(ValueError):  # what it is told to raise
            form = published_form(text)
            assert published_form(form) == form and len(form) in (10, 20)
        with contextlib.suppress(ArchiveError):
            first, last = period(text)
            assert first <= last
        with contextlib.suppress(ValueError):
            feeds.FeedState.from_json(text)
        assert 0 <= feeds._wait({"retry-after": text}, now).total_seconds() <= 7 * 86400

    return one


def _robots(_: ExitStack) -> One:
    """The robots.txt of a host that we ask, and addresses in what others wrote."""
    from pourparler.errors import IntakeError
    from pourparler.intake.polite import Polite, _Rules, robots
    from pourparler.intake.web import _next, written_inside

    page = "https://example.org/news"

    def one(data: bytes) -> None:
        with contextlib.suppress(IntakeError):
            polite = Polite(clock=lambda: 0.0, sleep=lambda _: None)
            polite._rules["https://example.org"] = _Rules(robots(data), "", 1.0)
            polite._wait(page)
            polite._check_robots(page, False)
        text = text_of(data)
        written_inside(text[:500])
        with contextlib.suppress(IntakeError, ValueError):  # its caller takes both
            assert _next("https://example.org/a", text[:500]).startswith(("http://", "https://"))

    return one


def _day_seeds() -> Iterator[bytes]:
    yield from (b"2022-09-14", b"2022-W37", b"2022", b"2022-09-14T10:00:00+04:00", b"120")
    yield b"Wed, 14 Sep 2022 10:00:00 GMT"
    yield json.dumps(
        {"etag": "x", "modified": None, "due": "2023-01-01T00:00:00", "failures": 0, "seen": []}
    ).encode()


TARGETS = (
    Target("process", _process),
    Target("actors", _actors, seconds=3.0),
    Target("feeds", _read_or_refused("feeds.toml", _feeds)),
    Target("limits", _read_or_refused("limits.toml", _limits)),
    Target("record", _record, _record_seeds),
    Target("days", _days, _day_seeds, longest=512),
    Target("robots", _robots, longest=2048),
)
