"""Looking for what should be gone: in the rows of an archive, packed ones too, and in the bytes of its files."""

from __future__ import annotations

import contextlib
import json
import re
import urllib.parse
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from pourparler.archive import schema, search
from pourparler.archive.kept import inflated
from pourparler.archive.naming import Name, words_of
from pourparler.archive.store import Archive
from pourparler.errors import DamagedError

_CHUNK = 1 << 20
# What SQLite may keep beside a file.
BESIDE = ("", "-wal", "-shm", "-journal")


def traces(archive: Archive, name: Name) -> Iterator[str]:
    """Yield where a name still stands in an archive's rows: a sentence each; packed and JSON columns are opened."""
    with archive.reading() as connection:
        for table in schema.metadata.sorted_tables:
            for row in connection.execution_options(yield_per=500).execute(select(table)):
                for column, value in row._mapping.items():
                    if any(name.full(words) for words in _words(value)):
                        yield f"table {table.name}, column {column}"
        for phrase in name.phrases:
            yield from _indexed(connection, phrase)


def _words(value: Any) -> Iterator[str]:
    """Yield the texts in a value of a column."""
    if isinstance(value, bytes):
        try:
            value = inflated(value).decode("utf-8", "replace")
        except (zlib.error, DamagedError):
            value = value.decode("latin-1")
    if isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            with contextlib.suppress(ValueError):
                yield from _strings(json.loads(value))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _strings(one)


def _indexed(connection: Connection, phrase: tuple[str, ...]) -> Iterator[str]:
    begins = phrase[-1].endswith("*")
    wanted = search.Phrase(tuple(word.rstrip("*") for word in phrase), begins)
    for of in (schema.report, schema.telling):
        if connection.execute(select(of.c.n).where(search.matching(connection, of, [wanted])).limit(1)).first():
            yield f"search index of table {of.name}"
    if connection.dialect.name == "sqlite" and len(phrase) == 1 and not begins:
        yield from (f"vocabulary of {one}" for one in search.INDEXES if has_term(connection, one, phrase[0]))


def has_term(connection: Connection, index: str, word: str) -> bool:
    """True where an index still knows a word, of a deleted row too."""
    connection.execute(text(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.v_{index} USING fts5vocab(main, {index}, row)"))
    query = text(f"SELECT 1 FROM temp.v_{index} WHERE term = :word LIMIT 1")  # noqa: S608 - our own names
    return connection.execute(query, {"word": word}).first() is not None


def bytes_of(path: Path, spellings: Iterable[str]) -> Iterator[str]:
    """Yield where spellings stand in the bytes of a file and of what SQLite keeps beside it, a sentence each.

    Looked for in UTF-8, UTF-16, and as JSON and addresses escape them, in any case; packed rows are not seen this way
    (``traces``).
    """
    forms = {form for one in spellings for form in _forms(one)}
    if not forms:
        return
    pattern = re.compile(b"|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)), re.IGNORECASE)
    longest = max(map(len, forms))
    for ending in BESIDE:
        file = path.with_name(path.name + ending)
        if file.is_file():
            yield from (f"{file}, byte {at:,}" for at in _places(file, pattern, longest))


def _forms(words: str) -> Iterator[bytes]:
    for cased in {words, words.lower(), words.upper(), words.title(), " ".join(words_of(words))}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield cased.encode(encoding, "surrogatepass")
        yield json.dumps(cased)[1:-1].encode("ascii")
        yield urllib.parse.quote(cased).encode("ascii")


def _places(file: Path, pattern: re.Pattern[bytes], longest: int) -> Iterator[int]:
    begin, rest = 0, b""
    with file.open("rb") as stream:
        while part := stream.read(_CHUNK):
            data = rest + part
            for found in pattern.finditer(data):
                # What lies wholly in the rest of the last part was told with it.
                if found.end() > len(rest):
                    yield begin + found.start()
            rest = data[-(longest - 1) :] if longest > 1 else b""
            begin += len(data) - len(rest)
