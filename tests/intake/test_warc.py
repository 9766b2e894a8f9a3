"""Web archives: pages and texts are read, the rest is counted, damage and bombs are named and passed over."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from tests.intake.told import GOOD, Told
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pourparler.intake import warc

PAGE = "<html><head><title>{title}</title></head><body><article><p>" + GOOD * 3 + "</p></article></body></html>"


def record(
    writer: WARCWriter,
    url: str,
    body: bytes,
    *,
    kind: str = "text/html",
    status: str = "200 OK",
    type: str = "response",
    headers: tuple[tuple[str, str], ...] = (),
) -> None:
    http = StatusAndHeaders(status, [("Content-Type", kind), *headers], protocol="HTTP/1.1")
    found = writer.create_warc_record(
        url,
        type,
        payload=io.BytesIO(body),
        http_headers=http if type == "response" else None,
        warc_content_type=kind if type == "resource" else "",
        warc_headers_dict={"WARC-Date": "2023-05-06T10:00:00Z"},
    )
    writer.write_record(found)
    found.raw_stream.close()


def page(title: str) -> bytes:
    return PAGE.format(title=title).encode()


def written(path: Path, *, count: int = 3) -> Path:
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz")
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
        for n in range(count):
            record(writer, f"https://news.example/{n}", page(f"Talks {n}"))
    return path


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_pages_and_texts_are_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=name.endswith("gz"))
        writer.write_record(writer.create_warcinfo_record(name, {"software": "test"}))
        record(writer, "https://news.example/1", page("One"))
        record(writer, "https://news.example/i.png", b"\x89PNG", kind="image/png")
        record(writer, "https://news.example/no", b"gone", status="404 Not Found")
        record(writer, "https://news.example/t", GOOD.encode(), kind="text/plain; charset=utf-8", type="resource")
        gz = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
        packed = gzip.compress(page("Two"))
        record(writer, "https://news.example/2", b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed), headers=gz)
    seen = Told(path)
    assert [d.url for d in seen.documents] == [f"https://news.example/{x}" for x in ("1", "t", "2")]
    assert [d.title for d in seen.documents] == ["One", None, "Two"]
    assert all(GOOD in d.text for d in seen.documents) and not seen.errors
    assert {d.published for d in seen.documents} == {"2023-05-06"}
    assert "3 pages tell no day" in " ".join(seen.notes) and "1 image/png" in " ".join(seen.notes)
    assert "1 answer 404" in " ".join(seen.notes)


def test_a_page_says_its_encoding_or_the_server_does(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    with path.open("wb") as stream:
        body = page("T").replace(b"Armenia", "Orbán and Armenia".encode("iso-8859-2"))
        record(WARCWriter(stream, gzip=False), "https://a.example/", body, kind="text/html; charset=iso-8859-2")
    assert "Orbán and Armenia" in Told(path).documents[0].text


def test_the_day_of_a_page_goes_before_that_of_the_crawl(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    dated = page("T").replace(
        b"<head>", b'<head><meta property="article:published_time" content="2023-05-02T10:00Z">'
    )
    with path.open("wb") as stream:
        record(WARCWriter(stream, gzip=False), "https://a.example/", dated)
    seen = Told(path)
    assert seen.documents[0].published == "2023-05-02" and not seen.notes


def test_a_record_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MOST_BYTES", 500_000)
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        record(writer, "https://a.example/1", page("One"))
        record(writer, "https://a.example/2", b"<html>" + b"word " * 200_000)
        record(
            writer, "https://a.example/3", zlib.compress(b"x" * 9_000_000), headers=(("Content-Encoding", "deflate"),)
        )
        record(writer, "https://a.example/4", page("Four"), headers=(("Content-Encoding", "br"),))
        record(writer, "https://a.example/v.mp4", b"v" * 900_000, kind="video/mp4")
        record(writer, "https://a.example/5", page("Five"))
    seen = Told(path)
    assert [d.title for d in seen.documents] == ["One", "Five"]
    told = [str(error) for error in seen.errors]
    assert "more than 500,000 in one report" in told[0] and "unpacks to more than" in told[1] and "'br'" in told[2]
    assert all(f"{path}, byte " in line for line in told) and "1 video/mp4" in seen.notes[0]


def test_of_packed_content_that_is_cut_off_the_beginning_is_read(tmp_path: Path) -> None:
    many = b"".join(b"<p>Paragraph %d: %x.</p>" % (n, n * 7919 * 104729) for n in range(200))
    packed = gzip.compress(page("Cut").replace(b"</body>", many + b"</body>"))
    plain = (("Content-Encoding", "gzip"),)
    path = tmp_path / "a.warc"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=False)
        record(writer, "https://a.example/1", packed[: len(packed) // 2], headers=plain)
        record(writer, "https://a.example/2", page("Unpacked by the crawler"), headers=plain)
    seen = Told(path)
    assert [d.title for d in seen.documents] == ["Cut", "Unpacked by the crawler"] and not seen.errors
    assert GOOD in seen.documents[0].text and "Paragraph 150" not in seen.documents[0].text


def test_a_warc_that_is_cut_off_keeps_what_stood_before(tmp_path: Path) -> None:
    path = written(tmp_path / "a.warc")
    data = path.read_bytes()
    path.write_bytes(data[:-100])
    seen = Told(path)
    assert [d.title for d in seen.documents] == ["Talks 0", "Talks 1"]
    last = data.rindex(b"WARC/1")
    assert f"byte {last}: the file ends 96 bytes before the end of this record" in str(seen.errors[0])
    packed = written(tmp_path / "b.warc.gz")
    packed.write_bytes(packed.read_bytes()[:-100])
    seen = Told(packed)
    assert len(seen.documents) == 2 and "damaged or cut off after" in str(seen.errors[0])


def test_damage_in_the_middle_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.warc")
    data = path.read_bytes()
    places = [at for at in range(len(data)) if data.startswith(b"WARC/1", at)]
    path.write_bytes(data[: places[2]] + b"\0\1\2 rubbish " * 500 + b"\r\n" + data[places[2] :])
    seen = Told(path)
    assert len(seen.documents) == 3 and len(seen.errors) == 1
    assert f"byte {places[2]}: no record begins here; 6,002 bytes were passed over" in str(seen.errors[0])
    path.write_bytes(
        data.replace(b"Content-Length", b"Content-Lengte", 3).replace(b"Content-Lengte", b"Content-Length", 2)
    )
    seen = Told(path)
    assert [d.title for d in seen.documents] == ["Talks 1", "Talks 2"] or len(seen.documents) == 2
    assert "has no length" in str(seen.errors[0])


def test_a_header_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"WARC/1.0\r\n" + b"X: y\r\n" * 50_000 + b"\r\n" + written(tmp_path / "b.warc").read_bytes())
    seen = Told(path)
    assert len(seen.documents) == 3 and "header is longer than 65,536" in str(seen.errors[0])
    path.write_bytes(b"WARC/1.0\r\n" + b"a" * 3_000_000)
    assert "header is longer" in str(Told(path).errors[0])
    path.write_bytes(b"no warc at all")
    assert "no record begins here" in str(Told(path).errors[0])
    path.write_bytes(b"")
    assert "is empty" in str(Told(path).errors[0])


def test_a_warc_larger_than_memory_allows_goes_through(tmp_path: Path) -> None:
    path = tmp_path / "large.warc"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=False)
        for n in range(20):
            record(writer, f"https://a.example/{n}", page(f"T{n}"))
        # Two gigabytes that take no room on the disk: a page far too large, then a film.
        for kind in ("text/html", "video/mp4"):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % kind.encode()
            size = 1 << 30
            stream.write(
                b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/big\r\n"
                b"WARC-Date: 2023-05-06T10:00:00Z\r\nContent-Type: application/http\r\n"
                b"Content-Length: %d\r\n\r\n" % (len(head) + size) + head
            )
            stream.seek(size, io.SEEK_CUR)
            stream.write(b"\r\n\r\n")
        record(writer, "https://a.example/last", page("Last"))
    code = (
        "import sys\n"
        "from pourparler.intake import Intake, find_sources\n"
        "errors = []\n"
        "sources = find_sources(sys.argv[1:], on_error=errors.append)\n"
        "found = [d.title for d in Intake(on_error=errors.append).documents(sources)]\n"
        "memory = open('/proc/self/status').read().split('VmHWM:')[1].split()[0]\n"
        "print(len(found), found[-1], len(errors), memory)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    count, last, errors, memory = run.stdout.split()
    assert (count, last, errors) == ("21", "Last", "1")
    assert int(memory) < 400_000  # kilobytes; the parser of pages takes half of it
