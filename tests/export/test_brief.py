"""A brief as Markdown and HTML: references lead to reports, news never becomes markup, nothing is loaded."""

from __future__ import annotations

import dataclasses
import datetime
import io
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.export.example_process import PROCESS, filled, named_anew

from pourparler.archive.briefing import Brief, Reference, brief
from pourparler.archive.process import dumps
from pourparler.archive.quoting import Quoted, Source
from pourparler.cli.brief import brief as command
from pourparler.cli.brief import page
from pourparler.cli.main import commands
from pourparler.export.brief import passages, write_html, write_markdown
from pourparler.record import Record

HOSTILE = "<script>alert(1)</script> [x](javascript:1) **b** <img src=x onerror=1> \u202egnp \ud800"
DAYS = (datetime.date(2022, 9, 12), datetime.date(2022, 9, 18))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    with filled(tmp_path_factory.mktemp("brief") / "a.db") as archive:
        return brief(archive, PROCESS, *DAYS)


def hostile(folder: Path, record: Record) -> Brief:
    with filled(folder / "a.db", (named_anew(record, HOSTILE),)) as archive:
        process = PROCESS.__class__(HOSTILE, HOSTILE, PROCESS.sides, PROCESS.mediators)
        return brief(archive, process, datetime.date(2023, 5, 8), datetime.date(2023, 5, 14))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def markdown(one: Brief) -> str:
    stream = io.StringIO()
    write_markdown(one, stream)
    return stream.getvalue()


def html(one: Brief) -> str:
    stream = io.StringIO()
    write_html(one, stream)
    return stream.getvalue()


def test_markdown_names_every_report_that_a_sentence_cites(found: Brief) -> None:
    text = markdown(found)
    body, sources = text.split("## Sources")
    lines = [line for line in body.splitlines() if line.startswith("- ")]
    assert len(lines) == sum(len(part.sentences) for part in found.sections) > 10
    for line in lines:
        cited = {int(n) for block in re.findall(r"\\\[([\d, ]+)", line) for n in block.split(",")}
        assert cited and all(f"\n{n}. " in sources for n in cited), line
    assert text.startswith("# Armenia and Azerbaijan: 12 to 18 September 2022\n")


def test_markdown_marks_the_words_in_their_passage(found: Brief) -> None:
    quoted = next(quote for one in found.references for quote in one.quotes if quote.parts[1].isalpha())
    assert f"**{quoted.parts[1]}**" in markdown(found)


def test_html_links_every_reference_and_loads_nothing(found: Brief) -> None:
    page = html(found)
    tags = Tags(page).tags
    ids = {attributes["id"] for _, attributes in tags if "id" in attributes}
    links = [attributes["href"] or "" for tag, attributes in tags if tag == "a"]
    assert len(links) > 20 and all(link.startswith("#") and link[1:] in ids for link in links)
    assert not {"script", "img", "link", "iframe", "object", "form"} & {tag for tag, _ in tags}
    assert "default-src 'none'" in page and "@page" in page
    assert not any(name == "style" or name.startswith("on") for _, attributes in tags for name in attributes)


def test_addresses_stand_as_text(found: Brief) -> None:
    address = next(one.source.url for one in found.references if one.source.url)
    assert address in html(found)
    assert not any("example.org" in (attributes.get("href") or "") for _, attributes in Tags(html(found)).tags)


def test_news_never_becomes_markup(tmp_path: Path, record: Record) -> None:
    bad = hostile(tmp_path, record)
    page = html(bad)
    page.encode("utf-8")
    assert not {"script", "img"} & {tag for tag, _ in Tags(page).tags}
    text = markdown(bad)
    assert "<script" not in text.replace("\\<", "") and "](javascript" not in text and "\u202e" not in text


def test_what_is_left_out_is_listed_by_a_command(tmp_path: Path) -> None:
    (tmp_path / f"{PROCESS.name}.toml").write_text(dumps(PROCESS), encoding="utf-8")
    with filled(tmp_path / "a.db") as archive:
        found = brief(archive, PROCESS, *DAYS)
    short = dataclasses.replace(found, sections=tuple(dataclasses.replace(one, left=7) for one in found.sections))
    text, page = markdown(short), html(short)
    told = [one for one in found.sections if one.sentences and one.id != "counts"]
    assert len(told) > 5
    for line in (found.whole, *(one.whole for one in told)):
        assert f"`{line}`" in text and line in page
        name, *words = shlex.split(line)
        result = CliRunner().invoke(commands, [*words, "--archive", str(tmp_path / "a.db")])
        assert name == "pourparler" and result.exit_code == 0 and result.stdout, line


def test_a_brief_about_nothing_says_so(tmp_path: Path, record: Record) -> None:
    with filled(tmp_path / "a.db", (record,)) as archive:
        empty = brief(archive, PROCESS, datetime.date(2019, 1, 7), datetime.date(2019, 1, 13))
    for text in (markdown(empty), html(empty)):
        assert empty.empty in text and "Sources" not in text


def test_passages_show_all_words_of_one_passage_once() -> None:
    source = Source("r1", None, None, "t", None, False)
    quotes = tuple(
        Quoted(f"t{n}", source, "abcdef", a, b, (), 0.9) for n, (a, b) in enumerate([(0, 2), (1, 3), (5, 6)])
    )
    (shown,) = passages(Reference(1, source, quotes))
    assert shown.segments == (("abc", True), ("de", False), ("f", True))


def test_the_commands_write_what_is_asked(tmp_path: Path, record: Record) -> None:
    where = str(tmp_path / "a.db")
    filled(tmp_path / "a.db", (record,)).close()
    process = tmp_path / "talks.toml"
    process.write_text(dumps(PROCESS), encoding="utf-8")
    asked = ["--process", str(process), "--archive", where]
    run = CliRunner()
    done = run.invoke(command, [*asked, "--week", "2023-W19"])
    assert done.exit_code == 0 and "# Armenia and Azerbaijan: 8 to 14 May 2023" in done.output
    out = tmp_path / "brief.html"
    assert run.invoke(command, [*asked, "--from", "2023-05", "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run.invoke(command, [*asked, "--week", "2023-W19", "--from", "2023"]).exit_code == 2
    assert "--week 2023-W18" in run.invoke(command, asked).output
    out = tmp_path / "page.html"
    assert run.invoke(page, [str(process), "--archive", where, "--out", str(out)]).exit_code == 0
    assert "<h1><bdi>Armenia and Azerbaijan</bdi></h1>" in out.read_text(encoding="utf-8")
