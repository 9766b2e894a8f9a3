"""How a desk is run: on which archive, for whom, within which limits."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Role = Literal["reader", "reviewer", "owner"]
# What each role may: readers look, reviewers give verdicts and add reports, owners keep accounts.
RANK: dict[Role, int] = {"reader": 0, "reviewer": 1, "owner": 2}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a desk needs to know.

    ``processes`` are folders where process files lie; ``open`` means that whoever reaches the desk is its owner,
    which is so only on the machine's own address. Sizes in bytes, times in seconds.
    """

    archive: str
    host: str = "127.0.0.1"
    port: int = 8321
    processes: tuple[Path, ...] = ()
    open: bool = True
    user: str = "analyst"
    most_upload: int = 32 * 1024 * 1024
    session: int = 12 * 3600
    sign_ins: int = 5
    sign_in_window: int = 300

    @property
    def secure(self) -> bool:
        """Whether strangers can reach it: then people sign in."""
        return not self.open


def is_loopback(host: str) -> bool:
    """True for an address of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
