"""The cases of ``test_limits.py`` at full size, through the commands, their memory and time measured from outside."""

from __future__ import annotations

import bz2
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.heavy import WORDS, Run, fast_bomb, filled, pdf_of, pourparler

MB = 1 << 20
GB = 1 << 30
# The reader itself takes 210 MB; a line of JSON, its text and what is made of it some hundred more.
MOST = 700
# Where a parser works apart, it may take 2 GB; the largest page that is parsed takes 0.9.
MOST_APART = 1_200
SECONDS = 120.0


def text(path: Path) -> Path:
    return filled(path / "a.txt", piece=WORDS, size=50 * MB)


def text_of_other_letters(path: Path) -> Path:
    return filled(path / "a.txt", piece="Ереван 🤝 обвинил Баку. ".encode(), size=50 * MB)


def page(path: Path) -> Path:
    return filled(path / "a.html", start=b"<html><body>", piece=b"<p>" + WORDS + b"</p>\n", size=50 * MB)


def page_of_most_bytes(path: Path) -> Path:
    return filled(path / "a.html", start=b"<html><body>", piece=b"<p>" + WORDS + b"</p>\n", size=16 * MB - 99)


def page_of_attributes(path: Path) -> Path:
    many = b"".join(b"a%d=1 " % n for n in range(300_000))
    return filled(path / "a.html", start=b"<html><body><p " + many + b">", piece=WORDS, size=KB)


def json_in_one_line(path: Path) -> Path:
    return filled(path / "a.jsonl", start=b'{"text": "', piece=WORDS, size=100 * MB, end=b'"}\n')


def json_of_lists(path: Path) -> Path:
    return filled(path / "a.jsonl", start=b'{"a": [', piece=b"{},", size=15 * MB, end=b'0], "text": "x"}\n')


def json_nested(path: Path) -> Path:
    return filled(path / "a.jsonl", start=b'{"a": ', piece=b"[", size=15 * MB, end=b"\n")


def csv_field(path: Path) -> Path:
    return filled(path / "a.csv", start=b"id,text\n1,", piece=WORDS, size=100 * MB, end=b"\n")


def csv_columns(path: Path) -> Path:
    return filled(path / "a.csv", start=b"text", piece=b",c", size=15 * MB, end=b"\nx\n")


def feed(path: Path) -> Path:
    item = b"<item><title>a</title></item>"
    return filled(
        path / "a.rss", start=b"<rss><channel>", piece=item, size=10**6 * len(item), end=b"</channel></rss>"
    )


def feed_of_longer_items(path: Path) -> Path:
    item = b"<item><title>Armenia met Azerbaijan.</title><link>https://zq.example/</link></item>\n"
    return filled(
        path / "a.rss", start=b"<rss><channel>", piece=item, size=10**6 * len(item), end=b"</channel></rss>"
    )


def mail(path: Path) -> Path:
    return filled(path / "a.mbox", start=b"From x\nSubject: a\n\n", piece=WORDS + b"\n", size=200 * MB)


def mail_of_most_bytes(path: Path) -> Path:
    return filled(path / "a.mbox", start=b"From x\nSubject: a\n\n", piece=WORDS * 5 + b"\n", size=63 * MB)


def mail_of_parts(path: Path) -> Path:
    start = b"From x\nContent-Type: multipart/mixed; boundary=b\n\n"
    return filled(path / "a.mbox", start=start, piece=b"--b\n\n \n", size=2 * MB)  # all blank: none ends the search


def crawl(path: Path) -> Path:
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (100 * MB)
    return filled(path / "a.warc", start=head, piece=b"<p>" + WORDS + b"</p>\n", size=100 * MB, end=b"\r\n\r\n")


def pdf(path: Path) -> Path:
    import zlib

    made = path / "a.pdf"
    made.write_bytes(
        pdf_of(zlib.compress(zlib.compress(b"(a) Tj " * (60 * MB))), filters=b"[/FlateDecode /FlateDecode]")
    )
    return made


def bzip2(path: Path) -> Path:
    made = path / "a.jsonl.bz2"
    made.write_bytes(bz2.compress(b"a" * (100 * MB)) * 100)
    return made


KB = 1 << 10
_BOMBS = {"txt": b"", "jsonl": b"", "csv": b"id,text\n1,", "html": b"<html>", "warc": b"", "mbox": b"From x\n\n"}
_BOMBS["rss"] = b"<rss><channel>"
CASES: dict[Callable[[Path], Path], str] = {
    text: "more than 8,388,608 bytes in one report. Split it",
    text_of_other_letters: "more than 8,388,608 bytes in one report. Split it",
    page: "more than 16,777,216 bytes in one report. Split it",
    page_of_most_bytes: "characters in one report, more than 1,000,000. Split it",
    page_of_attributes: "takes its parser more than 60 seconds or 2.0 GB of memory",
    json_in_one_line: "line 1: the line is longer than 16,777,216 bytes",
    json_of_lists: "line 1: JSON of more than 200,000 lists, objects and fields",
    json_nested: "line 1: JSON of more than 200,000 lists, objects and fields",
    csv_field: "line 2: no CSV row (the line is longer than 16,777,216 bytes)",
    csv_columns: "columns, more than 10,000",
    feed: "a feed of 1,000,000 items, more than 10,000",
    feed_of_longer_items: "bytes in one report",
    mail: "more than 67,108,864 bytes or 1,000,000 lines in one message",
    mail_of_most_bytes: "more than 8,388,608 bytes in one report",
    mail_of_parts: "there is no text in it",
    crawl: "a record of 104,857,600 bytes",
    pdf: "the PDF is damaged",
    bzip2: "it grows more than 200-fold when unpacked",
}


