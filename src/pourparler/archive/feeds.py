"""Feeds that are watched: the list of them, and polling one with what is remembered of it."""

from __future__ import annotations

import dataclasses
import datetime
import email.utils
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pourparler.errors import IntakeError
from pourparler.intake import Intake, Spot
from pourparler.intake.feed import MOST_FEED, Item, parse_feed
from pourparler.intake.formats import Parsed
from pourparler.intake.polite import Polite
from pourparler.intake.reports import parse_page
from pourparler.intake.text import Note
from pourparler.intake.web import Limits, Page, written_inside
from pourparler.record import Document

_KEYS = {"url", "name", "publisher", "every", "full", "private"}
_EVERY = re.compile(r"(\d{1,4})\s?([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_USUAL = datetime.timedelta(minutes=30)
_LONGEST = datetime.timedelta(days=1)
_REMEMBERED = 2000  # keys of items that are no longer in the feed: some feeds bring old items back
_MOST_PAGES = 40  # full texts fetched at one polling; the other items come with the next
FEED_LIMITS = Limits(seconds=60.0, bytes=MOST_FEED)


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed to watch.

    ``name`` is its publisher, if not the feed's own title; ``full`` whether the page of each item is fetched;
    ``private`` whether it may be in a private network, and lead there, though its address does not say so.
    """

    url: str
    name: str | None = None
    every: datetime.timedelta = _USUAL
    full: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between pollings; the caller keeps it.

    ``due`` is the moment (ISO 8601, UTC) before which it is not asked again, ``asked`` that at which this was said;
    ``seen`` are hashes of item keys.
    """

    etag: str | None = None
    modified: str | None = None
    due: str | None = None
    failures: int = 0
    seen: tuple[str, ...] = ()
    asked: str | None = None

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> FeedState:
        """Return the state that ``to_json`` wrote; raises ValueError where it is another text."""
        found = json.loads(text)
        try:
            return cls(**{**found, "seen": tuple(found["seen"])})
        except (TypeError, KeyError) as error:
            raise ValueError(f"no state of a feed: {text[:80]!r}") from error


@dataclass(frozen=True, slots=True)
class Polled:
    """What one polling gave: new documents, and the state to keep once they are kept."""

    documents: tuple[Document, ...]
    state: FeedState


def load_feeds(path: Path) -> tuple[Feed, ...]:
    """Return the feeds of a TOML file with one ``[[feed]]`` each: url, and if wanted name, every, full, private.

    Raises IntakeError that names line and key of what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise IntakeError(str(path), f"it cannot be read ({error.strerror})", "Check the path") from error
    except (ValueError, RecursionError) as error:
        raise IntakeError(str(path), f"no TOML ({error})", "Correct the line") from error
    entries = table.get("feed")
    if set(table) != {"feed"} or not isinstance(entries, list) or not entries:
        raise IntakeError(
            str(path), "it has no [[feed]], or something else", 'Write [[feed]] and url = "https://..."'
        )
    feeds = tuple(_feed(entry, _Entry(path, text, number)) for number, entry in enumerate(entries))
    for number, feed in enumerate(feeds):
        if feed.url in {other.url for other in feeds[:number]}:
            raise _Entry(path, text, number).error("url", f"{feed.url} stands there twice")
    return feeds


@dataclass(frozen=True, slots=True)
class _Entry:
    """One ``[[feed]]`` of a file, for errors: tomllib does not tell where a value stands."""

    path: Path
    text: str
    number: int

    def error(self, key: str, problem: str) -> IntakeError:
        lines = self.text.splitlines()
        heads = [n for n, line in enumerate(lines) if re.match(r"\s{0,20}\[\[\s?feed\s?\]\]", line)]
        where = str(self.path)
        if self.number < len(heads):
            end = heads[self.number + 1] if self.number + 1 < len(heads) else len(lines)
            rows = [n for n in range(heads[self.number], end) if lines[n].split("=")[0].strip().strip('"') == key]
            where += f", line {(rows or heads[self.number : self.number + 1])[0] + 1}"
        return IntakeError(where, f"feed {self.number + 1}, {key}: {problem}", "Correct it")


def _feed(entry: Any, at: _Entry) -> Feed:
    if not isinstance(entry, dict):
        raise at.error("feed", "it is no table")
    for key in entry:
        if key not in _KEYS:
            raise at.error(key, f"there is no such key; known are {', '.join(sorted(_KEYS))}")
    url = entry.get("url")
    if not isinstance(url, str) or not re.match(r"https?://[^/\s]", url):
        raise at.error("url", "it must be an http or https address")
    names = [entry[key] for key in ("name", "publisher") if key in entry]
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise at.error("name" if "name" in entry else "publisher", "it must be a text")
    full, private = (_flag(entry, key, at) for key in ("full", "private"))
    return Feed(url, names[0].strip() if names else None, _every(entry.get("every"), at), full, private)


def _flag(entry: Mapping[str, Any], key: str, at: _Entry) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise at.error(key, "it must be true or false")
    return value


def _every(value: Any, at: _Entry) -> datetime.timedelta:
    if value is None:
        return _USUAL
    match = _EVERY.fullmatch(value) if isinstance(value, str) else None
    every = datetime.timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else datetime.timedelta()
    if not every:
        raise at.error("every", 'it must be a time of at least a minute: "30m", "6h" or "1d"')
    return every


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Poller:
    """Polls feeds; keeps what it knows of hosts (robots.txt, when they were last asked) between them.

    Args:
        on_error: called with what could not be read: a feed, or one of its items; the rest goes on.
        on_note: called with what was read, but not quite as it stood.
        polite: makes the requests.
        now: the clock, in UTC.
    """

    def __init__(
        self,
        *,
        on_error: Callable[[IntakeError], None],
        on_note: Note = lambda _: None,
        polite: Polite | None = None,
        now: Callable[[], datetime.datetime] = _now,
    ) -> None:
        self._intake = Intake(on_error=on_error, on_note=on_note)
        self._on_error = on_error
        self._on_note = on_note
        self._polite = polite or Polite(limits=FEED_LIMITS)
        self._now = now

    def is_due(self, state: FeedState) -> bool:
        """Return whether a feed may be asked again; so it is where the clock went back behind the last asking."""
        now = self._now()
        if state.due is None or datetime.datetime.fromisoformat(state.due) <= now:
            return True
        return state.asked is not None and datetime.datetime.fromisoformat(state.asked) > now

    def poll(self, feed: Feed, state: FeedState) -> Polled:
        """Ask a feed once, if it is due; return its new documents and the state to keep.

        A feed that cannot be had goes to ``on_error``; its state then says when it is tried again: after the time
        the server asks for, else after twice as long as the time before, a day at most.
        """
        if not self.is_due(state):
            return Polled((), state)
        # A feed that the user keeps in a private network may lead there; others may not.
        public = not (feed.private or written_inside(feed.url))
        headers = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
        try:
            asked = {key: value for key, value in headers.items() if value}
            page = self._polite.get(feed.url, headers=asked, public=public)
            if page.status == 304:
                kept = self._after(feed, state, page.headers)
                return Polled((), dataclasses.replace(kept, etag=state.etag, modified=state.modified))
            if page.status != 200:
                return Polled((), self._refused(feed, state, page))
            found = parse_feed(page.data, feed.url, self._on_note, base=page.url)
        except IntakeError as error:
            self._on_error(error)
            return Polled((), self._failed(feed, state))
        return self._new(feed, state, page, found.items, public)

    def _new(self, feed: Feed, state: FeedState, page: Page, items: tuple[Item, ...], public: bool) -> Polled:
        """Return the documents of items not seen before, oldest first as a rule."""
        known = set(state.seen)
        present = [_hash(item.key) for item in items]
        fresh = {key: (number, items[number]) for number, key in enumerate(present) if key not in known}
        # The oldest first: those that wait are in the feed longer.
        left = frozenset(list(fresh)[:-_MOST_PAGES]) if feed.full else frozenset()
        documents = []
        for key in reversed(list(fresh)):
            if key in left:
                continue
            number, item = fresh[key]
            spot = Spot(feed.url, "item", number + 1)
            parsed = dataclasses.replace(item.parsed, publisher=feed.name or item.parsed.publisher)
            try:
                documents.append(self._intake.document(self._full(feed, parsed, public), spot))
            except IntakeError as error:
                self._on_error(error)
        still = frozenset(present)
        gone = [key for key in state.seen if key not in still][-_REMEMBERED:]
        seen = (*gone, *(key for key in dict.fromkeys(present) if key not in left))
        after = dataclasses.replace(self._after(feed, state, page.headers), seen=seen)
        if left:
            # Unasked for its old answer, the server tells the items again that had to wait.
            after = dataclasses.replace(after, etag=None, modified=None)
            told = f"{len(left)} items wait for the next polling: one fetches {_MOST_PAGES} pages at most"
            self._on_note(f"{feed.url}: {told}")
        return Polled(tuple(documents), after)

    def _full(self, feed: Feed, parsed: Parsed, public: bool) -> Parsed:
        """Return an item with the text of its page, where that is wanted and can be had."""
        if not feed.full or not parsed.url:
            return parsed
        try:
            page = self._polite.get(parsed.url, public=public)
            if page.status != 200:
                raise IntakeError(parsed.url, f"the server answered {page.status}", "It may be gone")
            full = parse_page(page, parsed.url, self._on_note)
        except IntakeError as error:
            self._on_note(f"{feed.url}: the page of an item cannot be had, its summary is kept ({error})")
            return parsed
        return dataclasses.replace(
            parsed,
            text=full.text,
            title=parsed.title or full.title,
            published=parsed.published or full.published,
        )

    def _after(self, feed: Feed, state: FeedState, headers: Mapping[str, str]) -> FeedState:
        due = self._moment(max(feed.every, _wait(headers, self._now())))
        return FeedState(headers.get("etag"), headers.get("last-modified"), due, 0, state.seen, self._moment())

    def _refused(self, feed: Feed, state: FeedState, page: Page) -> FeedState:
        failed = self._failed(feed, state, _wait(page.headers, self._now()))
        problem = f"the server answered {page.status}; it is asked again after {failed.due}"
        self._on_error(IntakeError(feed.url, problem, "If that stays so, check the address"))
        return failed

    def _failed(self, feed: Feed, state: FeedState, wait: datetime.timedelta = datetime.timedelta()) -> FeedState:
        longer = min(feed.every * 2 ** min(state.failures, 10), max(_LONGEST, feed.every))
        due, failures = self._moment(max(longer, wait)), state.failures + 1
        return dataclasses.replace(state, due=due, failures=failures, asked=self._moment())

    def _moment(self, later: datetime.timedelta = datetime.timedelta()) -> str:
        """Return now, or a time later, as a state keeps it."""
        return (self._now() + later).astimezone(datetime.UTC).isoformat(timespec="seconds")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _wait(headers: Mapping[str, str], now: datetime.datetime) -> datetime.timedelta:
    """Return how long a server asks to be left alone (Retry-After), a week at most."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        seconds = float(value)
    else:
        try:
            moment = email.utils.parsedate_to_datetime(value)
            seconds = (moment.astimezone(datetime.UTC) - now).total_seconds()
        except (ValueError, TypeError, OverflowError, IndexError):
            seconds = 0.0
    return datetime.timedelta(seconds=max(0.0, min(seconds, 7 * 86400.0)))
