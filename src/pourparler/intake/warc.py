"""Web archives (WARC): the pages and texts of a crawl, record by record, in bounded memory.

The records are cut here, so that lengths are bounded, damage is named by its byte and reading goes on after it;
warcio parses their headers and undoes chunked transfer.
"""

from __future__ import annotations

import io
import logging
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pourparler.errors import IntakeError
from pourparler.intake.formats import Parsed, parse_html, parse_text
from pourparler.intake.inflate import GZIP_OR_DEFLATE, TooMuch, inflated
from pourparler.intake.spots import Found, Items, Spot
from pourparler.intake.streams import Stream
from pourparler.intake.text import MOST_BYTES, Note
from pourparler.record import published_form

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_MOST_HEADER = 64 * 1024
_HTML = ("text/html", "application/xhtml+xml")
_DAMAGED = "What stood before it was read; fetch the file again for the rest"


@dataclass(frozen=True, slots=True)
class _Head:
    """A record's header as it stands in the file, and how many bytes of content follow."""

    data: bytes
    length: int
    spot: Spot


class _Tally:
    """What was left out or filled in, told once at the end."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.crawl_days = 0
        self.cut = 0

    def tell(self, name: str, note: Note) -> None:
        if self.left_out:
            kinds = ", ".join(f"{count} {kind}" for kind, count in self.left_out.most_common(8))
            note(f"{name}: {self.left_out.total()} records are no reports and were left out ({kinds})")
        if self.crawl_days:
            note(f"{name}: {self.crawl_days} pages tell no day of publication; the day of their crawl stands for it")
        if self.cut:
            note(f"{name}: {self.cut} records were cut short when they were crawled")


def warc_records(stream: Stream, name: str, note: Note) -> Items:
    """Yield each page or text of a WARC with the byte its record begins at, counted in the unpacked file."""
    tally = _Tally()
    any_record = False
    try:
        while (found := _next_head(stream, name)) is not None:
            any_record = True
            if isinstance(found, tuple):
                yield found
                continue
            content = _content(stream, found, tally)
            if content is not None:
                yield found.spot, content
    finally:
        tally.tell(name, note)
    if not any_record:
        raise IntakeError(name, "the file is empty", "Give a file that holds a report")


def _next_head(stream: Stream, name: str) -> _Head | tuple[Spot, IntakeError] | None:
    """Return the next record's header, what is wrong in its place, or None at the end."""
    line = b"\r\n"
    while line and not line.strip():
        line = stream.readline(_MOST_HEADER)
    spot = Spot(name, "byte", stream.tell() - len(line))
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        passed = _pass_to_record(stream)
        return spot, spot.error(f"no record begins here; {passed + len(line):,} bytes were passed over", _DAMAGED)
    return _head(stream, line, spot)


def _pass_to_record(stream: Stream) -> int:
    """Pass over what is no record, up to a blank line before the next one; return how many bytes that was."""
    begun = stream.tell()
    while line := stream.readline(_MOST_HEADER):
        if line.startswith(b"WARC/1."):
            stream.push(line)
            break
    return stream.tell() - begun


def _head(stream: Stream, first: bytes, spot: Spot) -> _Head | tuple[Spot, IntakeError]:
    data = bytearray(first)
    while line := stream.readline(_MOST_HEADER):
        data += line
        if not line.strip():
            break
        if len(data) > _MOST_HEADER:
            return spot, spot.error(f"the record's header is longer than {_MOST_HEADER:,} bytes", _DAMAGED)
    for row in bytes(data).splitlines():
        key, _, value = row.partition(b":")
        if key.strip().lower() == b"content-length" and value.strip().isdigit() and len(value) < 20:
            return _Head(bytes(data), int(value), spot)
    return spot, spot.error("the record has no length", _DAMAGED)


