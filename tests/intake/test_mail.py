"""Mailboxes: messages are read one by one, whatever is wrong with some of them."""

from __future__ import annotations

import email.message
import mailbox
from pathlib import Path

import pytest
from tests.intake.told import GOOD, Told

from pourparler.intake import mail


def message(subject: str, text: str = GOOD, *, identity: str | None = None) -> email.message.EmailMessage:
    out = email.message.EmailMessage()
    out["From"] = "Press Office <press@mfa.example>"
    out["Date"] = "Thu, 04 May 2023 23:30:00 +0400"
    out["Subject"] = subject
    out["Message-ID"] = identity or f"<{abs(hash(subject))}@mfa.example>"
    out.set_content(text)
    return out


def box(path: Path, *messages: email.message.EmailMessage | bytes) -> Path:
    made = mailbox.mbox(path, create=True)
    for one in messages:
        made.add(one)
    made.close()
    return path


def test_messages_are_read(tmp_path: Path) -> None:
    first = message("Réunion à Washington", identity="<1@mfa.example>")
    first.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    second = message("Quoted", "He said:\n\nFrom now on they will talk.\n\nArmenia met Azerbaijan.")
    third = message("Page")
    third.set_content("<html><body><p>" + GOOD + "</p></body></html>", subtype="html")
    seen = Told(box(tmp_path / "a.mbox", first, second, third))
    assert not seen.errors and seen.count == 3
    one, two, three = seen.documents
    assert (one.id, one.title, one.text) == ("1@mfa.example", "Réunion à Washington", GOOD)
    assert (one.published, one.publisher, one.url) == ("2023-05-04T19:30:00Z", "Press Office", None)
    assert "From now on they will talk." in two.text and ">From" not in two.text
    assert three.text == GOOD
    assert "1 attachments were left out (1 application/pdf)" in seen.notes[-1]
    assert seen.places[0].key.endswith("a.mbox:0") and seen.places[1].number > 0


def test_the_text_is_found_where_its_part_has_no_headers_or_another_is_blank(tmp_path: Path) -> None:
    bare = b"Subject: Bare\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n" + GOOD.encode() + b"\n--x--\n"
    blank = message("Blank", " \n")
    blank.add_alternative("<html><body><p>" + GOOD + "</p></body></html>", subtype="html")
    seen = Told(box(tmp_path / "a.mbox", bare, blank))
    assert not seen.errors and [one.text for one in seen.documents] == [GOOD, GOOD]


def test_a_list_is_the_publisher_where_nobody_is_named(tmp_path: Path) -> None:
    one = message("Digest")
    del one["From"]
    one["From"] = "digest@lists.example"
    one["List-Id"] = "Caucasus digest <caucasus.lists.example>"
    assert Told(box(tmp_path / "a.mbox", one)).documents[0].publisher == "Caucasus digest"


def test_a_bad_message_is_named_and_the_rest_read(tmp_path: Path) -> None:
    empty = message("Only a file", "x")
    empty.clear_content()
    empty.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    odd = (
        b"From: a@b.example\nSubject: =?utf-9?q?odd?=\nDate: yesterday\nContent-Type: text/plain; charset=klingon\n\n"
    )
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    path = box(tmp_path / "a.mbox", empty, odd + GOOD.encode(), b"Subject: deep\n" + nested, message("Last"))
    seen = Told(path)
    assert [d.text for d in seen.documents] == [GOOD, GOOD]
    assert seen.documents[0].published is None and "'yesterday' is none" in " ".join(seen.notes)
    assert len(seen.errors) == 2 and all(f"{path}, byte " in str(error) for error in seen.errors)


def test_the_same_id_twice_loses_nothing(tmp_path: Path) -> None:
    path = box(tmp_path / "a.mbox", message("A", identity="<x@y>"), message("B", "Another met.", identity="<x@y>"))
    seen = Told(path)
    assert len({d.id for d in seen.documents}) == 2 and "stood in an earlier one" in seen.notes[-1]


def test_a_message_that_is_too_large_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_BYTES", 100_000)
    path = box(tmp_path / "a.mbox", message("Large", "word " * 100_000), message("Small"))
    seen = Told(path)
    assert [d.title for d in seen.documents] == ["Small"] and "more than 100,000 bytes" in str(seen.errors[0])
    monkeypatch.setattr(mail, "_MOST_LINES", 1000)
    path = box(tmp_path / "b.mbox", message("Long", "a\n" * 5000), message("Small"))
    assert [d.title for d in Told(path).documents] == ["Small"]


def test_what_is_no_mailbox_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.mbox").write_text("Dear all,\n")
    (tmp_path / "b.mbox").write_text("")
    seen = Told(tmp_path)
    assert "no mailbox" in str(seen.errors[0]) and "is empty" in str(seen.errors[1])
