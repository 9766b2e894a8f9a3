"""Requests that nobody asked for one by one: robots.txt is heeded, and no host is pressed."""

from __future__ import annotations

import threading
import time
import urllib.parse
import urllib.robotparser
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pourparler.errors import IntakeError
from pourparler.intake.web import Limits, Page, request

AGENT = "pourparler"
_ROBOTS = Limits(seconds=20.0, bytes=512 * 1024)
_KEPT = 24 * 3600.0  # seconds that a robots.txt holds (RFC 9309)
_KEPT_FAILURE = 600.0
_LONGEST_DELAY = 60.0


def user_agent() -> str:
    """Return what is told of us in every request."""
    from importlib.metadata import version

    return f"{AGENT}/{version(AGENT)} (reads news feeds; robots.txt: {AGENT})"


@dataclass(frozen=True, slots=True)
class _Rules:
    """A host's robots.txt, or why it could not be had; ``until`` on the monotonic clock."""

    parser: urllib.robotparser.RobotFileParser | None
    problem: str
    until: float


class Polite:
    """Asks each host one thing at a time, with a pause between, and only for what its robots.txt allows.

    Args:
        delay: seconds between two requests to one host; a longer ``Crawl-delay`` is heeded, up to a minute.
        limits: of each request.
    """

    def __init__(
        self,
        *,
        delay: float = 1.0,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._delay = delay
        self._limits = limits or Limits()
        self._clock = clock
        self._sleep = sleep
        self._rules: dict[str, _Rules] = {}
        self._free_at: dict[str, float] = {}
        self._guard = threading.Lock()
        self._hosts: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, public: bool = True) -> Page:
        """Return what an address answers, whatever its status.

        Args:
            public: whether addresses on this machine and in private networks are refused.

        Raises:
            IntakeError: robots.txt forbids it or cannot be had, or the address cannot be reached (see ``request``).
        """

        def before(at: str) -> None:
            self._check_robots(at, public)
            self._wait(at)

        _check_address(url)
        with self._guard:
            lock = self._hosts[_origin(url)]
        with lock:
            own = {"User-Agent": user_agent()}
            return request(url, headers={**own, **(headers or {})}, limits=self._limits, public=public, before=before)

    def _wait(self, url: str) -> None:
        """Wait until the host may be asked again."""
        origin = _origin(url)
        rules = self._rules.get(origin)
        asked = rules.parser.crawl_delay(AGENT) if rules and rules.parser else None
        # Of a number of 400 digits a float cannot be made.
        delay = max(self._delay, float(min(int(asked or 0), _LONGEST_DELAY)))
        with self._guard:
            now = self._clock()
            at = max(now, self._free_at.get(origin, now))
            self._free_at[origin] = at + delay
        if at > now:
            self._sleep(at - now)

    def _check_robots(self, url: str, public: bool) -> None:
        origin = _origin(url)
        rules = self._rules.get(origin)
        if rules is None or rules.until < self._clock():
            rules = self._rules[origin] = self._fetched(origin, public)
        if rules.parser is None:
            raise IntakeError(url, f"its robots.txt cannot be had ({rules.problem})", "It is tried again later")
        if not rules.parser.can_fetch(AGENT, url):
            raise IntakeError(url, "its robots.txt forbids it", "Ask the publisher, or read it yourself")

    def _fetched(self, origin: str, public: bool) -> _Rules:
        """Return a host's rules: none where there is no robots.txt, everything forbidden where it cannot be had."""
        now = self._clock()
        try:
            headers = {"User-Agent": user_agent()}
            page = request(f"{origin}/robots.txt", headers=headers, limits=_ROBOTS, public=public, before=self._wait)
        except IntakeError as error:
            return _Rules(None, error.problem, now + _KEPT_FAILURE)
        if page.status >= 500 or page.status == 429:
            return _Rules(None, f"the server answered {page.status}", now + _KEPT_FAILURE)
        return _Rules(robots(page.data if page.status < 300 else b""), "", now + _KEPT)


def robots(data: bytes) -> urllib.robotparser.RobotFileParser:
    """Return the rules of a robots.txt; a line that makes no sense is passed over (RFC 9309)."""
    lines = data.decode("utf-8", "replace").splitlines()
    try:
        return _parsed(lines)
    except ValueError:
        # The parser raises on a path such as "//[" and on a delay such as "²" or one of 5,000 digits.
        return _parsed([line for line in lines if _makes_sense(line)])


def _parsed(lines: Sequence[str]) -> urllib.robotparser.RobotFileParser:
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(lines)
    return parser


def _makes_sense(line: str) -> bool:
    try:
        _parsed(["User-agent: *", line])
    except ValueError:
        return False
    return True


def _check_address(url: str) -> None:
    """Raise IntakeError for an address that is none, such as "http://[": links in feeds are written by others."""
    try:
        _origin(url)
    except ValueError as error:
        raise IntakeError(url, f"it is no address ({error})", "Check the link") from error


def _origin(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
