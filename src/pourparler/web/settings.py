"""How a desk is run: on which archive, for whom, within which limits."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pourparler.errors import DeskError

Role = Literal["reader", "reviewer", "owner"]
# What each role may: readers look, reviewers give verdicts and add reports, owners keep accounts.
RANK: dict[Role, int] = {"reader": 0, "reviewer": 1, "owner": 2}
# The variable of the environment that names the file of the accounts.
ACCOUNTS = "POURPARLER_ACCOUNTS"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a desk needs to know.

    ``processes`` are folders where process files lie; ``open`` means that whoever reaches the desk is its owner,
    which is so only on the machine's own address. Sizes in bytes, times in seconds: ``most_upload`` is the most that
    a reviewer may send with reports at once, ``most_form`` what any other form may hold, ``most_sign_in`` what
    somebody unknown may send; ``body_seconds`` is how long the desk waits for what is being sent. ``ahead`` makes
    in the background what pages would else wait for, at the start and when the archive has changed.
    """

    archive: str = field(repr=False)  # its address may hold a password
    host: str = "127.0.0.1"
    port: int = 8321
    processes: tuple[Path, ...] = ()
    open: bool = True
    user: str = "analyst"
    most_upload: int = 32 * 1024 * 1024
    most_form: int = 256 * 1024
    most_sign_in: int = 8 * 1024
    body_seconds: float = 60.0
    session: int = 12 * 3600
    sign_ins: int = 5
    sign_in_window: int = 300
    ahead: bool = True

    def __post_init__(self) -> None:
        if self.open and not is_loopback(self.host):
            raise DeskError(
                f"{self.host} can be reached from other machines. Make an account first: "
                "pourparler desk user add NAME --role owner"
            )

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


def accounts_path(archive: str, *, environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the accounts of an archive's desk lie: beside a file; of a server's archive, in the user's data.

    ``POURPARLER_ACCOUNTS`` names another file. A server's archive has one of its own for each server and database,
    whoever signs in to it: "talks-1f3a5c7e.desk.db" in ``$XDG_DATA_HOME/pourparler``, that is ~/.local/share.
    """
    if given := environment.get(ACCOUNTS):
        return Path(given)
    if "://" not in archive:
        path = Path(archive)
        return path.with_name(f"{path.stem}.desk.db")
    from sqlalchemy import make_url

    url = make_url(archive)
    name = re.sub(r"[^A-Za-z0-9_-]", "_", url.database or "") or "pourparler"
    server = hashlib.sha256(f"{url.host}:{url.port or 5432}/{url.database}".encode()).hexdigest()[:8]
    data = environment.get("XDG_DATA_HOME", "")
    # What is no absolute path is none, by the specification of these folders.
    base = Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share"
    return base / "pourparler" / f"{name[:60]}-{server}.desk.db"
