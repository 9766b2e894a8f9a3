"""Who may use a desk that others can reach: accounts, sessions, keys, and a log of what was done.

They lie in a small SQLite file of their own (see ``accounts_path``): who may read the archive need not read these.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pourparler.errors import DeskError
from pourparler.web.settings import RANK, Role
from pourparler.web.tries import Tries

_TABLES = """
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, secret TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS session (digest TEXT PRIMARY KEY, name TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS key (digest TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS visit (name TEXT NOT NULL, page TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (name, page));
CREATE TABLE IF NOT EXISTS view
  (name TEXT NOT NULL, title TEXT NOT NULL, query TEXT NOT NULL, PRIMARY KEY (name, title));
"""
_LEAST, _MOST = 10, 200
_MOST_NAME = 80
# The oldest lines go beyond so many: whoever is turned away writes one too.
_MOST_LOG = 100_000
# A password is checked in 64 MB of memory: not more than so many at a time, and nobody waits longer (seconds).
_AT_A_TIME, _WAIT = 2, 3.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the desk."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the log: its number, when (seconds since 1970), who, what."""

    n: int
    at: float
    name: str
    what: str


class Accounts:
    """Accounts of a desk.

    Args:
        path: the file; made where there is none, for its owner's eyes only.
        now: the clock, seconds since 1970.
        sign_ins, window: how many wrong passwords somebody may give in so many seconds; see ``tries``.

    Raises:
        DeskError: the file cannot be opened, or is none of ours.
    """

    def __init__(
        self, path: Path | str, *, now: Callable[[], float] = time.time, sign_ins: int = 5, window: int = 300
    ) -> None:
        self._now = now
        self._tries = Tries(now=now, most=sign_ins, window=window)
        self._checking = threading.BoundedSemaphore(_AT_A_TIME)
        self._lock = threading.RLock()
        try:
            if path != ":memory:":
                _make_private(Path(path))
            self._base = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
            self._base.executescript(_TABLES)
        except (sqlite3.Error, OSError) as error:
            raise DeskError(
                f"{path}: the accounts cannot be opened ({error}). Check the file and its folder"
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    def _do(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._base.execute(query, values).fetchall()

    def add(self, name: str, password: str, role: Role) -> None:
        """Make an account, or give one another password and role; raises DeskError for a short password."""
        if not name.strip() or name != name.strip() or not name.isprintable() or len(name) > _MOST_NAME:
            raise DeskError(f"a name is 1 to {_MOST_NAME} letters and digits. Give another name")
        if role not in RANK:
            raise DeskError(f"{role!r} is no role. Roles are {', '.join(RANK)}")
        if not _LEAST <= len(password) <= _MOST:
            raise DeskError(f"a password has {_LEAST} to {_MOST} characters. Give another one")
        with self._lock:
            if role != "owner":
                self._keep_an_owner(name)
            self._do("INSERT OR REPLACE INTO account VALUES (?, ?, ?)", name, _hasher().hash(password), role)
            self._do("DELETE FROM session WHERE name = ?", name)

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and keys; raises DeskError where there is none, or no other owner."""
        with self._lock:
            if name not in {person.name for person in self.people()}:
                raise DeskError(f"there is no account {name!r}. List them: pourparler desk user list")
            self._keep_an_owner(name)
            for table in ("account", "session", "key"):
                self._do(f"DELETE FROM {table} WHERE name = ?", name)  # noqa: S608 - our own names

    def _keep_an_owner(self, name: str) -> None:
        owners = [person.name for person in self.people() if person.role == "owner"]
        if owners == [name]:
            raise DeskError(f"{name} is the only owner. Make somebody else an owner first")

    def people(self) -> list[Person]:
        """Return all accounts, by name."""
        rows = self._do("SELECT name, role FROM account ORDER BY name")
        return [Person(name, cast(Role, role)) for name, role in rows]

    def sign_in(self, name: str, password: str, *, address: str, seconds: int) -> str | None:
        """Return the secret of a new session, or None; raises DeskError after too many wrong tries.

        A try is counted before the password is checked, so that many at once get no further than one by one.
        """
        name = name[:_MOST_NAME]
        tried = self._tries.begin(name, address)
        if not self._checking.acquire(timeout=_WAIT):
            raise DeskError("too many people sign in at this moment. Try again")
        try:
            right = self._fits(name, password)
        finally:
            self._checking.release()
        if not right:
            return None
        self._tries.forgive(tried)
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._do("DELETE FROM session WHERE until < ?", self._now())
            self._do("INSERT INTO session VALUES (?, ?, ?)", _digest(secret), name, self._now() + seconds)
        return secret

    def _fits(self, name: str, password: str) -> bool:
        from argon2.exceptions import Argon2Error, InvalidHashError

        row = next(iter(self._do("SELECT secret FROM account WHERE name = ?", name)), None)
        try:
            # An unknown name costs the same time as a known one.
            _hasher().verify(row[0] if row else _nobody(), password[: _MOST + 1])
        except (Argon2Error, InvalidHashError):
            return False
        return row is not None

    def sign_out(self, secret: str | None) -> None:
        """End a session."""
        if secret:
            self._do("DELETE FROM session WHERE digest = ?", _digest(secret))

    def person_of_session(self, secret: str | None) -> Person | None:
        """Return whose session it is, or None where it is none or has ended."""
        if not secret:
            return None
        query = "SELECT a.name, a.role FROM session s JOIN account a USING (name) WHERE s.digest = ? AND s.until > ?"
        return next((Person(*row) for row in self._do(query, _digest(secret), self._now())), None)

    def new_key(self, name: str) -> str:
        """Return a new key by which a program may act for somebody; it is shown this once."""
        if name not in {person.name for person in self.people()}:
            raise DeskError(f"there is no account {name!r}. Make it with: pourparler desk user add")
        secret = "pk_" + secrets.token_urlsafe(32)
        self._do("INSERT INTO key VALUES (?, ?)", _digest(secret), name)
        return secret

    def drop_keys(self, name: str) -> int:
        """Make all keys of somebody worthless; return how many that were."""
        return len(self._do("DELETE FROM key WHERE name = ? RETURNING digest", name))

    def keys(self, name: str) -> int:
        """Return how many keys somebody has."""
        return int(self._do("SELECT count(*) FROM key WHERE name = ?", name)[0][0])

    def person_of_key(self, header: str | None) -> Person | None:
        """Return for whom a program acts that sends ``Authorization: Bearer KEY``, or None."""
        if not header or not header.lower().startswith("bearer "):
            return None
        query = "SELECT a.name, a.role FROM key k JOIN account a USING (name) WHERE k.digest = ?"
        return next((Person(*row) for row in self._do(query, _digest(header[7:].strip()))), None)

    def note(self, name: str, what: str) -> None:
        """Write into the log who did what."""
        with self._lock:
            row = (self._now(), name[:_MOST_NAME], what[:1000])
            n = self._base.execute("INSERT INTO log (at, name, what) VALUES (?, ?, ?)", row).lastrowid or 0
            if n % 1000 == 0:
                self._do("DELETE FROM log WHERE n <= ?", n - _MOST_LOG)

    def log(self, limit: int = 200, *, before: int | None = None, name: str | None = None) -> list[Logged]:
        """Return the newest lines of the log, those before a number, those of one name."""
        query = "SELECT n, at, name, what FROM log WHERE n < ? AND (? IS NULL OR name = ?) ORDER BY n DESC LIMIT ?"
        return [Logged(*row) for row in self._do(query, before or 2**62, name, name, limit)]

    def visited(self, name: str, page: str) -> float | None:
        """Return when somebody last saw a page, and remember that it is now."""
        with self._lock:
            rows = self._do("SELECT at FROM visit WHERE name = ? AND page = ?", name, page)
            self._do("INSERT OR REPLACE INTO visit VALUES (?, ?, ?)", name, page, self._now())
        return float(rows[0][0]) if rows else None

    def keep_view(self, name: str, title: str, query: str) -> None:
        """Keep a filter of the events page under a title of somebody's own."""
        self._do("INSERT OR REPLACE INTO view VALUES (?, ?, ?)", name, title[:80], query[:2000])

    def drop_view(self, name: str, title: str) -> None:
        """Forget a kept filter."""
        self._do("DELETE FROM view WHERE name = ? AND title = ?", name, title)

    def views(self, name: str) -> list[tuple[str, str]]:
        """Return somebody's kept filters: title and query."""
        return list(self._do("SELECT title, query FROM view WHERE name = ? ORDER BY title", name))


def _make_private(path: Path) -> None:
    """Make a file where there is none, its folder too, and let nobody but its owner read it.

    Whoever may write into the folder could put a link there, or a file of their own with accounts they know: raises
    OSError for either.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        found = os.fstat(handle)
        if found.st_uid != os.geteuid():
            raise OSError(errno.EPERM, "it belongs to somebody else")
        if found.st_mode & 0o077:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher()


@functools.cache
def _nobody() -> str:
    return str(_hasher().hash(secrets.token_urlsafe(16)))
