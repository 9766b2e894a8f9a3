"""``pourparler archive``: reports into an archive, read, joined, looked after."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from pourparler.cli.asking import out_option
from pourparler.cli.output import output
from pourparler.cli.own_actors import actors_option, check_list, other_lists, reading_anew, reading_with
from pourparler.cli.progress import Progress
from pourparler.cli.read import Published
from pourparler.errors import PourparlerError
from pourparler.export.view import printable, quiet_json

if TYPE_CHECKING:
    from pourparler.archive.adding import Added
    from pourparler.archive.joining import Joining, Judging
    from pourparler.archive.store import Archive, Arrived
    from pourparler.intake import Intake, Source

ARCHIVE = "POURPARLER_ARCHIVE"
DEFAULT = "pourparler.db"
# Columns of the list of reports, in characters: key, day, publisher, title.
_WIDTHS = (17, 10, 20, 80)

archive_option = click.option(
    "--archive",
    "where",
    envvar=ARCHIVE,
    default=DEFAULT,
    show_default=True,
    help=f"The archive: a path (SQLite) or postgresql://user@host/name; {ARCHIVE} names it for good.",
)
quiet_option = click.option("--quiet", is_flag=True, help="No progress and no notes; errors are still told.")


@click.group()
def archive() -> None:
    """Keep reports and what was read in them, and join what they tell."""


class Notices:
    """Tells on stderr what goes wrong, and counts it."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self.failed = 0

    def error(self, error: PourparlerError) -> None:
        self.failed += 1
        click.echo(printable(f"error: {error}"), err=True)

    def note(self, words: str) -> None:
        if not self._quiet:
            click.echo(printable(f"note: {words}"), err=True)


@archive.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@archive_option
@click.option("--published", type=Published(), help="Day of publication (YYYY-MM-DD) of reports that carry none.")
@click.option("--no-join", is_flag=True, help="Only read; join later with: pourparler archive join.")
@actors_option
@quiet_option
def add(
    sources: tuple[str, ...], where: str, published: str | None, no_join: bool, actors: Path | None, quiet: bool
) -> None:
    """Put reports into the archive, read them, and join what they tell.

    SOURCE is anything that "pourparler read" takes, or the OUT of "pourparler batch read", whose records come in
    without reading anew. What the archive has already is passed over; stopped or killed, the same command goes on
    where it was.
    """
    from pourparler.archive.adding import Added
    from pourparler.archive.shards import is_output
    from pourparler.archive.store import Archive

    notices = Notices(quiet=quiet)
    outputs = [name for name in sources if is_output(name)]
    others = [name for name in sources if name not in outputs]
    with Archive.open(where, create=True) as kept:
        done = Added()
        for name in outputs:
            done += _loaded(kept, name, notices, quiet=quiet)
        if others:
            with reading_with(actors):
                done += _read_in(kept, others, published, notices, quiet=quiet)
        _tell_added(done, quiet=quiet)
        if not no_join:
            join_archive(kept, quiet=quiet)
    sys.exit(1 if notices.failed or done.failed or done.short else 0)


def _read_in(kept: Archive, names: list[str], published: str | None, notices: Notices, *, quiet: bool) -> Added:
    """Take in and read what names stand for."""
    from pourparler.archive.adding import add as keep
    from pourparler.intake import Intake, find_sources
    from pourparler.reading import Reader

    found = find_sources(names, on_error=notices.error)
    intake = Intake(published=published, on_error=notices.error, on_note=notices.note)
    with Progress(intake.count(found), shown=not quiet) as bar:
        reader = Reader()
        done = keep(kept, _counted(intake, found, bar), reader)
        bar.finish()
    _tell_lists(kept, {reader.run.actors}, done, notices, how="Give it with --actors")
    return done


def _tell_lists(kept: Archive, now: Collection[str], done: Added, notices: Notices, *, how: str) -> None:
    """Say where the archive was read with another list of own actors than what has come in now."""
    if done.listed:
        stay = "report stays" if done.listed == 1 else "reports stay"
        notices.note(
            f"{done.listed:,} {stay} as read with a list of your own actors. {how}, or read without it: "
            "pourparler archive read --no-actors"
        )
    others = other_lists(kept, now) if done.read else ""
    if others:
        notices.note(
            f"of this archive {others}, what has come in now with {'another' if any(now) else 'none'}. "
            "Read all with one: pourparler archive read --actors FILE"
        )


