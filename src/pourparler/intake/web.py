"""Addresses: one request, with limits on time, size and redirects, and a guard on where it may go."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pourparler.errors import IntakeError
from pourparler.intake.inflate import GZIP_OR_DEFLATE, Inflater, TooMuch
from pourparler.intake.text import MOST_BYTES

if TYPE_CHECKING:
    import httpx

_ADVICE = "Check the address and the connection, or save the page and give the file"
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered: its bytes, their media type, the address it ended at, status and headers."""

    data: bytes
    kind: str
    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: seconds in all, bytes of the unpacked answer."""

    seconds: float = 60.0
    bytes: int = MOST_BYTES


def fetch(url: str) -> Page:
    """Return what an http(s) address holds; raises IntakeError where it cannot be had."""
    page = request(url, headers={"User-Agent": "pourparler"})
    if page.status >= 400:
        raise IntakeError(url, f"the server answered {page.status}", _ADVICE)
    return page


def request(
    url: str,
    *,
    headers: Mapping[str, str],
    limits: Limits | None = None,
    public: bool = False,
    before: Callable[[str], None] = lambda _: None,
) -> Page:
    """Return the answer of an http(s) address, whatever its status; redirects are followed, five at most.

    Args:
        headers: of the request; ``Accept`` is added.
        public: whether addresses on this machine and in private networks are refused, on every redirect too.
        before: called with the address of each request before it is made; what it raises ends the matter.

    Raises:
        IntakeError: the address cannot be reached, answers too slowly or too much, or leads where it may not.
    """
    import httpx

    limits = limits or Limits()
    accept = "text/html,application/rss+xml,application/atom+xml,text/plain,application/pdf;q=0.9,*/*;q=0.1"
    at = url
    # No connection is used twice, so that each is watched.
    once = httpx.Limits(max_keepalive_connections=0)
    told = {"Accept": accept, "Accept-Encoding": "gzip, deflate", **headers}
    with httpx.Client(timeout=min(20.0, limits.seconds), headers=told, limits=once) as client:
        for _ in range(_MOST_REDIRECTS + 1):
            if public:
                public_only(at)
            _without_user(at)
            before(at)
            found = _asked(client, at, limits, public)
            if isinstance(found, Page):
                return found
            at = found
    raise IntakeError(url, f"it leads on more than {_MOST_REDIRECTS} times", _ADVICE)


def _asked(client: httpx.Client, url: str, limits: Limits, public: bool) -> Page | str:
    """Return what one address answers, or the address that it leads to."""
    import httpx

    with _Watch(limits.seconds, public) as watch:
        try:
            with client.stream("GET", url, extensions={"trace": watch.trace}) as answer:
                if answer.has_redirect_location:
                    return _next(url, answer.headers["location"])
                page = _page(answer, url, limits)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError, ValueError) as error:
            problem = f"it cannot be reached ({str(error) or type(error).__name__})"
            raise IntakeError(url, watch.problem or problem, _ADVICE) from error
        if watch.problem:
            raise IntakeError(url, watch.problem, _ADVICE)
        return page


class _Watch:
    """Watches the connections of one request: where they end, and that all is over in time.

    The timeouts of httpx are those of single reads: a server that gives a byte now and then would be heard for days.
    The peer is checked when the connection stands, before anything is sent: a name can be resolved anew in between.
    """

    def __init__(self, seconds: float, public: bool) -> None:
        self.problem = ""
        self._seconds = seconds
        self._public = public
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of a new connection; raises IntakeError where it ends at a private address and may not."""
        if event not in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            return
        stream = info["return_value"]
        self._socket = stream.get_extra_info("socket")
        peer = stream.get_extra_info("server_addr")
        if self._public and peer and not urllib.request.getproxies() and not _public(str(peer[0])):
            stream.close()
            raise IntakeError(str(peer[0]), "this is no public address", "Fetch it yourself")

    def _end(self) -> None:
        self.problem = f"the answer did not end within {self._seconds:g} seconds"
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _next(at: str, location: str) -> str:
    to = urllib.parse.urljoin(at, location)
    if not to.startswith(("http://", "https://")):
        raise IntakeError(at, "it leads to an address that is neither http nor https", _ADVICE)
    return to


def _page(answer: httpx.Response, url: str, limits: Limits) -> Page:
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        data = _plain(answer, url, limits)
    elif packing in GZIP_OR_DEFLATE:
        data = _unpacked(answer, url, limits)
    else:
        raise IntakeError(url, f"the answer is packed as {packing[:40]!r}, which was not asked for", _ADVICE)
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    headers = {key.lower(): value for key, value in answer.headers.items()}
    return Page(data, kind, str(answer.url), answer.status_code, headers, answer.charset_encoding)


def _plain(answer: httpx.Response, url: str, limits: Limits) -> bytes:
    data = bytearray()
    for part in answer.iter_raw():
        data += part
        if len(data) > limits.bytes:
            raise IntakeError(url, f"the answer is larger than {limits.bytes:,} bytes", _ADVICE)
    return bytes(data)


def _unpacked(answer: httpx.Response, url: str, limits: Limits) -> bytes:
    """Unpack an answer piece by piece: httpx would unpack each piece whole, and once for every packing it names."""
    inflater = Inflater(limits.bytes)
    came = 0
    try:
        for part in answer.iter_raw():
            came += len(part)
            inflater.add(part)
            if came > limits.bytes:
                raise TooMuch
        return inflater.all()
    except TooMuch:
        raise IntakeError(url, f"the answer is larger than {limits.bytes:,} bytes", _ADVICE) from None
    except zlib.error as error:
        raise IntakeError(url, f"what it answers is damaged ({error})", _ADVICE) from error


def _without_user(url: str) -> None:
    """Raise IntakeError where an address holds a user's name or password: both would be kept and shown."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        # No address at all: the request says so.
        return
    if "@" in parts.netloc:
        bare = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        advice = "Save the page and give the file, or give the address without them"
        raise IntakeError(bare, "the address holds a user's name or password", advice)


def public_only(url: str) -> None:
    """Raise IntakeError where an address is private, local or reserved: one that others wrote may not lead inside."""
    for address in _addresses(url):
        if not _public(address):
            raise IntakeError(url, f"it leads to {address}, which is no public address", "Fetch it yourself")


def written_inside(url: str) -> bool:
    """Return whether an address says by itself that it is on this machine or in a private network.

    A name with a dot does not, whatever it resolves to: who owns the name decides that, and can change it.
    """
    try:
        host = urllib.parse.urlsplit(url).hostname or ""
    except ValueError:
        return False
    try:
        return not _public(host)
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def _addresses(url: str) -> list[str]:
    """Return the IP addresses of an address's host, as far as they can be found out."""
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname or "", parts.port or 80
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        if urllib.request.getproxies():
            return []  # behind a proxy names are often not resolved here; numbers are, by getaddrinfo
        raise IntakeError(url, f"its host cannot be found ({error})", _ADVICE) from error
    return [str(row[4][0]) for row in found]


def _public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    # An address can hold another one, which is where it leads.
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)
