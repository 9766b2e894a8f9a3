"""``pourparler batch``: many reports on many cores or machines, into Parquet shards of records."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from pourparler.cli.archive import Notices, quiet_option
from pourparler.cli.own_actors import actors_option
from pourparler.cli.read import Published
from pourparler.export.view import printable

if TYPE_CHECKING:
    from pourparler.batch.overview import Overview
    from pourparler.batch.running import Step

# Seconds between two lines of progress, on a terminal (one line that changes) and elsewhere.
_TERMINAL, _LOG = 1.0, 30.0


@click.group()
def batch() -> None:
    """Read many reports on all cores, or on a cluster, into a folder of Parquet files."""


@batch.command()
@click.argument("sources", nargs=-1, required=True, metavar="IN...")
@click.argument("out")
@click.option("--published", type=Published(), help="Day of publication (YYYY-MM-DD) of reports that carry none.")
@click.option("--address", help='Join the Ray cluster at this address ("auto": the one of this machine).')
@click.option("--cores", type=click.IntRange(1), help="Use so many cores of this machine; all when left out.")
@actors_option
@click.option("--device", type=click.Choice(["cpu", "gpu"]), default="cpu", show_default=True, help="What reads.")
@quiet_option
def read(
    sources: tuple[str, ...],
    out: str,
    published: str | None,
    address: str | None,
    cores: int | None,
    actors: Path | None,
    device: str,
    quiet: bool,
) -> None:
    """Read reports into the folder OUT: Parquet files of records, by month of publication.

    IN is a file or folder that "pourparler read" takes, or the address of one (s3://, gs://, file:// ...); so is OUT.
    Stopped or killed, the same command goes on where it was. Put it into an archive: pourparler archive add OUT.
    """
    from pourparler.batch.running import Options
    from pourparler.batch.running import read as run

    notices = Notices(quiet=quiet)
    options = Options(published, actors, address, cores, cast(Literal["cpu", "gpu"], device))
    shown = _Shown(_expected(sources) if not quiet else 0, quiet=quiet)
    done = run(sources, out, options, on_error=notices.error, on_step=shown.step)
    shown.finish(done)
    sys.exit(1 if notices.failed or done.rejected else 0)


def _expected(sources: tuple[str, ...]) -> int:
    """Return about how many documents local sources hold; 0 where an address among them does not tell."""
    from pourparler.intake import Intake, find_sources

    if any("://" in name for name in sources):
        return 0
    return Intake(on_error=lambda _: None).count(find_sources(sources, on_error=lambda _: None))


class _Shown:
    """Progress on stderr: how many, how fast, how long still."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._total = total
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._began = self._told = time.monotonic()

    def step(self, at: Step) -> None:
        now = time.monotonic()
        if self._quiet or now - self._told < (_TERMINAL if self._terminal else _LOG):
            return
        self._told = now
        rate = (at.documents - at.before) / max(now - self._began, 1e-3)
        of = f" of {max(self._total, at.documents):,}" if self._total else ""
        left = max(self._total - at.documents, 0) / rate if rate and self._total else 0
        words = f"{at.documents:,}{of} reports, {rate:.1f}/s" + (f", {_time(left)} left" if left else "")
        click.echo(f"\r{words}    " if self._terminal else words, err=True, nl=not self._terminal)

    def finish(self, done: Step) -> None:
        if self._quiet:
            return
        if self._terminal:
            click.echo("\r", err=True, nl=False)
        seconds = max(time.monotonic() - self._began, 1e-3)
        now = done.documents - done.before
        click.echo(
            f"{done.documents:,} reports, {done.before:,} of them before; {now:,} in {seconds:.1f} s "
            f"({now / seconds:.1f}/s); {done.again:,} stood there twice, {done.rejected:,} rejected, "
            f"{done.events:,} events",
            err=True,
        )


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


@batch.command()
@click.argument("out")
@click.option("--check", is_flag=True, help="Read all files and compare them with what was written.")
@click.option("--rejected", is_flag=True, help="List what was rejected, with reason, source and place.")
def show(out: str, check: bool, rejected: bool) -> None:
    """Say what a batch's output holds, with hashes by which two outputs are compared."""
    from pourparler.batch.overview import overview

    if rejected:
        _list_rejected(out)
        return
    for label, words in _lines(overview(out, check=check)):
        click.echo(f"{label:14}{printable(words)}")


def _lines(found: Overview) -> list[tuple[str, str]]:
    names = ("documents", "records", "again", "events", "statements", "rejected", "notes", "units")
    lines = [(name, f"{getattr(found, name):,}") for name in names]
    lines += [("run", f"{run}, {count:,} records") for run, count in found.runs]
    return [*lines, ("hash", found.records_hash), ("arrivals", found.rest_hash)]


def _list_rejected(out: str) -> None:
    from pourparler.archive import shards

    folder = shards.opened(out)
    for unit in shards.finished(folder):
        for row in shards.rows(folder, unit, "rejected", ["kind", "reason", "source", "place"]):
            place = f", {row['place']}" if row["place"] else ""
            click.echo(printable(f"{row['kind']}: {row['source']}{place}: {row['reason']}"))
