"""Taking along what the events page shows, in any format."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import IO, Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from pourparler.archive.conditions import Query
from pourparler.archive.query import found
from pourparler.archive.store import Archive
from pourparler.export.asked import BINARY, write_events
from pourparler.export.rows import EventRow, event_row
from pourparler.web.questions import question
from pourparler.web.state import desk_of

# Each format with its media type, in the order of the page's links.
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "graphml": "application/graphml+xml",
    "ics": "text/calendar; charset=utf-8",
    "plover": "application/x-ndjson",
    "md": "text/markdown; charset=utf-8",
}
_SUFFIXES = {"plover": "plover.jsonl"}
# Beyond so many bytes what is written goes to a file of the machine until it is sent.
_IN_MEMORY = 8 * 1024 * 1024
_PORTION = 256 * 1024


def routes() -> list[Route]:
    """Return the routes of the exports."""
    return [Route("/events/export.{form}", export, methods=["GET"])]


def export(request: Request) -> Response:
    """Answer with a file of all events that fit the address; what a format cannot hold is told in ``X-Left-Out``."""
    form = request.path_params["form"]
    if form not in FORMATS:
        raise HTTPException(404, f"There is no such format. Formats are {', '.join(FORMATS)}.")
    desk = desk_of(request)
    asked = question(Query, request.query_params, process_of=desk.process)
    made, left_out = written(desk.archive, asked, form)
    name = f"events.{_SUFFIXES.get(form, form)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if left_out:
        headers["X-Left-Out"] = left_out
    return StreamingResponse(_sent(made), media_type=FORMATS[form], headers=headers)


def written(archive: Archive, asked: Query, form: str) -> tuple[IO[bytes], str]:
    """Return a file with the events in a format, at its beginning, and what was left out, in words."""
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    try:
        rows = map(event_row, found(archive, asked))
        if form in BINARY:
            left_out = write_events(form, rows, cast(IO[Any], made), EventRow)
        else:
            words = io.TextIOWrapper(cast(IO[bytes], made), encoding="utf-8", errors="replace", newline="")
            left_out = write_events(form, rows, words, EventRow)
            words.detach()
        made.seek(0)
    except BaseException:
        made.close()
        raise
    return cast(IO[bytes], made), left_out


def _sent(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while portion := made.read(_PORTION):
            yield portion
