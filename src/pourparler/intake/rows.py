"""Many reports a file, one a row: JSON Lines and CSV, line by line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pourparler.errors import IntakeError
from pourparler.intake.columns import HEADER_ADVICE, has_text, known_names
from pourparler.intake.limits import LIMITS
from pourparler.intake.spots import Items, Spot
from pourparler.intake.streams import Stream
from pourparler.intake.text import LineDecoder, Note

# A line holds one report; a longer one is refused before it is parsed, so that memory stays bounded.
MOST_LINE = LIMITS.row_line
# A line shorter than this holds not enough values to be worth counting.
_SHORT = 1024 * 1024


def json_lines(stream: Stream, name: str) -> Items:
    """Yield, for each line that is not blank, its place and the row or what is wrong with it."""
    number, any_row = 0, False
    while line := stream.readline(MOST_LINE):
        number += 1
        if line.isspace() and not _too_long(line):
            continue
        any_row = True
        spot = Spot(name, "line", number)
        if _too_long(line):
            _skip_line(stream)
            yield spot, spot.error(f"the line is longer than {MOST_LINE:,} bytes", "Put one report a line")
        else:
            yield spot, _json_row(line, spot)
    if not any_row:
        raise IntakeError(name, "the file is empty", "Give a file that holds a report")


def _too_long(line: bytes) -> bool:
    return len(line) >= MOST_LINE and not line.endswith(b"\n")


def _skip_line(stream: Stream) -> None:
    while (rest := stream.readline(MOST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_row(line: bytes, spot: Spot) -> Mapping[str, Any] | IntakeError:
    if len(line) > _SHORT and _values(line) > LIMITS.row_values:
        problem = f"JSON of more than {LIMITS.row_values:,} lists, objects and fields"
        return spot.error(problem, "Give an object with the columns id and text")
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return spot.error(f"byte {error.start} is not UTF-8", "Save the file as UTF-8")
    except json.JSONDecodeError as error:
        return spot.error(f"not JSON at column {error.colno}: {error.msg}", "Correct the line")
    except ValueError as error:  # a number of thousands of digits
        return spot.error(f"not JSON that can be read ({error})", "Correct the line")
    except RecursionError:
        return spot.error("JSON nested too deep", "Give an object with the columns id and text")
    if not isinstance(row, dict):
        return spot.error("not a JSON object", 'Write {"id": ..., "text": ..., "published": ...}')
    # A record of our own is a report too: its document is read again.
    return row["document"] if isinstance(row.get("document"), dict) else row


def _values(line: bytes) -> int:
    """Return about how many values a line of JSON makes; brackets in its text count too, and are never so many."""
    return line.count(b"{") + line.count(b"[") + line.count(b'":')


class _Lines:
    """The lines of a CSV as text; how much one row has taken is bounded. ``number`` is that of the last one read."""

    def __init__(self, stream: Stream, name: str, note: Note) -> None:
        self._stream = stream
        self._decoder = LineDecoder(name, note)
        self.number = 0
        self._taken = 0
        self._ahead: list[str] = []
        self._rest = ""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._ahead:
            return self._ahead.pop()
        self.number += 1
        while True:
            data = self._read()
            text = self._decoder.line(data)
            if self._decoder.marked:
                # UTF-16 was cut at the byte of a line feed, which is only half of one.
                line, end, rest = (self._rest + text).partition("\n")
                if not end and data:
                    self._rest = line
                    continue
                text, self._rest = line + end, rest
            if not data and not text:
                raise StopIteration
            return text

    def _read(self) -> bytes:
        line = self._stream.readline(MOST_LINE)
        if _too_long(line):
            _skip_line(self._stream)
            raise csv.Error(f"the line is longer than {MOST_LINE:,} bytes")
        self._taken += len(line)
        if self._taken > MOST_LINE:
            self._taken = 0
            raise csv.Error(f"the row is longer than {MOST_LINE:,} bytes: is a quote left open?")
        return line

    def new_row(self) -> None:
        self._taken = 0

    def header(self) -> str:
        """Return the first line that is not blank, without taking it."""
        for line in self:
            if line.strip():
                self._ahead.append(line)
                return line
        return ""


def csv_rows(stream: Stream, name: str, note: Note) -> Items:
    """Yield each row of a CSV file with a header; raises IntakeError where the column ``text`` is absent."""
    # For the whole process, so it is never lowered; what a row may take is held by ``_Lines``.
    csv.field_size_limit(max(MOST_LINE, csv.field_size_limit()))
    lines = _Lines(stream, name, note)
    try:
        header = lines.header()
        dialect = _dialect(header)
        if header.count(dialect.delimiter) >= LIMITS.row_columns:
            count = header.count(dialect.delimiter) + 1
            raise IntakeError(name, f"{count:,} columns, more than {LIMITS.row_columns:,}", HEADER_ADVICE)
        reader = csv.reader(lines, dialect=dialect)
        names = [column.strip().lower() for column in _header(reader)]
    except csv.Error as error:
        raise IntakeError(name, f"line 1 is no header ({error})", HEADER_ADVICE) from error
    if not names:
        raise IntakeError(name, "the file is empty", "Give a file that holds a report")
    if not has_text(names):
        shown = ", ".join(names)[:120]
        raise IntakeError(name, f"the column 'text' is missing (the header has: {shown})", HEADER_ADVICE)
    # Only these are kept of a row, however many cells it has.
    places = {column: n for n, column in enumerate(names) if column in known_names()}
    any_row = False
    for found in _csv_rows(reader, places, lines, name):
        any_row = True
        yield found
    if not any_row:
        raise IntakeError(name, "there is no row under the header", "Give a file that holds a report")


def _header(reader: Iterator[list[str]]) -> list[str]:
    """Return the first row that is not blank."""
    return next((row for row in reader if row), [])


def _csv_rows(reader: Any, places: Mapping[str, int], lines: _Lines, name: str) -> Iterator[tuple[Spot, Any]]:
    while True:
        # The reader's own count lacks blank lines before the header, and lines that were refused.
        spot = Spot(name, "line", lines.number + 1)
        lines.new_row()
        try:
            while not (row := next(reader)):  # a blank line
                spot = Spot(name, "line", lines.number + 1)
        except StopIteration:
            return
        except csv.Error as error:
            yield spot, spot.error(f"no CSV row ({error})", "Quote the field, or correct the line")
            continue
        yield spot, {column: row[n] for column, n in places.items() if n < len(row)}


def _dialect(header: str) -> type[csv.Dialect]:
    """Return the dialect: the separator is the commonest of comma, semicolon and tab in the header."""

    class Found(csv.excel):
        delimiter = max(",;\t", key=header.count)

    return Found
