"""Records as JSON: one a line, or indented."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TextIO

from pourparler.export.view import quiet_json
from pourparler.record import Record, dumps


def write(records: Iterable[Record], stream: TextIO) -> None:
    """Write one record a line, each as soon as it is read."""
    for record in records:
        stream.write(quiet_json(dumps(record)) + "\n")
        stream.flush()


def write_json(records: Iterable[Record], stream: TextIO) -> None:
    """Write one record as an object, several (or none) as a list."""
    pending = iter(records)
    first = list(itertools.islice(pending, 2))
    if len(first) == 1:
        stream.write(quiet_json(dumps(first[0], indent=2)) + "\n")
        return
    stream.write("[")
    for number, record in enumerate(itertools.chain(first, pending)):
        stream.write(",\n" if number else "\n")
        stream.write(quiet_json(dumps(record, indent=2)))
    stream.write("\n]\n")
