"""Sources to documents; whatever is wrong with one is told, and the others are read."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.intake.told import GOOD, Told

from pourparler.intake import Intake, find_sources, rows


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(GOOD, encoding="utf-8")
    return path


BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \n\t\n", "is empty"),
    "binary.txt": (bytes(range(256)) * 8, "binary"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n123", "a PNG image"),
    "nul.txt": (b"\0" * 500, "binary"),
    "dots.txt": (b"... --- ...", "no text"),
    "line.txt": (b"word " * 1_000_000, "more than 1,000,000"),
    "utf16.txt": (b"\xff\xfea\x00b", "not"),
    "bad.pdf": (b"%PDF-1.4 nonsense", "damaged"),
    "nothing.html": (b"<html><body></body></html>", "no report"),
    "columns.csv": (b"a,b\n1,2\n", "the column 'text' is missing"),
    "empty.jsonl": (b"", "is empty"),
    "empty.csv": (b"", "is empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_the_next_is_read(name: str, good: Path, tmp_path: Path) -> None:
    data, told = BAD[name]
    (tmp_path / name).write_bytes(data)
    seen = Told(tmp_path / name, good)
    assert [d.text for d in seen.documents] == [GOOD]
    assert len(seen.errors) == 1
    message = str(seen.errors[0])
    assert name in message and told in message and message.count(". ") >= 1


def test_paths_that_cannot_be_read_are_named(good: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    names = ("missing.txt", "loop", "folder", "pipe.txt", "a\0b")
    seen = Told(*(tmp_path / n if "\0" not in n else n for n in names), "ftp://x/y", good)
    assert [d.text for d in seen.documents] == [GOOD]
    assert len(seen.errors) == 6


def test_a_forbidden_file_is_named(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = tmp_path / "forbidden.txt"
    forbidden.write_text(GOOD)

    def refuse(self: Path, *arguments: Any, **more: Any) -> Any:
        if self == forbidden:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **more)

    opened = Path.open
    monkeypatch.setattr(Path, "open", refuse)
    seen = Told(forbidden, good)
    assert len(seen.documents) == 1
    assert "Permission denied" in str(seen.errors[0])


def test_mixed_encodings_are_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    path.write_bytes("Élysée said.\n".encode() + "Orléans café.\n".encode("cp1252"))
    seen = Told(path)
    assert seen.documents[0].text == "Élysée said.\nOrléans café."
    assert "the first is line 2" in seen.notes[0]


def test_scripts_emoji_and_marks_are_read(tmp_path: Path) -> None:
    texts = {
        "rtl.txt": ("التقى وزير الخارجية الأرميني نظيره", "not Latin"),
        "emoji.txt": ("🇦🇲 met 🇦🇿 in Washington 🤝", None),
        "nul.txt": ("Armenia\0 met", "read as blanks"),
    }
    for name, (text, told) in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        seen = Told(tmp_path / name)
        assert seen.documents[0].text == text.replace("\0", " ")
        assert bool(seen.notes) == bool(told) and (not told or told in seen.notes[0])


def test_encodings_with_a_mark_are_read(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        path = tmp_path / f"{encoding}.txt"
        path.write_text(GOOD, encoding=encoding)
        assert Told(path).documents[0].text == GOOD


def test_a_page_gives_its_report_title_day_and_publisher() -> None:
    page = Path(__file__).resolve().parents[2] / "examples" / "reports" / "13-page.html"
    document = Told(page).documents[0]
    assert document.title == "Ministers back at the table"
    assert document.published == "2023-05-02"
    assert "Subscribe" not in document.text and "Bayramov accused Yerevan" in document.text
    assert Told(page, published="2023-05-03").documents[0].published == "2023-05-03"


def test_a_page_that_never_closes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "open.html"
    path.write_text("<html><body><div><p>Armenian and Azerbaijani ministers met on 3 May. <b>They <i>talked " * 30)
    assert "ministers met" in Told(path).documents[0].text


def test_markdown_loses_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Talks\n\nThe **ministers** met [here](http://x).\n\n- one\n- two\n")
    document = Told(path).documents[0]
    assert document.title == "Talks"
    assert document.text == "Talks\n\nThe ministers met here.\n\none\n\ntwo"


def test_rows_of_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": "x", "text": "One met two.", "published": "2023-05-04", "publisher": "P"}\n'
        "{bad\n[1]\n\n"
        '{"id": "x", "text": "Again."}\n{"text": 5}\n{"id": 7, "text": "Seven."}\n'
        '{"text": "No", "published": "May"}\n'
    )
    seen = Told(path, published="2020-01-01")
    assert [(d.id, d.published) for d in seen.documents] == [("x", "2023-05-04"), ("7", "2020-01-01")]
    assert [str(e).split(":")[0][-6:] for e in seen.errors] == ["line 2", "line 3", "line 5", "line 6", "line 8"]
    assert seen.count == 8


def test_a_text_of_a_row_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "  One\\r\\nmet two. "}\n')
    assert Told(path).documents[0].text == "  One\r\nmet two. "


def test_rows_of_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('ID;Text;Published\n1;"One; met\ntwo.";2023-05-04\n2;;\n3;Three.;never\n', encoding="utf-8")
    seen = Told(path)
    assert [(d.id, d.text) for d in seen.documents] == [("1", "One; met\ntwo.")]
    assert ["line 4" in str(seen.errors[0]), "line 5" in str(seen.errors[1])] == [True, True]


def test_lines_of_csv_are_those_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_LINE", 100)
    path = tmp_path / "a.csv"
    path.write_text('\n\nid,text\n1,"One met\ntwo."\n\n2,\n3,' + "x" * 200 + "\n4,Four.\n")
    seen = Told(path)
    assert [(d.id, place.place) for d, place in zip(seen.documents, seen.places, strict=True)] == [
        ("1", "line 4"),
        ("4", "line 9"),
    ]
    assert [str(e).split(":")[0][-6:] for e in seen.errors] == ["line 7", "line 8"]


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "c.bin", "sub/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(Path(name).name[0] + " report")
    assert [d.text for d in Told(tmp_path).documents] == ["a report", "b report", "d report"]


def test_what_is_hidden_is_left_out_however_the_folder_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".cache/news/a.txt", ".cache/news/sub/b.txt", ".cache/news/.git/x/y/z.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(Path(name).name[0] + " report")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for folder in (tmp_path / ".cache" / "news", "../.cache/news"):
        assert [d.text for d in Told(folder).documents] == ["a report", "b report"]


def test_rows_on_standard_input_are_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    rows = b'{"id": "1", "text": "One met two."}\n{"id": "2", "text": "Two met one.", "published": "2023-05-04"}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(rows)))
    seen = Told("-")
    assert [(d.id, d.published) for d in seen.documents] == [("1", None), ("2", "2023-05-04")]
    assert seen.places[1].key == "standard input:2"


@pytest.mark.parametrize("body", ['[{"text": "One met two."}]', '{\n  "text": "One met two."\n}'])
def test_json_in_one_piece_is_no_report(tmp_path: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    (tmp_path / "a.json").write_text(body)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(body.encode())))
    seen = Told(tmp_path / "a.json", "-")
    assert not seen.documents and ["JSON in one piece" in str(one) for one in seen.errors] == [True, True]


def test_the_id_is_a_hash_of_the_content(good: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin.txt"
    twin.write_text(GOOD + "\n")
    one, two = Told(good, twin).documents
    assert one.id == two.id
    assert Told(good, published="2023-05-04").documents[0].id != one.id


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = {
            "/page": (
                200,
                "text/html",
                b"<html><body><article><p>" + GOOD.encode() * 5 + b"</p></article></body></html>",
            ),
            "/feed": (
                200,
                "application/rss+xml",
                b'<rss version="2.0"><channel><title>Wire</title><item><title>Talks</title><link>/1</link>'
                b"<description>" + GOOD.encode() + b"</description></item></channel></rss>",
            ),
            "/text": (200, "text/plain; charset=utf-8", GOOD.encode()),
        }
        code, kind, body = pages.get(self.path, (404, "text/plain", b"no"))
        if self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
            return
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_addresses_are_read_and_unreachable_ones_named(server: str, good: Path) -> None:
    names = [f"{server}/page", f"{server}/text", f"{server}/none", f"{server}/loop", "http://127.0.0.1:1/x", good]
    seen = Told(*names, "http://[bad/")
    assert [GOOD in d.text for d in seen.documents] == [True, True, True]
    assert seen.documents[1].url == f"{server}/text"
    assert len(seen.errors) == 4
    assert "answered 404" in str(seen.errors[0])


def test_a_stream_that_is_too_long_is_refused_and_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from pourparler.intake import reports

    monkeypatch.setattr(reports, "MOST_BYTES", 100)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Armenia met. " * 20)))
    seen = Told("-")
    assert seen.documents == [] and "more than 100 bytes" in str(seen.errors[0])


def test_an_address_that_is_a_feed_gives_its_items(server: str) -> None:
    seen = Told(f"{server}/feed")
    assert [(d.text, d.title, d.publisher, d.url) for d in seen.documents] == [(GOOD, "Talks", "Wire", f"{server}/1")]
    assert seen.places[0].key == f"{server}/feed:1"


def test_a_large_file_is_reckoned_from_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pourparler.intake import counting

    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text": "Report {n:06} of many said."}}\n' for n in range(100_000)))
    assert find(path) == 100_000
    monkeypatch.setattr(counting, "_COUNTED", 1 << 20)
    assert 95_000 < find(path) < 105_000


def find(path: Path) -> int:
    intake = Intake(on_error=lambda error: None)
    return intake.count(find_sources([str(path)], on_error=lambda error: None))
