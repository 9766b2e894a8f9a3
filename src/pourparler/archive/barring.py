"""What was forgotten does not come in again: texts are known by keyed hashes, never by themselves."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert, select

from pourparler.archive import schema
from pourparler.archive.sql import have


def salt_of(connection: Connection) -> str:
    """Return the key of this archive's marks: its first entry made it, each further one repeats it."""
    kept = connection.execute(select(schema.forgotten.c.salt).order_by(schema.forgotten.c.n).limit(1)).scalar()
    return kept or secrets.token_hex(32)


def mark(salt: str, text: str) -> str:
    """Return the mark of a text: 64 hexadecimal digits."""
    return hmac.new(bytes.fromhex(salt), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def bar(connection: Connection, entry: int, marks: Iterable[str]) -> None:
    """Keep marks under an entry of the trail; one that is kept already stays where it is."""
    every = sorted(set(marks))
    fresh = set(every) - have(connection, schema.barred, "mark", every)
    if fresh:
        connection.execute(insert(schema.barred), [{"mark": one, "forgotten": entry} for one in sorted(fresh)])


def barred(connection: Connection, texts: Sequence[str]) -> frozenset[int]:
    """Return the numbers, within ``texts``, of those that were forgotten and may not come in."""
    if connection.execute(select(schema.barred.c.mark).limit(1)).first() is None:
        return frozenset()
    salt = salt_of(connection)
    marks = [mark(salt, text) for text in texts]
    known = have(connection, schema.barred, "mark", marks)
    return frozenset(n for n, one in enumerate(marks) if one in known)
