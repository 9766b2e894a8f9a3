"""Bytes to text: encodings, binary files, control characters, limits."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from charset_normalizer import from_bytes

from pourparler.errors import IntakeError
from pourparler.intake.limits import LIMITS

Note = Callable[[str], None]

MOST_CHARACTERS = LIMITS.report_characters
MOST_BYTES = LIMITS.report_bytes
_ENOUGH = 200  # with fewer bytes beyond ASCII the detector took French for Hungarian
_SPLIT = "Split it into single reports, or put one report a row into a JSONL or CSV file"
_MAGIC = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive (or an Office document)",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file",
}
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Their other half (C1): as a rule Windows's quotation marks and dashes, taken for Latin-1 on the way; to a terminal
# they would be commands. Where Windows has no sign, a blank.
_C1 = re.compile(r"[\x80-\x9f]")
_WINDOWS = {chr(n): bytes([n]).decode("cp1252", "replace").replace("\ufffd", " ") for n in range(0x80, 0xA0)}
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def check_size(name: str, size: int, *, most: int) -> None:
    """Raise IntakeError where one report has more bytes than ``most``."""
    if size > most:
        raise IntakeError(name, f"more than {most:,} bytes in one report", "Split it into single reports")


def decode(data: bytes, source: str, note: Note) -> str:
    """Return the text that bytes hold.

    A byte-order mark decides; else UTF-8; else, line by line, UTF-8 where a line is valid and a detected
    one-byte encoding where it is not, with a note that names the first such line.

    Raises:
        IntakeError: the bytes are empty, too many, or no text.
    """
    if not data.strip():
        raise IntakeError(source, "the file is empty", "Give a file that holds a report")
    _refuse_magic(data, source)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strict(data, name, source)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _mixed(data, error.start, source, note)
    return text


def _refuse_magic(data: bytes, source: str) -> None:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise IntakeError(
                source, f"this is {what}, not text", "Give the report as txt, md, html, pdf, JSONL or CSV"
            )


def _strict(data: bytes, name: str, source: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise IntakeError(
            source, f"it begins as {name} but byte {error.start} is not", "Save the file again as UTF-8"
        ) from error


def _mixed(data: bytes, first: int, source: str, note: Note) -> str:
    strange = sum(1 for byte in data[:65536] if byte < 9 or 13 < byte < 32)
    if strange > len(data[:65536]) // 50:
        raise IntakeError(
            source, f"byte {first} is no text: the file looks binary", "Give a text file, or a PDF as .pdf"
        )
    name = _one_byte_encoding(data)
    lines, wrong = data.split(b"\n"), 0
    out: list[str] = []
    for line in lines:
        try:
            out.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            wrong += 1
            out.append(line.decode(name, errors="replace"))
    where = data.count(b"\n", 0, first) + 1
    note(f"{source}: {wrong} of {len(lines)} lines are not UTF-8 (the first is line {where}); read as {name}")
    return "\n".join(out)


def _one_byte_encoding(data: bytes) -> str:
    """Return the likeliest one-byte encoding; detection needs words to go by, and cp1252 is the web's default."""
    sample = data[: 1 << 18]
    if sum(1 for byte in sample if byte > 127) < _ENOUGH:
        return "cp1252"
    best = from_bytes(sample).best()
    return best.encoding if best is not None and not best.encoding.startswith("utf") else "cp1252"


class LineDecoder:
    """Decodes a text line by line, as ``decode`` does a whole one: the first line's byte-order mark decides, else
    UTF-8, else a one-byte encoding, with one note that names the first such line.
    """

    def __init__(self, source: str, note: Note) -> None:
        self._source = source
        self._note = note
        self._number = 0
        self._by_mark: codecs.IncrementalDecoder | None = None
        self._fallback: str | None = None

    @property
    def marked(self) -> bool:
        """Whether the first line began with the mark of an encoding of two or four bytes a character."""
        return self._by_mark is not None

    def line(self, data: bytes) -> str:
        """Return a line's text; empty bytes mean the end. Raises IntakeError where the first line is no text."""
        self._number += 1
        if self._number == 1:
            data = self._first(data)
        if self._by_mark:
            return self._marked_line(self._by_mark, data)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            if self._fallback is None:
                self._fallback = _one_byte_encoding(data)
                self._note(f"{self._source}: line {self._number} is not UTF-8; read as {self._fallback}")
            return data.decode(self._fallback, errors="replace")

    def _first(self, data: bytes) -> bytes:
        _refuse_magic(data, self._source)
        for bom, name in _BOMS:
            if data.startswith(bom):
                self._by_mark = codecs.getincrementaldecoder(name)()
        return data.removeprefix(codecs.BOM_UTF8)

    def _marked_line(self, decoder: codecs.IncrementalDecoder, data: bytes) -> str:
        try:
            return decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise IntakeError(
                self._source, f"line {self._number} is not in the encoding of its mark", "Save the file as UTF-8"
            ) from error


def tidy(text: str) -> str:
    """Return text without what cannot be stored or sent, each such character replaced by one other.

    Control characters become blanks, lone surrogates the replacement character; offsets stay as they were.
    """
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text))


def tidy_line(text: str) -> str:
    """Return text as one line, tidy, and without the control characters that ``tidy`` leaves for offsets' sake."""
    return " ".join(_C1.sub(lambda found: _WINDOWS[found[0]], tidy(text)).split())


def clean(text: str, source: str, note: Note) -> str:
    """Return a report's text ready to be read: no control characters, no blanks around; its size is checked.

    Control characters become blanks, one for one. Raises IntakeError where nothing or too much is left.
    """
    strange = len(_CONTROL.findall(text))
    if strange > max(20, len(text) // 50):
        raise IntakeError(source, f"{strange} control characters: this looks binary", "Give a text file")
    if strange:
        note(f"{source}: {strange} control characters (NUL and the like) were read as blanks")
    text = tidy(text).replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \n\t")
    if not any(c.isalnum() for c in text):
        raise IntakeError(source, "there is no text in it", "Give a report of at least one sentence")
    if len(text) > MOST_CHARACTERS:
        raise IntakeError(source, f"{len(text):,} characters in one report, more than {MOST_CHARACTERS:,}", _SPLIT)
    return text
