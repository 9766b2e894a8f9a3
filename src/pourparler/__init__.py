"""Pourparler reads the news about peace talks and keeps the record.

record = pourparler.read(text, published="2023-05-04")
for record in pourparler.read_many(documents):
    ...
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from pourparler.errors import PourparlerError, ReadingError
from pourparler.record import Document, Record, document_id, published_form

if TYPE_CHECKING:
    from pourparler.reading import Reader

__version__ = "0.1.0"
__all__ = ["Document", "PourparlerError", "Record", "__version__", "read", "read_many"]


@functools.cache
def _reader() -> Reader:
    # The reader loads numpy and the weights: only a call that reads pays for them.
    from pourparler.reading import Reader

    return Reader()


def read(
    text: str,
    *,
    published: str | None = None,
    id: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
) -> Record:
    """Return the record of one report.

    Args:
        text: the report, plain text; all offsets of the record are code points of it.
        published: day of publication, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ; relative dates are reckoned from it.
        id: the report's id; a hash of its content when absent.

    Raises:
        ValueError: ``published`` is no day.
        PourparlerError: the report cannot be read; the message says why and what to do.
    """
    day = published_form(published) if published else None
    known = id or document_id(text, published=day, url=url)
    return _reader().read(Document(known, text, title, day, publisher, url))


def read_many(
    documents: Iterable[Document], *, on_error: Callable[[ReadingError], None] | None = None
) -> Iterator[Record]:
    """Yield the record of each report as it is read; a report that fails goes to ``on_error``, or raises."""
    return _reader().read_many(documents, on_error=on_error)
