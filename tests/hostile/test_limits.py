"""What is too large, grows too much or nests too deep is named with its place and the next step, in bounded memory.

The same cases at their full size, in child processes whose memory and time are measured: ``test_heavy.py``.
"""

from __future__ import annotations

import gzip
import http.server
import json
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from pourparler.errors import IntakeError
from pourparler.intake import apart, feed, limits, reports, rows, streams
from pourparler.intake.inflate import Inflater, TooMuch, inflated
from pourparler.intake.web import Limits, request
from tests.hostile.heavy import WORDS, fast_bomb, filled, pdf_of
from tests.intake.told import GOOD, Told, limited

MB = 1 << 20
KB = 1 << 10


def test_limits_may_be_others(tmp_path: Path) -> None:
    own = tmp_path / "limits.toml"
    own.write_text("[report]\ncharacters = 5\n[feed]\nitems = 7\n")
    made = limits.load(str(own))
    assert (made.report_characters, made.feed_items, made.row_line) == (5, 7, limits.LIMITS.row_line)
    for wrong in (
        "[report]\ncharacters = -5\n",
        "[zq]\na = 1\n",
        "report = 3\n",
        "[report]\ncharacters = 'x'\n",
        "[",
        "a = 1",
    ):
        own.write_text(wrong)
        with pytest.raises(IntakeError, match="limits") as told:
            limits.load(str(own))
        assert str(own) in str(told.value)
    with pytest.raises(IntakeError, match="POURPARLER_LIMITS"):
        limits.load(str(tmp_path / "none.toml"))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_report_of_too_many_bytes_is_not_even_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "_MOST", dict.fromkeys(reports._MOST, 100 * KB))
    seen = Told(filled(tmp_path / name, start=b"<html>", piece=WORDS, size=200 * KB))
    assert not seen.documents and "more than 102,400 bytes in one report. Split it" in str(seen.errors[0])


def test_json_of_many_values_is_refused(tmp_path: Path) -> None:
    for start, piece, end in (
        (b'{"a": [', b"{},", b"0]"),
        (b'{"a": [', b"[],", b"0]"),
        (b'{"a": {', b'"k":0,', b'"k":0}'),
    ):
        path = filled(tmp_path / "a.jsonl", start=start, piece=piece, size=2 * MB, end=end + b', "text": "Fine."}\n')
        with path.open("ab") as stream:
            stream.write(json.dumps({"text": GOOD}).encode())
        seen = Told(path)
        assert [d.text for d in seen.documents] == [GOOD]
        assert "line 1: JSON of more than 200,000 lists, objects and fields" in str(seen.errors[0])


def test_json_nested_deep_and_numbers_of_many_digits(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    deep = "[" * 100_000
    path.write_text(f'{{"text": {deep}\n{{"n": {"9" * 100_000}, "text": "x"}}\n{{"text": "{GOOD}"}}\n')
    seen = Told(path)
    assert [d.text for d in seen.documents] == [GOOD]
    assert "line 1: JSON nested too deep" in str(seen.errors[0]) and "line 2: not JSON" in str(seen.errors[1])


def test_of_a_row_only_known_columns_are_kept(tmp_path: Path) -> None:
    many = 9_000
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{n}" for n in range(many)) + ",text\n" + ("x," * many + GOOD + "\n") + "y" * 9 + "\n")
    seen = Told(path)
    assert [d.text for d in seen.documents] == [GOOD] and "text is empty" in str(seen.errors[0])
    path.write_text("text" + ",c" * 20_000 + f"\n{GOOD}\n")
    assert "20,001 columns, more than 10,000" in str(Told(path).errors[0])
    path.write_text(f"text\n{GOOD}" + "," * 2_000_000 + "\n")
    assert [d.text for d in Told(path).documents] == [GOOD]


def test_short_fields_are_short(tmp_path: Path) -> None:
    long = "Aram " * 2_000
    path = tmp_path / "a.jsonl"
    rows_ = [
        {"text": GOOD, "title": long, "publisher": long, "url": "https://zq.example/" + "a" * 9_000},
        {"text": GOOD + " 2", "id": "i" * 9_000},
        {"text": GOOD + " 3", "language": "en-" + "x" * 90},
        {"text": GOOD + " 4", "url": "javascript:zq()"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows_))
    seen = Told(path)
    first, last = seen.documents
    assert len(first.title or "") == len(first.publisher or "") == 4096 and first.url is None and last.url is None
    assert sum("characters; the first 4,096 are kept" in note for note in seen.notes) == 2
    assert sum("was left out" in note for note in seen.notes) == 2
    assert ["line 2: its id has" in str(seen.errors[0]), "line 3: its language" in str(seen.errors[1])] == [
        True,
        True,
    ]


def test_a_feed_of_too_much_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    begin, end = b'<rss version="2.0"><channel><title>x</title>', b"</channel></rss>"
    item = b"<item><title>a</title></item>"
    made = {
        "10,001 items, more than 10,000": item * 10_001,
        "more than 500,000 elements": b"<item>" + b"<a/>" * 500_001 + b"</item>",
        "nested more than 256 deep": b"<a>" * 300 + b"</a>" * 300,
        "declares entities": b"",
    }
    for words, inside in made.items():
        kind = b'<!DOCTYPE rss [<!ENTITY a "b">]>' if "entities" in words else b""
        (tmp_path / "a.rss").write_bytes(kind + begin + inside + end)
        began = time.process_time()
        seen = Told(tmp_path / "a.rss")
        assert not seen.documents and words in str(seen.errors[0]), (words, seen.errors)
        assert time.process_time() - began < 5
    (tmp_path / "a.rss").write_bytes(begin + item.replace(b"a<", GOOD.encode() + b"<") * 3_000 + end)
    assert len(Told(tmp_path / "a.rss").documents) == 3_000


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://zq.example/p.dtd"> %p;]>',
        '<!DOCTYPE rss SYSTEM "http://zq.example/rss.dtd">',
        '<!DOCTYPE rss PUBLIC "-//zq" "file:///etc/passwd">',
    ],
)
def test_no_entity_is_followed(declared: str, tmp_path: Path) -> None:
    item = f"<item><title>{GOOD}</title><description>&b;&a; {GOOD}</description></item>"
    for end in ("</channel></rss>", ""):  # whole, and cut off: then it is repaired
        (tmp_path / "a.rss").write_text(f"{declared}<rss version='2.0'><channel><title>x</title>{item}{end}")
        seen = Told(tmp_path / "a.rss")
        assert "root:" not in repr(seen.documents) and "aaaaaaaaaa" not in repr(seen.documents)
        assert seen.documents or "entities" in str(seen.errors[0])
    (tmp_path / "a.html").write_text(
        f"{declared.replace('rss', 'html')}<html><body><p>{GOOD} &a; &b;</p></body></html>"
    )
    assert "root:" not in repr(Told(tmp_path / "a.html").documents)


