"""A brief as Markdown and as a page to print: sentences with numbered references, then the reports' words."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import pourparler
from pourparler.archive.briefing import Brief, Piece, Reference, Section, Sentence
from pourparler.archive.quoting import Source
from pourparler.export.markdown import escaped
from pourparler.export.view import printable

# What stands under a brief, whatever its form.
_AIM = (
    "Every sentence is made from the fields of what was read and carries the reports it rests on; their words stand "
    "below. What a reader misread, it misread: judge by the words."
)
_PLAIN = re.compile(r"[A-Za-z0-9 ./:'_-]+")
# What "and 3 more" beside references stands for.
_ALL = "Reports that are counted and not named, and all others of these days, are listed by:"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a report cut where words that say something begin or end: (text, whether they say it)."""

    segments: tuple[tuple[str, bool], ...]


def passages(reference: Reference) -> tuple[Passage, ...]:
    """Return each passage quoted from a report once, with all the words in it that say something."""
    marks: dict[str, list[tuple[int, int]]] = {}
    for quoted in reference.quotes:
        marks.setdefault(quoted.words, []).append((quoted.start, quoted.end))
    return tuple(Passage(tuple(_segments(words, spans))) for words, spans in marks.items())


def _segments(words: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    cuts = sorted({0, len(words)} | {at for span in spans for at in span})
    marked = [(words[a:b], any(s <= a and b <= e for s, e in spans)) for a, b in itertools.pairwise(cuts)]
    for said, run in itertools.groupby(marked, key=lambda one: one[1]):
        yield "".join(text for text, _ in run), said


def source_line(source: Source) -> str:
    """Return who published a report, when, under which title, where, and its key, in one line."""
    parts = [
        source.publisher or "publisher unknown", (source.published or "day unknown")[:10], f"“{source.title}”",
        source.url or "", f"report {source.report}", "repeats another report" if source.copy else "",
    ]  # fmt: skip
    return " · ".join(printable(part) for part in parts if part)


def write_markdown(brief: Brief, stream: IO[str]) -> None:
    """Write a brief as Markdown; text of the news never becomes markup."""
    stream.write(f"# {escaped(brief.process.title)}: {brief.period}\n\n")
    stream.write(f"Situation brief as of {brief.last.isoformat()}. {_AIM}\n\n")
    if brief.empty:
        stream.write(f"{brief.empty}\n")
        return
    for section in brief.sections:
        stream.write(
            f"## {section.title}\n\n" + (f"{section.note}\n\n" if section.note and section.sentences else "")
        )
        if section.empty:
            stream.write(f"{section.empty}\n\n")
            continue
        stream.writelines(f"- {_sentence(one)}\n" for one in section.sentences)
        stream.write(f"\n{_left(section)}\n\n" if section.left else "\n")
    stream.write(f"## Sources\n\n{_ALL} {_command(brief.whole)}\n\n")
    for reference in brief.references:
        stream.write(f"{reference.number}. {escaped(source_line(reference.source))}\n")
        for passage in passages(reference):
            shown = "".join(
                f"**{escaped(text).strip()}**" if said else _spaced(text) for text, said in passage.segments
            )
            stream.write(f"\n   > {shown}\n")
        stream.write("\n")
    stream.write(f"Made by Pourparler {pourparler.__version__}.\n")


def _left(section: Section) -> str:
    return f"{section.left:,} more are left out. All: {_command(section.whole)}"


def _command(words: str) -> str:
    """Return a command as code, so that it can be copied; as text where the name of a process may end the code."""
    return f"`{words}`" if _PLAIN.fullmatch(words) else escaped(words)


def _spaced(text: str) -> str:
    """Return text escaped, with the blank that parts it from marked words, which takes out what is around it."""
    inner = escaped(text)
    before = " " if text[:1].isspace() else ""
    return f"{before}{inner}{' ' if inner and text[-1:].isspace() else ''}"


def _sentence(sentence: Sentence) -> str:
    return "".join(f"{escaped(piece.text)} {_numbers(piece)}" for piece in sentence.pieces) + "."


def _numbers(piece: Piece) -> str:
    numbers = ", ".join(str(one.number) for one in piece.citations)
    return f"\\[{numbers}{f' and {piece.more} more' if piece.more else ''}\\]"


def write_html(brief: Brief, stream: IO[str]) -> None:
    """Write a brief as a page that opens offline and prints on A4: no script, no request."""
    from jinja2 import Environment, StrictUndefined

    folder = importlib.resources.files("pourparler.export") / "data"
    look, more, body = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.css", "brief.css", "brief.html.jinja")
    )
    style = look + more
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(line=printable, source=source_line, passages=passages)
    html = environment.from_string(body).render(
        brief=brief, style=style, aim=_AIM, all=_ALL, version=pourparler.__version__,
        style_hash=base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii"),
    )  # fmt: skip
    # A lone half of a pair, which a report may hold, is no UTF-8.
    stream.write(html.encode("utf-8", "replace").decode("utf-8"))