def _content(stream: Stream, head: _Head, tally: _Tally) -> Found | None:
    """Return the report of a record; None where it holds none, which is counted."""
    block = stream.read(min(head.length, _MOST_HEADER))
    refused = _refusal(head, block, tally)
    fits = head.length <= MOST_BYTES
    if refused is None and fits:
        block += stream.read(head.length - len(block))
        missing = head.length - len(block)
    else:
        missing = head.length - len(block) - stream.skip(head.length - len(block))
    if missing > 0:
        return head.spot.error(f"the file ends {missing:,} bytes before the end of this record", _DAMAGED)
    if refused is not None:
        tally.left_out[refused] += 1
        return None
    if not fits:
        problem = f"a record of {head.length:,} bytes, more than {MOST_BYTES:,} in one report"
        return head.spot.error(problem, "Save its text as a file, if you need it")
    try:
        return _report(_record(head, block), head.spot, tally)
    except IntakeError as error:
        return error
    except Exception as error:  # whatever a broken record makes of the parsers, only this record is lost
        return head.spot.error(f"the record is damaged ({str(error)[:100]})", _DAMAGED)


def _record(head: _Head, block: bytes) -> ArcWarcRecord:
    from warcio.recordloader import ArcWarcRecordLoader

    # It writes what stands in damaged headers to the terminal.
    logging.getLogger("warcio").setLevel(logging.CRITICAL)
    stream = io.BytesIO(head.data + block)
    return ArcWarcRecordLoader().parse_record_stream(stream, known_format="warc")


def _refusal(head: _Head, start: bytes, tally: _Tally) -> str | None:
    """Return why a record holds no report, by its headers; None where it may hold one."""
    try:
        record = _record(head, start)
    except Exception:  # the record's own header can be wrong in many ways; it is reported when it is read whole
        return None
    if record.rec_type not in ("response", "resource"):
        return str(record.rec_type)
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status != "200":
        return f"answer {status[:20]}"
    kind = _kind(record)[0]
    if kind not in (*_HTML, "text/plain"):
        return kind[:40] or "without a media type"
    tally.cut += bool(record.rec_headers.get_header("WARC-Truncated"))
    return None


def _kind(record: Any) -> tuple[str, str | None]:
    """Return the media type and the encoding that a record gives."""
    value = record.http_headers.get_header("Content-Type") if record.http_headers else record.content_type
    kind, _, rest = (value or "").partition(";")
    _, _, charset = rest.partition("charset=")
    return kind.strip().lower(), charset.split(";")[0].strip(" \"'") or None


def _report(record: Any, spot: Spot, tally: _Tally) -> Parsed:
    data = _decoded(record, spot)
    kind, charset = _kind(record)
    parse = parse_html if kind in _HTML else parse_text
    parsed = parse(data, str(spot), lambda _: None, charset=charset)
    published = parsed.published
    if published is None and (day := _crawl_day(record)):
        published = day
        tally.crawl_days += 1
    url = record.rec_headers.get_header("WARC-Target-URI")
    return Parsed(parsed.text, parsed.title, published, parsed.publisher, url)


def _crawl_day(record: Any) -> str | None:
    try:
        return published_form(record.rec_headers.get_header("WARC-Date") or "")[:10]
    except ValueError:
        return None


def _decoded(record: Any, spot: Spot) -> bytes:
    """Return the payload without transfer and content encodings; what unpacks to too much is refused."""
    from warcio.bufferedreaders import ChunkedDataReader

    stream = record.raw_stream
    headers = record.http_headers
    if headers and (headers.get_header("Transfer-Encoding") or "").lower() == "chunked":
        stream = ChunkedDataReader(stream)
    data: bytes = stream.read()
    encoding = (headers.get_header("Content-Encoding") or "").strip().lower() if headers else ""
    if encoding in ("", "identity", "none", "utf-8"):
        return data
    if encoding not in GZIP_OR_DEFLATE:
        raise spot.error(f"the content is packed as {encoding[:20]!r}, which is not read", "Save its text as a file")
    return _inflated(data, spot)


def _inflated(data: bytes, spot: Spot) -> bytes:
    try:
        return inflated(data, MOST_BYTES, cut=True)  # as crawlers cut off what is long
    except TooMuch:
        problem = f"the content unpacks to more than {MOST_BYTES:,} bytes"
        raise spot.error(problem, "Save its text as a file") from None
    except zlib.error:
        return data  # some crawlers unpack the content and keep the header that says it is packed
