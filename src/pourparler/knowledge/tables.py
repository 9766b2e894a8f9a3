"""Reading the shipped tables, and how names are compared."""

from __future__ import annotations

import csv
import functools
import gzip
import importlib.resources
import io
import tomllib
import unicodedata
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


def lines(name: str) -> list[str]:
    """Return the lines of a shipped table."""
    return _text(name).splitlines()


def _text(name: str) -> str:
    """Return a shipped file's text (gzip-compressed where its name ends in .gz)."""
    data = _bytes(name)
    try:
        return (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    except (OSError, UnicodeDecodeError, EOFError) as error:
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
