"""Wrong passwords, counted: how many a name, an address, and a name from an address may give in a while."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable

from pourparler.errors import DeskError

# Several people may share an address, and nobody may lock others out by giving their name wrongly from elsewhere:
# so a name from an address has the fewest tries, an address and a name more of them.
_OF_ADDRESS, _OF_NAME = 4, 10
_MOST_KEPT = 10_000


class Tries:
    """Tries within a window of time (seconds); ``most`` is how many a name from one address has."""

    def __init__(self, *, now: Callable[[], float], most: int, window: int) -> None:
        self._now, self._most, self._window = now, most, window
        self._kept: list[tuple[float, str, str]] = []
        self._lock = threading.Lock()

    def begin(self, name: str, address: str) -> tuple[float, str, str]:
        """Count a try as wrong until it is forgiven; raises DeskError where there were too many."""
        at = _network(address)
        with self._lock:
            since = self._now() - self._window
            # Beyond what is kept the oldest are forgotten: memory is bounded, whoever knocks.
            self._kept = [one for one in self._kept if one[0] > since][-_MOST_KEPT:]
            names = [one for one in self._kept if one[1] == name]
            addresses = [one for one in self._kept if one[2] == at]
            if (
                sum(one[2] == at for one in names) >= self._most
                or len(addresses) >= self._most * _OF_ADDRESS
                or len(names) >= self._most * _OF_NAME
            ):
                raise DeskError("too many wrong passwords. Wait a few minutes, then try again")
            self._kept.append((self._now(), name, at))
            return self._kept[-1]

    def forgive(self, tried: tuple[float, str, str]) -> None:
        """Take back a try that was right, and with it the wrong ones of that name from that address."""
        with self._lock:
            self._kept = [one for one in self._kept if one[1:] != tried[1:]]


def _network(address: str) -> str:
    """Return an address, or of IPv6 its /64: whoever has one address there has them all."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address[:80]
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
