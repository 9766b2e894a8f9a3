"""What a desk keeps beside the archive, its log, kept views and visits, without what was forgotten there."""

from __future__ import annotations

import sqlite3
import urllib.parse
from collections.abc import Collection
from pathlib import Path

from pourparler.archive.masking import words_masked
from pourparler.archive.naming import Name
from pourparler.errors import DeskError

# A word of the log that is shorter is no address, title or file of a report alone.
_SHORTEST = 6
_GONE = "(forgotten)"


def forget_at_desk(path: Path, *, keys: Collection[str], words: Collection[str], name: Name | None) -> int:
    """Take what was forgotten out of a desk's own file and erase its bytes; return how many rows that changed.

    Lines of the log that name a key or words of what went lose what they tell, not who did it and when; kept views
    and visits that name it go. Accounts stay: remove one with ``pourparler desk user remove``.

    Args:
        path: the file; where there is none, there is nothing to forget.
        keys, words: of what went (``removing.Removed``).
        name: who is masked.

    Raises:
        DeskError: the file cannot be written now.
    """
    if not path.is_file():
        return 0
    signs = frozenset(keys) | {one for one in words if len(one) >= _SHORTEST}
    try:
        base = sqlite3.connect(path, isolation_level=None, timeout=10)
        try:
            base.execute("PRAGMA secure_delete=ON")
            base.execute("BEGIN IMMEDIATE")
            changed = _log(base, signs, name) + _views(base, signs, name) + _visits(base, signs, name)
            base.execute("COMMIT")
            base.execute("VACUUM")
        finally:
            base.close()
    except sqlite3.Error as error:
        raise DeskError(
            f"{path}: what the desk keeps of it could not be forgotten ({error}). Stop the desk, then do it again"
        ) from error
    return changed


def _log(base: sqlite3.Connection, signs: Collection[str], name: Name | None) -> int:
    changed = 0
    for n, who, what in base.execute("SELECT n, name, what FROM log").fetchall():
        new = (_shown(who, name), _GONE if _any(what, signs) else _shown(what, name))
        if new != (who, what):
            base.execute("UPDATE log SET name = ?, what = ? WHERE n = ?", (*new, n))
            changed += 1
    return changed


def _views(base: sqlite3.Connection, signs: Collection[str], name: Name | None) -> int:
    changed = 0
    for row, title, query in base.execute("SELECT rowid, title, query FROM view").fetchall():
        plain = urllib.parse.unquote_plus(query)
        if _any(title, signs) or _any(plain, signs) or (name and (name.full(title) or name.full(plain))):
            base.execute("DELETE FROM view WHERE rowid = ?", (row,))
            changed += 1
    return changed


def _visits(base: sqlite3.Connection, signs: Collection[str], name: Name | None) -> int:
    changed = 0
    for row, page in base.execute("SELECT rowid, page FROM visit").fetchall():
        if _any(page, signs) or (name and name.full(urllib.parse.unquote_plus(page))):
            base.execute("DELETE FROM visit WHERE rowid = ?", (row,))
            changed += 1
    return changed


def _any(text: str, signs: Collection[str]) -> bool:
    return any(sign in text for sign in signs)


def _shown(text: str, name: Name | None) -> str:
    return text if name is None else words_masked(name, text, full=True)
