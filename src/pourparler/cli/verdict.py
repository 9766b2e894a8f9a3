"""``pourparler verdict``: decisions about tellings, listed, given, taken back, and given out for training."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pourparler.cli.archive import archive_option
from pourparler.cli.asking import out_option
from pourparler.cli.output import output
from pourparler.export.view import printable

if TYPE_CHECKING:
    from pourparler.archive.standing import Standing
    from pourparler.archive.verdicts import Verdict

_KINDS = ("accept", "reject", "correct", "join", "split", "note")


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


by_option = click.option("--by", default=_login, help="Who decides; the login name when left out.")


@click.group()
def verdict() -> None:
    """Accept, reject or correct what was read, join or split events; every decision can be taken back."""


@verdict.command(name="list")
@archive_option
@click.option("--attention", is_flag=True, help="Only those that need a look: in conflict, or read otherwise now.")
@click.option("--telling", help="Only those on the telling with this key, with all that was taken back.")
def list_(where: str, attention: bool, telling: str | None) -> None:
    """List verdicts with how they stand: key, day, by whom, what, state and why."""
    from pourparler.archive.standing import standing
    from pourparler.archive.store import Archive
    from pourparler.archive.verdicts import history

    with Archive.open(where) as kept:
        chosen = {one.key for one in history(kept, telling)} if telling else None
        found = [one for one in standing(kept) if chosen is None or one.verdict.key in chosen]
    shown = [one for one in found if one.attention or not attention]
    for one in shown:
        click.echo(printable(_line(one)))
    looks = sum(one.attention for one in found)
    click.echo(f"{len(shown)} of {len(found)} verdicts; {looks} need a look", err=True)


def _line(found: Standing) -> str:
    one = found.verdict
    why = f": {found.why}" if found.why else ""
    return f"{one.key}  {one.at[:10]}  {one.by}  {described(one)}  [{found.state}{why}]"


def described(one: Verdict) -> str:
    """Return a verdict in words."""
    from pourparler.archive.fields import in_words

    words = f"{one.anchor.types[-1]} “{one.anchor.words}” ({one.anchor.telling})"
    if one.kind == "correct" and one.field:
        change = f"{one.field}: {in_words(one.field, one.before)} → {in_words(one.field, one.value)}"
        told = f"correct {words}, {change}"
    elif one.others:
        others = ", ".join(f"“{other.words}” ({other.telling})" for other in one.others)
        told = f"{one.kind} {words} {'with' if one.kind == 'join' else 'from'} {others}"
    else:
        told = f"{one.kind} {one.undoes if one.undoes else words}"
    return f"{told}; {one.why}" if one.why else told


@verdict.command()
@click.argument("telling", metavar="TELLING")
@click.argument("kind", type=click.Choice(_KINDS))
@archive_option
@click.option("--field", help="What is corrected: type, mode, status, sources, targets, first, last or place.")
@click.option("--value", help='The right value; names are parted by semicolons ("Armenia; Ilham Aliyev (AZE)").')
@click.option("--other", help="The telling to join with, or to split from (all others of its event when left out).")
@by_option
@click.option("--why", help="Why; for a note, the note itself.")
def add(
    telling: str,
    kind: str,
    where: str,
    field: str | None,
    value: str | None,
    other: str | None,
    by: str,
    why: str | None,
) -> None:
    """Give a verdict on the TELLING with that key; it is applied at once."""
    from pourparler.archive.store import Archive
    from pourparler.archive.verdicts import KINDS, give

    chosen = next(one for one in KINDS if one == kind)
    with Archive.open(where) as kept:
        one = give(kept, chosen, telling, field=field, value=value, other=other, by=by, why=why)
    click.echo(printable(f"{one.key}  {described(one)}"))


@verdict.command()
@click.argument("key", metavar="VERDICT")
@archive_option
@by_option
@click.option("--why", help="Why.")
def undo(key: str, where: str, by: str, why: str | None) -> None:
    """Take the VERDICT with that key back; an undo can be undone too."""
    from pourparler.archive.store import Archive
    from pourparler.archive.verdicts import undo as taken_back

    with Archive.open(where) as kept:
        one = taken_back(kept, key, by=by, why=why)
    click.echo(printable(f"{one.key}  {described(one)}"))


@verdict.command()
@archive_option
@out_option
def export(where: str, out: Path | None) -> None:
    """Write verdicts as training data: one JSON object a report, with its text and offsets."""
    from pourparler.archive.store import Archive
    from pourparler.archive.training_rows import training_rows

    with Archive.open(where) as kept, output(out) as stream:
        for row in training_rows(kept):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