def _loaded(kept: Archive, name: str, notices: Notices, *, quiet: bool) -> Added:
    """Put what a batch wrote into the archive."""
    from pourparler.archive.loading import count, lists_of, load

    with Progress(count(name), shown=not quiet) as bar:
        done = load(kept, name, on_step=_advancing(bar))
        bar.finish()
    how = "Give it to: pourparler batch read --actors FILE"
    _tell_lists(kept, lists_of(kept, name), done, notices, how=how)
    return done


def _advancing(bar: Progress) -> Callable[[Added], None]:
    """Return what moves a bar on to how far adding is."""
    seen = 0

    def step(at: Added) -> None:
        nonlocal seen
        for _ in range(at.taken + at.forgotten - seen):
            bar.advance()
        seen = at.taken + at.forgotten

    return step


def _counted(intake: Intake, found: list[Source], bar: Progress) -> Iterator[Arrived]:
    from pourparler.archive.store import Arrived

    for document, spot in intake.placed(found):
        yield Arrived(document, spot.name, spot.place)
        bar.advance()


def _tell_added(done: Added, *, quiet: bool) -> None:
    if not quiet:
        failed = f", {done.failed} could not be read (pourparler archive show)" if done.failed else ""
        left = f"; {done.forgotten:,} others were forgotten here and stay out" if done.forgotten else ""
        words = f"{done.taken:,} reports taken in, {done.new:,} of them new, {done.read:,} read{failed}{left}"
        click.echo(words, err=True)
    tell_short(done)


def tell_short(done: Added) -> None:
    """Tell of reports for which there was not enough memory."""
    if done.short:
        words = f"error: there was not enough memory to read {done.short:,} reports. They are kept"
        click.echo(f"{words}; give it more, and do the same again", err=True)


def join_archive(kept: Archive, *, quiet: bool, judging: Judging | None = None) -> None:
    """Join what came in, and tell what that gave."""
    from pourparler.archive.joining import join as joined
    from pourparler.archive.same import Shipped

    def step(at: Joining) -> None:
        if sys.stderr.isatty() and not quiet:
            of = f" of {at.total:,}" if at.total else ""
            click.echo(f"\r{at.step}: {at.done:,}{of}    ", err=True, nl=False)

    found = joined(kept, Shipped(), judging=judging, on_step=step)
    if not quiet:
        if sys.stderr.isatty():
            click.echo("\r", err=True, nl=False)
        click.echo(
            f"{found.tellings:,} tellings in {found.events:,} events, "
            f"{found.joined:,} of them told more than once; {found.copies:,} reports repeat others",
            err=True,
        )


@archive.command()
@archive_option
@click.option("--address", help='Let the Ray cluster at this address compare ("auto": the one of this machine).')
@quiet_option
def join(where: str, address: str | None, quiet: bool) -> None:
    """Join what came in since the last joining: reports that repeat others, tellings that are one event."""
    from pourparler.archive.store import Archive

    with Archive.open(where) as kept:
        if address is None:
            join_archive(kept, quiet=quiet)
            return
        from pourparler.batch.joining import spread

        with spread(address) as judging:
            join_archive(kept, quiet=quiet, judging=judging)


@archive.command()
@archive_option
@actors_option
@click.option("--no-actors", is_flag=True, help="Read without your own actors, also what was read with a list.")
@click.option("--no-join", is_flag=True, help="Only read; join later.")
@quiet_option
@click.pass_context
def read(
    context: click.Context, where: str, actors: Path | None, no_actors: bool, no_join: bool, quiet: bool
) -> None:
    """Read again, with this version of the reader, what older versions have read; the old records stay beside.

    What was read with a list of your own actors is read with that list again, which the archive keeps, unless you
    give another or say that there is none. Verdicts hold: they are looked up by words. Those that need a look:
    pourparler verdict list --attention.
    """
    from pourparler.archive.adding import reread, waiting
    from pourparler.archive.store import Archive
    from pourparler.reading import Reader

    if no_actors and context.get_parameter_source("actors") is ParameterSource.COMMANDLINE:
        raise click.UsageError("give one of --actors and --no-actors")
    with Archive.open(where) as kept, reading_anew(kept, actors, no_actors=no_actors):
        reader = Reader()
        told = check_list(kept, reader.run, given=actors is not None, no_actors=no_actors)
        todo = waiting(kept, reader)
        if told and todo:
            click.echo(f"note: {told}", err=True)
        with Progress(todo, shown=not quiet) as bar:
            done = reread(kept, reader, on_step=_advancing(bar))
            bar.finish()
        if not no_join:
            join_archive(kept, quiet=quiet)
    tell_short(done)
    sys.exit(1 if done.failed or done.short else 0)


