"""RSS and Atom: items become reports; broken and hostile XML is repaired, or refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.intake.told import GOOD, Told

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Wire &amp; Co</title><link>https://wire.example/</link><language>en-us</language>
{items}
</channel></rss>"""
ITEM = """<item><title>Talks in Washington</title><link>https://wire.example/1</link><guid>1</guid>
<pubDate>Thu, 04 May 2023 23:30:00 +0400</pubDate>
<description>Short.</description>
<content:encoded><![CDATA[<p>%s</p><script>x</script><p>They &amp; others <b>talked</b>.</p>]]></content:encoded>
</item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Bureau</title>
<entry><title type="html">Talks &lt;b&gt;on&lt;/b&gt;</title><id>urn:1</id><link href="https://b.example/1"/>
<updated>2023-05-04T10:00:00Z</updated><summary>{text}</summary></entry>
<entry><title>Only a title said so</title><link href="javascript:alert(1)"/></entry></feed>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title><item><title>&b;</title></item></channel></rss>"""


def written(path: Path, text: str, *, encoding: str = "utf-8") -> Told:
    path.write_text(text, encoding=encoding)
    return Told(path)


def test_items_of_rss(tmp_path: Path) -> None:
    seen = written(tmp_path / "feed.xml", RSS.replace("{items}", ITEM % GOOD))
    document = seen.documents[0]
    assert document.text == f"{GOOD}\n\nThey & others talked."
    assert (document.title, document.published) == ("Talks in Washington", "2023-05-04T19:30:00Z")
    assert (document.publisher, document.url, document.language) == ("Wire & Co", "https://wire.example/1", "en")
    assert seen.places[0].place == "item 1" and not seen.notes


def test_items_of_atom(tmp_path: Path) -> None:
    seen = written(tmp_path / "a.atom", ATOM.replace("{text}", GOOD))
    assert [(d.title, d.text) for d in seen.documents] == [("Talks on", GOOD), ("Only a title said so",) * 2]
    assert [d.url for d in seen.documents] == ["https://b.example/1", None]
    assert [d.published for d in seen.documents] == ["2023-05-04T10:00:00Z", None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_encodings_are_heeded(encoding: str, tmp_path: Path) -> None:
    text = RSS.replace("UTF-8", encoding).replace("{items}", ITEM % "Лавров met Mirzoyan.")
    assert "Лавров met" in written(tmp_path / "a.rss", text, encoding=encoding).documents[0].text


def test_broken_xml_is_repaired_and_told(tmp_path: Path) -> None:
    item = "<item><title>Tom & Jerry met&nbsp;them</title><description>AT&T said</item>"
    item += "<item><title>Two said</title></item>"
    seen = written(tmp_path / "a.rss", RSS.replace("{items}", item).replace("</channel></rss>", ""))
    assert len(seen.documents) == 2 and "not well-formed" in seen.notes[0]
    assert "met\xa0them" in (seen.documents[0].title or "") or "met them" in (seen.documents[0].title or "")


def test_entities_are_refused(tmp_path: Path) -> None:
    for text in (BOMB, "<rss>" + BOMB, BOMB.replace("</channel>", "")):
        seen = written(tmp_path / "a.rss", text)
        assert seen.documents == [] and seen.errors
    assert "declares entities" in str(written(tmp_path / "a.rss", BOMB).errors[0])
    outside = BOMB.replace('<!ENTITY a "ha">', '<!ENTITY a SYSTEM "file:///etc/passwd">')
    assert "declares entities" in str(written(tmp_path / "a.rss", outside).errors[0])


def test_a_doctype_without_entities_is_no_harm(tmp_path: Path) -> None:
    text = RSS.replace(
        "<rss", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/rss.dtd"><rss', 1
    )
    assert len(written(tmp_path / "a.rss", text.replace("{items}", ITEM % GOOD)).documents) == 1


@pytest.mark.parametrize(
    "text",
    [
        RSS.replace("{items}", "<item>" * 20_000),
        RSS.replace("{items}", "<" * 300_000),
        RSS.replace("{items}", "&amp" * 200_000),
        RSS.replace(
            "{items}", "<item><title>T said</title><description>" + "&lt;b&gt;" * 50_000 + "</description></item>"
        ),
        RSS.replace("{items}", "<item><description><![CDATA[" + "<div " * 50_000 + "]]></description></item>"),
        "<rss" + " " * 1_000_000,
    ],
    ids=["deep", "angles", "ands", "marks", "tags", "blanks"],
)
def test_hostile_feeds_take_no_time(text: str, tmp_path: Path) -> None:
    began = time.perf_counter()
    written(tmp_path / "a.rss", text)
    assert time.perf_counter() - began < 10


def test_other_xml_is_no_feed(tmp_path: Path) -> None:
    (tmp_path / "map.xml").write_text("<?xml version='1.0'?><urlset><url/></urlset>")
    assert "is no feed" in str(Told(tmp_path / "map.xml").errors[0])
    (tmp_path / "feed.xml").write_text(RSS.replace("{items}", ITEM % GOOD))
    seen = Told(tmp_path)
    assert len(seen.documents) == 1 and not seen.errors
    empty = written(tmp_path / "empty.rss", RSS.replace("{items}", ""))
    assert not empty.documents and not empty.errors and "no items" in empty.notes[0]


def test_thousands_of_items_are_read(tmp_path: Path) -> None:
    items = "".join((ITEM % f"{GOOD} Number {n}.").replace("<guid>1", f"<guid>{n}") for n in range(3000))
    assert len(written(tmp_path / "a.rss", RSS.replace("{items}", items)).documents) == 3000
