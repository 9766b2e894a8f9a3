"""Full-text search, the same on both databases: FTS5 in SQLite, tsvector in PostgreSQL, over words we cut ourselves.

Both index the normal form of ``normal``, and nothing else: their own ways of cutting and folding words never matter.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# ruff: noqa: S608 - the only thing put into SQL here is the name of one of our own two indexes.
from sqlalchemy import ColumnElement, Connection, Table, column, select, table, text
from sqlalchemy import func as sql

from pourparler.archive import schema
from pourparler.errors import ArchiveError

# Letters and digits only; an underscore parts words.
_WORD = re.compile(r"[^\W_]+")
_QUERY = re.compile(r'(-?)"([^"]*)"|(\S+)')
# Words longer than this are cut: PostgreSQL refuses lexemes of more than 2 kB, and nobody searches for them.
_LONGEST = 80
# PostgreSQL refuses a tsvector of over 1 MB; what stands behind so many words of one report is not indexed.
_MOST = 50_000


@functools.lru_cache(maxsize=1 << 16)  # the same names are folded again and again
def fold(words: str) -> str:
    """Return words without case and accents, parted by single blanks."""
    # Decomposed before too: a bold or small capital is a capital only then.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(found[0] for found in _WORD.finditer(bare))


def normal(words: str) -> str:
    """Return the form that is indexed: as ``fold``, long words cut, at most 50,000 of them."""
    return " ".join(word[:_LONGEST] for word in fold(words).split()[:_MOST])


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side; the last may be the beginning of a word; ``absent`` ones must not occur."""

    words: tuple[str, ...]
    begins: bool = False
    absent: bool = False


def parse(query: str) -> tuple[Phrase, ...]:
    """Return the phrases of a query: all must occur.

    ``"two words"`` is a phrase, ``corrid*`` the beginning of a word, ``-word`` and ``-"two words"`` must not occur.
    Raises ArchiveError where no word to look for is left.
    """
    out: list[Phrase] = []
    for found in _QUERY.finditer(query):
        quoted, plain = found[2], found[3] or ""
        words = tuple(normal(quoted if quoted is not None else plain).split())
        if words:
            absent = (found[1] or plain[:1]) == "-"
            out.append(Phrase(words, quoted is None and plain.endswith("*"), absent))
    if not any(not phrase.absent for phrase in out):
        raise ArchiveError(f"search {query!r}: there is no word to look for. Give a word, or a phrase in quotes")
    return tuple(out)


def _fts5(phrases: Sequence[Phrase]) -> str:
    def one(phrase: Phrase) -> str:
        return '"' + " ".join(phrase.words) + '"' + ("*" if phrase.begins else "")

    wanted = " AND ".join(one(phrase) for phrase in phrases if not phrase.absent)
    return wanted + "".join(f" NOT {one(phrase)}" for phrase in phrases if phrase.absent)


def _tsquery(phrases: Sequence[Phrase]) -> str:
    def one(phrase: Phrase) -> str:
        marked = [f"'{word}'" for word in phrase.words]
        if phrase.begins:
            marked[-1] += ":*"
        return "(" + " <-> ".join(marked) + ")"

    wanted = " & ".join(one(phrase) for phrase in phrases if not phrase.absent)
    return wanted + "".join(f" & !{one(phrase)}" for phrase in phrases if phrase.absent)


def _index(of: Table) -> str:
    return f"{of.name}_words"


INDEXES = tuple(_index(of) for of in (schema.report, schema.telling))
# How SQLite's are made, word for word: a file that holds a virtual table of other words is no archive (engine.py).
MADE = tuple(f"CREATE VIRTUAL TABLE {name} USING fts5(words, content='', tokenize='unicode61')" for name in INDEXES)


def add(connection: Connection, of: Table, rows: Iterable[tuple[int, str]]) -> None:
    """Index rows (number, words) of a table."""
    many = [{"n": n, "words": normal(words)} for n, words in rows]
    if not many:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {_index(of)} (rowid, words) VALUES (:n, :words)"), many)
    else:
        into = f"INSERT INTO {_index(of)} (n, words) VALUES (:n, to_tsvector('simple', :words))"
        connection.execute(text(into), many)


def remove(connection: Connection, of: Table, rows: Iterable[tuple[int, str]]) -> None:
    """Take rows (number, the words they were indexed with) out of the index."""
    many = [{"n": n, "words": normal(words)} for n, words in rows]
    if not many:
        return
    name = _index(of)
    if connection.dialect.name == "sqlite":
        # An index without content needs the old words to forget them.
        connection.execute(text(f"INSERT INTO {name} ({name}, rowid, words) VALUES ('delete', :n, :words)"), many)
    else:
        connection.execute(text(f"DELETE FROM {name} WHERE n = :n"), many)


def found(connection: Connection, of: Table, query: str) -> ColumnElement[bool]:
    """Return the condition that a row of ``of`` (its column n) has the words of ``query``."""
    return matching(connection, of, parse(query))


def matching(connection: Connection, of: Table, *alternatives: Sequence[Phrase]) -> ColumnElement[bool]:
    """Return the condition that a row of ``of`` has all phrases of at least one of the alternatives."""
    if connection.dialect.name == "sqlite":
        words = " OR ".join(f"({_fts5(phrases)})" for phrases in alternatives)
        index = table(_index(of), column("rowid"), column(_index(of)))
        return of.c.n.in_(select(index.c.rowid).where(column(_index(of)).op("MATCH")(words)))
    query = " | ".join(f"({_tsquery(phrases)})" for phrases in alternatives)
    kept = table(_index(of), column("n"), column("words"))
    return of.c.n.in_(select(kept.c.n).where(kept.c.words.op("@@")(sql.to_tsquery("simple", query))))
