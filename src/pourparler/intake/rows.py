"""Many reports a file: JSON Lines and CSV with columns id, text, published, title, url, publisher, language."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pourparler.errors import IntakeError
from pourparler.intake.text import Note, decode
from pourparler.record import published_form

COLUMNS = ("id", "text", "published", "title", "url", "publisher", "language")
# A line holds one report; a longer one is refused before it is parsed, so that memory stays bounded.
MOST_LINE = 16 * 1024 * 1024


def json_lines(path: Path, name: str) -> Iterator[tuple[str, Mapping[str, Any] | IntakeError]]:
    """Yield, for each line that is not blank, its place and the row or what is wrong with it."""
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MOST_LINE):
            number += 1
            where = f"{name}, line {number}"
            if len(line) == MOST_LINE and not line.endswith(b"\n"):
                _skip_line(stream)
                yield (
                    where,
                    IntakeError(where, f"the line is longer than {MOST_LINE:,} bytes", "Put one report a line"),
                )
            elif line.strip():
                yield where, _json_row(line, where)


def _skip_line(stream: Any) -> None:
    while (rest := stream.readline(MOST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_row(line: bytes, where: str) -> Mapping[str, Any] | IntakeError:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return IntakeError(where, f"byte {error.start} is not UTF-8", "Save the file as UTF-8")
    except json.JSONDecodeError as error:
        return IntakeError(where, f"not JSON at column {error.colno}: {error.msg}", "Correct the line")
    except RecursionError:
        return IntakeError(where, "JSON nested too deep", "Give an object with the columns id and text")
    if not isinstance(row, dict):
        return IntakeError(where, "not a JSON object", 'Write {"id": ..., "text": ..., "published": ...}')
    # A record of our own is a report too: its document is read again.
    return row["document"] if isinstance(row.get("document"), dict) else row


def csv_rows(path: Path, name: str, note: Note) -> Iterator[tuple[str, Mapping[str, Any] | IntakeError]]:
    """Yield each row of a CSV file with a header; raises IntakeError where the column ``text`` is absent."""
    text = decode(path.read_bytes(), name, note)
    csv.field_size_limit(MOST_LINE)
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text))
    try:
        columns = [(column or "").strip().lower() for column in reader.fieldnames or []]
    except csv.Error as error:
        raise IntakeError(name, f"line 1 is no header ({error})", _header_advice()) from error
    if "text" not in columns:
        shown = ", ".join(columns)[:120] or "nothing"
        raise IntakeError(name, f"the column 'text' is missing (the header has: {shown})", _header_advice())
    reader.fieldnames = columns
    while True:
        where = f"{name}, line {reader.line_num + 1}"
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield where, IntakeError(where, f"no CSV row ({error})", "Quote the field, or correct the line")
            continue
        yield where, {key: value for key, value in row.items() if isinstance(key, str)}


def _header_advice() -> str:
    return f"Give a header line with id and text, and if you have them {', '.join(COLUMNS[2:])}"


def _dialect(text: str) -> type[csv.Dialect]:
    """Return the dialect: the separator is the commonest of comma, semicolon and tab in the header."""

    class Found(csv.excel):
        header = text[:2000].split("\n", 1)[0]
        delimiter = max(",;\t", key=header.count)

    return Found


def fields_of(row: Mapping[str, Any], where: str) -> dict[str, str | None]:
    """Return the known columns of a row as strings, the day in the record's form.

    Raises IntakeError where a column is of another kind or the day is none.
    """
    out: dict[str, str | None] = {}
    for column in COLUMNS:
        value = row.get(column)
        if column == "id" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise IntakeError(where, f"column {column} is {type(value).__name__}, not text", "Write it as a string")
        out[column] = value if value and value.strip() else None
    if out["text"] is None:
        raise IntakeError(where, "column text is empty or missing", "Give the report's text")
    if out["published"] is not None:
        try:
            out["published"] = published_form(out["published"])
        except ValueError as error:
            raise IntakeError(where, f"column published: {error}", "Correct it, or leave it empty") from error
    return out