def told(run: Run, words: str) -> None:
    print(f"{run.seconds:.1f} s, {run.cpu:.1f} s of computing, {run.megabytes:.0f} MB: {run.err.strip()[-200:]}")
    assert run.code == 1, run.err
    assert words in run.err and "Traceback" not in run.err
    most = MOST_APART if "a.html" in run.err or "a.pdf" in run.err else MOST
    assert run.megabytes < most and run.cpu < SECONDS, (run.cpu, run.megabytes)


@pytest.mark.endure
@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_what_is_too_large_is_named_in_bounded_memory(make: Callable[[Path], Path], tmp_path: Path) -> None:
    run = pourparler("read", make(tmp_path), "--format", "jsonl", folder=tmp_path, seconds=SECONDS * 5)
    told(run, CASES[make])


@pytest.mark.endure
@pytest.mark.parametrize("kind", _BOMBS)
@pytest.mark.parametrize("piece", [b"a", b"\n"], ids=["letters", "lines"])
def test_ten_gigabytes_in_ten_megabytes_are_named(kind: str, piece: bytes, tmp_path: Path) -> None:
    path = fast_bomb(tmp_path / f"a.{kind}.gz", start=_BOMBS[kind], piece=piece * KB, size=10 * GB)
    assert path.stat().st_size < 12 * MB
    run = pourparler("read", path, "--format", "jsonl", folder=tmp_path, seconds=SECONDS * 5)
    told(run, "a." + kind)
    assert re.search("200-fold|bytes in one report|no text|bytes or|longer than|looks binary", run.err)


@pytest.mark.endure
def test_the_archive_takes_the_rest(tmp_path: Path) -> None:
    """One good report among the worst: it alone is in the archive."""
    folder = tmp_path / "in"
    folder.mkdir()
    for make in (text, json_in_one_line, feed, csv_field):
        make(folder)
    (folder / "good.jsonl").write_text(json.dumps({"text": "Armenia accused Azerbaijan of shelling Sotk."}) + "\n")
    run = pourparler("archive", "add", folder, "--archive", tmp_path / "a.db", folder=tmp_path, seconds=SECONDS * 5)
    told(run, "1 reports taken in, 1 of them new, 1 read")
    run = pourparler("archive", "check", "--archive", tmp_path / "a.db", folder=tmp_path)
    assert run.code == 0 and "no problem found" in run.out


_WHO = ("Armenia", "Azerbaijan", "Russia", "Turkey", "Georgia", "Iran", "France", "Germany", "Norway", "Egypt")
_DOES = (
    "accused {} of shelling Village{}",
    "criticised {} for its plan {}",
    "met {} in Brussels for talks {}",
    "attacked positions of {} near Town{}",
    "signed an agreement with {} on May {}",
    "called on {} to withdraw from Hill{}",
)


def many_acts(count: int) -> str:
    """Return a report of so many sentences, each with an act."""
    whom = (_WHO[(n * 7 + 3) % 10 if (n * 6 + 3) % 10 else (n + 1) % 10] for n in range(count))
    return " ".join(
        f"{_WHO[n % 10]} {_DOES[n % 6].format(other, n)}." for n, other in zip(range(count), whom, strict=True)
    )


@pytest.mark.endure
def test_ten_thousand_events_in_one_report(tmp_path: Path) -> None:
    """All are stored and given; three times as many take at most four times as long."""
    seconds: list[float] = []
    for count in (1_000, 3_000, 10_000):
        path, archive = tmp_path / f"{count}.jsonl", tmp_path / f"{count}.db"
        path.write_text(json.dumps({"id": "a", "text": many_acts(count), "published": "2023-05-04"}) + "\n")
        run = pourparler("archive", "add", path, "--archive", archive, folder=tmp_path, seconds=900)
        print(f"{count}: add {run.seconds:.1f} s, {run.megabytes:.0f} MB {run.err.strip()[-120:]}")
        assert run.code == 0 and run.megabytes < 1_500, run.err
        seconds.append(run.cpu)
        run = pourparler(
            "events", "--archive", archive, "--format", "csv", "--limit", "0", folder=tmp_path, seconds=900
        )
        print(f"{count}: events {run.seconds:.1f} s, {run.megabytes:.0f} MB, {run.out.count(chr(10)) - 1} rows")
        assert run.out.count("\n") - 1 >= count * 0.9
    assert seconds[2] < 14 * seconds[0]
