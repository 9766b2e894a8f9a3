"""One report a file: plain text, Markdown, HTML, PDF."""

from __future__ import annotations

import datetime
import io
import logging
import re
from dataclasses import dataclass

from pourparler.errors import IntakeError
from pourparler.intake.apart import apart
from pourparler.intake.limits import LIMITS
from pourparler.intake.text import Note, check_size, decode

_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figure h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul".split()
)
_CONTROL_MARKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds: the text, and what it says of itself. ``published`` is a guess from the page."""

    text: str
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    id: str | None = None
    language: str | None = None


def parse_text(data: bytes, source: str, note: Note, *, charset: str | None = None) -> Parsed:
    """Return a plain text; ``charset`` is what the source says of its encoding, which is tried first."""
    check_size(source, len(data), most=LIMITS.report_text)
    return Parsed(_declared(data, charset) or decode(data, source, note))


def _declared(data: bytes, charset: str | None) -> str | None:
    """Return the text in the encoding that the source names; None where there is none, or it is not the one."""
    try:
        return data.decode(charset) if charset and "\0" not in charset else None
    except (LookupError, UnicodeError):
        return None


def parse_markdown(data: bytes, source: str, note: Note) -> Parsed:
    """Return the words of a Markdown text without its marks; a first heading is the title."""
    check_size(source, len(data), most=LIMITS.report_text)
    if len(data) <= LIMITS.parser_above:
        return markdown_here(data, source, note)
    return Parsed(**apart("markdown", data, source, note, {}))


def markdown_here(data: bytes, source: str, note: Note) -> Parsed:
    """Do what ``parse_markdown`` does, whatever it takes."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt().parse(decode(data, source, note))
    blocks: list[str] = []
    title = None
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            words = "".join(
                "\n" if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
                if child.type in ("text", "softbreak", "hardbreak", "code_inline")
            )
            if title is None and before is not None and before.type == "heading_open" and before.tag == "h1":
                title = words
            blocks.append(words)
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.strip())
    return Parsed("\n\n".join(blocks), title)


def parse_html(data: bytes, source: str, note: Note, *, charset: str | None = None) -> Parsed:
    """Return the report of a web page without menus and adverts, with title, date and publisher where told.

    ``charset`` is what the server or the mail said of its encoding; it goes before the page's own word.
    """
    check_size(source, len(data), most=LIMITS.report_page)
    if len(data) <= LIMITS.parser_above:
        return html_here(data, source, note, charset=charset)
    return Parsed(**apart("html", data, source, note, {"charset": charset}))


def html_here(data: bytes, source: str, note: Note, *, charset: str | None = None) -> Parsed:
    """Do what ``parse_html`` does, whatever it takes."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = _html_text(data, source, note, charset)
    try:
        found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
        text = (getattr(found, "text", None) or "") if found is not None else ""
        if not text.strip():
            text = trafilatura.html2txt(page)
    except Exception as error:  # whatever a broken page makes of the parser, only this page is lost
        raise IntakeError(source, f"the page cannot be parsed ({error})", "Save its text as a .txt file") from error
    if not text.strip():
        raise IntakeError(source, "no report was found in the page", "Save its text as a .txt file")
    return Parsed(
        text,
        getattr(found, "title", None),
        _day(getattr(found, "date", None)),
        getattr(found, "sitename", None),
        getattr(found, "url", None),
    )


def _html_text(data: bytes, source: str, note: Note, charset: str | None) -> str:
    """Decode a page, by its own declaration where it has one."""
    found = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,20})", data[:4096], re.IGNORECASE)
    own = found[1].decode("ascii", "replace") if found else None
    return _declared(data, charset) or _declared(data, own) or decode(data, source, note)


def html_words(fragment: str) -> str:
    """Return the words of a piece of HTML, blocks parted by blank lines; scripts and styles are left out."""
    import lxml.etree
    import lxml.html

    if "<" not in fragment and "&" not in fragment:
        return fragment.strip()
    try:
        tree = lxml.html.fragment_fromstring(_CONTROL_MARKS.sub(" ", fragment), create_parent="div")
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return ""
    out: list[str] = []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        if tag in _BLOCKS:
            out.append("\n" if tag == "br" else "\n\n")
        if event == "start" and tag not in _UNSEEN:
            out.append(element.text or "")
        elif event != "start" and element is not tree:
            out.append(element.tail or "")
    lines = [" ".join(line.split()) for line in "".join(out).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _day(value: str | None) -> str | None:
    try:
        return datetime.date.fromisoformat(value[:10]).isoformat() if value else None
    except ValueError:
        return None


def parse_pdf(data: bytes, source: str, note: Note) -> Parsed:
    """Return the text of a PDF that holds text (a scan holds none)."""
    # However small it is: a few hundred bytes can name one page many times over.
    return Parsed(**apart("pdf", data, source, note, {}))


def pdf_here(data: bytes, source: str, note: Note) -> Parsed:
    """Do what ``parse_pdf`` does, whatever it takes."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise IntakeError(source, "the PDF is locked with a password", "Save it without one")
        pages = [page.extract_text() or "" for page in reader.pages]
        title = reader.metadata.title if reader.metadata else None
    except IntakeError:
        raise
    except Exception as error:  # pypdf raises many kinds of errors on damaged files
        raise IntakeError(
            source, f"the PDF is damaged ({error})", "Open and save it again, or save its text"
        ) from error
    text = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", "\n\n".join(page.strip() for page in pages))
    if not text.strip():
        raise IntakeError(source, "the PDF holds no text (is it a scan?)", "Run text recognition on it first")
    return Parsed(text, title or None)
