"""Mailboxes (mbox): one message a report, streamed; attachments are left out and counted."""

from __future__ import annotations

import datetime
import email.errors
import email.header
import email.parser
import email.policy
import email.utils
import re
from collections import Counter
from collections.abc import Iterator
from email.message import Message

from pourparler.errors import IntakeError
from pourparler.intake.formats import Parsed, parse_html, parse_text
from pourparler.intake.limits import LIMITS
from pourparler.intake.spots import Found, Items, Spot
from pourparler.intake.streams import Stream
from pourparler.intake.text import MOST_BYTES, Note

_LINE = 1 << 20
_MOST_LINES = LIMITS.mail_lines
_QUOTED_FROM = re.compile(rb">+From ")
_ADVICE = "Save its text as a .txt file"


def mbox_messages(stream: Stream, name: str, note: Note) -> Items:
    """Yield each message with the byte it begins at; raises IntakeError where the file is no mailbox."""
    attachments: Counter[str] = Counter()
    try:
        for at, data in _split(stream, name):
            spot = Spot(name, "byte", at)
            yield spot, _too_large(spot) if data is None else _found(data, spot, note, attachments)
    finally:
        if attachments:
            kinds = ", ".join(f"{count} {kind}" for kind, count in attachments.most_common(5))
            note(f"{name}: {attachments.total()} attachments were left out ({kinds})")


def _too_large(spot: Spot) -> IntakeError:
    return spot.error(f"more than {MOST_BYTES:,} bytes or {_MOST_LINES:,} lines in one message", _ADVICE)


def _split(stream: Stream, name: str) -> Iterator[tuple[int, bytes | None]]:
    """Yield each message with its place, None for one that is too large; "From " after a blank line begins one."""
    kept, at, lines, blank, whole = bytearray(), -1, 0, True, True
    while line := stream.readline(_LINE):
        if blank and whole and line.startswith(b"From "):
            if at >= 0:
                yield at, _fitting(kept, lines)
            kept, lines, at = bytearray(), 0, stream.tell() - len(line)
        elif at >= 0:
            lines += 1
            if _fits(kept, lines):
                kept += line[1:] if whole and _QUOTED_FROM.match(line) else line
        elif line.strip():
            raise IntakeError(name, "no mailbox: it does not begin with “From ”", "Give an mbox file")
        blank, whole = not line.strip(b"\r\n"), line.endswith(b"\n")
    if at < 0:
        raise IntakeError(name, "the file is empty", "Give a file that holds a report")
    yield at, _fitting(kept, lines)


def _fits(data: bytearray, lines: int) -> bool:
    return len(data) <= MOST_BYTES and lines <= _MOST_LINES


def _fitting(data: bytearray, lines: int) -> bytes | None:
    return bytes(data) if _fits(data, lines) else None


def _found(data: bytes, spot: Spot, note: Note, attachments: Counter[str]) -> Found:
    try:
        # The newer policies parse headers by a grammar that is slow and raises on hostile ones.
        message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)
        return _parsed(message, spot, note, attachments)
    except IntakeError as error:
        return error
    except (ValueError, LookupError, RecursionError, email.errors.MessageError) as error:
        return spot.error(f"the message is damaged ({str(error)[:100]})", _ADVICE)


def _parsed(message: Message, spot: Spot, note: Note, attachments: Counter[str]) -> Parsed | IntakeError:
    body = _body(message, attachments)
    if body is None:
        return spot.error("the message has no text", _ADVICE)
    data = _payload(body)
    charset = body.get_content_charset()
    parse = parse_html if body.get_content_type() == "text/html" else parse_text
    text = parse(data, str(spot), note, charset=charset).text
    return Parsed(
        text,
        _header(message, "Subject"),
        _moment(_header(message, "Date"), spot, note),
        _publisher(message),
        id=(_header(message, "Message-ID") or "").strip("<> ") or None,
    )


def _body(message: Message, attachments: Counter[str]) -> Message | None:
    """Return the part that is the message: the first plain text that is not blank, else the first such HTML."""
    found: dict[str, Message] = {}
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart():
            continue
        attached = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if attached or kind not in ("text/plain", "text/html"):
            attachments[kind] += 1
        elif kind not in found and _payload(part).strip():
            found[kind] = part
    # A part without headers of its own is false: it has no length.
    return found["text/plain"] if "text/plain" in found else found.get("text/html")


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    if value is None:
        return None
    try:
        text = str(email.header.make_header(email.header.decode_header(str(value))))
    except (ValueError, LookupError, email.errors.HeaderParseError):
        text = str(value)
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split()) or None


def _moment(value: str | None, spot: Spot, note: Note) -> str | None:
    """Return the date of a message in the record's form."""
    if not value:
        return None
    try:
        moment = email.utils.parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
    except (ValueError, TypeError, OverflowError, IndexError):
        note(f"{spot}: its date {value[:40]!r} is none; it is read without a day")
        return None


def _publisher(message: Message) -> str | None:
    """Return who sent it: the name in From, else the mailing list's, else the address."""
    name, address = email.utils.parseaddr(_header(message, "From") or "")
    listed, _ = email.utils.parseaddr(_header(message, "List-Id") or "")
    return name or listed or address or None
