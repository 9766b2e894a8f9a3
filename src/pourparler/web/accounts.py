"""Who may use a desk that others can reach: accounts, sessions, keys, and a log of what was done.

They lie in a small SQLite file of their own beside the archive: who may read the archive need not read these.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pourparler.errors import DeskError
from pourparler.web.settings import RANK, Role

_TABLES = """
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, secret TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS session (digest TEXT PRIMARY KEY, name TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS key (digest TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS visit (name TEXT NOT NULL, page TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (name, page));
CREATE TABLE IF NOT EXISTS view
  (name TEXT NOT NULL, title TEXT NOT NULL, query TEXT NOT NULL, PRIMARY KEY (name, title));
"""
_LEAST = 10


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the desk."""

    name: str
    role: Role


class Accounts:
    """Accounts of a desk.

    Args:
        path: the file; made where there is none, for its owner's eyes only.
        now: the clock, seconds since 1970.
        sign_ins, window: how many wrong passwords one name or address may give in so many seconds.
    """

    def __init__(
        self, path: Path | str, *, now: Callable[[], float] = time.time, sign_ins: int = 5, window: int = 300
    ) -> None:
        self._now = now
        self._sign_ins, self._window = sign_ins, window
        self._failed: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.RLock()
        if path != ":memory:":
            Path(path).touch(mode=0o600)
        self._base = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._base.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def add(self, name: str, password: str, role: Role) -> None:
        """Make an account, or give one another password and role; raises DeskError for a short password."""
        from argon2 import PasswordHasher

        if not name.strip() or not name.isprintable():
            raise DeskError("a name is letters and digits. Give another name")
        if role not in RANK:
            raise DeskError(f"{role!r} is no role. Roles are {', '.join(RANK)}")
        if len(password) < _LEAST:
            raise DeskError(f"a password has at least {_LEAST} characters. Give a longer one")
        secret = PasswordHasher().hash(password)
        with self._lock:
            self._base.execute("INSERT OR REPLACE INTO account VALUES (?, ?, ?)", (name, secret, role))
            self._base.execute("DELETE FROM session WHERE name = ?", (name,))

    def remove(self, name: str) -> None:
        """Remove an account with its sessions and keys."""
        with self._lock:
            for table in ("account", "session", "key"):
                self._base.execute(f"DELETE FROM {table} WHERE name = ?", (name,))  # noqa: S608 - our own names

    def people(self) -> list[Person]:
        """Return all accounts, by name."""
        with self._lock:
            rows = self._base.execute("SELECT name, role FROM account ORDER BY name").fetchall()
        return [Person(name, cast(Role, role)) for name, role in rows]

    def sign_in(self, name: str, password: str, *, address: str, seconds: int) -> str | None:
        """Return the secret of a new session, or None; raises DeskError after too many wrong tries."""
        from argon2 import PasswordHasher
        from argon2.exceptions import Argon2Error, InvalidHashError

        self._check_rate(name, address)
        with self._lock:
            row = self._base.execute("SELECT secret FROM account WHERE name = ?", (name,)).fetchone()
        try:
            # An unknown name costs the same time as a known one.
            PasswordHasher().verify(row[0] if row else _NOBODY(), password)
        except (Argon2Error, InvalidHashError):
            row = None
        if row is None:
            with self._lock:
                for one in (f"name {name}", f"address {address}"):
                    self._failed[one].append(self._now())
            return None
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._base.execute("DELETE FROM session WHERE until < ?", (self._now(),))
            self._base.execute("INSERT INTO session VALUES (?, ?, ?)", (_digest(secret), name, self._now() + seconds))
        return secret

    def _check_rate(self, name: str, address: str) -> None:
        with self._lock:
            for one in (f"name {name}", f"address {address}"):
                recent = [at for at in self._failed[one] if at > self._now() - self._window]
                self._failed[one] = recent
                if len(recent) >= self._sign_ins:
                    raise DeskError("too many wrong passwords. Wait a few minutes, then try again")

    def sign_out(self, secret: str | None) -> None:
        """End a session."""
        if secret:
            with self._lock:
                self._base.execute("DELETE FROM session WHERE digest = ?", (_digest(secret),))

    def person_of_session(self, secret: str | None) -> Person | None:
        """Return whose session it is, or None where it is none or has ended."""
        if not secret:
            return None
        query = "SELECT a.name, a.role FROM session s JOIN account a USING (name) WHERE s.digest = ? AND s.until > ?"
        with self._lock:
            row = self._base.execute(query, (_digest(secret), self._now())).fetchone()
        return Person(*row) if row else None

    def new_key(self, name: str) -> str:
        """Return a new key by which a program may act for somebody; it is shown this once."""
        if name not in {person.name for person in self.people()}:
            raise DeskError(f"there is no account {name!r}. Make it with: pourparler desk user add")
        secret = "pk_" + secrets.token_urlsafe(32)
        with self._lock:
            self._base.execute("INSERT INTO key VALUES (?, ?)", (_digest(secret), name))
        return secret

    def person_of_key(self, header: str | None) -> Person | None:
        """Return for whom a program acts that sends ``Authorization: Bearer KEY``, or None."""
        if not header or not header.lower().startswith("bearer "):
            return None
        query = "SELECT a.name, a.role FROM key k JOIN account a USING (name) WHERE k.digest = ?"
        with self._lock:
            row = self._base.execute(query, (_digest(header[7:].strip()),)).fetchone()
        return Person(*row) if row else None

    def note(self, name: str, what: str) -> None:
        """Write into the log who did what."""
        with self._lock:
            self._base.execute("INSERT INTO log (at, name, what) VALUES (?, ?, ?)", (self._now(), name, what[:1000]))

    def log(self, limit: int = 200) -> list[tuple[float, str, str]]:
        """Return the newest lines of the log: time, who, what."""
        with self._lock:
            query = "SELECT at, name, what FROM log ORDER BY n DESC LIMIT ?"
            return list(self._base.execute(query, (limit,)).fetchall())

    def visited(self, name: str, page: str) -> float | None:
        """Return when somebody last saw a page, and remember that it is now."""
        with self._lock:
            row = self._base.execute("SELECT at FROM visit WHERE name = ? AND page = ?", (name, page)).fetchone()
            self._base.execute("INSERT OR REPLACE INTO visit VALUES (?, ?, ?)", (name, page, self._now()))
        return float(row[0]) if row else None

    def keep_view(self, name: str, title: str, query: str) -> None:
        """Keep a filter of the events page under a title of somebody's own."""
        with self._lock:
            self._base.execute("INSERT OR REPLACE INTO view VALUES (?, ?, ?)", (name, title[:80], query[:2000]))

    def drop_view(self, name: str, title: str) -> None:
        """Forget a kept filter."""
        with self._lock:
            self._base.execute("DELETE FROM view WHERE name = ? AND title = ?", (name, title))

    def views(self, name: str) -> list[tuple[str, str]]:
        """Return somebody's kept filters: title and query."""
        with self._lock:
            query = "SELECT title, query FROM view WHERE name = ? ORDER BY title"
            return list(self._base.execute(query, (name,)).fetchall())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _NOBODY() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher().hash("nobody")