@archive.command()
@click.argument("hash", required=False)
@archive_option
@out_option
def lists(hash: str | None, where: str, out: Path | None) -> None:
    """List the lists of your own actors that reports were read with, or write the one with the HASH.

    A line has the hash, how many reports were last read with the list, and whether the archive keeps it.
    """
    from pourparler.archive.brief_words import many
    from pourparler.archive.own_lists import body_of, every
    from pourparler.archive.store import Archive

    with Archive.open(where) as kept:
        if hash is not None:
            body = body_of(kept, hash)
            with output(out, binary=True) as stream:
                stream.write(body)
            return
        for used, reports, size in every(kept):
            held = "not kept" if size is None else many(size, "byte")
            click.echo(printable(f"{used}: {many(reports, 'report')}, {held}"))


@archive.command()
@archive_option
def show(where: str) -> None:
    """Say what the archive holds: counts, runs, what could not be read, and the hash of its content."""
    from pourparler.archive.overview import overview
    from pourparler.archive.store import Archive

    with Archive.open(where) as kept:
        for label, words in overview(kept):
            click.echo(f"{label:12}{printable(words)}")


@archive.command()
@click.argument("key", required=False)
@archive_option
@click.option("--text", help='Only reports with these words ("a phrase", begin*, -without).')
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
def reports(key: str | None, where: str, text: str | None, limit: int) -> None:
    """List reports (key, day, publisher, title), or print the record of the one with the KEY as JSON."""
    from pourparler.archive.overview import report_lines
    from pourparler.archive.store import Archive
    from pourparler.record import dumps

    with Archive.open(where) as kept:
        if key:
            click.echo(quiet_json(dumps(kept.record(key), indent=2)))
            return
        for parts in report_lines(kept, text=text, limit=limit):
            click.echo(
                "  ".join(
                    printable(part)[:width].ljust(width) for part, width in zip(parts, _WIDTHS, strict=True)
                ).rstrip()
            )


@archive.command()
@archive_option
def check(where: str) -> None:
    """Check the archive: the database itself, every record against its report, every offset against its words.

    Reports without a record are listed too; they are no problem unless a run claims to have read them.
    """
    from pourparler.archive.brief_words import many
    from pourparler.archive.checking import check as checked
    from pourparler.archive.checking import without_record
    from pourparler.archive.store import Archive

    with Archive.open(where) as kept:
        problems = 0
        for line in checked(kept):
            problems += 1
            click.echo(printable(f"error: {line}"), err=True)
        left = without_record(kept)
    for one in left:
        click.echo(printable(f"note: {one.words}"), err=True)
    unread = sum(one.reports for one in left)
    rest = f"; {many(unread, 'report')} not read" if unread else ""
    click.echo(f"{many(problems, 'problem') if problems else 'no problem found'}{rest}")
    sys.exit(1 if problems else 0)


@archive.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@archive_option
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many lines.")
def diff(old: str | None, new: str | None, where: str, limit: int) -> None:
    """List how two runs of the reader differ, event by event; without OLD and NEW the two newest are compared."""
    from pourparler.archive.differences import diff as differences
    from pourparler.archive.differences import summary
    from pourparler.archive.store import Archive

    with Archive.open(where) as kept:
        found = differences(kept, old, new)
    for one in found[:limit]:
        what = f"{one.field}: {one.old or 'nothing'} -> {one.new or 'nothing'}" if one.field else one.kind
        day = (one.published or "no day")[:10]
        click.echo(printable(f"{one.report} {day} {one.type} “{one.words}” {what}"))
    if len(found) > limit:
        click.echo(f"... and {len(found) - limit:,} more (--limit)")
    for line in summary(found):
        click.echo(line)
