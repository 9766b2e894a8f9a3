"""RSS and Atom: the items of a feed as reports. XML that declares entities is refused before it is parsed."""

from __future__ import annotations

import calendar
import html
import re
import time
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from pourparler.errors import IntakeError
from pourparler.intake.apart import apart
from pourparler.intake.formats import Parsed, html_words
from pourparler.intake.limits import LIMITS
from pourparler.intake.spots import Items, Spot
from pourparler.intake.text import Note, decode

MOST_FEED = LIMITS.feed_bytes
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,20}:)?(?:rss|feed|RDF)[\s>]")
_DECLARATION = re.compile(r"\s{0,100}<\?xml[^>]{0,200}\?>")
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding=[\"']([\w.-]{2,20})[\"']")
_ITEM = re.compile(r"<(?:[A-Za-z_][\w.-]{0,20}:)?(?:item|entry)[\s/>]")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OWN = {"amp", "lt", "gt", "quot", "apos"}
_ADVICE = "Give the address of an RSS or Atom feed"
_FEWER = "Give a feed with fewer items, or its reports one a row as JSONL or CSV"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed: the report, and the key by which the feed knows it."""

    key: str
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's title and its items, newest first as a rule."""

    title: str | None
    items: tuple[Item, ...]


def is_feed(start: bytes) -> bool:
    """Return whether the first bytes of a file or page are those of an RSS or Atom feed."""
    start = start[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    page = start[:15].lower().startswith((b"<!doctype html", b"<html"))
    return start.startswith(b"<") and not page and bool(_ROOT.search(start))


def feed_items(data: bytes, name: str, note: Note, *, base: str = "") -> Items:
    """Yield each item of a feed with its number; see ``parse_feed``."""
    feed = parse_feed(data, name, note, base=base)
    if not feed.items:
        note(f"{name}: the feed has no items")
    for number, item in enumerate(feed.items, 1):
        yield Spot(name, "item", number), item.parsed


def parse_feed(data: bytes, source: str, note: Note, *, base: str = "") -> ParsedFeed:
    """Return a feed's items.

    An item's text is its content, else its summary, else its title; HTML becomes words. XML that is not well-formed
    is repaired as far as possible, with a note.

    Args:
        base: the feed's address, for links that are relative.

    Raises:
        IntakeError: no feed, too large, or XML that declares entities.
    """
    if len(data) > MOST_FEED:
        raise IntakeError(source, f"a feed of more than {MOST_FEED:,} bytes", _FEWER)
    if len(data) <= LIMITS.parser_above:
        return feed_here(data, source, note, base=base)
    found = apart("feed", data, source, note, {"base": base})
    return ParsedFeed(found["title"], tuple(Item(one["key"], Parsed(**one["parsed"])) for one in found["items"]))


def feed_here(data: bytes, source: str, note: Note, *, base: str = "") -> ParsedFeed:
    """Do what ``parse_feed`` does, whatever it takes; the data are not too large."""
    import feedparser

    if not is_feed(data):
        raise IntakeError(source, "this XML is no feed (neither RSS nor Atom)", _ADVICE)
    text = _text(data, source, note)
    _check_count(text, source)
    xml = _well_formed(text, source, note)
    headers = {"content-location": base, "content-type": "application/xml; charset=utf-8"}
    # Words are taken from the HTML here; feedparser's own cleaning is for pages that show it, and slow.
    options = {"sanitize_html": False, "resolve_relative_uris": False}
    try:
        found = feedparser.parse(_Held(xml), response_headers=headers, **options)
    except Exception as error:  # feedparser raises what hostile values make of its parsers
        raise IntakeError(source, f"the feed cannot be parsed ({error})", _ADVICE) from error
    title = _words(found.feed, "title")
    language = (dict.get(found.feed, "language") or "").strip().lower()[:2]
    language = language if language.isalpha() and len(language) == 2 else None
    items = tuple(_item(entry, title, language) for entry in found.entries)
    return ParsedFeed(title, items)


class _Held:
    """Bytes as the stream that feedparser reads without a guess whether they are a path or an address."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self) -> bytes:
        return self._data


def _text(data: bytes, source: str, note: Note) -> str:
    """Decode XML by its own declaration where that holds, and take the declaration off."""
    text = None
    declared = _ENCODING.search(data[:300])
    if declared:
        try:
            text = data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeError):
            text = None
    if text is None:
        text = decode(data, source, note)
    return _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)


def _check_count(text: str, source: str) -> None:
    """Raise IntakeError where a feed has too many items, before any is parsed."""
    count = sum(1 for _ in _ITEM.finditer(text))
    if count > LIMITS.feed_items:
        raise IntakeError(source, f"a feed of {count:,} items, more than {LIMITS.feed_items:,}", _FEWER)


class _Measure:
    """Counts the elements of XML, and how deep they lie in each other; raises IntakeError where it is too much."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._count = self._depth = 0

    def start(self, *_: object) -> None:
        self._count += 1
        self._depth += 1
        if self._count > LIMITS.feed_elements:
            raise IntakeError(self._source, f"more than {LIMITS.feed_elements:,} elements of XML", _FEWER)
        if self._depth > LIMITS.feed_depth:
            raise IntakeError(self._source, f"XML nested more than {LIMITS.feed_depth} deep", "Ask who publishes it")

    def end(self, *_: object) -> None:
        self._depth -= 1


def _well_formed(text: str, source: str, note: Note) -> bytes:
    """Return XML that parses, repaired where it must be; raises IntakeError where it declares entities."""

    def refuse(*_: object) -> None:
        raise IntakeError(source, "the XML declares entities, which no feed needs", "Ask who publishes it")

    parser = expat.ParserCreate("utf-8", " ")
    parser.EntityDeclHandler = refuse
    measure = _Measure(source)
    parser.StartElementHandler, parser.EndElementHandler = measure.start, measure.end
    data = text.encode("utf-8", "replace")
    try:
        parser.Parse(data, True)
        return data
    except expat.ExpatError as error:
        note(f"{source}: the XML is not well-formed ({error}); it was repaired as far as possible")
        return _repaired(text, source, refuse)


def _repaired(text: str, source: str, refuse: Any) -> bytes:
    import lxml.etree

    def character(match: re.Match[str]) -> str:
        return match[0] if match[1] in _OWN else html.escape(html.unescape(match[0]), quote=False)

    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    data = _NAMED.sub(character, text).encode("utf-8", "replace")
    try:
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise IntakeError(source, f"the XML cannot be parsed ({error})", _ADVICE) from error
    if root is None:
        raise IntakeError(source, "the XML cannot be parsed", _ADVICE)
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and list(dtd.iterentities()):
        refuse()
    lxml.etree.strip_elements(root, lxml.etree.Entity, with_tail=False)
    return bytes(lxml.etree.tostring(root, encoding="utf-8"))


def _item(entry: Any, publisher: str | None, language: str | None) -> Item:
    title = _words(entry, "title")
    texts = [html_words(_string(part, "value")) for part in dict.get(entry, "content") or ()]
    texts.append(html_words(_string(entry, "summary")))
    text = max(texts, key=len) or title or ""
    link = _string(entry, "link").strip()
    url = link if link.startswith(("http://", "https://")) else None
    key = _string(entry, "id").strip() or link or f"{title}\n{text[:200]}"
    return Item(key, Parsed(text, title, _moment(entry), publisher, url, language=language))


def _string(entry: Any, name: str) -> str:
    value = dict.get(entry, name)
    return value if isinstance(value, str) else ""


def _words(entry: Any, name: str) -> str | None:
    value = _string(entry, name)
    detail = dict.get(entry, f"{name}_detail") or {}
    words = html_words(value) if "html" in _string(detail, "type") else value
    return " ".join(words.split()) or None


def _moment(entry: Any) -> str | None:
    """Return when an item was published, else changed, in UTC."""
    for name in ("published_parsed", "updated_parsed"):
        moment = dict.get(entry, name)
        if isinstance(moment, time.struct_time) and 1 <= moment.tm_year <= 9999:
            try:
                whole = time.gmtime(calendar.timegm(moment))
            except (ValueError, OverflowError, OSError):
                continue
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", whole).zfill(20)
    return None
