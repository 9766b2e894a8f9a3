"""``pourparler read``: sources in, records out."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

import click

from pourparler.cli.output import on_terminal, output, tell
from pourparler.cli.own_actors import actors_option
from pourparler.cli.progress import Progress
from pourparler.errors import PourparlerError
from pourparler.export import FORMATS, exporter
from pourparler.knowledge import OWN_ACTORS
from pourparler.record import Document, Record, published_form

_SUFFIXES = {".html": "html", ".htm": "html", ".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".md": "md"}


class Published(click.ParamType[str]):
    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return published_form(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--published", type=Published(), help="Day of publication (YYYY-MM-DD) of reports that carry none.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="How records are written (see below).")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write this file, whole or not at all.")
@actors_option
@click.option("--quiet", is_flag=True, help="No progress bar and no notes; errors are still told.")
def read(
    sources: tuple[str, ...],
    published: str | None,
    form: str | None,
    out: Path | None,
    actors: Path | None,
    quiet: bool,
) -> None:
    """Read reports and write the record of each.

    SOURCE is a file (txt, md, html, pdf, jsonl, csv), a folder, an http(s) address, or - for standard input.
    JSONL and CSV hold one report a row: id, text, published, and if known title, url, publisher, language.

    Formats: table (on a terminal, unless another is asked for), json, jsonl (elsewhere), csv (one event a row),
    md, html (one page that works offline). With --out the file's ending decides where --format does not.
    """
    if actors:
        os.environ[OWN_ACTORS] = str(actors)
    chosen = form or (_SUFFIXES.get(out.suffix.lower()) if out else None) or ("table" if on_terminal() else "jsonl")
    session = Session(published=published, quiet=quiet)
    with _output(out, chosen, sources[0]) as stream:
        exporter(chosen)(session.records(sources), stream)
    if session.failed:
        sys.exit(1)


class Session:
    """One run: sources to records, with what went wrong told on stderr as it happens."""

    def __init__(self, *, published: str | None, quiet: bool) -> None:
        self._published = published
        self._quiet = quiet
        self.failed = 0
        self._progress: Progress | None = None
        self._undated = False

    def records(self, names: tuple[str, ...]) -> Iterator[Record]:
        """Yield the records of what names stand for; what cannot be read is told and left out."""
        from pourparler.intake import Intake, find_sources

        sources = find_sources(names, on_error=self._fail)
        intake = Intake(published=self._published, on_error=self._fail, on_note=self._note)
        total = intake.count(sources)
        shown = total > 1 and not self._quiet
        with Progress(total, shown=shown) as self._progress:
            for record in self._read(intake.documents(sources)):
                self._progress.advance()
                yield record
            self._progress.finish()

    def _read(self, documents: Iterator[Document]) -> Iterator[Record]:
        from pourparler.reading import Reader

        reader: Reader | None = None
        for document in documents:
            if document.published is None and not self._undated:
                self._undated = True
                self._note("no day of publication: words like “Monday” stay without a date; give --published")
            reader = reader or Reader()
            try:
                yield reader.read(document)
            except PourparlerError as error:
                self._fail(error)

    def _fail(self, error: PourparlerError) -> None:
        self.failed += 1
        self._tell(f"error: {error}")

    def _note(self, words: str) -> None:
        if not self._quiet:
            self._tell(f"note: {words}")

    def _tell(self, words: str) -> None:
        if self._progress:
            self._progress.clear()
        tell(words)


@contextlib.contextmanager
def _output(out: Path | None, form: str, first: str) -> Iterator[TextIO]:
    """Yield the stream to write to; a page on a terminal goes to a file named after the first source."""
    if out is None and form == "html" and on_terminal():
        out = Path((Path(first).stem if not first.startswith(("http", "-")) else "") or "report").with_suffix(".html")
    with output(out) as stream:
        yield cast(TextIO, stream)
    if out and (sys.stderr.isatty() or form == "html"):
        tell(f"wrote {out}")
