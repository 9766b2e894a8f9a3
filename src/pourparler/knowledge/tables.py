"""Reading the shipped tables, and how names are compared."""

from __future__ import annotations

import csv
import functools
import gzip
import importlib.resources
import io
import tomllib
import unicodedata
import zlib
from typing import Any

from pourparler.errors import KnowledgeError


def _bytes(name: str) -> bytes:
    try:
        return (importlib.resources.files("pourparler.knowledge") / "data" / name).read_bytes()
    except OSError as error:
        raise KnowledgeError(f"knowledge/data/{name} cannot be read ({error}); install pourparler again") from error


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped CSV file."""
    return list(csv.DictReader(io.StringIO(_text(name))))


def packed_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped CSV file that is packed with gzip."""
    return list(csv.DictReader(io.StringIO(packed(name).decode("utf-8"))))


def packed(name: str) -> bytes:
    """Return what a shipped gzip file holds."""
    data = _bytes(name)
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise KnowledgeError(f"knowledge/data/{name} is damaged ({error}); install pourparler again") from error


def _text(name: str) -> str:
    """Return a shipped file's text."""
    try:
        return _bytes(name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"knowledge/data/{name} is damaged ({error}); install pourparler again") from error


def toml(name: str) -> dict[str, Any]:
    """Return a shipped TOML file."""
    try:
        return tomllib.loads(_bytes(name).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"knowledge/data/{name} is not TOML ({error}); install pourparler again") from error


@functools.lru_cache(maxsize=1 << 16)
def folded(name: str) -> str:
    """Return a name as it is compared: no accents, one space, curly apostrophes straight, case folded."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").casefold().split())
