"""``pourparler events``: what an archive tells, asked by who, whom, what, when, where and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pourparler.cli.archive import archive_option
from pourparler.cli.asking import chosen_format, find_process, format_option, limit_of, out_option
from pourparler.cli.output import output, tell
from pourparler.export.asked import BINARY, GENERAL, OF_EVENTS, write_events

if TYPE_CHECKING:
    from pourparler.archive.query import Query
    from pourparler.archive.store import Archive

_FORMS = (*GENERAL, *OF_EVENTS)
_SORTS = ("day", "-day", "confidence", "-confidence", "score", "-score", "outlets", "-outlets")
_DIFFERING = ("any", "type", "status", "day", "place", "sources", "targets", "number")


@click.command()
@archive_option
@click.option("--process", metavar="NAME|FILE", help="Only what belongs to a process.")
@click.option("--source", multiple=True, help="Who does it: a country (ARM, Armenia), a side, a sector, or a name.")
@click.option("--target", multiple=True, help="To whom it is done, as for --source.")
@click.option("--actor", multiple=True, help="Who takes part on either side, as for --source.")
@click.option("--type", multiple=True, help="Type of act, such as ACCUSE.")
@click.option("--mode", multiple=True, help="Finer kind of act, such as visit.")
@click.option("--status", multiple=True, help="Such as happened, planned, alleged, denied.")
@click.option("--from", "since", metavar="DAY", help="From this year, month, week (2022-W37) or day on.")
@click.option("--to", "until", metavar="DAY", help="Up to this year, month, week or day.")
@click.option("--near", metavar="PLACE", help="Near a place.")
@click.option("--km", type=float, default=50.0, show_default=True, help="How near, in kilometres.")
@click.option("--country", multiple=True, help="The country it took place in, by name or alpha-3 code.")
@click.option("--text", metavar="WORDS", help='Words of the passage: corridor, "two words", corrid*, -not.')
@click.option("--outlet", multiple=True, help="Words of an outlet's name; =NAME for the whole of it.")
@click.option("--min-outlets", type=click.IntRange(0), default=0, help="Told by so many outlets at least.")
@click.option("--verdict", metavar="WORD", help="any (joins and splits too), none, or what a person's verdict says.")
@click.option("--confidence", type=click.FloatRange(0, 1), default=0.0, help="The least confidence, 0 to 1.")
@click.option("--differing", type=click.Choice(_DIFFERING), help="Only where tellings differ on this.")
@click.option("--sort", type=click.Choice(_SORTS), default="day", show_default=True, help="Order; - for falling.")
@click.option("--limit", type=click.IntRange(0), help="At most so many; 0 for all. 100 in a table on a terminal.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many at the beginning.")
@click.option("--tellings", is_flag=True, help="One row for each report that tells it, with its words.")
@format_option(_FORMS)
@out_option
def events(where: str, tellings: bool, form: str | None, out: Path | None, **asked: Any) -> None:
    """List the events that fit all options; of options given several times, any one.

    Formats: table (on a terminal), md, csv, xlsx for people; jsonl, parquet for programs; geojson (those with
    coordinates), graphml (who acts towards whom), ics (a calendar), plover (JSON in PLOVER's terms).
    """
    from pourparler.archive.query import Query
    from pourparler.archive.store import Archive

    chosen = chosen_format(form, out, _FORMS)
    with Archive.open(where) as archive:
        asked["limit"] = limit_of(asked["limit"], chosen, out)
        asked["process"] = find_process(asked["process"], where) if asked["process"] else None
        query = Query(**asked)
        rows, kind = _rows(archive, query, tellings=tellings)
        with output(out, binary=chosen in BINARY) as stream:
            left_out = write_events(chosen, rows, stream, kind)
        if left_out:
            tell(f"note: {left_out}")
        if chosen == "table" and not tellings:
            _tell_rest(archive, query)


def _rows(archive: Archive, query: Query, *, tellings: bool) -> tuple[Iterator[Any], type]:
    from pourparler.archive.query import cited, found
    from pourparler.export.rows import EventRow, TellingRow, event_row, telling_row

    if tellings:
        return map(telling_row, cited(archive, query)), TellingRow
    return map(event_row, found(archive, query)), EventRow


def _tell_rest(archive: Archive, query: Query) -> None:
    """Say how many more events there are than the table shows."""
    from pourparler.archive.query import count

    if query.limit is None and not query.offset:
        return
    every = count(archive, query)
    shown = min(query.limit if query.limit is not None else every, max(every - query.offset, 0))
    if shown < every:
        click.echo(f"{shown:,} of {every:,} events; --limit 0 shows all, --sort=-day the newest first", err=True)