def test_bombs_of_every_kind_are_found_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "UNSUSPICIOUS", 128 * KB)
    starts = {
        "txt": b"",
        "md": b"",
        "html": b"<html>",
        "jsonl": b"",
        "csv": b"id,text\n1,",
        "warc": b"",
        "mbox": b"From x\n\n",
    }
    for kind, start in {**starts, "rss": b"<rss><channel>"}.items():
        # Empty lines take the longest: of two kinds they are enough here.
        for piece in (b"a" * KB, b"\n" * KB) if kind in ("txt", "jsonl") else (b"a" * KB,):
            path = fast_bomb(tmp_path / f"a.{kind}.gz", start=start, piece=piece, size=4 * MB)
            assert path.stat().st_size < 25_000
            began = time.process_time()
            seen = Told(path)
            assert not seen.documents and seen.errors, (kind, piece[:1])
            assert any(
                words in str(seen.errors[-1])
                for words in ("200-fold", "bytes in one report", "looks binary", "no text")
            ), seen.errors
            assert time.process_time() - began < 10


def test_content_is_unpacked_up_to_a_limit() -> None:
    plain = b"<p>" + WORDS * 900
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(plain) + raw.flush()
    for packed in (
        gzip.compress(plain),
        zlib.compress(plain),
        bare,
        gzip.compress(plain[:99]) + gzip.compress(plain[99:]),
    ):
        assert inflated(packed, len(plain)) == plain
        drop = Inflater(len(plain))
        for n in range(len(packed)):
            drop.add(packed[n : n + 1])
        assert drop.all() == plain
        with pytest.raises(TooMuch):
            inflated(packed, len(plain) - 1)
        with pytest.raises(zlib.error):
            inflated(packed[: len(packed) // 2], len(plain))
    assert inflated(gzip.compress(plain) + b"\0" * 40, len(plain)) == plain and inflated(b"", 9) == b""
    with pytest.raises(zlib.error):
        inflated(b"<p>no", 99)


class _Bomb(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        packing, body = _ANSWERS[self.path]
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Encoding", packing)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


_BIG = gzip.compress(b"a" * (48 * MB))
_ANSWERS = {
    "/fine": ("gzip", gzip.compress(GOOD.encode())),
    "/deflate": ("deflate", zlib.compress(GOOD.encode())),
    "/bomb": ("gzip", _BIG),
    "/twice": ("gzip, gzip", gzip.compress(_BIG)),
    "/brotli": ("br", b"\x1b\x00"),
    "/broken": ("gzip", _BIG[:-40]),
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Bomb)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/bomb", "larger than 1,048,576 bytes"),
        ("/twice", "packed as 'gzip, gzip', which was not asked for"),
        ("/brotli", "packed as 'br'"),
        ("/broken", "larger than 1,048,576 bytes"),
    ],
)
def test_an_answer_that_unpacks_to_too_much_is_refused(server: str, path: str, words: str) -> None:
    with pytest.raises(IntakeError, match=words):
        request(server + path, headers={}, limits=Limits(bytes=MB))


def test_packed_answers_are_read(server: str) -> None:
    assert [request(server + path, headers={}).data for path in ("/fine", "/deflate")] == [GOOD.encode()] * 2
    with pytest.raises(IntakeError, match="damaged"):
        request(server + "/broken", headers={})


def test_parquet_that_grows_without_measure_is_refused(tmp_path: Path) -> None:
    one = pyarrow.table({"text": ["x" * (8 * MB)]})
    pyarrow.parquet.write_table(one, tmp_path / "a.parquet", use_dictionary=False, compression="zstd")
    with limited(tmp_path, f"[packed]\nunsuspicious = {MB}\n"):
        assert "grow more than 200-fold when unpacked" in str(Told(tmp_path / "a.parquet").errors[0])
    # One text of a dictionary may stand in many rows.
    same = pyarrow.array([f"{GOOD} " + "word " * 1_000] * 400).dictionary_encode()
    pyarrow.parquet.write_table(pyarrow.table({"text": same, "id": list(range(400))}), tmp_path / "b.parquet")
    assert len(Told(tmp_path / "b.parquet").documents) == 400


def test_parquet_of_other_shapes_is_refused(tmp_path: Path) -> None:
    nested = pyarrow.string()
    for _ in range(50):
        nested = pyarrow.struct([("text", nested)])
    for made, words in (
        ({"text": pyarrow.array([None], nested)}, "is struct"),
        ({"text": [GOOD], "publisher": pyarrow.array([[["a"]]])}, "'publisher' is list<"),
        ({"text": [GOOD], **{f"c{n}": [1] for n in range(10_000)}}, "10,001 columns"),
    ):
        pyarrow.parquet.write_table(pyarrow.table(made), tmp_path / "a.parquet")
        seen = Told(tmp_path / "a.parquet")
        assert not seen.documents and words in str(seen.errors[0]), seen.errors


def test_a_parser_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    """A tag with very many attributes takes libxml2 the square of their number; the next page is read anyhow."""
    attributes = b"".join(b"a%d=1 " % n for n in range(100_000))
    (tmp_path / "a.html").write_bytes(b"<html><body><p " + attributes + b">" + WORDS + b"</p>")
    (tmp_path / "b.html").write_bytes(b"<html><body>" + (b"<p>" + WORDS + b"</p>") * 60)
    with limited(tmp_path, f"[parser]\nabove = {KB}\nseconds = 2\n"):
        seen = Told(tmp_path / "a.html", tmp_path / "b.html")
    assert "takes its parser more than 2 seconds or 2.0 GB of memory" in str(seen.errors[0]), seen.errors
    assert "a.html" in str(seen.errors[0]) and len(seen.documents) == 1


def test_notes_and_errors_come_from_the_parser_apart(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<html><body>" + b"<p>caf\xe9 met.</p>" * 200)
    (tmp_path / "b.html").write_bytes(b"<html><body>" + b"<div></div>" * 400)
    with limited(tmp_path, f"[parser]\nabove = {KB}\n"):
        seen = Told(tmp_path / "a.html", tmp_path / "b.html")
        assert apart._PARSER._process is not None
    assert "café met." in seen.documents[0].text and "are not UTF-8" in seen.notes[0]
    assert "no report was found in the page. Save its text" in str(seen.errors[0])


def test_a_pdf_of_many_pages_or_none_ends(tmp_path: Path) -> None:
    text = b"BT /F 12 Tf (Armenia met Azerbaijan in Brussels.) Tj ET"
    (tmp_path / "a.pdf").write_bytes(pdf_of(zlib.compress(text)))
    assert [d.text for d in Told(tmp_path / "a.pdf").documents] == ["Armenia met Azerbaijan in Brussels."]
    for name, stream, filters in (
        ("b.pdf", zlib.compress(zlib.compress(b"a" * (100 * MB))), b"[/FlateDecode /FlateDecode]"),
        ("c.pdf", zlib.compress(b"BT " + b"[" * 50_000 + b" TJ ET"), b"/FlateDecode"),
        ("d.pdf", b"", b"/FlateDecode"),
    ):
        (tmp_path / name).write_bytes(pdf_of(stream, filters=filters))
        seen = Told(tmp_path / name)
        assert not seen.documents and "pdf" in str(seen.errors[0]).lower(), name


def test_rows_of_no_end_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_LINE", 10 * KB)
    monkeypatch.setattr(feed, "MOST_FEED", 10 * KB)
    piece = WORDS
    filled(
        tmp_path / "a.jsonl",
        start=b'{"text": "',
        piece=piece,
        size=MB,
        end=b'"}\n' + json.dumps({"text": GOOD}).encode(),
    )
    filled(tmp_path / "a.csv", start=b"id,text\n1,", piece=piece, size=MB, end=b"\n2," + GOOD.encode())
    filled(tmp_path / "a.rss", start=b"<rss><channel>", piece=b"<item/>", size=MB)
    for name, words in (("a.jsonl", "line 1: the line is longer than 10,240 bytes"), ("a.csv", "line 2: no CSV row")):
        seen = Told(tmp_path / name)
        assert [d.text for d in seen.documents] == [GOOD] and words in str(seen.errors[0])
    assert "a feed of more than 10,240 bytes" in str(Told(tmp_path / "a.rss").errors[0])
